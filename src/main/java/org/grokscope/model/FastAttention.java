package org.grokscope.model;

import java.util.Arrays;
import org.grokscope.task.VisibleKeys;

/**
 * {@link Attention} of the fast path, from queries, keys and values to what heads bring: the same
 * equations, but only for the keys that a query sees, which are a dozen of the 64. One thread's
 * own.
 *
 * <p>The weights of a query stand key after key, for each key head after head; after them, where
 * the layer has a sink, the sink's.
 */
final class FastAttention {
  private final int heads;
  private final int dHead;
  private final int width; // heads · d_head
  private final int sinkAt; // offset among the parameters, or −1
  private final int sinkPlace; // of the gradient among the sums of a piece
  private final float scale; // 1/√d_head, or as a QK-norm has it
  private final ScoreBounds bounds;
  private final FastHeads normed; // queries and keys normalised, null without a QK-norm
  private float[] steepness = new float[0]; // 1 − (S/c)² of a soft cap c, as the pattern
  private final float[] slopes; // [heads]
  private final float[] wide; // [width], a number a head, repeated over its places
  private final float[] row; // [width]
  private final float[] largest; // [heads], and so along
  private final float[] along;
  private final float[] inverseQ; // [rows · heads], 1/r of each query's head, and so of keys
  private final float[] inverseK;
  private float[] pattern = new float[0];
  private float[] change = new float[0]; // dA of one query
  private double[] exponentials = new double[0];

  /**
   * @param sinkAt offset of the sink among the parameters, −1 for none
   * @param sinkPlace of its gradient among the sums of a piece
   * @param rows of queries, keys and values
   */
  FastAttention(LayerShape layer, int sinkAt, int sinkPlace, int rows) {
    this.sinkAt = sinkAt;
    this.sinkPlace = sinkPlace;
    heads = layer.heads();
    dHead = layer.dHead();
    width = heads * dHead;
    bounds = layer.bounds();
    scale = (float) bounds.scale(dHead);
    normed = bounds.normed() ? new FastHeads(rows, width) : null;
    inverseQ = new float[bounds.normed() ? rows * heads : 0];
    inverseK = new float[inverseQ.length];
    slopes = new float[heads];
    for (int h = 0; h < layer.slopes().size(); h++) {
      slopes[h] = layer.slopes().get(h).floatValue();
    }
    wide = new float[width];
    row = new float[width];
    largest = new float[heads];
    along = new float[heads];
  }

  /**
   * Who sees whom among the positions of a piece, and which of the rows of {@link FastHeads} each
   * is.
   */
  record Positions(VisibleKeys visible, int first, int rows, int length, int[] index) {
    /** Where the keys of a position begin. */
    int start(int position) {
      return visible.starts()[first + position];
    }

    /** Keys that a position sees. */
    int count(int position) {
      return start(position + 1) - start(position);
    }

    /** The position at which a position's document begins. */
    int document(int position) {
      return position - position % length;
    }
  }

  /** z = Σ A v, [rows · width]. */
  void forward(float[] parameters, FastHeads given, Positions positions, float[] z) {
    FastHeads qkv = normalised(given);
    int entries = 0;
    for (int t = 0; t < positions.rows(); t++) {
      entries += entriesOf(positions.count(t));
    }
    if (pattern.length < entries) {
      pattern = new float[entries];
      exponentials = new double[entries];
      steepness = new float[bounds.capped() ? entries : 0];
    }
    int at = 0;
    for (int t = 0; t < positions.rows(); t++) {
      score(parameters, qkv, positions, t, at);
      at += entriesOf(positions.count(t));
    }
    RowKernels.exponentials(pattern, 0, exponentials, entries);
    RowKernels.narrow(pattern, exponentials, entries);
    int[] index = positions.index();
    int[] keys = positions.visible().keys();
    at = 0;
    for (int t = 0; t < positions.rows(); t++) {
      normalise(at, entriesOf(positions.count(t)));
      Arrays.fill(row, 0);
      int document = positions.document(t);
      int start = positions.start(t);
      int count = positions.count(t);
      for (int j = 0; j < count; j++) {
        widen(pattern, at + j * heads);
        RowKernels.addProduct(row, wide, qkv.v[index[document + keys[start + j]]]);
      }
      System.arraycopy(row, 0, z, t * width, width);
      at += entriesOf(positions.count(t));
    }
  }

  private int entriesOf(int keys) {
    return (keys + (sinkAt < 0 ? 0 : 1)) * heads;
  }

