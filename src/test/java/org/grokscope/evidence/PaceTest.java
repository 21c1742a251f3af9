package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.grokscope.evidence.Pace.Boundaries;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

class PaceTest {
  private static final double SAME = 1e-9;

  /** A column over epochs 0, 100 … 1,000. */
  private static Table series(String column, DoubleUnaryOperator of) {
    return Table.create(
        LongColumn.create("epoch", IntStream.rangeClosed(0, 10).mapToLong(i -> 100L * i).toArray()),
        DoubleColumn.create(
            column, IntStream.rangeClosed(0, 10).mapToDouble(i -> of.applyAsDouble(100 * i))));
  }

  private static double ratio(DoubleUnaryOperator of, int sign) {
    return new Pace(series("x", of), "x", x -> x, sign).ratio(new Boundaries(200, 500, 700));
  }

  @Test
  void what_changes_at_one_rate_has_the_ratio_one() {
    assertEquals(1, ratio(epoch -> 3 * epoch, 1), SAME);
    assertEquals(1, ratio(epoch -> 7 - 2 * epoch, -1), SAME);
  }

  @Test
  void what_changes_four_times_as_fast_in_the_second_stretch_has_the_ratio_four() {
    assertEquals(4, ratio(epoch -> epoch < 500 ? epoch : 500 + 4 * (epoch - 500), 1), SAME);
  }

  @Test
  void what_only_changes_in_one_stretch_has_the_largest_or_the_smallest_ratio() {
    assertEquals(1000, ratio(epoch -> Math.max(0, epoch - 500), 1), SAME);
    assertEquals(0.001, ratio(epoch -> Math.min(500, epoch), 1), SAME);
    assertEquals(0.001, ratio(epoch -> epoch, -1), SAME);
  }

  @Test
  void the_norm_is_compared_by_its_logarithm() {
    Table series = series("squared_norm[total]", epoch -> Math.exp(-epoch / 100));
    assertEquals(
        1,
        Pace.of(series).get("phase.rate_ratio_of_norm").ratio(new Boundaries(0, 600, 900)),
        SAME);
  }

  @Test
  void stretches_are_moved_as_they_are_within_the_run() {
    RandomStream random = RandomStream.of(0, "moved");
    Boundaries own = new Boundaries(200, 500, 700);
    for (int i = 0; i < 100; i++) {
      Boundaries moved = own.moved(random, 100, 1_000);
      assertEquals(300, moved.between() - moved.before(), SAME);
      assertEquals(200, moved.after() - moved.between(), SAME);
      assertTrue(moved.before() >= 100 && moved.after() <= 1_000, moved.toString());
    }
  }

  @Test
  void strangers_that_come_late_and_quickly_have_a_small_ratio() {
    // known by heart at 100; 10 % of the strangers at 620, 90 % at 780
    Table series =
        series("accuracy.strangers", epoch -> Math.max(0, Math.min(1, (epoch - 600) / 200)));
    series.addColumns(series("accuracy[train]", epoch -> epoch < 100 ? 0 : 1).column(1));
    assertEquals(160.0 / 521, Pace.ofStrangers(series).getAsDouble(), 1e-3);
  }

  @Test
  void strangers_that_never_come_have_none() {
    Table series = series("accuracy.strangers", epoch -> 0.5);
    series.addColumns(series("accuracy[train]", epoch -> 1).column(1));
    assertTrue(Pace.ofStrangers(series).isEmpty());
  }

  @Test
  void at_an_even_pace_the_rise_is_eight_times_the_wait() {
    assertEquals(8, Pace.ofEvenMoments(RandomStream.of(1, "even"), 100_000), 0.3);
  }
}
