package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

class PhasesTest {
  private static final double[] EPOCHS = {0, 100, 200, 300, 400, 500, 600, 700, 800, 900};
  // smallest at 200; highest test loss 10 at 300, last ≥ 5 at 500; first ≤ .1 and ≥ 99 % at 800
  private static final double[] EXCLUDED = {4.7, 2, 0.5, 0.6, 2, 3, 6, 7, 8, 5};
  private static final double[] TRAIN = {4.7, 1, 0.02, 0.01, 0.03, 0.01, 0.01, 0.01, 0.01, 0.04};
  private static final double[] TEST = {4.7, 8, 9, 10, 4.9, 5, 2, 0.1, 0.05, 0.01};
  private static final double[] ACCURACY = {0, 0, 0, 0, .1, .3, .8, .98, .99, 1};
  private static final double[] RESTRICTED = {4.7, 4.7, 4, 1.9, 1, 0.5, 0.1, 0.05, 0.01, 0.01};
  private static final double[] NORM = {20, 30, 40, 38, 36, 34, 20, 14, 12, 10};

  private static Table series(double[] epochs, double[] excluded, double[] test, double[] acc) {
    long[] whole = new long[epochs.length];
    for (int i = 0; i < epochs.length; i++) {
      whole[i] = (long) epochs[i];
    }
    return Table.create(
        "series",
        LongColumn.create("epoch", whole),
        DoubleColumn.create("loss[train]", TRAIN),
        DoubleColumn.create("loss[test]", test),
        DoubleColumn.create("accuracy[test]", acc),
        DoubleColumn.create("excluded.logits[train]", excluded));
  }

  private static Table grokked() {
    return series(EPOCHS, EXCLUDED, TEST, ACCURACY)
        .addColumns(
            DoubleColumn.create("restricted", RESTRICTED),
            DoubleColumn.create("squared_norm[total]", NORM));
  }

  private static Optional<Interval> epochs(double from, double to) {
    return Optional.of(new Interval(from, to));
  }

  private static double[] with(double[] values, int at, double value) {
    double[] changed = values.clone();
    changed[at] = value;
    return changed;
  }

  @Nested
  class Boundaries {
    @Test
    void are_where_the_rule_puts_them() {
      Phases phases = Phases.of(grokked());
      assertEquals(epochs(100, 300), phases.memorisationEnds());
      assertEquals(epochs(500, 600), phases.cleanupBegins());
      assertEquals(epochs(700, 800), phases.cleanupEnds());
      assertTrue(phases.complete());
      assertTrue(phases.inOrder());
      assertEquals(
          "memorisation ends: 100–300, cleanup begins: 500–600, cleanup ends: 700–800",
          phases.toString());
    }

    @Test
    void follow_checkpoints_that_are_unevenly_apart() {
      double[] epochs = {0, 1, 2, 4, 8, 100, 1_000, 2_000, 2_001, 90_000};
      Phases phases = Phases.of(series(epochs, EXCLUDED, TEST, ACCURACY));
      assertEquals(epochs(1, 4), phases.memorisationEnds());
      assertEquals(epochs(100, 1_000), phases.cleanupBegins());
      assertEquals(epochs(2_000, 2_001), phases.cleanupEnds());
    }

    @Test
    void low_loss_and_high_accuracy_are_both_asked_for() {
      double[] soon = {0, 0, 0, 0, .1, .3, 1, 1, 1, 1};
      assertEquals(
          epochs(600, 700),
          Phases.of(series(EPOCHS, EXCLUDED, TEST, soon)).cleanupEnds()); // waits for the loss
      double[] late = with(with(ACCURACY, 8, .9899), 9, .99);
      assertEquals(epochs(800, 900), Phases.of(series(EPOCHS, EXCLUDED, TEST, late)).cleanupEnds());
    }

    @Test
    void a_relapse_puts_off_the_beginning_of_cleanup_and_a_later_one_does_not_matter() {
      double[] relapse = with(TEST, 7, 5); // at 700 once more at half of the maximum
      Phases phases = Phases.of(series(EPOCHS, EXCLUDED, relapse, ACCURACY));
      assertEquals(epochs(700, 800), phases.cleanupBegins());
      assertEquals(epochs(700, 800), phases.cleanupEnds());
      double[] small = with(TEST, 9, 4.99);
      assertEquals(
          epochs(700, 800), Phases.of(series(EPOCHS, EXCLUDED, small, ACCURACY)).cleanupEnds());
    }

