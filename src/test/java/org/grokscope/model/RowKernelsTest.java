package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each vectorised loop beside its plain twin. */
class RowKernelsTest {

  private static float[] row(int length, String purpose) {
    RandomStream random = RandomStream.of(length, purpose);
    float[] row = new float[length];
    for (int k = 0; k < length; k++) {
      row[k] = (float) random.nextGaussian();
    }
    return row;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 255, 511, 512, 513, 640, 767, 768, 769, 1040, 2000})
  void the_products_of_a_row_of_any_length_with_four_others(int length) {
    float[] x = row(length, "x");
    float[][] y = {row(length, "0"), row(length, "1"), row(length, "2"), row(length, "3")};
    float[][] lanes = new float[4][RowKernels.LANES];
    float[] products = new float[5];
    for (int call = 0; call < 2; call++) { // what a call leaves in the scratch must not matter
      RowKernels.products(x, y[0], y[1], y[2], y[3], lanes, products, 1);
      for (int h = 0; h < 4; h++) {
        double expected = 0;
        double size = 0;
        for (int k = 0; k < length; k++) {
          expected += (double) x[k] * y[h][k];
          size += Math.abs((double) x[k] * y[h][k]);
        }
        // float32 rounding of a sum, relative to the sum of magnitudes
        assertEquals(expected, products[1 + h], 2e-6 * size);
      }
    }
  }

  @Test
  void exponentials_to_twelve_digits_down_to_exp_minus_eighty() {
    float[] logits = row(2000, "logits");
    for (int j = 0; j < logits.length; j++) {
      logits[j] = -Math.abs(logits[j]) * 30;
    }
    logits[7] = 0;
    double[] actual = new double[logits.length];
    RowKernels.exponentials(logits, 0, actual);
    for (int j = 0; j < logits.length; j++) {
      double expected = Math.exp(Math.max(logits[j], -80));
      assertEquals(expected, actual[j], 1e-12 * expected, "exp(" + logits[j] + ")");
    }
  }

  @Test
  void a_nan_among_the_logits_is_not_hidden() {
    double[] actual = new double[2];
    RowKernels.exponentials(new float[] {Float.NaN, 0}, 0, actual);
    assertEquals(Double.NaN, actual[0]);
  }

  @Test
  void rectifies_and_masks_by_the_sign() {
    float[] row = {-1, 0, 2, Float.MIN_VALUE, -3};
    RowKernels.rectify(row, 4);
    assertArrayEquals(new float[] {0, 0, 2, Float.MIN_VALUE, -3}, row);
    float[] masked = new float[5];
    RowKernels.mask(masked, new float[] {5, 6, 7, 8, 9}, row, 4);
    assertArrayEquals(new float[] {0, 0, 7, 8, 0}, masked);
  }

  @Test
  void combines_and_adds() {
    float[] base = row(33, "base");
    float[][] r = {row(33, "0"), row(33, "1"), row(33, "2"), row(33, "3")};
    float[] target = new float[33];
    float[] weights = {9, 1, 2, 3, 4};
    RowKernels.combine(target, base, weights, new float[][] {base, r[0], r[1], r[2], r[3]}, 1);
    for (int k = 0; k < 33; k++) {
      double expected = base[k] + r[0][k] + 2 * r[1][k] + 3 * r[2][k] + 4 * r[3][k];
      assertEquals(expected, target[k], 1e-5);
    }
    float[] sum = new float[33];
    RowKernels.sum(sum, base, r[0]);
    RowKernels.add(sum, r[1]);
    for (int k = 0; k < 33; k++) {
      assertEquals(base[k] + r[0][k] + r[1][k], sum[k], 1e-6);
    }
  }

  /**
   * Against Java's own, on small and large numbers, around the places where the exponent changes.
   */
  @Test
  void the_logarithm_by_arithmetic_is_that_of_java_to_some_units_in_the_last_place() {
    RandomStream random = RandomStream.of(2, "logarithms");
    for (int i = 0; i < 20_000; i++) {
      double x = Math.pow(10, 40 * random.nextDouble() - 30);
      double expected = StrictMath.log1p(x);
      assertEquals(expected, RowKernels.log1p(x), 4 * Math.ulp(expected), "log1p " + x);
    }
    for (double x : new double[] {0, 0.41, 0.42, 0.4142, 1, 2, 3, 1e300, Double.MAX_VALUE}) {
      double expected = StrictMath.log1p(x);
      assertEquals(expected, RowKernels.log1p(x), 4 * Math.ulp(expected), "log1p " + x);
    }
    assertEquals(Double.POSITIVE_INFINITY, RowKernels.log1p(Double.POSITIVE_INFINITY));
    assertTrue(Double.isNaN(RowKernels.log1p(Double.NaN)));
  }
}
