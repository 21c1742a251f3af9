package org.grokscope.model;

import java.util.Arrays;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.grokscope.model.MatrixProducts.Matrix;
import org.grokscope.task.Batch;
import org.grokscope.task.BatchLoss;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The fast exact path: the same function as {@link ReferenceTransformer} for one-layer ReLU models
 * without LayerNorm whose sequences all end on '=', the vocabulary's last token.
 *
 * <p>An algebraic rearrangement, not an approximation: what depends on one token goes into tables
 * ({@link FactorisedTables}), so that a pair's neurons are a weighted sum of table rows, and W_out
 * W_U becomes one matrix M. Of the batch-sized products only relu(H)·M, relu(H)ᵀ·dL and dL·Mᵀ
 * remain ({@link StripePass}). The backward pass through the tables is a sum over the pairs that
 * use a row ({@link NodeGradients}).
 *
 * <p>Results are bit-identical whatever the number of threads: stripes of the batch are fixed, each
 * writes to places of its own, and sums are taken in the order of stripes and of pairs.
 */
public final class FactorisedTransformer extends AbstractTransformer {
  static final String EXACT_FOR = "one-layer ReLU models without LayerNorm";

  private static final int STRIPES = 4; // pieces of a batch, each with sums of its own

  private final Workers workers;
  private final FactorisedTables tables;
  private final NodeGradients nodes;
  private final StripePass[] passes; // one a thread
  private final Matrix[] productGradients = new Matrix[STRIPES]; // (neurons, outputs)
  private final double[] losses = new double[STRIPES];
  private final int[] corrects = new int[STRIPES];
  private final PairValues values = new PairValues();
  private final Map<Batch, PairBatch> batches = new WeakHashMap<>();

  private FactorisedTransformer(
      ModelConfig config,
      Parameters parameters,
      Supplier<RowLoss> loss,
      MatrixProducts products,
      Workers workers) {
    super("fast path", config, parameters);
    this.workers = workers;
    int threads = workers.count();
    tables = new FactorisedTables(config, products);
    nodes = new NodeGradients(config, tables, threads);
    passes = new StripePass[threads];
    Arrays.setAll(passes, i -> new StripePass(config, tables, loss.get(), products));
    Arrays.setAll(productGradients, i -> products.zeros(config.shape().dMlp(), config.outputs()));
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
    return of(config, parameters, threads, StandardLoss.CROSS_ENTROPY);
  }

  /** The same with another loss. */
  public static FactorisedTransformer of(
      ModelConfig config, Parameters parameters, int threads, Loss loss) {
    ComputationPath.requireExact(refusal(config), EXACT_FOR);
    return new FactorisedTransformer(
        config,
        parameters,
        () -> loss.rows(config.outputs()),
        MatrixProducts.here(),
        Workers.of(threads));
  }

  /**
   * The same in plain Java, on the caller's thread: nothing but {@link #logits}, which are an array
   * of ND4J, needs native code, so it runs in a browser too. It agrees with the other to rounding.
   *
   * @throws IllegalArgumentException as {@link #of}
   */
  public static FactorisedTransformer inPlainJava(
      ModelConfig config, Parameters parameters, Loss loss) {
    ComputationPath.requireExact(refusal(config), EXACT_FOR);
    return new FactorisedTransformer(
        config,
        parameters,
        () ->
            loss == StandardLoss.CROSS_ENTROPY
                ? CrossEntropyRows.byArithmetic(config.outputs())
                : loss.rows(config.outputs()),
        new PlainProducts(),
        Workers.alone());
  }

  /** Whether the fast path is exact for this model. */
  public static boolean accepts(ModelConfig config) {
    return refusal(config).isEmpty();
  }

  static String refusal(ModelConfig config) {
    ModelShape shape = config.shape();
    if (shape.depth() != 1) {
      return shape.depth() + " layers";
    }
    if (shape.layerNorm()) {
      return "LayerNorm";
    }
    if (!shape.plainStream()) {
      return "bounded scores, or a norm or noise on the residual stream";
    }
    if (shape.activation() != Activation.RELU) {
      return "the activation " + shape.activation();
    }
    if (!shape.attends()) {
      return "a model without attention";
    }
    LayerShape layer = shape.layers().get(0);
    if (shape.biases() || layer.hasSink() || !ScoreRule.isPlain(layer)) {
      return "biases, a sink, slopes or a view of lines";
    }
    if (!shape.positions() || layer.dMlp() == 0) {
      return "a model without position embeddings or without neurons";
    }
    if (shape.answers() != ModelShape.Answer.AT_THE_LAST) {
      return "a model that answers everywhere";
    }
    if (config.contextLength() < 2) {
      return "a context of one token";
    }
    return "";
  }

