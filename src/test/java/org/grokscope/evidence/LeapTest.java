package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Test;

class LeapTest {
  @Test
  void the_essays_curve_is_a_plateau_and_a_leap() {
    Leap leap =
        new Leap(
            List.of(500L, 1_000L, 1_500L, 2_000L, 2_500L, 3_000L),
            List.of(0.49, 0.52, 0.49, 0.62, 0.9, 0.995));
    assertEquals(0.5, leap.plateau(), 1e-12);
    assertEquals(1_500, leap.plateauEpochs());
    assertEquals(1_000 / 1_500.0, leap.pace(), 1e-12);
    assertTrue(leap.lands());
    assertTrue(leap.guessesThenKnows());
  }

  @Test
  void one_that_never_lands_or_never_waits_is_none() {
    Leap never = new Leap(List.of(500L, 2_500L), List.of(0.5, 0.51));
    assertFalse(never.lands());
    assertFalse(never.guessesThenKnows());
    assertEquals(2_000, never.plateauEpochs());
    assertEquals(1_000, never.pace());
    Leap atOnce = new Leap(List.of(500L, 600L), List.of(0.7, 1.0));
    assertEquals(0, atOnce.plateauEpochs());
    assertEquals(0.7, atOnce.plateau());
    assertEquals(1_000, atOnce.pace());
    assertFalse(atOnce.guessesThenKnows());
  }

  @Test
  void a_plateau_beside_one_half_or_a_short_one_is_not_the_essays() {
    assertFalse(new Leap(List.of(0L, 2_000L, 2_100L), List.of(0.54, 0.55, 1.0)).guessesThenKnows());
    assertFalse(new Leap(List.of(0L, 500L, 600L), List.of(0.5, 0.5, 1.0)).guessesThenKnows());
  }

  @Test
  void questions_that_come_right_one_by_one_leap_slowly() {
    List<Long> epochs = LongStream.rangeClosed(0, 100).mapToObj(i -> 100 * i).toList();
    Leap own = new Leap(epochs, epochs.stream().map(epoch -> 0.5).toList());
    Leap even = own.evenly(RandomStream.of(3, "test"), 4_000);
    assertEquals(0.75, even.accuracies().get(50), 0.03);
    assertEquals(1, even.accuracies().get(100));
    assertEquals((0.99 - 0.6) / (0.6 - 0.5), even.pace(), 1);
    assertFalse(even.guessesThenKnows());
  }

  @Test
  void refuses_curves_without_points() {
    assertThrows(IllegalArgumentException.class, () -> new Leap(List.of(), List.of()));
    assertThrows(IllegalArgumentException.class, () -> new Leap(List.of(1L), List.of()));
  }
}
