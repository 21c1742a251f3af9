package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class CosineMatrixTest {
  @Test
  void a_circle_has_the_cosine_of_the_angle_between_two_points() {
    int n = 24;
    CosineMatrix cosines = CosineMatrix.of(Curves.circle(n));
    INDArray expected =
        Curves.rows(
            n,
            i -> {
              double[] row = new double[n];
              for (int j = 0; j < n; j++) {
                row[j] = Math.cos(2 * Math.PI * (i - j) / n);
              }
              return row;
            });
    assertClose("cosines", expected, cosines.values(), 0, 1e-12);
    CosineMatrix.Ringing ringing = cosines.ringing();
    assertEquals(12, ringing.troughLag());
    assertClose("trough", -1, ringing.trough(), 1e-12, 0);
    // lags up to 0.8·24 = 19.2: the last is 19, and cos(2π·19/24) = cos(75°)
    assertEquals(19, ringing.peakLag());
    assertClose("rise", 1 + Math.cos(Math.toRadians(75)), ringing.rise(), 1e-12, 0);
  }

  @Test
  void a_straight_ray_falls_once_and_never_rings() {
    CosineMatrix.Ringing ringing = CosineMatrix.of(Curves.ray(20, 4)).ringing();
    assertClose("rise", 0, ringing.rise(), 0, 1e-12);
    assertClose("trough", -1, ringing.trough(), 1e-12, 0);
    INDArray values = CosineMatrix.of(Curves.ray(20, 4)).values();
    assertClose("±1", Nd4j.ones(DataType.DOUBLE, 20, 20), Transforms.abs(values), 1e-12, 0);
  }

  @Test
  void waves_of_one_to_three_periods_ring_as_their_formula_says() {
    // x_i = (cos, sin)(2π k i/n), k = 1 … 3: cosine at lag o is the mean of cos(2π k o/n)
    int n = 60;
    INDArray points =
        Curves.rows(
            n,
            i -> {
              double[] row = new double[6];
              for (int k = 1; k <= 3; k++) {
                row[2 * k - 2] = Math.cos(2 * Math.PI * k * i / n);
                row[2 * k - 1] = Math.sin(2 * Math.PI * k * i / n);
              }
              return row;
            });
    CosineMatrix cosines = CosineMatrix.of(points);
    double[] expected = new double[48];
    for (int lag = 0; lag < expected.length; lag++) {
      for (int k = 1; k <= 3; k++) {
        expected[lag] += Math.cos(2 * Math.PI * k * lag / n) / 3;
      }
    }
    assertClose("profile", expected, cosines.profile().toDoubleVector(), 0, 1e-12);
    CosineMatrix.Ringing ringing = cosines.ringing();
    assertEquals(12, ringing.troughLag());
    assertEquals(21, ringing.peakLag());
    assertClose("trough", expected[12], ringing.trough(), 1e-12, 0);
    assertClose("rise", expected[21] - expected[12], ringing.rise(), 1e-12, 0);
  }

  @Test
  void refuses_points_without_a_direction() {
    assertRefused(
        "point 1 of 3 lies at the mean",
        () -> CosineMatrix.of(Nd4j.createFromArray(new double[][] {{0, 1}, {1, 2}, {2, 3}})));
    assertRefused("got points of shape [2, 2]", () -> CosineMatrix.of(Curves.circle(2)));
  }
}