  /** Scores of one query less the largest of their head, into the pattern from an entry on. */
  private void score(float[] parameters, FastHeads qkv, Positions positions, int t, int at) {
    int count = positions.count(t);
    int document = positions.document(t);
    int start = positions.start(t);
    int[] index = positions.index();
    int[] keys = positions.visible().keys();
    float[] query = qkv.q[index[t]];
    for (int h = 0; h < heads; h++) {
      largest[h] = sinkAt < 0 ? Float.NEGATIVE_INFINITY : parameters[sinkAt + h];
      if (sinkAt >= 0) {
        pattern[at + count * heads + h] = parameters[sinkAt + h];
      }
    }
    for (int j = 0; j < count; j++) {
      int key = document + keys[start + j];
      float[] ofKey = qkv.k[index[key]];
      int distance = Math.abs(t - key);
      for (int h = 0; h < heads; h++) {
        float product = RowKernels.product(query, ofKey, h * dHead, (h + 1) * dHead);
        float score = bent(product * scale, at + j * heads + h) - slopes[h] * distance;
        pattern[at + j * heads + h] = score;
        largest[h] = Math.max(largest[h], score);
      }
    }
    for (int e = 0; e < entriesOf(count); e += heads) {
      for (int h = 0; h < heads; h++) {
        pattern[at + e + h] -= largest[h];
      }
    }
  }

  /** A score as the soft cap bends it; its entry of the steepness is noted. */
  private float bent(float score, int entry) {
    if (!bounds.capped()) {
      return score;
    }
    double tanh = Math.tanh(score / bounds.softCap());
    steepness[entry] = (float) (1 - tanh * tanh);
    return (float) (bounds.softCap() * tanh);
  }

  /** Queries and keys of which each head is normalised, beside the values as they are. */
  private FastHeads normalised(FastHeads given) {
    if (normed == null) {
      return given;
    }
    for (int row = 0; row < given.rows(); row++) {
      System.arraycopy(given.q[row], 0, normed.q[row], 0, width);
      System.arraycopy(given.k[row], 0, normed.k[row], 0, width);
      normed.v[row] = given.v[row];
      for (int h = 0; h < heads; h++) {
        int from = h * dHead;
        inverseQ[row * heads + h] = FastSite.normalise(normed.q[row], from, from + dHead);
        inverseK[row * heads + h] = FastSite.normalise(normed.k[row], from, from + dHead);
      }
    }
    return normed;
  }

  /** From the gradients at normalised queries and keys to those at the given ones, in place. */
  private void throughNorms(FastHeads given) {
    for (int row = 0; row < given.rows(); row++) {
      for (int h = 0; h < heads; h++) {
        int from = h * dHead;
        int at = row * heads + h;
        FastSite.unalong(given.dq[row], normed.q[row], inverseQ[at], from, from + dHead);
        FastSite.unalong(given.dk[row], normed.k[row], inverseK[at], from, from + dHead);
      }
    }
  }

  /** Divides the exponentials of each head by their sum. */
  private void normalise(int at, int entries) {
    for (int h = 0; h < heads; h++) {
      float sum = 0;
      for (int e = h; e < entries; e += heads) {
        sum += pattern[at + e];
      }
      float inverse = 1 / sum;
      for (int e = h; e < entries; e += heads) {
        pattern[at + e] *= inverse;
      }
    }
  }

  /**
   * Adds the gradients at queries, keys and values, given that of z; after {@link #forward}.
   *
   * @param dz [rows · width]
   */
  void backward(FastHeads qkv, Positions positions, float[] dz, float[] sums) {
    int at = 0;
    for (int t = 0; t < positions.rows(); t++) {
      System.arraycopy(dz, t * width, row, 0, width);
      spread(qkv, positions, t, at, sums);
      at += entriesOf(positions.count(t));
    }
    if (normed != null) {
      throughNorms(qkv);
    }
  }

  private void spread(FastHeads qkv, Positions positions, int t, int at, float[] sums) {
    int count = positions.count(t);
    int document = positions.document(t);
    if (change.length < count * heads) {
      change = new float[2 * count * heads];
    }
    Arrays.fill(along, 0);
    int start = positions.start(t);
    int[] index = positions.index();
    int[] keys = positions.visible().keys();
    for (int j = 0; j < count; j++) {
      int key = index[document + keys[start + j]];
      float[] value = qkv.v[key];
      for (int h = 0; h < heads; h++) {
        float product = RowKernels.product(row, value, h * dHead, (h + 1) * dHead);
        change[j * heads + h] = product;
        along[h] += pattern[at + j * heads + h] * product;
      }
      widen(pattern, at + j * heads);
      RowKernels.addProduct(qkv.dv[key], wide, row);
    }
    if (sinkAt >= 0) {
      for (int h = 0; h < heads; h++) {
        sums[sinkPlace + h] -= pattern[at + count * heads + h] * along[h];
      }
    }
    int own = index[t];
    FastHeads scored = normed == null ? qkv : normed; // what the scores are products of
    for (int j = 0; j < count; j++) {
      for (int h = 0; h < heads; h++) {
        int e = j * heads + h;
        change[e] = pattern[at + e] * (change[e] - along[h]) * scale;
        change[e] *= bounds.capped() ? steepness[at + e] : 1;
      }
      widen(change, j * heads);
      int key = index[document + keys[start + j]];
      RowKernels.addProduct(qkv.dq[own], wide, scored.k[key]);
      RowKernels.addProduct(qkv.dk[key], wide, scored.q[own]);
    }
  }

  private void widen(float[] perHead, int from) {
    int k = 0;
    for (int h = 0; h < heads; h++) {
      float value = perHead[from + h];
      for (int end = k + dHead; k < end; k++) {
        wide[k] = value;
      }
    }
  }
}