  @Override
  public BatchLoss loss(Batch batch, Noise none) {
    PairBatch pairs = prepare(batch);
    forEachStripe(
        pairs,
        (stripe, from, to, pass) -> {
          losses[stripe] = pass.forward(pairs, from, to);
          corrects[stripe] = pass.correct();
        });
    return total(pairs);
  }

  @Override
  public BatchLoss lossAndGradients(Batch batch, Noise none) {
    PairBatch pairs = prepare(batch);
    values.reserve(pairs.size(), tables.width, pairs.positions() * tables.slots);
    forEachStripe(
        pairs,
        (stripe, from, to, pass) -> {
          losses[stripe] = pass.forwardBackward(pairs, from, to, values, productGradients[stripe]);
          corrects[stripe] = pass.correct();
        });
    sumProductGradients(pairs);
    nodes.compute(pairs, values.rows, values.attention, values.products, workers);
    tables.backward(
        nodes.rows,
        nodes.base,
        nodes.scores,
        productGradients[0],
        parameters.values(),
        gradients.values(),
        workers);
    return total(pairs);
  }

  @Override
  public INDArray logits(Batch batch) {
    return Nd4j.create(logitRows(batch));
  }

  /**
   * The same as Java arrays, [n][outputs].
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  public float[][] logitRows(Batch batch) {
    requireFits(batch);
    PairBatch pairs = PairBatch.inOrder(batch, config.vocabulary(), tables.lastToken());
    tables.compute(parameters.values(), workers);
    float[][] result = new float[pairs.size()][config.outputs()];
    forEachStripe(pairs, (stripe, from, to, pass) -> pass.logits(pairs, from, to, result));
    return result;
  }

  @Override
  public void close() {
    workers.close();
    tables.close();
    for (Matrix matrix : productGradients) {
      matrix.free();
    }
    for (StripePass pass : passes) {
      pass.close();
    }
  }

  private PairBatch prepare(Batch batch) {
    PairBatch pairs = batches.get(batch);
    if (pairs == null) {
      requireFits(batch);
      pairs = PairBatch.sorted(batch, config.vocabulary(), tables.lastToken());
      batches.put(batch, pairs);
    }
    tables.compute(parameters.values(), workers);
    return pairs;
  }

  @FunctionalInterface
  private interface StripeTask {
    void run(int stripe, int from, int to, StripePass pass);
  }

  private void forEachStripe(PairBatch pairs, StripeTask task) {
    workers.forEach(
        STRIPES,
        (stripe, worker) ->
            task.run(
                stripe,
                pairs.start(stripe, STRIPES),
                pairs.start(stripe + 1, STRIPES),
                passes[worker]));
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

  /** The stripes' gradients of M, into the first one's. */
  private void sumProductGradients(PairBatch pairs) {
    int outputs = config.outputs();
    float[] sum = new float[outputs];
    float[] part = new float[outputs];
    for (int j = 0; j < config.shape().dMlp(); j++) {
      Arrays.fill(sum, 0f);
      for (int stripe = 0; stripe < STRIPES; stripe++) {
        if (pairs.start(stripe, STRIPES) < pairs.start(stripe + 1, STRIPES)) {
          productGradients[stripe].get(j, part, 0, outputs);
          RowKernels.add(sum, part);
        }
      }
      productGradients[0].put(j, sum, 0, outputs);
    }
  }

  /** What the stripes leave to the sums by node, for every pair of a batch. */
  static final class PairValues {
    float[][] rows = {}; // [n][width], gradients of the pairs' rows
    float[][] attention = {}; // [n][positions·slots], A_h(t) at t·slots + h
    float[][] products = {}; // the same shape, gradient · T_h(t)

    private void reserve(int n, int width, int terms) {
      if (rows.length < n) {
        rows = new float[n][width];
        attention = new float[n][terms];
        products = new float[n][terms];
      }
    }
  }
}
