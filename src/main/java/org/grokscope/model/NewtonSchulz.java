package org.grokscope.model;

import org.grokscope.model.MatrixProducts.Matrix;

/**
 * Near the orthogonal factor U Vᵀ of a matrix G = U S Vᵀ, by products alone: five steps of a
 * quintic, X ← aX + (bA + cA²)X with A = X Xᵀ, from X = G/‖G‖ (Jordan et al. 2024, whose a, b and c
 * these are). Singular vectors stay; singular values become x ← ax + bx³ + cx⁵, which brings all
 * but the smallest to between .7 and 1.2.
 */
public final class NewtonSchulz {
  private static final int STEPS = 5;
  private static final float A = 3.4445f;
  private static final float B = -4.7750f;
  private static final float C = 2.0315f;

  private NewtonSchulz() {}

  /**
   * The factor of a matrix; 0 of 0.
   *
   * @param values [rows · columns], row-major
   * @return the same, of the factor
   */
  public static float[] orthogonal(float[] values, int rows, int columns) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    if (squares == 0) {
      return new float[values.length];
    }
    boolean tall = rows > columns;
    float[] x = tall ? transposed(values, rows, columns) : values.clone();
    float scale = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < x.length; i++) {
      x[i] *= scale;
    }
    iterate(x, Math.min(rows, columns), Math.max(rows, columns));
    return tall ? transposed(x, columns, rows) : x;
  }

  /** The steps on a wide matrix, in place. */
  private static void iterate(float[] x, int rows, int columns) {
    MatrixProducts products = MatrixProducts.here();
    products.holdToOneThread();
    Matrix now = products.zeros(rows, columns);
    Matrix next = products.zeros(rows, columns);
    Matrix square = products.zeros(rows, rows);
    Matrix fourth = products.zeros(rows, rows);
    float[] a = new float[rows * rows];
    float[] b = new float[rows * rows];
    try {
      for (int step = 0; step < STEPS; step++) {
        now.put(0, x, 0, x.length);
        next.put(0, x, 0, x.length);
        products.multiplyRightTransposed(rows, rows, columns, now, now, 0, square);
        products.multiply(rows, rows, rows, square, square, 0, fourth);
        square.get(0, a, 0, a.length);
        fourth.get(0, b, 0, b.length);
        for (int i = 0; i < b.length; i++) {
          b[i] = B * a[i] + C * b[i];
        }
        fourth.put(0, b, 0, b.length);
        products.multiply(rows, columns, rows, fourth, now, A, next);
        next.get(0, x, 0, x.length);
      }
    } finally {
      now.free();
      next.free();
      square.free();
      fourth.free();
    }
  }

  private static float[] transposed(float[] values, int rows, int columns) {
    float[] result = new float[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = values[i * columns + j];
      }
    }
    return result;
  }
}
