package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LinearProbeTest {
  @Test
  void ridge_shrinks_a_slope_as_worked_out_by_hand() {
    INDArray points = Nd4j.createFromArray(new double[][] {{-1}, {0}, {1}});
    double[] values = {1, 3, 5};
    // Σx² = 2, Σxy = 4: slope 4/(2 + λ), offset 3
    for (double ridge : new double[] {0, 2, 6}) {
      LinearProbe probe = LinearProbe.fit(points, values, ridge);
      assertClose("slope", 4 / (2 + ridge), probe.weights().getDouble(0), 1e-12, 0);
      assertClose("offset", 3, probe.offset(), 1e-12, 0);
    }
    assertClose(
        "prediction",
        new double[] {3 + 2 * 4},
        LinearProbe.fit(points, values, 0)
            .predict(Nd4j.createFromArray(new double[][] {{4}}))
            .toDoubleVector(),
        1e-12,
        0);
  }

  @Test
  void what_is_linear_is_read_without_error_and_noise_not_at_all() {
    INDArray points = Curves.noise(200, 5, 1, 0);
    INDArray direction = Nd4j.createFromArray(1.0, -2.0, 0.5, 0.0, 3.0).reshape(5, 1);
    double[] values = points.mmul(direction).add(7).reshape(200).toDoubleVector();
    Folds folds = Folds.ofRows(200, 5, 0);
    LinearProbe.Score score = LinearProbe.crossValidate(points, values, 1e-9, folds);
    assertClose("R²", 1, score.r2(), 1e-9, 0);
    assertClose("error", 0, score.rootMeanSquaredError(), 0, 1e-6);
    double[] unrelated = Curves.noise(200, 1, 1, 9).reshape(200).toDoubleVector();
    double r2 = LinearProbe.crossValidate(points, unrelated, 1, folds).r2();
    assertTrue(r2 < 0.05, "R² of noise " + r2);
  }

  /**
   * With as many weights as rows a fit is perfect; what was left out shows that it says nothing.
   */
  @Test
  void rows_left_out_unmask_what_was_learnt_by_heart() {
    INDArray points = Curves.noise(40, 35, 1, 1);
    double[] values = Curves.noise(40, 1, 1, 2).reshape(40).toDoubleVector();
    double[] fitted = LinearProbe.fit(points, values, 1e-6).predict(points).toDoubleVector();
    double seen = LinearProbe.Score.of(values, fitted).r2();
    double unseen = LinearProbe.crossValidate(points, values, 1e-6, Folds.ofRows(40, 4, 0)).r2();
    assertTrue(seen > 0.7, "seen " + seen);
    assertTrue(unseen < 0, "unseen " + unseen);
  }

  @Test
  void refuses_what_does_not_fix_a_line() {
    INDArray twice = Nd4j.createFromArray(new double[][] {{1, 2}, {2, 4}, {4, 8}});
    double[] values = {1, 2, 3};
    assertRefused("do not fix 2 weights", () -> LinearProbe.fit(twice, values, 0));
    assertRefused("a ridge of -1.0", () -> LinearProbe.fit(twice, values, -1));
    assertRefused("values that are all alike", () -> LinearProbe.fit(twice, new double[3], 1));
    assertRefused(
        "got 2 values for points of shape [3, 2]",
        () -> LinearProbe.fit(twice, new double[] {1, 2}, 1));
    assertRefused(
        "got 4 rows of folds",
        () -> LinearProbe.crossValidate(twice, values, 1, Folds.ofRows(4, 2, 0)));
  }

  @Nested
  class OfFolds {
    @Test
    void every_row_is_inside_one_fold_and_outside_all_others() {
      Folds folds = Folds.ofRows(23, 4, 3);
      int[] seen = new int[23];
      for (int fold = 0; fold < 4; fold++) {
        Set<Integer> both = new HashSet<>();
        for (int row : folds.inside(fold)) {
          seen[row]++;
          both.add(row);
        }
        assertTrue(both.size() == 5 || both.size() == 6);
        IntStream.of(folds.outside(fold)).forEach(both::add);
        assertEquals(23, both.size());
      }
      assertArrayEquals(IntStream.generate(() -> 1).limit(23).toArray(), seen);
    }

    @Test
    void a_group_is_never_on_both_sides_and_equal_seeds_give_equal_folds() {
      int[] groups = new Random(0).ints(100, 0, 12).toArray();
      Folds folds = Folds.byGroup(groups, 3, 5);
      for (int fold = 0; fold < 3; fold++) {
        Set<Integer> inside = new HashSet<>();
        IntStream.of(folds.inside(fold)).forEach(row -> inside.add(groups[row]));
        assertTrue(
            IntStream.of(folds.outside(fold)).noneMatch(row -> inside.contains(groups[row])));
        assertArrayEquals(folds.inside(fold), Folds.byGroup(groups, 3, 5).inside(fold));
      }
      assertRefused("got 13 folds of 12 groups", () -> Folds.byGroup(groups, 13, 0));
      assertRefused("got 1 folds", () -> Folds.byGroup(groups, 1, 0));
    }
  }
}
