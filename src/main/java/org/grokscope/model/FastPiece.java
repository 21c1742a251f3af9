package org.grokscope.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.grokscope.task.Batch;
import org.grokscope.task.View;
import org.grokscope.task.VisibleKeys;

/**
 * Some documents on their way through the fast path and back, with the memory for them; one
 * thread's own.
 */
final class FastPiece {
  private final ModelConfig config;
  private final int d;
  private final int outputs;
  private final FastWeights weights;
  private final List<FastBlock> blocks = new ArrayList<>();
  private final List<FastSite> sites = new ArrayList<>(); // behind each block
  private final FastNorm lnFinal;
  private final FastProduct unembed;
  private final RowLoss rowLoss;
  private final float[] row; // [outputs]
  private final float[] x; // [rows · d], the stream, then its gradient
  private final float[] du; // [rows · d]
  private final float[] asked; // [rows · d], rows that have a weight, then their gradients
  private final int[] askedRows; // [rows], which they are
  private final float[] logits; // [rows · outputs]
  private final int[] tokens; // [rows]
  private final int[] places; // [rows], 0, 1, 2 …
  private int count; // rows that have a weight
  private int correct; // of these, those answered right

  /** What a batch looks like to all pieces. */
  record Input(
      int[] tokens,
      int[] targets,
      double[] weights,
      double totalWeight,
      Map<View, VisibleKeys> visible,
      Noise noise) {

    static Input of(ModelConfig config, Batch batch, Noise noise) {
      Map<View, VisibleKeys> visible = new EnumMap<>(View.class);
      for (LayerShape layer : config.shape().layers()) {
        if (layer.attends()) {
          visible.computeIfAbsent(layer.view(), batch::visible);
        }
      }
      return new Input(
          batch.tokens(), batch.targets(), batch.weights(), batch.totalWeight(), visible, noise);
    }
  }

  FastPiece(ModelConfig config, FastWeights weights, Loss loss, int rows) {
    this.config = config;
    this.weights = weights;
    d = config.shape().dModel();
    outputs = config.outputs();
    for (int n = 0; n < config.shape().layers().size(); n++) {
      blocks.add(new FastBlock(config, n, weights, rows));
      sites.add(new FastSite(config, n, rows));
    }
    lnFinal = new FastNorm(d, rows);
    unembed = new FastProduct(weights.unembedding(), rows);
    rowLoss = loss.rows(outputs);
    row = new float[outputs];
    x = new float[rows * d];
    du = new float[rows * d];
    asked = new float[rows * d];
    askedRows = new int[rows];
    logits = new float[rows * outputs];
    tokens = new int[rows];
    places = new int[rows];
    Arrays.setAll(places, place -> place);
  }

  /** The logits of the documents whose first position is {@code first}, [rows · outputs]. */
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
      sites.get(n).forward(x, input.noise(), first, rows);
    }
    return lnFinal.forward(x, rows);
  }

  private FastAttention.Positions positions(int layer, Input input, int first, int rows) {
    if (!blocks.get(layer).attends()) {
      return null;
    }
    int[] index = blocks.get(layer).readsTokens() ? tokens : places;
    VisibleKeys visible = input.visible().get(config.shape().layers().get(layer).view());
    return new FastAttention.Positions(visible, first, rows, config.contextLength(), index);
  }

  /**
   * What the documents add to the mean loss; with gradients, if there is an array for them.
   *
   * @param sums where the gradients are written as {@link FastWeights} has them, or null
   */
  double loss(float[] parameters, Input input, int first, int rows, float[] sums) {
    correct = 0;
    count = 0;
    float[] read = read(parameters, input, first, rows);
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
      System.arraycopy(logits, i * outputs, row, 0, outputs);
      loss += weight * rowLoss.loss(row, input.targets()[position]);
      correct += rowLoss.correct() ? 1 : 0;
      if (sums != null) {
        rowLoss.gradient(row, input.targets()[position], weight);
        System.arraycopy(row, 0, logits, i * outputs, outputs);
      }
    }
    if (sums != null) {
      Arrays.fill(sums, 0);
      if (count > 0) {
        backward(input, first, rows, sums);
      }
    }
    return loss;
  }

  /** Positions with a weight among those last given to {@link #loss}. */
  int asked() {
    return count;
  }

  /** How many of them had the target's logit for their largest. */
  int correct() {
    return correct;
  }

  /** From the gradient of the logits, which stands in their place. */
  private void backward(Input input, int first, int rows, float[] sums) {
    unembed.backward(logits, asked, sums, count);
    Arrays.fill(du, 0, rows * d, 0);
    for (int i = 0; i < count; i++) {
      System.arraycopy(asked, i * d, du, askedRows[i] * d, d);
    }
    Arrays.fill(x, 0, rows * d, 0);
    lnFinal.backward(du, x, rows);
    for (int n = blocks.size() - 1; n >= 0; n--) {
      sites.get(n).backward(x, rows);
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
    blocks.forEach(FastBlock::free);
    unembed.free();
  }
}
