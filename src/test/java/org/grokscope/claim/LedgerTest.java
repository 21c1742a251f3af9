package org.grokscope.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;

class LedgerTest {
  private static final String HEAD = String.join(",", LedgerFile.COLUMNS) + "\n";

  @Nested
  class TheShippedLedger {
    private final Ledger ledger = Ledger.open(false);

    @Test
    void has_every_claim_of_both_essays_in_order() {
      Map<String, Integer> rooms = new TreeMap<>(Map.of("A", 9, "B", 7, "C", 16, "D", 6, "E", 15));
      List<String> expected = new ArrayList<>();
      rooms.forEach(
          (letter, last) -> IntStream.rangeClosed(1, last).forEach(i -> expected.add(letter + i)));
      expected.add("F");
      assertEquals(expected, ledger.claims().stream().map(Claim::id).toList());
      assertEquals(227, ledger.claims().stream().mapToInt(c -> c.quantities().size()).sum());
    }

    @Test
    void judges_by_the_tolerances_of_the_claims() {
      Map<String, String> rules =
          Map.ofEntries(
              Map.entry("C1", "[between 3 and 6, never]"),
              Map.entry("C2", "[at least 0.8]"),
              Map.entry("C3", "[equals 1]"),
              Map.entry("C4", "[at least 0.9]"),
              Map.entry("C5", "[at least 0.9, below 1]"),
              Map.entry("C6", "[at least 0.95]"),
              Map.entry("C7", "[at least 1000, below 1]"),
              Map.entry("C8", "[at least 10]"),
              Map.entry("C9", "[at least 0.5]"),
              Map.entry("C10", "[always]"),
              Map.entry("C11", "[at least 0.9, at most 0.01, at least 0.95, at most 0.1]"),
              Map.entry("C12", "[]"),
              Map.entry("C13", "[at least 3]"),
              Map.entry("C14", "[at least 0.95]"),
              Map.entry("C15", "[at least 0.5, at least 0.5]"),
              Map.entry("C16", "[]"));
      rules.forEach(
          (id, expected) ->
              assertEquals(
                  expected,
                  ledger.claim(id).quantities().stream()
                      .filter(quantity -> quantity.expected() != Verdict.REPORTED)
                      .map(quantity -> quantity.rule().toString())
                      .toList()
                      .toString(),
                  id));
    }

    @Test
    void says_of_every_judged_quantity_what_would_refute_it() {
      for (Claim claim : ledger.claims()) {
        for (Quantity quantity : claim.quantities()) {
          boolean reported = quantity.rule() instanceof Rule.Reported;
          assertEquals(reported, quantity.refutedIf().equals("–"), quantity::name);
          assertEquals(reported, quantity.expected() == Verdict.REPORTED, quantity::name);
          assertEquals(
              quantity.published().equals("–"), quantity.source().equals("–"), quantity::name);
        }
      }
    }

    @Test
    void has_every_operation_and_every_architecture() {
      List<String> nets =
          List.of(
              "one layer, a+b",
              "one layer, a-b",
              "one layer, a*b",
              "two layers, a+b",
              "no attention, a+b");
      for (String net : nets) {
        assertEquals(Verdict.SUPPORTED, verdict(0.9, "logits explained by waves, " + net));
        assertEquals(Verdict.REFUTED, verdict(11, "key frequencies, " + net));
      }
      assertEquals(10, ledger.table().outcomes().size());
      assertEquals(10, ledger.claim("B6").quantities().size());
    }

    private Verdict verdict(double value, String quantity) {
      return ledger.record("B6", quantity, value).verdict();
    }

    @Test
    void shows_predictions_before_anything_is_recorded() {
      var predictions = ledger.predictions("C2", "C9");
      assertEquals(
          List.of("claim", "quantity", "published", "predicted", "refuted if"),
          predictions.columnNames());
      assertEquals(List.of("C2", "C2", "C2", "C9"), predictions.stringColumn("claim").asList());
      assertEquals(
          "433 of 512 = 0.846 (Nanda et al. 2023)", predictions.stringColumn("published").get(2));
    }
  }

  @Nested
  class Recording {
    private final Ledger ledger = Ledger.open(false);

