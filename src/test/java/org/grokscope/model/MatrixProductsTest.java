package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grokscope.model.MatrixProducts.Matrix;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The native and the plain products, held to the same sums in double. */
class MatrixProductsTest {
  /** float32 sums of at most 300 products of order 1. */
  private static final double ROUNDING = 2e-5;

  private static final List<MatrixProducts> BOTH = List.of(Blas.PRODUCTS, new PlainProducts());

  static Stream<MatrixProducts> both() {
    return BOTH.stream();
  }

  /** Sizes around the tiles and the depths of the plain kernel, with every factor β of C. */
  static Stream<Arguments> products() {
    int[][] sizes = {
      {1, 1, 1}, {4, 4, 128}, {3, 5, 2}, {5, 7, 129}, {8, 12, 256}, {13, 6, 300}, {2, 44, 64}
    };
    return BOTH.stream()
        .flatMap(
            products ->
                Stream.of(sizes)
                    .flatMap(
                        size ->
                            Stream.of(0f, 1f, 0.5f)
                                .map(beta -> Arguments.of(products, size, beta))));
  }

  @ParameterizedTest
  @MethodSource("products")
  void every_orientation_is_the_sum_in_double(MatrixProducts products, int[] size, float beta) {
    int m = size[0];
    int n = size[1];
    int k = size[2];
    for (Orientation orientation : Orientation.values()) {
      boolean left = orientation == Orientation.LEFT_TRANSPOSED;
      boolean right = orientation == Orientation.RIGHT_TRANSPOSED;
      Numbers a = new Numbers(products, left ? k : m, left ? m : k, "a");
      Numbers b = new Numbers(products, right ? n : k, right ? k : n, "b");
      Numbers c = new Numbers(products, m, n, "c");
      double[] expected = new double[m * n];
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = beta * (double) c.at(i, j);
          for (int l = 0; l < k; l++) {
            sum += (double) (left ? a.at(l, i) : a.at(i, l)) * (right ? b.at(j, l) : b.at(l, j));
          }
          expected[i * n + j] = sum;
        }
      }
      orientation.multiply(products, m, n, k, a.inside, b.inside, beta, c.inside);
      String what = orientation + " of " + products.getClass().getSimpleName();
      assertClose(what, expected, c.read(), ROUNDING, ROUNDING);
      c.assertFrameUntouched();
      Stream.of(a, b, c).forEach(numbers -> numbers.whole.free());
    }
  }

  private enum Orientation {
    PLAIN,
    LEFT_TRANSPOSED,
    RIGHT_TRANSPOSED;

    void multiply(
        MatrixProducts by, int m, int n, int k, Matrix a, Matrix b, float beta, Matrix c) {
      switch (this) {
        case PLAIN -> by.multiply(m, n, k, a, b, beta, c);
        case LEFT_TRANSPOSED -> by.multiplyLeftTransposed(m, n, k, a, b, beta, c);
        default -> by.multiplyRightTransposed(m, n, k, a, b, beta, c);
      }
    }
  }

  /** Numbers inside a larger matrix, so that rows do not follow each other without a gap. */
  private static final class Numbers {
    private static final float FRAME = -7;
    private final int rows;
    private final int columns;
    private final float[] values;
    private final Matrix whole;
    private final Matrix inside;

    Numbers(MatrixProducts products, int rows, int columns, String name) {
      this.rows = rows;
      this.columns = columns;
      RandomStream random = RandomStream.of(5, name);
      values = new float[rows * columns];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      whole = products.zeros(rows + 2, columns + 3);
      float[] frame = new float[columns + 3];
      Arrays.fill(frame, FRAME);
      for (int row = 0; row < rows + 2; row++) {
        whole.put(row, frame, 0, columns + 3);
      }
      inside = whole.from(1, 2);
      for (int row = 0; row < rows; row++) {
        inside.put(row, values, row * columns, columns);
      }
    }

    float at(int row, int column) {
      return values[row * columns + column];
    }

    double[] read() {
      float[] row = new float[columns];
      double[] all = new double[rows * columns];
      for (int i = 0; i < rows; i++) {
        inside.get(i, row, 0, columns);
        for (int j = 0; j < columns; j++) {
          all[i * columns + j] = row[j];
        }
      }
      return all;
    }

    void assertFrameUntouched() {
      float[] row = new float[columns + 3];
      for (int i = 0; i < rows + 2; i++) {
        whole.get(i, row, 0, columns + 3);
        for (int j = 0; j < columns + 3; j++) {
          boolean isInside = i > 0 && i <= rows && j > 1 && j < columns + 2;
          assertTrue(isInside || row[j] == FRAME, "the product wrote beside its result");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("both")
  void a_product_by_hand(MatrixProducts products) {
    Matrix a = products.zeros(2, 3);
    Matrix b = products.zeros(3, 2);
    Matrix c = products.zeros(2, 2);
    a.put(0, new float[] {1, 2, 3, 4, 5, 6}, 0, 6);
    b.put(0, new float[] {1, 0, -1, 2, 0.5f, 1}, 0, 6);
    c.put(0, new float[] {Float.NaN, Float.NaN, Float.NaN, Float.NaN}, 0, 4);
    products.multiply(2, 2, 3, a, b, 0, c); // β = 0 forgets even NaN
    float[] result = new float[4];
    c.get(0, result, 0, 4);
    assertArrayEquals(new float[] {0.5f, 7, 2, 16}, result);
  }

  @ParameterizedTest
  @MethodSource("both")
  void column_sums_and_reshaped_rows(MatrixProducts products) {
    Matrix a = products.zeros(1, 12);
    float[] numbers = new float[12];
    IntStream.range(0, 12).forEach(i -> numbers[i] = i);
    a.put(0, numbers, 0, 12);
    Matrix ones = products.zeros(1, 2);
    ones.put(0, new float[] {1, 1}, 0, 2);
    Matrix sums = products.zeros(1, 5);
    products.columnSums(2, 5, a.reshaped(2, 5), ones, sums); // rows 2 … 6 and 7 … 11
    float[] result = new float[5];
    sums.get(0, result, 0, 5);
    assertArrayEquals(new float[] {9, 11, 13, 15, 17}, result);
  }

  @Test
  void native_products_are_in_force_where_their_library_loads() {
    assertEquals(Blas.loads(), MatrixProducts.areNative());
    assertTrue(MatrixProducts.areNative(), MatrixProducts.description());
  }
}
