package org.grokscope.model;

import java.util.Arrays;
import java.util.Map;
import java.util.WeakHashMap;
import org.grokscope.model.Blas.Matrix;
import org.grokscope.task.TokenSequences;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The fast exact path: the same function as {@link ReferenceTransformer} for one-layer ReLU models
 * without LayerNorm whose sequences all end on '=', the vocabulary's last token.
 *
 * <p>An algebraic rearrangement, not an approximation: what depends on one token goes into tables
 * ({@link FactorisedTables}), so that a pair's neurons are a weighted sum of table rows, and W_out
 * W_U becomes one matrix M. Of the batch-sized products only relu(H)·M, relu(H)ᵀ·dL and dL·Mᵀ
 * remain. The backward pass through the tables is a sum over the pairs that use a row.
 *
 * <p>Results are bit-identical whatever the number of threads: stripes of the batch are fixed, each
 * writes to places of its own, and sums are taken in the order of stripes and of pairs.
 */
public final class FactorisedTransformer implements Transformer {
  private static final int BLOCK = 128; // rows of one native product; fits the second-level cache
  private static final int STRIPES = 8; // pieces of a batch, each with an accumulator of its own

  /** Logit gradients below this become 0: denormal floats are slow, and no optimiser sees them. */
  private static final double NEGLIGIBLE = 1e-30;

  private final ModelConfig config;
  private final Parameters parameters;
  private final Parameters gradients;
  private final Workers workers;
  private final FactorisedTables tables;
  private final int heads;
  private final int slots;
  private final int neurons;
  private final int outputs;
  private final Scratch[] scratches; // one a thread
  private final Matrix[] productGradients = new Matrix[STRIPES]; // (neurons, outputs)
  private final double[] losses = new double[STRIPES];
  private final int[] corrects = new int[STRIPES];
  private final float[][][] rowGradients; // [last][slots][width]
  private final double[][] scoreGradients; // [last+1][heads]
  private final float[][] nodeSums; // [first position's nodes][width]
  private final float[] baseGradient; // [width]
  private final Map<TokenSequences, PairBatch> batches = new WeakHashMap<>();
  private float[][] rowsOfPairs = new float[0][]; // [n][width], gradients of the pairs' rows
  private float[][] attentions = new float[0][]; // [n][(positions)·slots]
  private float[][] scoresOfPairs = new float[0][]; // [n][(positions+1)·slots], gradients

  /** What one thread needs for itself. */
  private final class Scratch {
    final float[][] rows = new float[BLOCK][tables.width];
    final float[][] logits = new float[BLOCK][outputs];
    final Matrix hidden = Matrix.zeros(BLOCK, neurons).withRows(BLOCK);
    final Matrix hiddenGradient = Matrix.zeros(BLOCK, neurons).withRows(BLOCK);
    final Matrix logit = Matrix.zeros(BLOCK, outputs).withRows(BLOCK);
    final float[] folds = new float[RowKernels.LANES];
    final double[] exponentials = new double[outputs];
    final float[] products = new float[(config.contextLength() - 1) * slots];

    void free() {
      hidden.free();
      hiddenGradient.free();
      logit.free();
    }
  }

  private FactorisedTransformer(ModelConfig config, Parameters parameters, int threads) {
    this.config = config;
    this.parameters = parameters;
    gradients = Parameters.zeros(config.layout());
    workers = new Workers(threads);
    tables = new FactorisedTables(config);
    heads = config.shape().heads();
    slots = tables.slots;
    neurons = config.shape().dMlp();
    outputs = config.outputs();
    scratches = new Scratch[threads];
    Arrays.setAll(scratches, i -> new Scratch());
    Arrays.setAll(productGradients, i -> Matrix.zeros(neurons, outputs).withRows(neurons));
    rowGradients = new float[tables.last()][slots][tables.width];
    scoreGradients = new double[tables.last() + 1][heads];
    nodeSums = new float[config.vocabulary()][tables.width];
    baseGradient = new float[tables.width];
  }

  /**
   * A model on the fast path.
   *
   * @param config one layer, ReLU, no LayerNorm; causal or not makes no difference at the last
   *     position
   * @param parameters the live weights, shared, not copied
   * @param threads how many to use; the result does not depend on it
   * @throws IllegalArgumentException if the path is not exact for this model, or the parameters are
   *     not its
   */
  public static FactorisedTransformer of(ModelConfig config, Parameters parameters, int threads) {
    requireAccepts(config);
    if (!parameters.layout().equals(config.layout())) {
      throw new IllegalArgumentException(
          "fast path: the parameters' layout is not that of the model " + config);
    }
    return new FactorisedTransformer(config, parameters, threads);
  }