    @Test
    void a_run_that_never_groks_has_no_cleanup() {
      double[] rising = {4.7, 8, 9, 10, 11, 12, 13, 13, 13, 13};
      Phases phases = Phases.of(series(EPOCHS, EXCLUDED, rising, new double[10]));
      assertEquals(epochs(100, 300), phases.memorisationEnds());
      assertEquals(Optional.empty(), phases.cleanupBegins());
      assertEquals(Optional.empty(), phases.cleanupEnds());
      assertFalse(phases.complete());
      assertFalse(phases.inOrder());
      assertEquals(Optional.empty(), phases.fallBegins("loss[test]"));
      assertEquals(Optional.empty(), phases.lead("loss[train]", "loss[test]"));
      assertEquals("not reached", phases.table().stringColumn("to (epoch)").get(2));
    }

    @Test
    void a_run_that_stops_on_the_way_has_no_end_of_cleanup() {
      double[] half = {4.7, 8, 9, 10, 4.9, 5, 2, 1, 1, 1};
      Phases phases = Phases.of(series(EPOCHS, EXCLUDED, half, ACCURACY));
      assertEquals(epochs(500, 600), phases.cleanupBegins());
      assertEquals(Optional.empty(), phases.cleanupEnds());
      assertFalse(phases.inOrder());
    }

    @Test
    void a_minimum_at_either_end_is_no_end_of_memorisation() {
      for (double[] excluded :
          List.of(with(EXCLUDED, 0, 0.1), with(EXCLUDED, 9, 0.1), new double[10])) {
        Phases phases = Phases.of(series(EPOCHS, excluded, TEST, ACCURACY));
        assertEquals(Optional.empty(), phases.memorisationEnds());
        assertEquals(epochs(700, 800), phases.cleanupEnds());
        assertFalse(phases.complete());
        assertFalse(phases.inOrder());
        assertEquals(Optional.empty(), phases.excludedRise());
        assertEquals(Optional.empty(), phases.fallBegins("loss[test]"));
      }
    }

    @Test
    void of_equal_minima_the_first_counts() {
      Phases phases = Phases.of(series(EPOCHS, with(EXCLUDED, 6, 0.5), TEST, ACCURACY));
      assertEquals(epochs(100, 300), phases.memorisationEnds());
    }

    @Test
    void intervals_that_touch_are_in_order_and_those_that_overlap_are_not() {
      double[] smallestAt400 = with(EXCLUDED, 4, 0.1); // ends in 300–500, cleanup begins in 500–600
      assertTrue(Phases.of(series(EPOCHS, smallestAt400, TEST, ACCURACY)).inOrder());
      double[] smallestAt500 = with(EXCLUDED, 5, 0.1); // 400–600
      Phases overlapping = Phases.of(series(EPOCHS, smallestAt500, TEST, ACCURACY));
      assertTrue(overlapping.complete());
      assertFalse(overlapping.inOrder());
      double[] smallestAt800 = with(EXCLUDED, 8, 0.1); // after all
      assertFalse(Phases.of(series(EPOCHS, smallestAt800, TEST, ACCURACY)).inOrder());
      double[] sudden = {4.7, 8, 9, 10, 9, 9, 0, 0, 0, 0}; // both in 500–600
      double[] right = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1};
      assertFalse(Phases.of(series(EPOCHS, EXCLUDED, sudden, right)).inOrder());
      double[] quick = {4.7, 8, 9, 10, 9, 9, 1, 0, 0, 0}; // 500–600, then 600–700
      assertTrue(Phases.of(series(EPOCHS, EXCLUDED, quick, right)).inOrder());
    }

