package org.grokscope.model;

/**
 * {@link Block} of the fast reader, x ← x + attention, x ← x + MLP, over the rows of a flat array;
 * one thread's own.
 */
final class ReaderBlock {
  private final int d;
  private final ReaderNorm ln1; // null where queries, keys and values are the tokens'
  private final ReaderProduct in; // null likewise
  private final ReaderHeads heads; // null without attention, and so the following
  private final ReaderAttention attention;
  private final ReaderProduct out;
  private final float[] qkv; // [rows · 3 · width], also its gradient; empty with the tokens'
  private final float[] z; // [rows · width], also its gradient
  private final ReaderNorm ln2; // null without MLP, and so the following
  private final ReaderMlp mlp;
  private final float[] change; // [rows · d]

  ReaderBlock(ReaderConfig config, int number, ReaderWeights weights, int rows) {
    ReaderLayer layer = config.layers().get(number);
    d = config.dModel();
    int width = layer.heads() * layer.dHead();
    boolean ofTokens = number == 0 && layer.attends();
    boolean ofRows = layer.attends() && !ofTokens;
    ln1 = ofRows ? new ReaderNorm(d, rows) : null;
    in = ofRows ? new ReaderProduct(weights.toHeads(number), rows) : null;
    qkv = new float[ofRows ? rows * 3 * width : 0];
    if (layer.attends()) {
      heads = ofTokens ? ReaderHeads.sharing(weights.tokens()) : new ReaderHeads(rows, width);
      attention = new ReaderAttention(layer, weights.sinkAt(number), weights.sinkPlace(number));
      out = new ReaderProduct(weights.fromHeads(number), rows);
    } else {
      heads = null;
      attention = null;
      out = null;
    }
    z = new float[rows * width];
    boolean thinks = layer.dMlp() > 0;
    ln2 = thinks ? new ReaderNorm(d, rows) : null;
    mlp =
        thinks ? new ReaderMlp(weights.toNeurons(number), weights.fromNeurons(number), rows) : null;
    change = new float[rows * d];
  }

  /** Whether it has attention. */
  boolean attends() {
    return attention != null;
  }

  /** Whether queries, keys and values are rows of tokens rather than of positions. */
  boolean readsTokens() {
    return attention != null && in == null;
  }

  /**
   * Adds to the stream.
   *
   * @param x [rows · d]
   * @param positions who sees whom; null without attention
   */
  void forward(float[] parameters, float[] x, ReaderAttention.Positions positions, int rows) {
    if (attention != null) {
      if (in != null) {
        in.forward(ln1.forward(x, rows), qkv, rows);
        heads.put(qkv, rows);
      }
      attention.forward(parameters, heads, positions, z);
      out.forward(z, change, rows);
      RowKernels.add(x, change, rows * d);
    }
    if (mlp != null) {
      mlp.forward(ln2.forward(x, rows), x, rows);
    }
  }

  /**
   * From the gradient at the stream behind to that before, in its place.
   *
   * @param sums of the piece, where gradients of the maps are written and those of sinks and tokens
   *     are added
   */
  void backward(float[] dx, ReaderAttention.Positions positions, float[] sums, int rows) {
    if (mlp != null) {
      mlp.backward(dx, change, sums, rows);
      ln2.backward(change, dx, rows);
    }
    if (attention != null) {
      out.backward(dx, z, sums, rows);
      heads.clearGradients();
      attention.backward(heads, positions, z, sums);
      if (in != null) {
        heads.getGradients(qkv, 0, rows);
        in.backward(qkv, change, sums, rows);
        ln1.backward(change, dx, rows);
      }
    }
  }

  /** Writes the gradients at the tokens' queries, keys and values, from an entry on. */
  void getTokenGradients(float[] sums, int to) {
    heads.getGradients(sums, to, heads.rows());
  }

  void free() {
    if (in != null) {
      in.free();
    }
    if (out != null) {
      out.free();
    }
    if (mlp != null) {
      mlp.free();
    }
  }
}
