package org.grokscope.fourier;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.grokscope.fourier.FourierTransform.Normalisation;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FourierTransformTest {
  private static final double ROUNDING = 1e-11; // of a fast transform of 113 numbers of order 1

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 59, 97, 112, 113})
  void along_each_axis_it_equals_the_product_by_the_basis(int n) {
    FourierTransform transform = FourierTransform.of(n, Normalisation.ORTHONORMAL);
    INDArray f = FourierBasis.of(n).matrix();
    INDArray columns = random(n, 3);
    assertClose("axis 0", f.mmul(columns), transform.along(columns, 0), 0, ROUNDING);
    INDArray rows = random(3, n);
    assertClose("axis 1", rows.mmul(f.transpose()), transform.along(rows, 1), 0, ROUNDING);
    assertClose("axis −1", rows.mmul(f.transpose()), transform.along(rows, -1), 0, ROUNDING);
    INDArray square = random(n, n);
    INDArray both = f.mmul(square).mmul(f.transpose());
    assertClose("both axes", both, transform.alongBoth(square, 0, 1), 0, ROUNDING);
  }

  @Test
  void a_middle_axis_is_transformed_line_by_line() {
    INDArray x = random(2, 5, 3);
    INDArray y = FourierTransform.of(5, Normalisation.ORTHONORMAL).along(x, 1);
    INDArray f = FourierBasis.of(5).matrix();
    for (int i = 0; i < 2; i++) {
      assertClose("slice " + i, f.mmul(x.slice(i)), y.slice(i), 0, ROUNDING);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 59, 113})
  void back_undoes_it_in_either_normalisation(int n) {
    for (Normalisation normalisation : Normalisation.values()) {
      FourierTransform transform = FourierTransform.of(n, normalisation);
      INDArray x = random(n, 2);
      INDArray again = transform.back(transform.along(x, 0), 0);
      assertClose(normalisation.toString(), x, again, 0, ROUNDING);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 113})
  void amplitudes_are_those_of_the_waves(int n) {
    double[] x = new double[n];
    for (int t = 0; t < n; t++) {
      double angle = 2 * Math.PI * t / n;
      x[t] = 0.5 + 3 * Math.cos(2 * angle) - 4 * Math.sin(5 * angle);
    }
    double[] expected = new double[n];
    expected[0] = 0.5;
    expected[3] = 3; // cos2
    expected[10] = -4; // sin5
    INDArray actual = FourierTransform.of(n, Normalisation.AMPLITUDE).along(Nd4j.create(x), 0);
    assertClose("amplitudes", expected, actual.data().asDouble(), 0, ROUNDING);
  }

  @Test
  void float_arrays_are_transformed_in_double() {
    INDArray x = Nd4j.createFromArray(1f, 2f, 4f);
    INDArray y = FourierTransform.of(3, Normalisation.AMPLITUDE).along(x, 0);
    double[] expected = {7 / 3.0, -4 / 3.0, -2 / Math.sqrt(3)};
    assertClose("amplitudes", expected, y.data().asDouble(), 0, 1e-14);
  }

  @Test
  void other_lengths_and_axes_are_refused() {
    FourierTransform transform = FourierTransform.of(5, Normalisation.ORTHONORMAL);
    assertTrue(refusal(() -> transform.along(random(5, 3), 1)).contains("axis of length 5"));
    assertTrue(refusal(() -> transform.along(random(5, 3), 2)).contains("axis 2"));
    assertTrue(refusal(() -> transform.alongBoth(random(5, 5), 1, -1)).contains("two axes"));
    assertTrue(
        refusal(() -> FourierTransform.of(1, Normalisation.AMPLITUDE)).contains("expected n ≥ 2"));
  }

  private static String refusal(org.junit.jupiter.api.function.Executable action) {
    return assertThrows(IllegalArgumentException.class, action).getMessage();
  }

  private static INDArray random(long... shape) {
    RandomStream random = RandomStream.of(7, "transform");
    INDArray x = Nd4j.create(org.nd4j.linalg.api.buffer.DataType.DOUBLE, shape);
    for (long i = 0; i < x.length(); i++) {
      x.putScalar(i, random.nextGaussian());
    }
    return x;
  }
}
