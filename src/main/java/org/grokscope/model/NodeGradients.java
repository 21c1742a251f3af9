package org.grokscope.model;

import java.util.Arrays;

/**
 * From the gradients of the pairs' rows to those of the tables' nodes.
 *
 * <p>With g_i the gradient of pair i's row and A_h(i, t) its attention, a node's row gathers
 *
 * <pre>  dT_h = Σ A_h(i, t) g_i</pre>
 *
 * over the pairs that use it at position t, and its score, through the softmax of the attention and
 * with r_h(i, t) = g_i·T_h,
 *
 * <pre>  ds_h = Σ A_h(i, t) (r_h(i, t) − Σ_t' A_h(i, t') r_h(i, t')).</pre>
 *
 * Rows are relative to the last position's, whose own r is therefore 0. One node after another: its
 * sums stay in the first-level cache, and each g_i is read once a position.
 */
final class NodeGradients {
  private static final int TERMS = 4; // pairs that are added at a time

  private final FactorisedTables tables;
  private final int heads;
  final float[][][] rows; // [last][heads][width]
  final float[] base; // [width], Σ g_i
  final double[][] scores; // [last][heads]
  private final float[][] baseParts; // [vocabulary][width], of the pairs of one first token
  private final float[] zeros;
  private final Scratch[] scratches; // one a thread

  private static final class Scratch {
    final float[] weights = new float[TERMS];
    final float[][] terms = new float[TERMS][];
  }

  NodeGradients(ModelConfig config, FactorisedTables tables, int threads) {
    this.tables = tables;
    heads = config.shape().heads();
    rows = new float[tables.last()][heads][tables.width];
    scores = new double[tables.last()][heads];
    base = new float[tables.width];
    baseParts = new float[config.vocabulary()][tables.width];
    zeros = new float[tables.width];
    scratches = new Scratch[threads];
    Arrays.setAll(scratches, i -> new Scratch());
  }

  /**
   * Computes {@link #rows}, {@link #base} and {@link #scores}.
   *
   * @param gradients [n or more][width], g
   * @param attention [n or more][positions·slots], A_h(i, t) at t·slots + h
   * @param products the same shape, r_h(i, t)
   */
  void compute(
      PairBatch pairs,
      float[][] gradients,
      float[][] attention,
      float[][] products,
      Workers workers) {
    workers.forEach(
        rows.length, (node, worker) -> node(node, pairs, gradients, attention, scratches[worker]));
    workers.forEach(heads, (h, worker) -> scores(h, pairs, attention, products));
    Arrays.fill(base, 0f);
    for (float[] part : baseParts) {
      RowKernels.add(base, part);
    }
  }

  private void node(
      int node, PairBatch pairs, float[][] gradients, float[][] attention, Scratch scratch) {
    int slots = tables.slots;
    int position = node / baseParts.length;
    float[][] sums = rows[node];
    int uses = pairs.uses(node);
    if (uses == 0) {
      for (float[] sum : sums) {
        Arrays.fill(sum, 0f);
      }
      if (position == 0) {
        Arrays.fill(baseParts[node], 0f);
      }
    }
    for (int first = 0; first < uses; first += TERMS) {
      int n = Math.min(TERMS, uses - first);
      for (int j = 0; j < TERMS; j++) {
        scratch.terms[j] = j < n ? gradients[pairs.user(node, first + j)] : zeros;
      }
      for (int h = 0; h < heads; h++) {
        for (int j = 0; j < TERMS; j++) {
          scratch.weights[j] =
              j < n ? attention[pairs.user(node, first + j)][position * slots + h] : 0;
        }
        add(sums[h], first == 0, scratch);
      }
      if (position == 0) {
        Arrays.fill(scratch.weights, 1f);
        add(baseParts[node], first == 0, scratch);
      }
    }
  }

  private void add(float[] sum, boolean first, Scratch scratch) {
    RowKernels.combine(sum, first ? zeros : sum, scratch.weights, scratch.terms, 0);
  }

  /** The score gradients of one head. */
  private void scores(int h, PairBatch pairs, float[][] attention, float[][] products) {
    for (double[] ofNode : scores) {
      ofNode[h] = 0;
    }
    int slots = tables.slots;
    for (int i = 0; i < pairs.size(); i++) {
      float[] weights = attention[i];
      float[] r = products[i];
      double mean = 0;
      for (int t = 0; t < pairs.positions(); t++) {
        mean += (double) weights[t * slots + h] * r[t * slots + h];
      }
      for (int t = 0; t < pairs.positions(); t++) {
        scores[pairs.node(t, i)][h] += weights[t * slots + h] * (r[t * slots + h] - mean);
      }
    }
  }
}