    @Test
    void the_table_has_one_row_a_phase() {
      assertEquals(
          List.of(
              "memorisation",
              "0",
              "100–300",
              "circuit formation",
              "100–300",
              "500–600",
              "cleanup",
              "500–600",
              "700–800"),
          Phases.of(grokked()).table().stream()
              .flatMap(row -> row.columnNames().stream().map(row::getString))
              .toList());
    }
  }

  @Nested
  class Numbers {
    @Test
    void a_fall_begins_after_the_last_value_above_half_of_the_maximum_since_memorisation() {
      Phases phases = Phases.of(grokked());
      // from epoch 200 on the largest is 4, and 4 is the last that is at least 2
      assertEquals(epochs(200, 300), phases.fallBegins("restricted"));
      assertEquals(epochs(500, 600), phases.fallBegins("loss[test]"));
      assertEquals(Optional.empty(), phases.fallBegins("loss[train]")); // .04 at the end
      Table other =
          Table.create(
              "other",
              LongColumn.create("epoch", 150, 250, 350),
              DoubleColumn.create("x", 100, 3, 1));
      assertEquals(epochs(250, 350), phases.fallBegins(other, "x"));
      Table early =
          Table.create("early", LongColumn.create("epoch", 0, 150), DoubleColumn.create("x", 3, 1));
      assertEquals(Optional.empty(), phases.fallBegins(early, "x"));
    }

    @Test
    void a_lead_is_an_interval_too() {
      Phases phases = Phases.of(grokked());
      assertEquals(epochs(200, 400), phases.lead("restricted", "loss[test]"));
      assertEquals(epochs(-400, -200), phases.lead("loss[test]", "restricted"));
      assertEquals(Optional.empty(), phases.lead("loss[train]", "restricted"));
    }

    @Test
    void the_excluded_loss_rises_while_the_train_loss_is_flat() {
      Phases.ExcludedRise rise = Phases.of(grokked()).excludedRise().orElseThrow();
      assertEquals(new Phases.ExcludedRise(0.5, 8, 0.03, new Interval(200, 800)), rise);
      assertEquals(16, rise.ratio());
    }

    @Test
    void the_share_of_the_fall_in_cleanup_takes_values_at_checkpoints() {
      // (34 − 12) / (40 − 10)
      assertEquals(
          22 / 30.0,
          Phases.of(grokked()).cleanupShareOfFall("squared_norm[total]").orElseThrow(),
          1e-15);
    }

    @Test
    void there_is_no_share_where_nothing_falls_or_cleanup_has_not_ended() {
      assertEquals(
          OptionalDouble.empty(), Phases.of(grokked()).cleanupShareOfFall("accuracy[test]"));
      Table unfinished = series(EPOCHS, EXCLUDED, TEST, new double[10]);
      assertEquals(OptionalDouble.empty(), Phases.of(unfinished).cleanupShareOfFall("loss[test]"));
    }

    @Test
    void a_series_that_changes_later_changes_nothing() {
      Table series = grokked();
      Phases phases = Phases.of(series);
      series.doubleColumn("restricted").setMissingTo(0.0).set(5, 100.0);
      assertEquals(epochs(200, 300), phases.fallBegins("restricted"));
    }
  }

  @Nested
  class Errors {
    private void assertRefused(Table series, String... parts) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Phases.of(series)).getMessage();
      for (String part : parts) {
        assertTrue(message.contains(part), message);
      }
    }

    @Test
    void name_the_column_that_is_missing() {
      for (String column :
          List.of(
              "epoch", "loss[train]", "loss[test]", "accuracy[test]", "excluded.logits[train]")) {
        Table without = grokked();
        without.removeColumns(column);
        assertRefused(
            without, "series 'series'", "no numeric column '" + column + "'", "run.probe");
      }
      assertThrows(
          IllegalArgumentException.class, () -> Phases.of(grokked()).fallBegins("restrictd"));
    }

    @Test
    void name_the_epoch_of_a_number_that_is_missing() {
      assertRefused(
          series(EPOCHS, EXCLUDED, with(TEST, 4, Double.NaN), ACCURACY),
          "no number for 'loss[test]' at epoch 400");
    }

    @Test
    void refuse_epochs_that_do_not_ascend_and_a_series_without_rows() {
      assertRefused(
          series(with(EPOCHS, 4, 300), EXCLUDED, TEST, ACCURACY),
          "got epoch 300",
          "expected ascending epochs");
      assertRefused(grokked().emptyCopy(), "there are no rows");
    }
  }
}
