package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.grokscope.model.DoubleProducts.Place;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoubleProductsTest {
  @Test
  void a_product_by_hand() {
    try (DoubleProducts products = new DoubleProducts()) {
      double[] a = {1, 2, 3, 4, 5, 6};
      double[] b = {1, 0, -1, 2, 0.5, 1};
      double[] c = products.product(a, Place.of(2, 3), b, Place.of(3, 2));
      assertClose("A·B", new double[] {0.5, 7, 2, 16}, c, 0, 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "3,5,2", "113,7,113", "255,3,4", "256,4,3", "257,2,1", "700,33,17"})
  void equals_the_plain_sum_and_adds_to_what_is_there(int m, int k, int n) {
    RandomStream random = RandomStream.of(3, "products");
    double[] a = numbers(random, 2 + m * k);
    double[] b = numbers(random, 1 + k * n);
    double[] c = numbers(random, 3 + m * n);
    double[] expected = c.clone();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int l = 0; l < k; l++) {
          expected[3 + i * n + j] += a[2 + i * k + l] * b[1 + l * n + j];
        }
      }
    }
    try (DoubleProducts products = new DoubleProducts()) {
      products.add(a, new Place(2, m, k), b, new Place(1, k, n), c, new Place(3, m, n));
    }
    assertClose("C + A·B", expected, c, 0, 1e-12); // rounding of at most 113 terms of order 1
  }

  @Test
  void a_result_that_is_set_forgets_what_was_there() {
    try (DoubleProducts products = new DoubleProducts()) {
      double[] c = {Double.NaN, 5, 7};
      Place one = Place.of(1, 1);
      products.set(new double[] {2}, one, new double[] {3}, one, c, new Place(0, 1, 1));
      products.set(new double[] {2}, one, new double[] {4}, one, c, new Place(1, 1, 1));
      assertClose("C", new double[] {6, 8, 7}, c, 0, 0);
    }
  }

  @Test
  void one_instance_serves_many_shapes_one_after_the_other() {
    try (DoubleProducts products = new DoubleProducts()) {
      for (int size : new int[] {2, 50, 3}) {
        double[] ones = new double[size * size];
        java.util.Arrays.fill(ones, 1);
        double[] c = products.product(ones, Place.of(size, size), ones, Place.of(size, size));
        for (double entry : c) {
          assertClose("size " + size, size, entry, 0, 0);
        }
      }
    }
  }

  @Test
  void shapes_that_do_not_fit_are_named() {
    try (DoubleProducts products = new DoubleProducts()) {
      double[] six = new double[6];
      Place place = Place.of(2, 3);
      String message =
          assertThrows(
                  IllegalArgumentException.class, () -> products.product(six, place, six, place))
              .getMessage();
      assertTrue(message.contains("left (2×3) needs 3 rows"), message);
      assertThrows(
          IllegalArgumentException.class,
          () -> products.product(six, Place.of(3, 3), six, Place.of(3, 2)));
      assertThrows(IllegalArgumentException.class, () -> new Place(0, 0, 3));
    }
  }

  private static double[] numbers(RandomStream random, int length) {
    double[] numbers = new double[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = random.nextGaussian();
    }
    return numbers;
  }
}
