package org.grokscope.model;

/**
 * {@link Block} of the fast path, x ← x + attention, x ← x + MLP, over the rows of a flat array;
 * one thread's own.
 */
final class FastBlock {
  private final int d;
  private final FastNorm ln1; // null where queries, keys and values are the tokens'
  private final FastProduct in; // null likewise
  private final FastHeads heads; // null without attention, and so the following
  private final FastAttention attention;
  private final FastProduct out;
  private final float[] qkv; // [rows · 3 · width], also its gradient; empty with the tokens'
  private final float[] z; // [rows · width], also its gradient
  private final FastNorm ln2; // null without MLP, and so the following
  private final FastMlp mlp;
  private final float[] change; // [rows · d]

  FastBlock(ModelConfig config, int number, FastWeights weights, int rows) {
    LayerShape layer = config.shape().layers().get(number);
    d = config.shape().dModel();
    int width = layer.heads() * layer.dHead();
    boolean ofTokens = number == 0 && layer.attends();
    boolean ofRows = layer.attends() && !ofTokens;
    ln1 = ofRows ? new FastNorm(d, rows) : null;
    in = ofRows ? new FastProduct(weights.toHeads(number), rows) : null;
    qkv = new float[ofRows ? rows * 3 * width : 0];
    if (layer.attends()) {
      heads = ofTokens ? FastHeads.sharing(weights.tokens()) : new FastHeads(rows, width);
      attention =
          new FastAttention(layer, weights.sinkAt(number), weights.sinkPlace(number), heads.rows());
      out = new FastProduct(weights.fromHeads(number), rows);
    } else {
      heads = null;
      attention = null;
      out = null;
    }
    z = new float[rows * width];
    boolean thinks = layer.dMlp() > 0;
    ln2 = thinks ? new FastNorm(d, rows) : null;
    mlp = thinks ? new FastMlp(weights.toNeurons(number), weights.fromNeurons(number), rows) : null;
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
  void forward(float[] parameters, float[] x, FastAttention.Positions positions, int rows) {
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
  void backward(float[] dx, FastAttention.Positions positions, float[] sums, int rows) {
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