  /**
   * Checks that the fast path is exact for a model.
   *
   * @throws IllegalArgumentException if it is not; the message says why
   */
  public static void requireAccepts(ModelConfig config) {
    String reason = refusal(config);
    if (!reason.isEmpty()) {
      throw new IllegalArgumentException(
          "fast path: it is exact only for one-layer ReLU models without LayerNorm; got "
              + reason
              + "; use the reference path");
    }
  }

  /** Whether the fast path is exact for this model. */
  public static boolean accepts(ModelConfig config) {
    return refusal(config).isEmpty();
  }

  private static String refusal(ModelConfig config) {
    ModelShape shape = config.shape();
    if (shape.layers() != 1) {
      return shape.layers() + " layers";
    }
    if (shape.layerNorm()) {
      return "LayerNorm";
    }
    if (shape.activation() != Activation.RELU) {
      return "the activation " + shape.activation();
    }
    if (config.contextLength() < 2) {
      return "a context of one token";
    }
    return "";
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public Parameters gradients() {
    return gradients;
  }

  @Override
  public BatchLoss loss(TokenSequences batch) {
    PairBatch pairs = prepare(batch);
    forEachStripe(
        pairs, (stripe, from, to, scratch) -> forwardOnly(pairs, from, to, stripe, scratch));
    return total(pairs);
  }

  @Override
  public BatchLoss lossAndGradients(TokenSequences batch) {
    PairBatch pairs = prepare(batch);
    reserve(pairs.size());
    clearSums();
    forEachStripe(
        pairs, (stripe, from, to, scratch) -> forwardBackward(pairs, from, to, stripe, scratch));
    Matrix productGradient = sumOfProductGradients(pairs);
    sumOverPairs(pairs);
    tables.backward(
        rowGradients,
        baseGradient,
        scoreGradients,
        productGradient,
        parameters.values(),
        gradients.values(),
        workers);
    return total(pairs);
  }

  @Override
  public INDArray logits(TokenSequences batch) {
    Transformer.requireFits(config, batch);
    PairBatch pairs = PairBatch.inOrder(batch, config.vocabulary(), tables.lastToken());
    tables.compute(parameters.values(), workers);
    float[][] result = new float[pairs.size()][outputs];
    forEachStripe(
        pairs,
        (stripe, from, to, scratch) -> {
          for (int start = from; start < to; start += BLOCK) {
            int n = Math.min(BLOCK, to - start);
            logitsOfBlock(pairs, start, n, scratch);
            for (int i = 0; i < n; i++) {
              System.arraycopy(scratch.logits[i], 0, result[start + i], 0, outputs);
            }
          }
        });
    return Nd4j.create(result);
  }

  @Override
  public void close() {
    workers.close();
    tables.close();
    for (Matrix matrix : productGradients) {
      matrix.free();
    }
    for (Scratch scratch : scratches) {
      scratch.free();
    }
  }

  private PairBatch prepare(TokenSequences batch) {
    PairBatch pairs = batches.get(batch);
    if (pairs == null) {
      Transformer.requireFits(config, batch);
      pairs = PairBatch.sorted(batch, config.vocabulary(), tables.lastToken());
      batches.put(batch, pairs);
    }
    tables.compute(parameters.values(), workers);
    return pairs;
  }

  private void reserve(int n) {
    if (rowsOfPairs.length < n) {
      int positions = config.contextLength() - 1;
      rowsOfPairs = new float[n][tables.width];
      attentions = new float[n][positions * slots];
      scoresOfPairs = new float[n][(positions + 1) * slots];
    }
  }

  @FunctionalInterface
  private interface StripeTask {
    void run(int stripe, int from, int to, Scratch scratch);
  }

  private void forEachStripe(PairBatch pairs, StripeTask task) {
    workers.forEach(
        STRIPES,
        (stripe, worker) ->
            task.run(
                stripe,
                pairs.boundary(stripe, STRIPES),
                pairs.boundary(stripe + 1, STRIPES),
                scratches[worker]));
  }

  private BatchLoss total(PairBatch pairs) {
    double loss = 0;
    int correct = 0;
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      loss += losses[stripe];
      correct += corrects[stripe];
    }
    return new BatchLoss(loss / pairs.size(), correct, pairs.size());
  }