    @Test
    void returns_the_outcome_with_its_verdict() {
      Outcome outcome =
          ledger.record("C2", "neuron_fraction_85 at 40,000", 0.84, 0.85, 0.86, 0.85, 0.85);
      assertEquals(Verdict.SUPPORTED, outcome.verdict());
      assertEquals(
          "C2 neuron_fraction_85 at 40,000: 0.85 (0.8412 to 0.8588), 5 seeds (≥ 0.8): supported",
          outcome.toString());
    }

    @Test
    void takes_the_columns_of_a_table_and_booleans() {
      assertEquals(
          List.of(4.0, 5.0),
          ledger
              .record("C1", "key frequencies at 40,000", LongColumn.create("keys", 4L, 5L))
              .measurement()
              .values());
      Outcome order =
          ledger.record("C10", "phases in order", BooleanColumn.create("order", true, false));
      assertEquals("in 1 of 2 seeds", order.measured());
      assertEquals(Verdict.REFUTED, order.verdict());
    }

    @Test
    void a_claim_that_is_predicted_to_be_refuted_says_how_that_went() {
      String quantity = "strangers right at their best on the plateau";
      assertEquals("refuted, as predicted", ledger.record("A4", quantity, 0.001).verdictInWords());
      assertEquals(
          "supported, against the prediction", ledger.record("A4", quantity, 0.5).verdictInWords());
    }

    @Test
    void a_cell_that_is_run_again_replaces_its_record() {
      ledger.record("C9", "share of the norm's fall in cleanup", 0.1);
      ledger.record("C9", "share of the norm's fall in cleanup", 0.7);
      assertEquals(1, ledger.table().outcomes().size());
      assertEquals(Map.of("C9", Verdict.SUPPORTED), ledger.table().verdicts());
    }

    @Test
    void a_table_is_not_changed_by_what_is_recorded_later() {
      LedgerTable before = ledger.table();
      ledger.record("C9", "share of the norm's fall in cleanup", 0.7);
      assertTrue(before.outcomes().isEmpty());
    }

    @Test
    void the_table_stands_in_the_ledgers_order_with_a_verdict_on_each_claim() {
      ledger.record("C5", "fit.loss over loss at 40,000", 1.5);
      ledger.record("C2", "neuron_fraction_85 at the grok", 0.3);
      ledger.record("C5", "fit.fve.per_input at 40,000", 0.95);
      ledger.record("C5", "fit.fve.raw at 40,000", 0.2);
      LedgerTable table = ledger.table();
      assertEquals("{C2=REPORTED, C5=PARTLY}", table.verdicts().toString());
      var shown = table.toTable();
      assertEquals(
          List.of("claim", "quantity", "published", "measured", "tolerance", "verdict"),
          shown.columnNames());
      assertEquals(
          List.of("reported", "supported", "reported", "refuted"),
          shown.stringColumn("verdict").asList());
      assertEquals(
          List.of("reported", "≥ 0.9", "reported", "< 1"),
          shown.stringColumn("tolerance").asList());
    }

    @Test
    void quick_mode_measures_and_gives_no_verdict() {
      Ledger quick = Ledger.open(true);
      Outcome outcome = quick.record("C9", "share of the norm's fall in cleanup", 0.7);
      assertEquals(Verdict.NOT_GIVEN, outcome.verdict());
      assertEquals(
          "quick mode: no verdict", quick.table().toTable().stringColumn("verdict").get(0));
      assertEquals(Map.of("C9", Verdict.NOT_GIVEN), quick.table().verdicts());
      Outcome essay = quick.record("A4", "strangers right at their best on the plateau", 0.5);
      assertEquals("quick mode: no verdict", essay.verdictInWords());
    }
  }

  @Nested
  class Refusals {
    private final Ledger ledger = Ledger.open(false);

    @Test
    void an_unknown_claim_lists_those_there_are() {
      String message = refusal(() -> ledger.record("C17", "x", 1));
      assertTrue(
          message.startsWith("ledger: got the claim 'C17', expected one of A1, A2"), message);
      assertTrue(refusal(() -> ledger.predictions("Z")).contains("'Z'"));
    }

    @Test
    void an_unknown_quantity_lists_those_of_the_claim() {
      String message = refusal(() -> ledger.record("C9", "norm", 1));
      assertEquals(
          "ledger: got the quantity 'norm' of C9, expected one of"
              + " 'share of the norm's fall in cleanup'",
          message);
    }

