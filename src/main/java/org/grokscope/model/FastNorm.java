package org.grokscope.model;

/**
 * {@link LayerNorm} of the fast path over rows of a flat array, without its scales and shifts,
 * which are drawn into the {@link FastMap} that reads it.
 */
final class FastNorm {
  private final int d;
  private final float[] u; // [rows · d]
  private final float[] inverseSigma; // [rows]

  FastNorm(int d, int rows) {
    this.d = d;
    this.u = new float[rows * d];
    this.inverseSigma = new float[rows];
  }

  /** u = (x − μ)/σ, [rows · d]; live until the next call. */
  float[] forward(float[] x, int rows) {
    for (int row = 0; row < rows; row++) {
      int from = row * d;
      float mean = RowKernels.total(x, from, from + d) / d;
      RowKernels.shift(u, x, -mean, from, from + d);
      double variance = (double) RowKernels.product(u, u, from, from + d) / d;
      float inverse = (float) (1 / Math.sqrt(variance + LayerNorm.EPSILON));
      inverseSigma[row] = inverse;
      RowKernels.scale(u, inverse, from, from + d);
    }
    return u;
  }

  /** dx += (du − mean(du) − u mean(du∘u))/σ. */
  void backward(float[] du, float[] dx, int rows) {
    for (int row = 0; row < rows; row++) {
      int from = row * d;
      float mean = RowKernels.total(du, from, from + d) / d;
      float along = RowKernels.product(du, u, from, from + d) / d;
      RowKernels.addUnalong(dx, du, u, mean, along, inverseSigma[row], from, from + d);
    }
  }
}
