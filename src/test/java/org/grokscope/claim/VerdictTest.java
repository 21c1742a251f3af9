package org.grokscope.claim;

import static org.grokscope.claim.Verdict.NOT_GIVEN;
import static org.grokscope.claim.Verdict.NOT_TESTABLE_HERE;
import static org.grokscope.claim.Verdict.PARTLY;
import static org.grokscope.claim.Verdict.REFUTED;
import static org.grokscope.claim.Verdict.REPORTED;
import static org.grokscope.claim.Verdict.SUPPORTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  @Test
  void a_claim_is_supported_or_refuted_only_if_all_that_is_judged_agrees() {
    assertEquals(SUPPORTED, Verdict.of(List.of(SUPPORTED, REPORTED, SUPPORTED)));
    assertEquals(REFUTED, Verdict.of(List.of(REPORTED, REFUTED, REFUTED)));
    assertEquals(PARTLY, Verdict.of(List.of(SUPPORTED, REFUTED)));
    assertEquals(PARTLY, Verdict.of(List.of(SUPPORTED, PARTLY)));
    assertEquals(PARTLY, Verdict.of(List.of(PARTLY)));
  }

  @Test
  void without_a_judged_quantity_the_others_speak() {
    assertEquals(REPORTED, Verdict.of(List.of(REPORTED, NOT_TESTABLE_HERE)));
    assertEquals(NOT_TESTABLE_HERE, Verdict.of(List.of(NOT_TESTABLE_HERE)));
  }

  @Test
  void a_quick_run_takes_the_verdict_away() {
    assertEquals(NOT_GIVEN, Verdict.of(List.of(SUPPORTED, NOT_GIVEN)));
  }

  @Test
  void nothing_has_no_verdict() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Verdict.of(List.of())).getMessage();
    assertTrue(message.contains("got no quantities"), message);
  }

  @Test
  void verdicts_are_known_by_their_words() {
    for (Verdict verdict : Verdict.values()) {
      assertEquals(verdict, Verdict.named(verdict.text()));
    }
    String message =
        assertThrows(IllegalArgumentException.class, () -> Verdict.named("yes")).getMessage();
    assertTrue(message.contains("got 'yes', expected one of supported, partly"), message);
  }
}
