package org.grokscope.model;

import java.util.Arrays;
import java.util.Map;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineView;
import org.grokscope.task.VisibleKeys;

/** Some documents on their way through the fast reader and back, with the memory for them. */
final class ReaderPiece {
  private final ReaderConfig config;
  private final int d;
  private final int vocabulary;
  private final ReaderWeights weights;
  private final ReaderNorm[] ln1; // null entries where a layer has no such part
  private final ReaderAttention[] attention;
  private final ReaderNorm[] ln2;
  private final ReaderMlp[] mlp;
  private final ReaderNorm lnFinal;
  private final ReaderProduct unembed;
  private final RowLoss rowLoss;
  private final float[] row; // [vocabulary]
  private final float[] x; // [rows · d], the stream, then its gradient
  private final float[] y; // [rows · d], what a part reads, then its gradient
  private final float[] scratch; // [rows · d]
  private final float[] wide; // [rows · widest], gradients inside a part
  private final float[] logits; // [rows · vocabulary]

  /** What a batch looks like to all pieces. */
  record Input(
      int[] tokens,
      int[] targets,
      double[] weights,
      double totalWeight,
      Map<LineView, VisibleKeys> visible) {

    static Input of(ReaderConfig config, LineBatch batch) {
      Map<LineView, VisibleKeys> visible = new java.util.EnumMap<>(LineView.class);
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
    int layers = config.layers().size();
    ParameterLayout layout = config.layout();
    this.config = config;
    this.weights = weights;
    d = config.dModel();
    vocabulary = config.vocabulary();
    ln1 = new ReaderNorm[layers];
    attention = new ReaderAttention[layers];
    ln2 = new ReaderNorm[layers];
    mlp = new ReaderMlp[layers];
    int widest = d;
    for (int n = 0; n < layers; n++) {
      ReaderLayer layer = config.layers().get(n);
      if (layer.attends()) {
        ln1[n] = new ReaderNorm(layout, "blocks." + n + ".ln1", d, rows);
        attention[n] = new ReaderAttention(config, n, rows);
        widest = Math.max(widest, 3 * layer.heads() * layer.dHead());
      }
      if (layer.dMlp() > 0) {
        ln2[n] = new ReaderNorm(layout, "blocks." + n + ".ln2", d, rows);
        mlp[n] = new ReaderMlp(config, n, rows);
        widest = Math.max(widest, layer.dMlp());
      }
    }
    lnFinal = new ReaderNorm(layout, "ln_final", d, rows);
    unembed = new ReaderProduct(rows, d, vocabulary);
    rowLoss = new RowLoss(vocabulary);
    row = new float[vocabulary];
    x = new float[rows * d];
    y = new float[rows * d];
    scratch = new float[rows * d];
    wide = new float[rows * widest];
    logits = new float[rows * vocabulary];
  }

  /** The logits of the documents whose first position is {@code first}, [rows · vocabulary]. */
  float[] forward(float[] parameters, Input input, int first, int rows) {
    int embedding = weights.embedding();
    for (int r = 0; r < rows; r++) {
      System.arraycopy(parameters, embedding + input.tokens()[first + r] * d, x, r * d, d);
    }
    for (int n = 0; n < config.layers().size(); n++) {
      if (attention[n] != null) {
        ln1[n].forward(parameters, x, y, rows);
        VisibleKeys visible = input.visible().get(config.layers().get(n).view());
        attention[n].forward(
            parameters, weights.heads(n), y, visible, first, config.length(), scratch, x, rows);
      }
      if (mlp[n] != null) {
        ln2[n].forward(parameters, x, y, rows);
        mlp[n].forward(parameters, weights.neurons(n), y, scratch, x, rows);
      }
    }
    lnFinal.forward(parameters, x, y, rows);
    unembed.forward(y, weights.unembedding(), parameters, weights.logitBias(), logits, rows);
    return logits;
  }

  /**
   * What the documents add to the mean loss; with gradients, if there is an array for them, added
   * there.
   */
  double loss(float[] parameters, Input input, int first, int rows, float[] gradients) {
    forward(parameters, input, first, rows);
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      double weight = input.weights()[first + r] / input.totalWeight();
      int from = r * vocabulary;
      if (weight == 0) {
        Arrays.fill(logits, from, from + vocabulary, 0);
        continue;
      }
      int target = input.targets()[first + r];
      System.arraycopy(logits, from, row, 0, vocabulary);
      loss += weight * rowLoss.loss(row, target);
      if (gradients != null) {
        rowLoss.gradient(row, target, weight);
        System.arraycopy(row, 0, logits, from, vocabulary);
      }
    }
    if (gradients != null) {
      backward(parameters, input, first, rows, gradients);
    }
    return loss;
  }

  /** From the gradient of the logits, which stands in their place. */
  private void backward(float[] parameters, Input input, int first, int rows, float[] gradients) {
    ReaderProduct.addColumnSums(logits, rows, vocabulary, gradients, weights.logitBias());
    float[] dUnembed = unembed.backward(logits, weights.unembedding(), y, rows);
    for (int k = 0; k < dUnembed.length; k++) {
      gradients[weights.unembeddingAt() + k] += dUnembed[k];
    }
    Arrays.fill(x, 0, rows * d, 0);
    lnFinal.backward(parameters, y, x, gradients, rows);
    for (int n = config.layers().size() - 1; n >= 0; n--) {
      if (mlp[n] != null) {
        mlp[n].backward(weights.neurons(n), x, wide, y, gradients, rows);
        ln2[n].backward(parameters, y, x, gradients, rows);
      }
      if (attention[n] != null) {
        VisibleKeys visible = input.visible().get(config.layers().get(n).view());
        attention[n].backward(
            weights.heads(n), x, visible, first, config.length(), wide, y, gradients, rows);
        ln1[n].backward(parameters, y, x, gradients, rows);
      }
    }
    for (int r = 0; r < rows; r++) {
      int to = weights.embedding() + input.tokens()[first + r] * d;
      for (int k = 0; k < d; k++) {
        gradients[to + k] += x[r * d + k];
      }
    }
  }

  /** Copies the live parameters for all pieces. */
  void pack(float[] parameters) {
    for (int n = 0; n < config.layers().size(); n++) {
      if (attention[n] != null) {
        attention[n].pack(parameters, weights.heads(n));
      }
      if (mlp[n] != null) {
        mlp[n].pack(parameters, weights.neurons(n));
      }
    }
    weights.unembedding().put(0, parameters, weights.unembeddingAt(), d * vocabulary);
  }

  void free() {
    for (int n = 0; n < config.layers().size(); n++) {
      if (attention[n] != null) {
        attention[n].free();
      }
      if (mlp[n] != null) {
        mlp[n].free();
      }
    }
    unembed.free();
  }
}
