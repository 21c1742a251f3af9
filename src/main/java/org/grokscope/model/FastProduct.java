package org.grokscope.model;

import org.grokscope.model.MatrixProducts.Matrix;

/**
 * The products of a {@link FastMap} over the rows of flat arrays, y = x W' + b' and its gradients,
 * with memory for what they read and write; one thread's own.
 */
final class FastProduct {
  private final MatrixProducts products = MatrixProducts.here();
  private final FastMap map;
  private final Matrix x; // (rows, in), also dx
  private final Matrix y; // (rows, out), also dy
  private final Matrix weightChange; // (in, out), dW'
  private final Matrix biasChange; // (1, out), db'
  private final Matrix ones; // (1, rows)

  FastProduct(FastMap map, int rows) {
    this.map = map;
    x = products.zeros(rows, map.in());
    y = products.zeros(rows, map.out());
    weightChange = products.zeros(map.in(), map.out());
    biasChange = products.zeros(1, map.out());
    ones = products.zeros(1, rows);
    float[] one = {1};
    for (int row = 0; row < rows; row++) {
      ones.reshaped(row, 1).put(0, one, 0, 1);
    }
  }

  /** y = x W' + b'; keeps x for the way back. */
  void forward(float[] input, float[] output, int rows) {
    x.put(0, input, 0, rows * map.in());
    for (int row = 0; row < rows; row++) {
      y.put(row, map.bias(), 0, map.out());
    }
    products.multiply(rows, map.out(), map.in(), x, map.weight(), 1, y);
    y.get(0, output, 0, rows * map.out());
  }

  /**
   * The gradients, given that of the output; after {@link #forward}.
   *
   * @param dInput overwritten by the gradient at the input
   * @param sums of the piece, where those of W' and b' are written
   */
  void backward(float[] dOutput, float[] dInput, float[] sums, int rows) {
    int in = map.in();
    int out = map.out();
    y.put(0, dOutput, 0, rows * out);
    products.multiplyLeftTransposed(in, out, rows, x, y, 0, weightChange);
    weightChange.get(0, sums, map.weightPlace(), in * out);
    products.columnSums(rows, out, y, ones, biasChange);
    biasChange.get(0, sums, map.biasPlace(), out);
    products.multiplyRightTransposed(rows, in, out, y, map.weight(), 0, x);
    x.get(0, dInput, 0, rows * in);
  }

  void free() {
    x.free();
    y.free();
    weightChange.free();
    biasChange.free();
    ones.free();
  }
}
