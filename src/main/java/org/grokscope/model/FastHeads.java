package org.grokscope.model;

/**
 * Queries, keys and values of a layer, a row of all heads each, and their gradients: of every
 * position, or of every token where the layer reads nothing but embeddings.
 */
final class FastHeads {
  private final int width; // heads · d_head
  final float[][] q; // [rows][width], and so the others
  final float[][] k;
  final float[][] v;
  final float[][] dq;
  final float[][] dk;
  final float[][] dv;

  FastHeads(int rows, int width) {
    this(width, new float[rows][width], new float[rows][width], new float[rows][width]);
  }

  private FastHeads(int width, float[][] q, float[][] k, float[][] v) {
    this.width = width;
    this.q = q;
    this.k = k;
    this.v = v;
    dq = new float[q.length][width];
    dk = new float[q.length][width];
    dv = new float[q.length][width];
  }

  /** The same queries, keys and values, which another puts; gradients of its own. */
  static FastHeads sharing(FastHeads other) {
    return new FastHeads(other.width, other.q, other.k, other.v);
  }

  /** Number of rows. */
  int rows() {
    return q.length;
  }

  /** Takes over q, k, v, standing side by side in each of some rows. */
  void put(float[] qkv, int rows) {
    for (int row = 0; row < rows; row++) {
      int from = row * 3 * width;
      System.arraycopy(qkv, from, q[row], 0, width);
      System.arraycopy(qkv, from + width, k[row], 0, width);
      System.arraycopy(qkv, from + 2 * width, v[row], 0, width);
    }
  }

  /** Sets all gradients to 0. */
  void clearGradients() {
    for (int row = 0; row < q.length; row++) {
      RowKernels.clear(dq[row]);
      RowKernels.clear(dk[row]);
      RowKernels.clear(dv[row]);
    }
  }

  /** Writes the gradients of some rows, side by side in each, from an entry on. */
  void getGradients(float[] target, int to, int rows) {
    for (int row = 0; row < rows; row++) {
      int from = to + row * 3 * width;
      System.arraycopy(dq[row], 0, target, from, width);
      System.arraycopy(dk[row], 0, target, from + width, width);
      System.arraycopy(dv[row], 0, target, from + 2 * width, width);
    }
  }
}
