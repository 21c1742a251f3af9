package org.grokscope.model;

import java.util.Arrays;
import org.grokscope.task.Batch;
import org.grokscope.task.BatchLoss;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The fast path of models that answer everywhere: what {@link ReferenceTransformer} computes, in
 * float32 with native matrix products, attention over the keys that a query sees only, scales and
 * shifts of norms drawn into the maps that read them, and queries, keys and values of the first
 * layer computed once a token.
 *
 * <p>A batch is cut into pieces of a fixed number of documents, which threads share out; each has
 * its own gradients, added up in the order of the pieces. So the results do not depend on the
 * number of threads.
 */
public final class PreNormTransformer extends AbstractTransformer {
  static final String EXACT_FOR =
      "ReLU models with LayerNorm and biases, without positions, that answer everywhere";

  private static final int SEQUENCES =
      4; // a piece; its rows and their products then stay near the processor

  private final Workers workers;
  private final FastWeights weights;
  private final FastPiece[] scratch; // one a thread
  private float[][] ofPieces = new float[0][]; // gradients of each piece

  private PreNormTransformer(ModelConfig config, Parameters parameters, int threads, Loss loss) {
    super("fast path", config, parameters);
    this.workers = Workers.of(threads);
    this.weights = new FastWeights(config);
    this.scratch = new FastPiece[threads];
    for (int i = 0; i < threads; i++) {
      scratch[i] = new FastPiece(config, weights, loss, SEQUENCES * config.contextLength());
    }
  }

  /**
   * A model on some threads; results do not depend on their number.
   *
   * @param parameters its live weights; not copied
   * @throws IllegalArgumentException if the path is not exact for this model, the parameters are
   *     not its, or there is no thread
   */
  public static PreNormTransformer of(ModelConfig config, Parameters parameters, int threads) {
    return of(config, parameters, threads, StandardLoss.CROSS_ENTROPY);
  }

  /** The same with another loss. */
  public static PreNormTransformer of(
      ModelConfig config, Parameters parameters, int threads, Loss loss) {
    ComputationPath.requireExact(refusal(config), EXACT_FOR);
    return new PreNormTransformer(config, parameters, threads, loss);
  }

  /** Whether this path is exact for a model. */
  public static boolean accepts(ModelConfig config) {
    return refusal(config).isEmpty();
  }

  static String refusal(ModelConfig config) {
    ModelShape shape = config.shape();
    if (shape.answers() != ModelShape.Answer.EVERYWHERE) {
      return "a model that answers at the last position";
    }
    if (shape.positions()) {
      return "position embeddings";
    }
    if (!shape.layerNorm() || !shape.biases()) {
      return "a model without LayerNorm or biases";
    }
    return shape.activation() == Activation.RELU ? "" : "the activation " + shape.activation();
  }

  @Override
  public BatchLoss loss(Batch batch, Noise noise) {
    return sum(batch, noise, false);
  }

  @Override
  public BatchLoss lossAndGradients(Batch batch, Noise noise) {
    BatchLoss loss = sum(batch, noise, true);
    for (int piece = 1; piece < pieces(batch); piece++) {
      RowKernels.add(ofPieces[0], ofPieces[piece]);
    }
    weights.unpack(ofPieces[0], parameters.values(), gradients.values());
    return loss;
  }

  @Override
  public INDArray logits(Batch batch) {
    FastPiece.Input input = prepare(batch, Noise.NONE);
    int outputs = config.outputs();
    float[] logits = new float[batch.size() * config.contextLength() * outputs];
    workers.forEach(
        pieces(batch),
        (piece, worker) -> {
          int first = piece * SEQUENCES * config.contextLength();
          int rows = rows(batch, piece);
          float[] part = scratch[worker].logits(parameters.values(), input, first, rows);
          System.arraycopy(part, 0, logits, first * outputs, rows * outputs);
        });
    return NativeValues.array(logits, batch.size(), config.contextLength(), outputs);
  }

  @Override
  public void close() {
    workers.close();
    for (FastPiece piece : scratch) {
      piece.free();
    }
    weights.free();
  }

  private FastPiece.Input prepare(Batch batch, Noise noise) {
    requireFits(batch);
    MatrixProducts.here().holdToOneThread();
    weights.pack(parameters.values());
    return FastPiece.Input.of(config, batch, noise);
  }

  private BatchLoss sum(Batch batch, Noise noise, boolean withGradients) {
    FastPiece.Input input = prepare(batch, noise);
    int pieces = pieces(batch);
    if (withGradients && ofPieces.length < pieces) {
      ofPieces = Arrays.copyOf(ofPieces, pieces);
    }
    double[] losses = new double[pieces];
    int[] correct = new int[pieces];
    int[] asked = new int[pieces];
    workers.forEach(
        pieces,
        (piece, worker) -> {
          float[] own = withGradients ? gradientsOf(piece) : null;
          int first = piece * SEQUENCES * config.contextLength();
          losses[piece] =
              scratch[worker].loss(parameters.values(), input, first, rows(batch, piece), own);
          correct[piece] = scratch[worker].correct();
          asked[piece] = scratch[worker].asked();
        });
    double loss = 0;
    for (double part : losses) {
      loss += part;
    }
    return new BatchLoss(loss, Arrays.stream(correct).sum(), Arrays.stream(asked).sum());
  }

  private float[] gradientsOf(int piece) {
    if (ofPieces[piece] == null) {
      ofPieces[piece] = new float[weights.size()];
    }
    return ofPieces[piece];
  }

  private static int pieces(Batch batch) {
    return (batch.size() + SEQUENCES - 1) / SEQUENCES;
  }

  private int rows(Batch batch, int piece) {
    return Math.min(SEQUENCES, batch.size() - piece * SEQUENCES) * config.contextLength();
  }
}
