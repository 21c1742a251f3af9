package org.grokscope.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A metric of a reader's own with its line of the ledger, all in one file: this one. */
class ReadersOwnClaimTest {
  private static final Claim SPARSE =
      Claim.of(
          "X1",
          "The embedding grows sparse",
          Quantity.of("X1", "my_gini at the end", "at least 0.5")
              .readIn(Binding.of("mine", "sum", "last", "my_gini")),
          Quantity.of("X1", "my_gini by hand", "reported"));

  @TempDir private Path folder;

  @BeforeEach
  void measure() throws IOException {
    Files.writeString(
        folder.resolve("mine.csv"),
        """
        experiment,seed,at,epoch,metric,part,key,value
        sum,0,last,400,my_gini,,,0.75
        sum,1,last,400,my_gini,,,0.75
        """);
  }

  private EvidenceFolder evidence() {
    return EvidenceFolder.of(folder.toString());
  }

  @Test
  void is_read_judged_and_shown_as_the_ledgers_own_are() {
    Ledger ledger = Ledger.open(false).with(SPARSE);
    ledger.record(evidence(), "X1");
    ledger.record("X1", "my_gini by hand", List.of("ab", "abc"), String::length);
    ledger.record("C9", "share of the norm's fall in cleanup", 0.7);
    assertEquals("{C9=SUPPORTED, X1=SUPPORTED}", ledger.table().verdicts().toString());
    assertEquals(
        List.of(
            "C9 share of the norm's fall in cleanup: 0.7, one seed (≥ 0.5): supported",
            "X1 my_gini at the end: 0.75 (0.75 to 0.75), 2 seeds (≥ 0.5): supported",
            "X1 my_gini by hand: 2.5 (-3.853 to 8.853), 2 seeds (reported): reported"),
        ledger.table().outcomes().stream().map(Outcome::toString).toList());
    assertEquals("at least 0.5", ledger.predictions("X1").stringColumn("predicted").get(0));
  }

  @Test
  void may_be_one_more_quantity_of_a_claim_that_is_there_and_changes_no_other_ledger() {
    Ledger before = Ledger.open(false);
    before.record("C9", "share of the norm's fall in cleanup", 0.7);
    Claim more = new Claim("C9", before.claim("C9").statement(), List.of(other("C9")));
    Ledger after = before.with(more);
    assertEquals(2, after.claim("C9").quantities().size());
    assertEquals(1, after.table().outcomes().size());
    assertEquals(1, before.claim("C9").quantities().size());
    assertTrue(Ledger.open(false).claims().stream().noneMatch(claim -> claim.id().equals("X1")));
  }

  @Test
  void must_not_change_what_the_ledger_says() {
    Ledger ledger = Ledger.open(false).with(SPARSE);
    refused("another statement of C9", () -> ledger.with(Claim.of("C9", "else", other("C9"))));
    refused("a second time", () -> ledger.with(SPARSE));
    refused("of C9, expected one of X2", () -> Claim.of("X2", "s", other("C9")));
    refused("rule: got 'much'", () -> Quantity.of("X1", "q", "much"));
  }

  @Test
  void a_line_that_points_nowhere_is_named_with_what_is_wrong() {
    for (String[] wrong :
        new String[][] {
          {"none", "sum", "last", "my_gini", "there is no file"},
          {"mine", "product", "last", "my_gini", "the experiment 'product', expected one of [sum]"},
          {"mine", "sum", "grok", "my_gini", "the moment 'grok', expected one of [last]"},
          {"mine", "sum", "last", "gini", "there is no gini"},
        }) {
      Binding nowhere = Binding.of(wrong[0], wrong[1], wrong[2], wrong[3]);
      Ledger ledger = Ledger.open(false).with(Claim.of("X2", "s", other("X2").readIn(nowhere)));
      refused("the line X2 'other' points nowhere (" + nowhere + "): ", wrong[4], ledger);
      assertFalse(ledger.table().verdicts().containsKey("X2"));
    }
  }

  @Test
  void a_claim_of_which_nothing_is_read_has_to_be_given_by_hand() {
    refused(
        "of which nothing is read",
        "by hand",
        Ledger.open(false).with(Claim.of("X2", "s", other("X2"))));
  }

  private void refused(String first, String second, Ledger ledger) {
    refused(first, () -> ledger.record(evidence(), "X2"));
    refused(second, () -> ledger.record(evidence(), "X2"));
  }

  private static void refused(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static Quantity other(String claim) {
    return Quantity.of(claim, "other", "at most 1");
  }
}
