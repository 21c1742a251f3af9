package org.grokscope.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundTwoTest {
  private static final String HEADER =
      "claim,decided_by,quantity,role,metric,null,published,published_source,at,scale,rule,expected,"
          + "prediction,registered,file,experiment,moment,reading,reducer,formula,null_file,"
          + "null_experiment\n";
  private static final String LINE =
      "X1,all,energy,primary,a share,draws,–,–,end,share,at least 0.9,holds,at least .9,"
          + "2026-01-02T00:00:00Z,mine,runs,last,energy,value,,mine,nulls\n";
  private static final String CONTEXT =
      "X1,all,beside it,context,a share,–,–,–,end,share,reported,reported,some,"
          + "2026-01-02T00:00:00Z,mine,runs,last,energy,value,,,\n";

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    evidence(8, 0.95, 20, 0);
    Files.writeString(
        folder.resolve("mine.json"),
        "{\"runs\": [{\"started\": \"2026-01-05T00:00:00Z\"},"
            + " {\"of two\": {\"started\": \"2026-01-03T00:00:00Z\"}}]}");
  }

  /** Runs near a mean, and draws of a null of which some pass. */
  private void evidence(int seeds, double mean, int draws, int pass) throws IOException {
    StringBuilder csv = new StringBuilder("experiment,seed,at,epoch,metric,part,key,value\n");
    for (int i = 0; i < seeds; i++) {
      csv.append("runs,").append(i).append(",last,9,energy,,,").append(mean + 0.001 * (i % 3));
      csv.append('\n');
    }
    for (int i = 0; i < draws; i++) {
      csv.append("nulls,").append(i).append(",last,9,energy,,,").append(i < pass ? 0.99 : 0.1);
      csv.append('\n');
    }
    Files.writeString(folder.resolve("mine.csv"), csv);
  }

  private List<Ruling> judge(String... lines) {
    return RoundTwo.read(new StringReader(HEADER + String.join("", lines)))
        .judge(EvidenceFolder.of(folder.toString()));
  }

  @Test
  void a_line_is_judged_by_its_interval_and_told_with_its_null_and_dates() {
    Ruling ruling = judge(LINE, CONTEXT).get(0);
    assertEquals(Decision.HOLDS, ruling.decision());
    assertEquals(0, ruling.nullShare().getAsDouble());
    assertEquals(20, ruling.nullValues().length);
    assertTrue(ruling.registered());
    assertTrue(ruling.cameTrue().orElseThrow());
    assertTrue(ruling.survivesHolm());
    ClaimRuling claim = RoundTwo.byClaim(judge(LINE, CONTEXT)).get(0);
    assertEquals("holds", claim.decision().textOfClaim());
    assertEquals("1 of 1 came true", claim.predictions());
    assertEquals(8, claim.seeds());
    assertEquals("", claim.needs());
  }

  @Test
  void what_the_null_passes_as_well_does_not_hold() throws IOException {
    evidence(8, 0.95, 20, 1); // 5 %
    assertEquals(Decision.HOLDS, judge(LINE).get(0).decision());
    evidence(8, 0.95, 20, 2); // 10 %
    Ruling ruling = judge(LINE).get(0);
    assertEquals(Decision.UNDECIDED, ruling.decision());
    assertTrue(ruling.cameTrue().isEmpty());
    assertEquals(
        "0 of 1 came true, 1 open", RoundTwo.byClaim(List.of(ruling)).get(0).predictions());
    assertTrue(RoundTwo.byClaim(List.of(ruling)).get(0).needs().contains("more seeds would not"));
  }

  @Test
  void a_null_of_too_few_draws_decides_nothing() throws IOException {
    evidence(8, 0.95, 19, 0);
    Ruling ruling = judge(LINE).get(0);
    assertEquals(Decision.UNDECIDED, ruling.decision());
    assertTrue(ruling.seedsToDecide().isEmpty(), "more seeds of the model are of no use");
    evidence(8, 0.85, 19, 0); // what fails, fails without a null
    assertEquals(Decision.FAILS, judge(LINE).get(0).decision());
  }

  @Test
  void before_all_seeds_are_in_nothing_is_decided_however_clear() throws IOException {
    evidence(7, 0.95, 20, 0);
    ClaimRuling claim = RoundTwo.byClaim(judge(LINE)).get(0);
    assertEquals(Decision.UNDECIDED, claim.decision());
    assertEquals("8 seeds would decide it", claim.needs());
    evidence(7, 0.95, 20, 2);
    assertTrue(RoundTwo.byClaim(judge(LINE)).get(0).needs().startsWith("more seeds would not"));
  }

  @Test
  void a_line_that_is_younger_than_the_first_run_is_exploratory() {
    String late = LINE.replace("2026-01-02T", "2026-01-04T");
    assertTrue(judge(LINE).get(0).registered());
    assertFalse(judge(late).get(0).registered());
  }

  @Test
  void evidence_without_dates_makes_no_line_a_registered_one() throws IOException {
    Files.delete(folder.resolve("mine.json"));
    assertFalse(judge(LINE).get(0).registered());
  }

  @Test
  void a_claim_of_which_we_predicted_that_it_fails_has_two_columns() throws IOException {
    evidence(8, 0.5, 20, 0);
    ClaimRuling claim = RoundTwo.byClaim(judge(LINE.replace("0.9,holds", "0.9,fails"))).get(0);
    assertEquals("does not hold", claim.decision().textOfClaim());
    assertEquals("1 of 1 came true", claim.predictions());
  }

  @Test
  void holm_is_over_all_primaries() throws IOException {
    // p of one line alone is below .025; a second one that tells nothing halves what is allowed
    String weak =
        LINE.replace("0.9,holds", "0.9505,holds").replace(",energy,primary", ",weak,primary");
    double alone = judge(weak).get(0).p().getAsDouble();
    assertTrue(alone > 0.0125 && alone < 0.5, "p = " + alone);
    List<Ruling> both = judge(LINE, weak);
    assertTrue(both.get(0).survivesHolm());
    assertFalse(both.get(1).survivesHolm());
  }

  @Test
  void lines_whose_file_is_not_there_wait() {
    assertEquals(List.of(), judge(LINE.replace(",mine,runs", ",other,runs")));
  }

  @Test
  void lines_whose_null_is_not_there_wait_as_well() {
    RoundTwo round =
        RoundTwo.read(
            new StringReader(
                HEADER
                    + LINE
                    + LINE.replace("energy,primary", "power,primary")
                        .replace(",mine,nulls", ",other,nulls")));
    EvidenceFolder evidence = EvidenceFolder.of(folder.toString());
    assertEquals(1, round.judge(evidence).size());
    assertEquals(List.of("power"), round.waiting(evidence).stream().map(Criterion::name).toList());
  }

  @Test
  void an_experiment_that_an_unfinished_file_has_not_yet_waits_and_in_a_whole_file_is_named()
      throws IOException {
    String later = LINE.replace(",mine,runs", ",mine,later runs");
    String message = assertThrows(IllegalArgumentException.class, () -> judge(later)).getMessage();
    assertTrue(message.contains("got the experiment 'later runs'"), message);
    Files.writeString(
        folder.resolve("mine.json"),
        "{\"unfinished\": \"the first 1 of 2 pieces\","
            + " \"runs\": [{\"started\": \"2026-01-03T00:00:00Z\"}]}");
    List<Ruling> rulings = judge(LINE, later);
    assertEquals(1, rulings.size());
    assertTrue(rulings.get(0).registered());
  }

  @Nested
  class Refusals {
    private void refused(String part, String line) {
      String message = assertThrows(IllegalArgumentException.class, () -> judge(line)).getMessage();
      assertTrue(message.contains(part), message);
    }

    @Test
    void lines_that_say_too_little_or_what_is_not_known() {
      refused("quantity 1: got no prediction", LINE.replace("at least .9", ""));
      refused("got 'some' as decided_by", LINE.replace("X1,all", "X1,some"));
      refused("got 'main' as role", LINE.replace("primary", "main"));
      refused("got 'yesterday' as registered", LINE.replace("2026-01-02T00:00:00Z", "yesterday"));
      refused("without a null", LINE.replace("mine,nulls", ","));
      refused("expected bounds and a null", LINE.replace("at least 0.9", "always"));
      refused("decision: got 'true'", LINE.replace("0.9,holds", "0.9,true"));
      refused("expected bounds", CONTEXT.replace("reported,reported", "at least 0.5,holds"));
    }

    @Test
    void a_line_that_points_nowhere_is_named() {
      refused(
          "the line X1 'energy' cannot be judged", LINE.replace(",last,energy", ",grok,energy"));
    }

    @Test
    void other_columns() {
      assertThrows(
          IllegalArgumentException.class, () -> RoundTwo.read(new StringReader("a,b\n1,2\n")));
    }
  }

  @Nested
  class TheShippedLines {
    private final List<Criterion> criteria = RoundTwo.shipped().criteria();

    @Test
    void decide_every_claim_of_section_c() {
      Set<String> decided =
          criteria.stream()
              .filter(Criterion::primary)
              .map(Criterion::claim)
              .collect(Collectors.toSet());
      Set<String> wanted =
          IntStream.rangeClosed(1, 16).mapToObj(i -> "C" + i).collect(Collectors.toSet());
      wanted.add("B2");
      assertEquals(wanted, decided);
    }

    @Test
    void are_of_claims_of_the_ledger() {
      Ledger ledger = Ledger.open(false);
      criteria.forEach(criterion -> ledger.claim(criterion.claim()));
    }

    @Test
    void compare_the_phases_with_the_essays_own_boundaries() {
      List<String> formulas =
          criteria.stream()
              .filter(criterion -> criterion.claim().equals("C16"))
              .map(criterion -> criterion.binding().toString())
              .toList();
      assertEquals(2, formulas.size());
      assertTrue(formulas.get(0).contains("phase.memorisation_ends[middle]"), formulas.get(0));
      assertTrue(formulas.get(0).endsWith("abs(x - 2000)"), formulas.get(0));
      assertTrue(formulas.get(1).contains("phase.cleanup_begins[middle]"), formulas.get(1));
      assertTrue(formulas.get(1).endsWith("abs(x - 7000)"), formulas.get(1));
    }
  }

  @Nested
  class TheExperiments {
    private final List<Criterion> criteria = RoundTwo.experiments().criteria();

    @Test
    void are_of_claims_of_the_ledger_or_of_experiments_that_no_essay_asked_for() {
      Ledger ledger = Ledger.open(false);
      criteria.stream()
          .filter(criterion -> !criterion.claim().matches("X[1-8]"))
          .forEach(criterion -> ledger.claim(criterion.claim()));
    }

    @Test
    void have_few_primaries_a_claim() {
      criteria.stream()
          .filter(Criterion::primary)
          .collect(Collectors.groupingBy(Criterion::claim, Collectors.counting()))
          .forEach((claim, count) -> assertTrue(count <= 3, claim + " has " + count));
    }
  }
}