  private void forwardOnly(PairBatch pairs, int from, int to, int stripe, Scratch scratch) {
    losses[stripe] = 0;
    corrects[stripe] = 0;
    for (int start = from; start < to; start += BLOCK) {
      int n = Math.min(BLOCK, to - start);
      logitsOfBlock(pairs, start, n, scratch);
      for (int i = 0; i < n; i++) {
        crossEntropy(scratch.logits[i], pairs.label(start + i), 0, stripe, scratch);
      }
    }
  }

  private void forwardBackward(PairBatch pairs, int from, int to, int stripe, Scratch scratch) {
    losses[stripe] = 0;
    corrects[stripe] = 0;
    for (int start = from; start < to; start += BLOCK) {
      int n = Math.min(BLOCK, to - start);
      logitsOfBlock(pairs, start, n, scratch);
      for (int i = 0; i < n; i++) {
        // from here on, logits[i] holds the gradient of the mean loss
        crossEntropy(
            scratch.logits[i], pairs.label(start + i), 1.0 / pairs.size(), stripe, scratch);
        scratch.logit.put(i, scratch.logits[i], 0, outputs);
      }
      Blas.multiplyLeftTransposed(
          neurons,
          outputs,
          n,
          scratch.hidden,
          scratch.logit,
          start == from ? 0 : 1,
          productGradients[stripe]);
      Blas.multiplyRightTransposed(
          n, neurons, outputs, scratch.logit, tables.neuronsToLogits, 0, scratch.hiddenGradient);
      for (int i = 0; i < n; i++) {
        float[] row = rowsOfPairs[start + i];
        scratch.hiddenGradient.get(i, row, 0, neurons);
        RowKernels.mask(row, scratch.rows[i], neurons);
        System.arraycopy(scratch.logits[i], 0, row, neurons, outputs);
        scoreGradient(pairs, start + i, scratch);
        addToNode(pairs.node(0, start + i), 0, start + i);
      }
    }
  }

  /** Attention, neurons and logits of the pairs start … start+n−1, into the scratch memory. */
  private void logitsOfBlock(PairBatch pairs, int start, int n, Scratch scratch) {
    for (int i = 0; i < n; i++) {
      float[] attention = start + i < attentions.length ? attentions[start + i] : scratch.products;
      attend(pairs, start + i, attention);
      float[] row = scratch.rows[i];
      float[] from = tables.base;
      for (int t = 0; t < pairs.positions(); t++) {
        float[][] r = tables.rows[pairs.node(t, start + i)];
        for (int h = 0; h < slots; h += 4) {
          int w = t * slots + h;
          RowKernels.combine(
              row,
              from,
              attention[w],
              r[h],
              attention[w + 1],
              r[h + 1],
              attention[w + 2],
              r[h + 2],
              attention[w + 3],
              r[h + 3]);
          from = row;
        }
      }
      RowKernels.rectify(row, neurons);
      scratch.hidden.put(i, row, 0, neurons);
      scratch.logit.put(i, row, neurons, outputs);
    }
    Blas.multiply(n, outputs, neurons, scratch.hidden, tables.neuronsToLogits, 1, scratch.logit);
    for (int i = 0; i < n; i++) {
      scratch.logit.get(i, scratch.logits[i], 0, outputs);
    }
  }

  /** attention[t·slots + h] = A_h(t), for the positions before the last. */
  private void attend(PairBatch pairs, int pair, float[] attention) {
    for (int h = 0; h < heads; h++) {
      double sum = tables.weights[tables.last()][h];
      for (int t = 0; t < pairs.positions(); t++) {
        sum += tables.weights[pairs.node(t, pair)][h];
      }
      for (int t = 0; t < pairs.positions(); t++) {
        attention[t * slots + h] = (float) (tables.weights[pairs.node(t, pair)][h] / sum);
      }
    }
  }

  /**
   * Adds a row's loss and, unless scale is 0, overwrites its logits by scale · (softmax − one-hot).
   */
  private void crossEntropy(float[] logits, int label, double scale, int stripe, Scratch scratch) {
    double[] e = scratch.exponentials;
    int largest = 0;
    for (int j = 1; j < outputs; j++) {
      if (logits[j] > logits[largest]) {
        largest = j;
      }
    }
    RowKernels.exponentials(logits, logits[largest], e);
    double ofLabel = e[label];
    e[label] = 0;
    double ofOthers = 0;
    for (int j = 0; j < outputs; j++) {
      ofOthers += e[j];
    }
    if (largest == label) {
      corrects[stripe]++;
      losses[stripe] += Math.log1p(ofOthers);
    } else {
      losses[stripe] +=
          Math.log(ofOthers + ofLabel) - ((double) logits[label] - (double) logits[largest]);
    }
    if (scale != 0) {
      double each = scale / (ofOthers + ofLabel);
      for (int j = 0; j < outputs; j++) {
        double gradient = e[j] * each;
        logits[j] = gradient < NEGLIGIBLE ? 0f : (float) gradient;
      }
      logits[label] = (float) (-ofOthers * each);
    }
  }

