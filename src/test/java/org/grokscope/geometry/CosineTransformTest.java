package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CosineTransformTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 7, 60})
  void is_orthonormal(int n) {
    INDArray matrix = CosineTransform.of(n).matrix();
    assertClose(
        "D Dᵀ", Nd4j.eye(n).castTo(DataType.DOUBLE), matrix.mmul(matrix.transpose()), 0, 1e-12);
  }

  @Test
  void two_points_are_their_sum_and_difference() {
    double r = Math.sqrt(0.5);
    assertClose(
        "D",
        Nd4j.createFromArray(new double[][] {{r, r}, {r, -r}}),
        CosineTransform.of(2).matrix(),
        1e-12,
        0);
  }

  @Test
  void finds_the_modes_that_a_curve_is_made_of() {
    int n = 50;
    INDArray curve =
        Curves.rows(
            n,
            i ->
                new double[] {
                  7 + 3 * Math.cos(Math.PI * 2 * (i + 0.5) / n),
                  4 * Math.cos(Math.PI * 5 * (i + 0.5) / n)
                });
    double[] expected = new double[n];
    expected[2] = 9.0 / 25;
    expected[5] = 16.0 / 25;
    CosineTransform transform = CosineTransform.of(n);
    assertClose("energy", expected, transform.energy(curve).toDoubleVector(), 0, 1e-12);
    assertClose(
        "amplitude", 3 * Math.sqrt(n / 2.0), transform.transform(curve).getDouble(2, 0), 1e-12, 0);
    assertClose("modes 1 … 5", 1, transform.overlap(curve, 5), 1e-12, 0);
    assertClose("modes 1 … 4", 0.5, transform.overlap(curve, 4), 1e-12, 0);
  }

  @Test
  void a_smooth_curve_lies_in_low_modes_and_noise_does_not() {
    CosineTransform transform = CosineTransform.of(80);
    double smooth =
        transform.overlap(PrincipalComponents.of(Curves.helix(80, 1.5, 3)).scores(3), 6);
    double noise = transform.overlap(Curves.noise(80, 3, 1, 0), 6);
    assertTrue(smooth > 0.9, "smooth " + smooth);
    assertTrue(noise < 0.3, "noise " + noise); // 6/79 on average
  }

  @Test
  void refuses_other_lengths() {
    CosineTransform transform = CosineTransform.of(5);
    assertRefused(
        "got points of shape [4, 2], expected 5 rows", () -> transform.energy(Curves.circle(4)));
    assertRefused(
        "got 1 modes for scores of shape [5, 2]", () -> transform.overlap(Curves.circle(5), 1));
    assertRefused("got 5 equal points", () -> transform.energy(Nd4j.ones(DataType.DOUBLE, 5, 2)));
    assertRefused("got n = 1", () -> CosineTransform.of(1));
  }
}
