package org.grokscope.geometry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RandomFeaturesTest {
  private static INDArray points(int n, long seed) {
    Random random = new Random(seed);
    double[][] x = new double[n][3];
    for (double[] row : x) {
      for (int j = 0; j < row.length; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return Nd4j.createFromArray(x);
  }

  private final INDArray x = points(12, 1);
  private final double[] y = new Random(2).doubles(12).toArray();

  @Test
  void a_net_wider_than_its_points_passes_through_all_of_them() {
    RandomFeatures net = RandomFeatures.fit(x, y, 100, 3);
    assertArrayEquals(y, net.predict(x), 1e-8); // condition number of some hundreds
  }

  @Test
  void more_room_needs_no_larger_norm_for_the_same_points() {
    // unnormalised features only gain columns, so the smallest solution can only get smaller
    double narrow = RandomFeatures.fit(x, y, 40, 3).norm() / Math.sqrt(40);
    double wide = RandomFeatures.fit(x, y, 80, 3).norm() / Math.sqrt(80);
    assertTrue(wide <= narrow, narrow + " and " + wide);
  }

  @Test
  void a_narrow_net_leaves_residuals_that_are_orthogonal_to_its_features() {
    RandomFeatures net = RandomFeatures.fit(x, y, 4, 3);
    double[] predicted = net.predict(x);
    double product = 0;
    double residual = 0;
    for (int i = 0; i < y.length; i++) {
      product += predicted[i] * (y[i] - predicted[i]); // ŷ is a sum of features
      residual += Math.abs(y[i] - predicted[i]);
    }
    assertEquals(0, product, 1e-10);
    assertTrue(residual > 0.1, "four weights cannot hold twelve numbers");
  }

  @Test
  void refuses_no_width_and_points_of_another_space() {
    assertThrows(IllegalArgumentException.class, () -> RandomFeatures.fit(x, y, 0, 0));
    RandomFeatures net = RandomFeatures.fit(x, y, 4, 3);
    assertThrows(IllegalArgumentException.class, () -> net.predict(Nd4j.ones(2, 5)));
  }

  @Test
  void bias_and_variance_of_two_predictions_by_hand() {
    BiasVariance parts =
        BiasVariance.of(List.of(new double[] {1, 4}, new double[] {3, 4}), new double[] {0, 4});
    assertEquals(2, parts.squaredBias()); // mean prediction 2 and 4: (4 + 0)/2
    assertEquals(0.5, parts.variance()); // (1 + 1 + 0 + 0)/4
    assertEquals(2.5, parts.error()); // (1 + 9 + 0 + 0)/4
    assertThrows(
        IllegalArgumentException.class,
        () -> BiasVariance.of(List.of(new double[] {1}), new double[] {1}));
  }
}
