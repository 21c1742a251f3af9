package org.grokscope.model;

import org.grokscope.model.MatrixProducts.Matrix;

/**
 * The batch-sized work of the fast path on a stripe of pairs, in blocks of rows: from tables to
 * losses, and back to the gradients of the pairs' rows. One thread's own, with its memory.
 *
 * <p>With A_h(t) the attention to the node at position t, a pair's row is
 *
 * <pre>
 *   [H | residual logits] = base + Σ_t Σ_h A_h(t) T_h(t),  logits = residual logits + relu(H) M,
 * </pre>
 *
 * and with dL the gradient of its logits, the row's own is [relu'(H) ∘ dL Mᵀ | dL], and dM gathers
 * relu(H)ᵀ dL.
 */
final class StripePass implements AutoCloseable {
  private static final int BLOCK = 512; // rows of one product at the most

  private final MatrixProducts products;
  private final FactorisedTables tables;
  private final int heads;
  private final int slots;
  private final int neurons;
  private final int outputs;
  private final Matrix hidden; // (BLOCK, neurons)
  private final Matrix hiddenGradient;
  private final Matrix logit; // (BLOCK, outputs)
  private final float[] row; // [width]
  private final float[] unmasked; // [width]
  private final float[] logits; // [outputs]
  private final float[] weights; // [positions·slots], the attention of one pair
  private final float[][] terms; // the table rows that it weighs
  private final float[][] lanes = new float[4][RowKernels.LANES];
  private final RowLoss rowLoss;
  private int correct;

  StripePass(
      ModelConfig config, FactorisedTables tables, RowLoss rowLoss, MatrixProducts products) {
    this.products = products;
    this.tables = tables;
    heads = config.shape().heads();
    slots = tables.slots;
    neurons = config.shape().dMlp();
    outputs = config.outputs();
    hidden = products.zeros(BLOCK, neurons);
    hiddenGradient = products.zeros(BLOCK, neurons);
    logit = products.zeros(BLOCK, outputs);
    row = new float[tables.width];
    unmasked = new float[tables.width];
    logits = new float[outputs];
    weights = new float[(config.contextLength() - 1) * slots];
    terms = new float[weights.length][];
    this.rowLoss = rowLoss;
  }

  /** Right answers of the last call. */
  int correct() {
    return correct;
  }

  /** The sum of the losses of the pairs from … to−1. */
  double forward(PairBatch pairs, int from, int to) {
    correct = 0;
    double loss = 0;
    int n;
    for (int start = from; start < to; start += n) {
      n = rowsOfBlock(start, to);
      compute(pairs, start, n, null);
      for (int i = 0; i < n; i++) {
        loss += lossOf(i, pairs.label(start + i));
      }
    }
    return loss;
  }

  /** The logits of the pairs from … to−1, [n][outputs]. */
  void logits(PairBatch pairs, int from, int to, float[][] result) {
    int n;
    for (int start = from; start < to; start += n) {
      n = rowsOfBlock(start, to);
      compute(pairs, start, n, null);
      for (int i = 0; i < n; i++) {
        logit.get(i, result[start + i], 0, outputs);
      }
    }
  }

  /**
   * Forward and backward.
   *
   * @param values attention, gradients and score products of the pairs are written here
   * @param productGradient of M, of the pairs from … to−1; overwritten
   * @return the sum of the losses
   */
  double forwardBackward(
      PairBatch pairs,
      int from,
      int to,
      FactorisedTransformer.PairValues values,
      Matrix productGradient) {
    correct = 0;
    double loss = 0;
    double scale = 1.0 / pairs.size();
    int n;
    for (int start = from; start < to; start += n) {
      n = rowsOfBlock(start, to);
      compute(pairs, start, n, values.attention);
      for (int i = 0; i < n; i++) {
        int label = pairs.label(start + i);
        loss += lossOf(i, label);
        rowLoss.gradient(logits, label, scale);
        logit.put(i, logits, 0, outputs);
        System.arraycopy(logits, 0, values.rows[start + i], neurons, outputs);
      }
      float before = start == from ? 0 : 1;
      products.multiplyLeftTransposed(neurons, outputs, n, hidden, logit, before, productGradient);
      Matrix m = tables.neuronsToLogits;
      products.multiplyRightTransposed(n, neurons, outputs, logit, m, 0, hiddenGradient);
      for (int i = 0; i < n; i++) {
        hidden.get(i, row, 0, neurons);
        hiddenGradient.get(i, unmasked, 0, neurons);
        RowKernels.mask(values.rows[start + i], unmasked, row, neurons);
        products(pairs, start + i, values.rows[start + i], values.products[start + i]);
      }
    }
    return loss;
  }

  /** Rows of the block that begins at {@code start}: what is left, in about equal parts. */
  private static int rowsOfBlock(int start, int to) {
    int left = to - start;
    int blocks = (left + BLOCK - 1) / BLOCK;
    return (left + blocks - 1) / blocks;
  }

  /**
   * Neurons and logits of a block of pairs, into {@link #hidden} and {@link #logit}.
   *
   * @param attention [n or more][positions·slots], where that of each pair is kept; null to forget
   */
  private void compute(PairBatch pairs, int start, int n, float[][] attention) {
    for (int i = 0; i < n; i++) {
      toRow(pairs, start + i, attention == null ? weights : attention[start + i], row);
      hidden.put(i, row, 0, neurons);
      logit.put(i, row, neurons, outputs);
    }
    products.multiply(n, outputs, neurons, hidden, tables.neuronsToLogits, 1, logit);
  }

  /** Attention and row of a pair, its neurons rectified. */
  private void toRow(PairBatch pairs, int pair, float[] attention, float[] target) {
    attend(pairs, pair, attention);
    for (int t = 0; t < pairs.positions(); t++) {
      System.arraycopy(tables.rows[pairs.node(t, pair)], 0, terms, t * slots, slots);
    }
    float[] from = tables.base;
    for (int term = 0; term < terms.length; term += 4) {
      RowKernels.combine(target, from, attention, terms, term);
      from = target;
    }
    RowKernels.rectify(target, neurons);
  }

  /** products[t·slots + h] = g·T_h(t), g the gradient of the pair's row. */
  private void products(PairBatch pairs, int pair, float[] gradient, float[] products) {
    for (int t = 0; t < pairs.positions(); t++) {
      float[][] r = tables.rows[pairs.node(t, pair)];
      for (int h = 0; h < slots; h += 4) {
        RowKernels.products(
            gradient, r[h], r[h + 1], r[h + 2], r[h + 3], lanes, products, t * slots + h);
      }
    }
  }

  /** attention[t·slots + h] = A_h(t); 0 where there is no such head. */
  private void attend(PairBatch pairs, int pair, float[] attention) {
    double[][] nodeWeights = tables.scores.weights;
    int positions = pairs.positions();
    for (int h = 0; h < heads; h++) {
      double sum = nodeWeights[tables.last()][h];
      for (int t = 0; t < positions; t++) {
        sum += nodeWeights[pairs.node(t, pair)][h];
      }
      for (int t = 0; t < positions; t++) {
        attention[t * slots + h] = (float) (nodeWeights[pairs.node(t, pair)][h] / sum);
      }
    }
  }

  /** The loss of row i of the block, whose logits it leaves in {@link #logits}. */
  private double lossOf(int i, int label) {
    logit.get(i, logits, 0, outputs);
    double loss = rowLoss.loss(logits, label);
    correct += rowLoss.correct() ? 1 : 0;
    return loss;
  }

  @Override
  public void close() {
    hidden.free();
    hiddenGradient.free();
    logit.free();
  }
}