    @Test
    void no_values_missing_ones_and_other_things_name_the_quantity() {
      String share = "share of the norm's fall in cleanup";
      for (Iterable<?> bad :
          List.of(
              List.<Double>of(),
              List.of(Double.NaN),
              DoubleColumn.create("share", 0.5, Double.NaN),
              List.of("0.5"),
              Arrays.asList(0.5, null))) {
        String message = refusal(() -> ledger.record("C9", share, bad));
        assertTrue(message.startsWith("C9 " + share + ": "), message);
        assertTrue(message.contains("expected"), message);
      }
      assertTrue(refusal(() -> ledger.record("C9", share)).contains("got no values"));
    }

    @Test
    void a_refused_measurement_leaves_the_earlier_record() {
      ledger.record("C9", "share of the norm's fall in cleanup", 0.7);
      refusal(() -> ledger.record("C9", "share of the norm's fall in cleanup", Double.NaN));
      assertEquals(1, ledger.table().outcomes().size());
    }

    @Test
    void a_ratio_that_is_not_positive_and_a_number_for_a_yes_or_no() {
      assertTrue(
          refusal(() -> ledger.record("C8", "rise of the excluded loss", 0)).contains("positive"));
      assertTrue(
          refusal(() -> ledger.record("C10", "phases in order", 0.5)).contains("record booleans"));
    }

    @Test
    void what_is_not_testable_here() {
      Ledger rhetoric =
          ledger("F1,inside,s,m,–,–,–,linear,not testable here,not testable here,p,–\n");
      String message = refusal(() -> rhetoric.record("F1", "inside", 1));
      assertTrue(message.contains("not testable here"), message);
    }
  }

  @Nested
  class Files {
    private static final String GOOD = "Z1,q,s,m,–,–,a,linear,at least 1,supported,p,r\n";

    @Test
    void a_good_line_is_read() {
      Quantity quantity = ledger(GOOD).claim("Z1").quantity("q");
      assertEquals(Scale.LINEAR, quantity.scale());
      assertEquals("–", quantity.publishedWithSource());
    }

    @Test
    void what_is_wrong_is_said_with_its_line() {
      Map<String, String> wrong =
          Map.of(
              GOOD + GOOD,
              "quantity 2: got 'q' of Z1 a second time",
              GOOD + GOOD.replace(",q,s,", ",r,t,"),
              "quantity 2: got another statement of Z1",
              GOOD.replace("at least 1", "many"),
              "quantity 1: rule: got 'many'",
              GOOD.replace("linear", "cubic"),
              "quantity 1: scale: got 'cubic'",
              GOOD.replace("supported", "true"),
              "quantity 1: verdict: got 'true'",
              GOOD.replace(",p,", ",,"),
              "quantity 1: got no prediction");
      wrong.forEach(
          (text, message) -> {
            String said = refusal(() -> ledger(text));
            assertTrue(said.startsWith("ledger.csv, " + message), said);
          });
    }

    @Test
    void cells_of_a_binding_say_where_a_line_is_read_and_empty_ones_that_it_is_not() {
      String head = HEAD.strip() + "," + String.join(",", Binding.CELLS) + "\n";
      String line = GOOD.strip();
      Claim claim =
          LedgerFile.read(
                  new StringReader(
                      head
                          + line
                          + ",circuit,sum,last | grok,loss[test],value,x / y\n"
                          + line.replace(",q,", ",r,")
                          + ",,,,,,\n"))
              .get(0);
      assertEquals(
          Binding.of(List.of("circuit", "sum", "last | grok", "loss[test]", "value", "x / y")),
          claim.quantity("q").binding().orElseThrow());
      assertTrue(claim.quantity("r").binding().isEmpty());
      String message =
          refusal(() -> LedgerFile.read(new StringReader(head + line + ",circuit,,,loss,best,\n")));
      assertTrue(message.startsWith("ledger.csv, quantity 1: reducer: got 'best'"), message);
    }

    @Test
    void other_columns_are_refused() {
      String message = refusal(() -> LedgerFile.read(new StringReader("id,claim\nC1,x\n")));
      assertTrue(message.startsWith("ledger.csv: got the columns [id, claim], expected"), message);
    }
  }

  private static Ledger ledger(String lines) {
    return Ledger.of(false, LedgerFile.read(new StringReader(HEAD + lines)));
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  @Test
  void claims_are_listed_once() {
    List<String> ids = Ledger.open(false).claims().stream().map(Claim::id).toList();
    assertFalse(ids.isEmpty());
    assertEquals(ids.size(), ids.stream().collect(Collectors.toSet()).size());
  }
}
