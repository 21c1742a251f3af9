package org.grokscope.model;

import org.grokscope.model.Blas.Matrix;

/**
 * An affine map of the fast reader, y = x W + b over the rows of flat arrays, with its gradients:
 * native memory for what the products read and write.
 */
final class ReaderProduct {
  private final int in;
  private final int out;
  private final Matrix x; // (rows, in), also dx
  private final Matrix y; // (rows, out), also dy
  private final Matrix change; // (in, out), dW
  private final float[] changes; // [in · out]

  ReaderProduct(int rows, int in, int out) {
    this.in = in;
    this.out = out;
    this.x = Matrix.zeros(rows, in);
    this.y = Matrix.zeros(rows, out);
    this.change = Matrix.zeros(in, out);
    this.changes = new float[in * out];
  }

  /**
   * y = x W + b; keeps x for the way back.
   *
   * @param bias entries that begin at {@code from}, or null for none
   */
  void forward(float[] input, Matrix weight, float[] bias, int from, float[] output, int rows) {
    x.put(0, input, 0, rows * in);
    if (bias != null) {
      for (int row = 0; row < rows; row++) {
        y.put(row, bias, from, out);
      }
    }
    Blas.multiply(rows, out, in, x, weight, bias == null ? 0 : 1, y);
    y.get(0, output, 0, rows * out);
  }

  /**
   * The gradients, given that of the output; after {@link #forward}.
   *
   * @param dInput overwritten by the gradient at the input
   * @return dW, [in · out], overwritten by the next call
   */
  float[] backward(float[] dOutput, Matrix weight, float[] dInput, int rows) {
    y.put(0, dOutput, 0, rows * out);
    Blas.multiplyLeftTransposed(in, out, rows, x, y, 0, change);
    change.get(0, changes, 0, changes.length);
    Blas.multiplyRightTransposed(rows, in, out, y, weight, 0, x);
    x.get(0, dInput, 0, rows * in);
    return changes;
  }

  /** gradients[to …] += the sums over the rows. */
  static void addColumnSums(float[] rows, int count, int width, float[] gradients, int to) {
    for (int row = 0; row < count; row++) {
      int from = row * width;
      for (int k = 0; k < width; k++) {
        gradients[to + k] += rows[from + k];
      }
    }
  }

  void free() {
    x.free();
    y.free();
    change.free();
  }
}
