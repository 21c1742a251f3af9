package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CategoricalProbeTest {
  @Test
  void reads_the_nearest_mean() {
    INDArray points = Nd4j.createFromArray(new double[][] {{0, 1}, {0, -1}, {4, 1}, {4, -1}});
    CategoricalProbe probe = CategoricalProbe.fit(points, new int[] {3, 3, 8, 8}, 1);
    INDArray asked = Nd4j.createFromArray(new double[][] {{1.9, 50}, {2.1, -50}});
    assertArrayEquals(new int[] {3, 8}, probe.predict(asked));
    assertArrayEquals(new int[] {3, 8}, probe.labels());
  }

  /**
   * Two labels a step apart along an axis, under a spread of 30 along (1, 1): only a metric sees
   * it.
   */
  @Test
  void the_metric_of_what_varies_within_labels_sees_through_it() {
    Random random = new Random(3);
    int n = 400;
    int[] labels = random.ints(n, 0, 2).toArray();
    INDArray points =
        Curves.rows(
            n,
            i -> {
              double common = 30 * random.nextGaussian();
              return new double[] {
                common + labels[i] + 0.1 * random.nextGaussian(),
                common + 0.1 * random.nextGaussian()
              };
            });
    Folds folds = Folds.ofRows(n, 5, 0);
    CategoricalProbe.Score metric = CategoricalProbe.crossValidate(points, labels, 0, folds);
    CategoricalProbe.Score plain = CategoricalProbe.crossValidate(points, labels, 1, folds);
    assertTrue(metric.accuracy() > 0.99 && metric.auc() > 0.999, metric.toString());
    assertTrue(plain.accuracy() < 0.65 && plain.auc() < 0.65, plain.toString());
  }

  @Test
  void counts_on_a_curve_are_read_one_by_one_and_noise_is_not_read() {
    INDArray curve = Curves.helix(20, 1.5, 3);
    Random random = new Random(0);
    int[] labels = random.ints(1_000, 0, 20).toArray();
    INDArray points =
        Curves.rows(1_000, i -> curve.getRow(labels[i]).toDoubleVector())
            .add(Curves.noise(1_000, 3, 0.05, 1));
    Folds folds = Folds.ofRows(1_000, 5, 0);
    CategoricalProbe.Score score = CategoricalProbe.crossValidate(points, labels, 0.01, folds);
    assertTrue(score.accuracy() > 0.95 && score.meanDistance() < 0.1, score.toString());
    CategoricalProbe.Score noise =
        CategoricalProbe.crossValidate(Curves.noise(1_000, 3, 1, 2), labels, 0.01, folds);
    // chance 0.05 ± 0.007, area 0.5 ± 0.01
    assertTrue(noise.accuracy() < 0.09 && Math.abs(noise.auc() - 0.5) < 0.05, noise.toString());
  }

  @Test
  void the_area_under_the_curve_counts_pairs_and_ties_by_half() {
    boolean[] positive = {true, false, true, false, false};
    // pairs: 3 over {2, 1, 0}: 3; 1 over 0: 1, tie with 1: ½, under 2: 0 — 4½ of 6
    double[] scores = {3, 2, 1, 1, 0};
    assertClose("area", 0.75, CategoricalProbe.areaUnderCurve(scores, positive), 1e-12, 0);
    assertRefused(
        "got 0 positive and 2 negative",
        () -> CategoricalProbe.areaUnderCurve(new double[2], new boolean[2]));
  }

  @Test
  void points_without_any_spread_within_labels_are_read_all_the_same() {
    INDArray points = Nd4j.createFromArray(new double[][] {{0, 0}, {1, 1}, {0, 0}, {1, 1}});
    int[] labels = {0, 1, 0, 1};
    assertArrayEquals(labels, CategoricalProbe.fit(points, labels, 0).predict(points));
  }

  @Test
  void refuses_what_cannot_be_told_apart() {
    INDArray points = Curves.noise(4, 6, 1, 0);
    assertRefused(
        "got the label 2 alone", () -> CategoricalProbe.fit(points, new int[] {2, 2, 2, 2}, 0));
    assertRefused(
        "does not fill the 6 dimensions",
        () -> CategoricalProbe.fit(points, new int[] {1, 1, 2, 2}, 0));
    assertRefused(
        "a shrinkage of 2.0", () -> CategoricalProbe.fit(points, new int[] {1, 1, 2, 2}, 2));
    CategoricalProbe probe = CategoricalProbe.fit(points, new int[] {1, 1, 2, 2}, 0.5);
    assertRefused("expected 6 columns", () -> probe.predict(Curves.noise(1, 2, 1, 0)));
  }
}
