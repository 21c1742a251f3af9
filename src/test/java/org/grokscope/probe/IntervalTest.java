package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class IntervalTest {
  private final Interval interval = new Interval(1_400, 1_500);

  @Test
  void has_a_width_and_a_middle() {
    assertEquals(100, interval.width());
    assertEquals(1_450, interval.middle());
    assertEquals(0, new Interval(3, 3).width());
  }

  @Test
  void reads_as_two_numbers_or_one() {
    assertEquals("1,400–1,500", interval.toString());
    assertEquals("1,400", new Interval(1_400, 1_400).toString());
    assertEquals("−100 to 200", new Interval(-100, 200).toString());
    assertEquals("−100 to −50", new Interval(-100, -50).toString());
    assertEquals("0.2500–1.500", new Interval(0.25, 1.5).toString());
  }

  @Test
  void lies_before_another_that_it_touches_at_most() {
    assertTrue(interval.before(new Interval(1_501, 1_502)));
    assertTrue(interval.before(new Interval(1_500, 1_502)));
    assertFalse(interval.before(new Interval(1_499, 1_502)));
    assertFalse(interval.before(new Interval(0, 1)));
    assertFalse(interval.before(interval));
  }

  @Test
  void a_difference_holds_every_difference_of_their_points() {
    assertEquals(new Interval(300, 500), interval.minus(new Interval(1_000, 1_100)));
    assertEquals(new Interval(-100, 100), interval.minus(interval));
  }

  @Test
  void refuses_bounds_the_wrong_way_round_and_bounds_that_are_none() {
    for (double[] bounds :
        List.of(
            new double[] {2, 1},
            new double[] {Double.NaN, 1},
            new double[] {0, Double.POSITIVE_INFINITY})) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> new Interval(bounds[0], bounds[1]))
              .getMessage();
      assertTrue(message.startsWith("interval: got " + bounds[0] + " to "), message);
    }
  }
}
