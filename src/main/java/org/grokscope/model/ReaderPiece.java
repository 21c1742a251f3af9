package org.grokscope.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineView;
import org.grokscope.task.VisibleKeys;

/**
 * Some documents on their way through the fast reader and back, with the memory for them; one
 * thread's own.
 */
final class ReaderPiece {
  private final ReaderConfig config;
  private final int d;
  private final int vocabulary;
  private final ReaderWeights weights;
  private final List<ReaderBlock> blocks = new ArrayList<>();
  private final ReaderNorm lnFinal;
  private final ReaderProduct unembed;
  private final RowLoss rowLoss;
  private final float[] row; // [vocabulary]
  private final float[] x; // [rows · d], the stream, then its gradient
  private final float[] du; // [rows · d]
  private final float[] asked; // [rows · d], rows that have a weight, then their gradients
  private final int[] askedRows; // [rows], which they are
  private final float[] logits; // [rows · vocabulary]
  private final int[] tokens; // [rows]
  private final int[] places; // [rows], 0, 1, 2 …

  /** What a batch looks like to all pieces. */
  record Input(
      int[] tokens,
      int[] targets,
      double[] weights,
      double totalWeight,
      Map<LineView, VisibleKeys> visible) {

    static Input of(ReaderConfig config, LineBatch batch) {
      Map<LineView, VisibleKeys> visible = new EnumMap<>(LineView.class);
      for (ReaderLayer layer : config.layers()) {
        if (layer.attends()) {
          visible.computeIfAbsent(layer.view(), batch::visible);
        }
      }
      return new Input(
          batch.tokens(), batch.targets(), batch.weights(), LineReader.totalWeight(batch), visible);
    }
  }

  ReaderPiece(ReaderConfig config, ReaderWeights weights, int rows) {
    this.config = config;
    this.weights = weights;
    d = config.dModel();
    vocabulary = config.vocabulary();
    for (int n = 0; n < config.layers().size(); n++) {
      blocks.add(new ReaderBlock(config, n, weights, rows));
    }
    lnFinal = new ReaderNorm(d, rows);
    unembed = new ReaderProduct(weights.unembedding(), rows);
    rowLoss = new RowLoss(vocabulary);
    row = new float[vocabulary];
    x = new float[rows * d];
    du = new float[rows * d];
    asked = new float[rows * d];
    askedRows = new int[rows];
    logits = new float[rows * vocabulary];
    tokens = new int[rows];
    places = new int[rows];
    Arrays.setAll(places, place -> place);
  }

  /** The logits of the documents whose first position is {@code first}, [rows · vocabulary]. */
  float[] logits(float[] parameters, Input input, int first, int rows) {
    unembed.forward(read(parameters, input, first, rows), logits, rows);
    return logits;
  }

  /** What the unembedding reads, [rows · d]. */
  private float[] read(float[] parameters, Input input, int first, int rows) {
    System.arraycopy(input.tokens(), first, tokens, 0, rows);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(parameters, weights.embeddingAt() + tokens[r] * d, x, r * d, d);
    }
    for (int n = 0; n < blocks.size(); n++) {
      blocks.get(n).forward(parameters, x, positions(n, input, first, rows), rows);
    }
    return lnFinal.forward(x, rows);
  }

  private ReaderAttention.Positions positions(int layer, Input input, int first, int rows) {
    if (!blocks.get(layer).attends()) {
      return null;
    }
    int[] index = blocks.get(layer).readsTokens() ? tokens : places;
    VisibleKeys visible = input.visible().get(config.layers().get(layer).view());
    return new ReaderAttention.Positions(visible, first, rows, config.length(), index);
  }

  /**
   * What the documents add to the mean loss; with gradients, if there is an array for them.
   *
   * @param sums where the gradients are written as {@link ReaderWeights} has them, or null
   */
  double loss(float[] parameters, Input input, int first, int rows, float[] sums) {
    float[] read = read(parameters, input, first, rows);
    int count = 0;
    for (int r = 0; r < rows; r++) {
      if (input.weights()[first + r] != 0) {
        System.arraycopy(read, r * d, asked, count * d, d);
        askedRows[count++] = r;
      }
    }
    if (count > 0) {
      unembed.forward(asked, logits, count);
    }
    double loss = 0;
    for (int i = 0; i < count; i++) {
      int position = first + askedRows[i];
      double weight = input.weights()[position] / input.totalWeight();
      System.arraycopy(logits, i * vocabulary, row, 0, vocabulary);
      loss += weight * rowLoss.loss(row, input.targets()[position]);
      if (sums != null) {
        rowLoss.gradient(row, input.targets()[position], weight);
        System.arraycopy(row, 0, logits, i * vocabulary, vocabulary);
      }
    }
    if (sums != null) {
      Arrays.fill(sums, 0);
      if (count > 0) {
        backward(input, first, rows, count, sums);
      }
    }
    return loss;
  }

  /** From the gradient of the logits, which stands in their place. */
  private void backward(Input input, int first, int rows, int count, float[] sums) {
    unembed.backward(logits, asked, sums, count);
    Arrays.fill(du, 0, rows * d, 0);
    for (int i = 0; i < count; i++) {
      System.arraycopy(asked, i * d, du, askedRows[i] * d, d);
    }
    Arrays.fill(x, 0, rows * d, 0);
    lnFinal.backward(du, x, rows);
    for (int n = blocks.size() - 1; n >= 0; n--) {
      blocks.get(n).backward(x, positions(n, input, first, rows), sums, rows);
    }
    if (blocks.get(0).readsTokens()) {
      blocks.get(0).getTokenGradients(sums, weights.tokenPlace());
    }
    for (int r = 0; r < rows; r++) {
      int to = weights.embeddingPlace() + tokens[r] * d;
      for (int k = 0; k < d; k++) {
        sums[to + k] += x[r * d + k];
      }
    }
  }

  void free() {
    blocks.forEach(ReaderBlock::free);
    unembed.free();
  }
}