  /**
   * Through the softmax of the attention: with r = gradient of A, dS = A (r − Σ A r). Table rows
   * are relative to the last position's, so its own r is 0.
   */
  private void scoreGradient(PairBatch pairs, int pair, Scratch scratch) {
    int positions = pairs.positions();
    float[] r = scratch.products;
    for (int t = 0; t < positions; t++) {
      float[][] rows = tables.rows[pairs.node(t, pair)];
      for (int h = 0; h < heads; h++) {
        r[t * slots + h] = RowKernels.product(rowsOfPairs[pair], rows[h], scratch.folds);
      }
    }
    float[] attention = attentions[pair];
    float[] result = scoresOfPairs[pair];
    for (int h = 0; h < heads; h++) {
      double mean = 0;
      double elsewhere = 0;
      for (int t = 0; t < positions; t++) {
        mean += (double) attention[t * slots + h] * r[t * slots + h];
        elsewhere += attention[t * slots + h];
      }
      for (int t = 0; t < positions; t++) {
        result[t * slots + h] = (float) (attention[t * slots + h] * (r[t * slots + h] - mean));
      }
      result[positions * slots + h] = (float) (-(1 - elsewhere) * mean);
    }
  }

  private Matrix sumOfProductGradients(PairBatch pairs) {
    float[] sum = new float[outputs];
    float[] part = new float[outputs];
    Matrix first = productGradients[0];
    boolean[] empty = new boolean[STRIPES];
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      empty[stripe] = pairs.boundary(stripe, STRIPES) == pairs.boundary(stripe + 1, STRIPES);
    }
    for (int j = 0; j < neurons; j++) {
      Arrays.fill(sum, 0f);
      for (int stripe = 0; stripe < STRIPES; stripe++) {
        if (!empty[stripe]) {
          productGradients[stripe].get(j, part, 0, outputs);
          RowKernels.add(sum, part);
        }
      }
      first.put(j, sum, 0, outputs);
    }
    return first;
  }

  /**
   * The gradients of table rows, scores and base: sums over the pairs that use them, in the pairs'
   * order. Those of the first position are there already: the stripes added them while the rows
   * were at hand.
   */
  private void sumOverPairs(PairBatch pairs) {
    int last = tables.last();
    int vocabulary = config.vocabulary();
    workers.forEach(
        last - vocabulary,
        (index, worker) -> {
          int node = vocabulary + index;
          for (int m = pairs.firstMember(node); m < pairs.endMember(node); m++) {
            addToNode(node, node / vocabulary, pairs.member(m));
          }
        });
    Arrays.fill(baseGradient, 0f);
    for (int token = 0; token < vocabulary; token++) {
      RowKernels.add(baseGradient, nodeSums[token]);
    }
    double[] ofLast = scoreGradients[last];
    for (int pair = 0; pair < pairs.size(); pair++) {
      for (int h = 0; h < heads; h++) {
        ofLast[h] += scoresOfPairs[pair][pairs.positions() * slots + h];
      }
    }
  }

  /** What a pair adds to the gradients of one of its nodes. */
  private void addToNode(int node, int position, int pair) {
    float[] source = rowsOfPairs[pair];
    for (int h = 0; h < heads; h++) {
      int entry = position * slots + h;
      RowKernels.add(rowGradients[node][h], attentions[pair][entry], source);
      scoreGradients[node][h] += scoresOfPairs[pair][entry];
    }
    if (position == 0) {
      RowKernels.add(nodeSums[node], source);
    }
  }

  private void clearSums() {
    for (float[][] rows : rowGradients) {
      for (float[] row : rows) {
        Arrays.fill(row, 0f);
      }
    }
    for (float[] row : nodeSums) {
      Arrays.fill(row, 0f);
    }
    for (double[] scores : scoreGradients) {
      Arrays.fill(scores, 0);
    }
  }
}
