package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.grokscope.task.LineBreaking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

  /** The code published with Nanda et al. (2023): min(step / 10, 1) from step 0. */
  @Test
  void of_nanda_rises_over_ten_updates_from_zero_and_stays() {
    TrainingConfig published = TrainingConfig.nanda2023();
    assertEquals(0, published.learningRateAt(0));
    assertEquals(0.5e-3, published.learningRateAt(5), 1e-18);
    assertEquals(1e-3, published.learningRateAt(10));
    assertEquals(1e-3, published.learningRateAt(10_000));
    assertEquals(1e-3, published.learningRateAt(39_999));
    for (long update = 0; update < 30; update++) {
      assertEquals(1e-3 * Math.min(update / 10.0, 1), published.learningRateAt(update));
    }
    assertFalse(published.schedule().falls());
  }

  @Test
  void of_lines_rises_from_the_first_update_stays_and_falls_from_the_middle() {
    TrainingConfig lines = TrainingConfig.lines(LineBreaking.given());
    assertEquals(3e-3 / 100, lines.learningRateAt(0), 1e-12);
    assertEquals(3e-3, lines.learningRateAt(99), 1e-12);
    assertEquals(3e-3, lines.learningRateAt(999), 1e-12);
    assertEquals(1.5e-3, lines.learningRateAt(1500), 1e-12);
    assertEquals(0.02 * 3e-3, lines.learningRateAt(1999), 1e-12);
    assertTrue(lines.schedule().falls());
  }

  /** min(1, (i + 1) / warm-up) · max(0.02, 1 − (i/n − ½) / ½) beyond the middle. */
  @ParameterizedTest
  @ValueSource(strings = {"given", "box", "box-header"})
  void of_lines_is_that_of_the_exploration_at_every_update(String mode) {
    TrainingConfig lines = TrainingConfig.lines(LineBreaking.named(mode));
    double highest = mode.equals("given") ? 3e-3 : 1e-2;
    long n = lines.epochs();
    for (long i = 0; i < n; i++) {
      double done = (double) i / n;
      double expected =
          highest
              * Math.min(1, (i + 1) / 100.0)
              * (done < 0.5 ? 1 : Math.max(0.02, (1 - done) / 0.5));
      assertEquals(expected, lines.learningRateAt(i), 1e-15, "update " + i);
    }
  }

  @Test
  void without_a_warm_up_begins_at_the_highest() {
    assertEquals(0.25, Schedule.constant(0).rate(0.25, 0, 10));
    assertEquals(0.5, new Schedule(0, 1, 0, 0).rate(1, 5, 10), 1e-15);
  }

  @Test
  void wrong_values_are_named() {
    assertRefused("got warm-up steps = -1, expected 0 or more", () -> Schedule.constant(-1));
    assertRefused("got first = 2, expected 0 or 1", () -> new Schedule(1, 2, 1, 1));
    assertRefused("got fallsFrom = NaN", () -> new Schedule(1, 1, Double.NaN, 1));
    assertRefused("got fallsTo = 1.5, expected 0 ≤ share ≤ 1", () -> new Schedule(1, 1, 1, 1.5));
  }

  private static void assertRefused(String part, Runnable action) {
    IllegalArgumentException error = assertThrows(IllegalArgumentException.class, action::run);
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }
}
