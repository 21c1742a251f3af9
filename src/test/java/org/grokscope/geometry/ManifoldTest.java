package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ManifoldTest {
  @Test
  void means_are_those_worked_out_by_hand() {
    Manifold manifold =
        Manifold.of(
            Nd4j.createFromArray(new double[][] {{1, 0}, {5, 5}, {3, 2}}), new int[] {7, 2, 7});
    assertArrayEquals(new int[] {2, 7}, manifold.labels());
    assertArrayEquals(new int[] {1, 2}, manifold.counts());
    assertClose("mean of 7", new double[] {2, 1}, manifold.mean(7).toDoubleVector(), 1e-12, 0);
    assertClose(
        "means", Nd4j.createFromArray(new double[][] {{5, 5}, {2, 1}}), manifold.means(), 1e-12, 0);
    // between: means (5,5), (2,1), (2,1) about (3, 7/3): 4 + 64/9 and twice 1 + 16/9, together
    // 150/9; within: (1,1) twice, 4
    assertClose("share between", 150.0 / 9 / (150.0 / 9 + 4), manifold.betweenShare(), 1e-12, 0);
  }

  @Test
  void additive_effects_of_words_are_taken_out_exactly_where_they_are_additive() {
    Random random = new Random(1);
    int n = 400;
    int[] count = random.ints(n, 0, 12).toArray();
    int[] word = new int[n];
    int[] second = random.ints(n, 0, 3).toArray();
    for (int i = 0; i < n; i++) { // words that go with counts: plain means are biased
      word[i] = 10 * Math.min(4, count[i] / 3 + random.nextInt(2));
    }
    INDArray effect = Curves.noise(41, 5, 3, 2);
    INDArray secondEffect = Curves.noise(3, 5, 2, 3);
    INDArray curve = Curves.noise(12, 5, 1, 4);
    INDArray points =
        Curves.rows(
            n,
            i ->
                curve
                    .getRow(count[i])
                    .add(effect.getRow(word[i]))
                    .add(secondEffect.getRow(second[i]))
                    .toDoubleVector());
    Manifold adjusted = Manifold.adjusted(points, count, List.of(word, second));
    INDArray shift = adjusted.mean(0).sub(curve.getRow(0)); // mean effects of both factors
    assertClose("curve", curve.addRowVector(shift), adjusted.means(), 1e-9, 1e-9);
    assertClose(
        "mean of all points is kept",
        points.mean(0).toDoubleVector(),
        weighted(adjusted, n),
        1e-9,
        1e-9);
    assertClose("nothing is left over", 1, adjusted.betweenShare(), 1e-12, 0);
    INDArray plain = Manifold.of(points, count).means();
    double bias = plain.sub(curve.addRowVector(shift)).norm2Number().doubleValue();
    assertTrue(bias > 1, "plain means are biased by " + bias);
  }

  private static double[] weighted(Manifold manifold, int n) {
    INDArray sum = Nd4j.zeros(manifold.means().dataType(), manifold.means().size(1));
    for (int i = 0; i < manifold.labels().length; i++) {
      sum.addi(manifold.means().getRow(i).mul((double) manifold.counts()[i] / n));
    }
    return sum.toDoubleVector();
  }

  @Test
  void a_range_keeps_labels_with_enough_points() {
    Manifold manifold =
        Manifold.of(Curves.ray(6, 2), new int[] {1, 1, 2, 3, 3, 4}).between(2, 3, 2);
    assertArrayEquals(new int[] {3}, manifold.labels());
    assertArrayEquals(new int[] {2}, manifold.counts());
    assertClose("mean", new double[] {6.5, 13}, manifold.mean(3).toDoubleVector(), 1e-12, 0);
  }

  @Test
  void refuses_labels_off_the_manifold_and_factors_that_are_the_label() {
    int[] labels = {1, 1, 2, 3};
    Manifold manifold = Manifold.of(Curves.ray(4, 2), labels);
    assertRefused("got the label 9, expected one of the 3 on it, 1 … 3", () -> manifold.mean(9));
    assertRefused("got no label in 5 … 9", () -> manifold.between(5, 9, 1));
    assertRefused(
        "factors that cannot be told from the label",
        () -> Manifold.adjusted(Curves.ray(4, 2), labels, List.of(labels)));
    assertRefused(
        "got 3 labels for points of shape [4, 2], expected one for each of its 4 rows",
        () -> Manifold.of(Curves.ray(4, 2), new int[3]));
  }
}
