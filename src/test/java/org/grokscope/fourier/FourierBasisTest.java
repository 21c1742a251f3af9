package org.grokscope.fourier;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class FourierBasisTest {
  private static final double ROUNDING = 1e-12; // of sums of at most 113 numbers of order 1

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 7, 12, 59, 112, 113})
  void rows_are_orthonormal(int n) {
    var f = FourierBasis.of(n).matrix();
    assertClose("F·Fᵀ", Nd4j.eye(n), f.mmul(f.transpose()), 0, ROUNDING);
    assertEquals(n, FourierBasis.of(n).names().size());
  }

  @Test
  void the_basis_of_three_by_hand() {
    double c = Math.sqrt(1 / 3.0);
    double w = Math.sqrt(2 / 3.0);
    double[] expected = {c, c, c, w, -w / 2, -w / 2, 0, Math.sqrt(0.5), -Math.sqrt(0.5)};
    assertClose("F", expected, FourierBasis.of(3).entries(), 0, ROUNDING);
    assertEquals(List.of("const", "cos1", "sin1"), FourierBasis.of(3).names());
  }

  @Test
  void an_even_length_has_an_alternating_cosine_without_a_sine() {
    FourierBasis basis = FourierBasis.of(4);
    assertEquals(List.of("const", "cos1", "sin1", "cos2"), basis.names());
    assertEquals(List.of(3), basis.rowsOf(2));
    assertEquals(List.of(1, 2), basis.rowsOf(1));
    double[] alternating = {0.5, -0.5, 0.5, -0.5};
    for (int t = 0; t < 4; t++) {
      assertClose("cos2", alternating[t], basis.value(3, t), 0, ROUNDING);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 59, 112, 113})
  void energy_is_the_sum_of_squared_coefficients(int n) {
    RandomStream random = RandomStream.of(n, "Parseval");
    double[] x = new double[n * 2];
    double energy = 0;
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextGaussian();
      energy += x[i] * x[i];
    }
    double sum = 0;
    for (double coefficient : FourierBasis.of(n).transform(x)) {
      sum += coefficient * coefficient;
    }
    assertClose("Parseval", energy, sum, ROUNDING, 0);
  }

  @Test
  void recovers_the_frequency_of_a_pure_cosine() {
    int n = 113;
    double[] x = new double[n];
    for (int t = 0; t < n; t++) {
      x[t] = 3 * Math.cos(2 * Math.PI * 14 * t / n);
    }
    double[] coefficients = FourierBasis.of(n).transform(x);
    for (int row = 0; row < n; row++) {
      double expected = row == 27 ? 3 * Math.sqrt(n / 2.0) : 0; // cos14
      assertClose("row " + row, expected, coefficients[row], ROUNDING, 1e-11);
    }
  }

  @Test
  void bad_lengths_and_frequencies_are_refused() {
    assertTrue(refusal(() -> FourierBasis.of(1)).contains("n = 1"));
    assertTrue(refusal(() -> FourierBasis.of(5).rowsOf(0)).contains("expected 1 to 2"));
    assertTrue(refusal(() -> FourierBasis.of(5).rowsOf(3)).contains("expected 1 to 2"));
    assertTrue(refusal(() -> FourierBasis.of(5).transform(new double[7])).contains("5 rows"));
  }

  private static String refusal(org.junit.jupiter.api.function.Executable action) {
    return assertThrows(IllegalArgumentException.class, action).getMessage();
  }
}
