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
  private static final int BLOCK = 192; // rows of one native product at the most
  private static final int STRIPES = 4; // pieces of a batch, each with sums of its own

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
  private final Sums[] sums = new Sums[STRIPES];
  private final double[] losses = new double[STRIPES];
  private final int[] corrects = new int[STRIPES];
  private final float[][][] rowGradients; // [last][heads][width]
  private final double[][] scoreGradients; // [last+1][heads]
  private final float[][] nodeSums; // [first position's nodes][width]
  private final float[] baseGradient; // [width]
  private final int firstShared; // nodes before this are of the first position
  private final Map<TokenSequences, PairBatch> batches = new WeakHashMap<>();

  /** What one stripe adds up over its pairs, for the nodes that other stripes use as well. */
  private final class Sums {
    final float[][][] rows; // [nodes after the first position][heads][width]
    final double[][] scores; // [nodes after the first position][heads]
    final double[] ofLast = new double[heads];

    Sums() {
      int nodes = tables.last() - config.vocabulary();
      rows = new float[nodes][heads][tables.width];
      scores = new double[nodes][heads];
    }

    void clear() {
      for (float[][] node : rows) {
        for (float[] row : node) {
          Arrays.fill(row, 0f);
        }
      }
      for (double[] node : scores) {
        Arrays.fill(node, 0);
      }
      Arrays.fill(ofLast, 0);
    }
  }

  /** What one thread needs for itself. */
  private final class Scratch {
    final float[][] rows = new float[BLOCK][tables.width];
    final float[][] attentions = new float[BLOCK][(config.contextLength() - 1) * slots];
    final float[] gradient = new float[tables.width];
    final float[][] logits = new float[BLOCK][outputs];
    final Matrix hidden = Matrix.zeros(BLOCK, neurons);
    final Matrix hiddenGradient = Matrix.zeros(BLOCK, neurons);
    final Matrix logit = Matrix.zeros(BLOCK, outputs);
    final float[][] lanes = new float[4][RowKernels.LANES];
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
    Arrays.setAll(productGradients, i -> Matrix.zeros(neurons, outputs));
    rowGradients = new float[tables.last()][heads][tables.width];
    firstShared = config.vocabulary();
    scoreGradients = new double[tables.last() + 1][heads];
    Arrays.setAll(sums, i -> new Sums());
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
    if (!shape.attends()) {
      return "a model without attention";
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
    clearNodes();
    forEachStripe(
        pairs, (stripe, from, to, scratch) -> forwardBackward(pairs, from, to, stripe, scratch));
    Matrix productGradient = sumOfProductGradients(pairs);
    sumOverStripes();
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
    PairBatch pairs = PairBatch.inOrder(batch, config.vocabulary(), tables.lastToken(), STRIPES);
    tables.compute(parameters.values(), workers);
    float[][] result = new float[pairs.size()][outputs];
    forEachStripe(
        pairs,
        (stripe, from, to, scratch) -> {
          int n;
          for (int start = from; start < to; start += n) {
            n = rowsOfBlock(start, to);
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
      pairs = PairBatch.sorted(batch, config.vocabulary(), tables.lastToken(), STRIPES);
      batches.put(batch, pairs);
    }
    tables.compute(parameters.values(), workers);
    return pairs;
  }

  @FunctionalInterface
  private interface StripeTask {
    void run(int stripe, int from, int to, Scratch scratch);
  }

  private void forEachStripe(PairBatch pairs, StripeTask task) {
    workers.forEach(
        STRIPES,
        (stripe, worker) ->
            task.run(stripe, pairs.start(stripe), pairs.start(stripe + 1), scratches[worker]));
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
    int n;
    for (int start = from; start < to; start += n) {
      n = rowsOfBlock(start, to);
      logitsOfBlock(pairs, start, n, scratch);
      for (int i = 0; i < n; i++) {
        crossEntropy(scratch.logits[i], pairs.label(start + i), 0, stripe, scratch);
      }
    }
  }

  private void forwardBackward(PairBatch pairs, int from, int to, int stripe, Scratch scratch) {
    sums[stripe].clear();
    losses[stripe] = 0;
    corrects[stripe] = 0;
    int n;
    for (int start = from; start < to; start += n) {
      n = rowsOfBlock(start, to);
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
        scratch.hiddenGradient.get(i, scratch.gradient, 0, neurons);
        RowKernels.mask(scratch.gradient, scratch.rows[i], neurons);
        System.arraycopy(scratch.logits[i], 0, scratch.gradient, neurons, outputs);
        addToNodes(pairs, start + i, scratch.attentions[i], sums[stripe], scratch);
      }
    }
  }

  /** Rows of the block that begins at {@code start}: what is left, in about equal parts. */
  private static int rowsOfBlock(int start, int to) {
    int left = to - start;
    int blocks = (left + BLOCK - 1) / BLOCK;
    return (left + blocks - 1) / blocks;
  }

  /** Attention, neurons and logits of the pairs start … start+n−1, into the scratch memory. */
  private void logitsOfBlock(PairBatch pairs, int start, int n, Scratch scratch) {
    for (int i = 0; i < n; i++) {
      float[] attention = scratch.attentions[i];
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
   * What a pair adds to the gradients of its table rows and scores, given the gradient g of its
   * row.
   *
   * <p>A row: A·g. A score, through the softmax of the attention, with r = g·(row): A (r − Σ A r).
   * Rows are relative to the last position's, whose own r is therefore 0.
   */
  private void addToNodes(PairBatch pairs, int pair, float[] attention, Sums sum, Scratch scratch) {
    int positions = pairs.positions();
    float[] r = scratch.products;
    for (int t = 0; t < positions; t++) {
      float[][] rows = tables.rows[pairs.node(t, pair)];
      for (int h = 0; h < slots; h += 4) {
        RowKernels.products(
            scratch.gradient,
            rows[h],
            rows[h + 1],
            rows[h + 2],
            rows[h + 3],
            scratch.lanes,
            r,
            t * slots + h);
      }
    }
    for (int h = 0; h < heads; h++) {
      double mean = 0;
      double elsewhere = 0;
      for (int t = 0; t < positions; t++) {
        mean += (double) attention[t * slots + h] * r[t * slots + h];
        elsewhere += attention[t * slots + h];
      }
      for (int t = 0; t < positions; t++) {
        int node = pairs.node(t, pair);
        int entry = t * slots + h;
        float[] target = t == 0 ? rowGradients[node][h] : sum.rows[node - firstShared][h];
        double[] scores = t == 0 ? scoreGradients[node] : sum.scores[node - firstShared];
        RowKernels.add(target, attention[entry], scratch.gradient);
        scores[h] += attention[entry] * (r[entry] - mean);
      }
      sum.ofLast[h] -= (1 - elsewhere) * mean;
    }
    RowKernels.add(nodeSums[pairs.node(0, pair)], scratch.gradient);
  }

  private Matrix sumOfProductGradients(PairBatch pairs) {
    float[] sum = new float[outputs];
    float[] part = new float[outputs];
    Matrix first = productGradients[0];
    boolean[] empty = new boolean[STRIPES];
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      empty[stripe] = pairs.start(stripe) == pairs.start(stripe + 1);
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
   * The gradients of table rows, scores and base from the stripes' sums, in the stripes' order. The
   * pairs of one first token lie in one stripe, which has added them where they belong.
   */
  private void sumOverStripes() {
    int last = tables.last();
    workers.forEach(
        last - firstShared,
        (index, worker) -> {
          int node = firstShared + index;
          for (int h = 0; h < heads; h++) {
            for (Sums sum : sums) {
              RowKernels.add(rowGradients[node][h], sum.rows[index][h]);
              scoreGradients[node][h] += sum.scores[index][h];
            }
          }
        });
    Arrays.fill(baseGradient, 0f);
    for (float[] row : nodeSums) {
      RowKernels.add(baseGradient, row);
    }
    for (int h = 0; h < heads; h++) {
      for (Sums sum : sums) {
        scoreGradients[last][h] += sum.ofLast[h];
      }
    }
  }

  private void clearNodes() {
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
