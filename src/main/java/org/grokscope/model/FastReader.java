package org.grokscope.model;

import java.util.Arrays;
import java.util.Objects;
import org.grokscope.task.LineBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The model that reads lines, fast: what {@link ReferenceReader} computes, in float32 with native
 * matrix products, attention over the keys that a query sees only, scales and shifts of norms drawn
 * into the maps that read them, and queries, keys and values of the first layer computed once a
 * token.
 *
 * <p>A batch is cut into pieces of a fixed number of documents, which threads share out; each has
 * its own gradients, added up in the order of the pieces. So the results do not depend on the
 * number of threads.
 */
public final class FastReader implements LineReader {
  private static final int DOCUMENTS =
      4; // a piece; its rows and their products then stay near the processor

  private final ReaderConfig config;
  private final Parameters parameters;
  private final Parameters gradients;
  private final Workers workers;
  private final ReaderWeights weights;
  private final ReaderPiece[] scratch; // one a thread
  private float[][] ofPieces = new float[0][]; // gradients of each piece

  private FastReader(ReaderConfig config, Parameters parameters, int threads) {
    this.config = config;
    this.parameters = parameters;
    this.gradients = Parameters.zeros(config.layout());
    this.workers = new Workers(threads);
    this.weights = new ReaderWeights(config);
    this.scratch = new ReaderPiece[threads];
    for (int i = 0; i < threads; i++) {
      scratch[i] = new ReaderPiece(config, weights, DOCUMENTS * config.length());
    }
  }

  /**
   * A model on some threads; results do not depend on their number.
   *
   * @param parameters its live weights; not copied
   * @throws IllegalArgumentException if the parameters are not those of {@code config}, or there is
   *     no thread
   */
  public static FastReader of(ReaderConfig config, Parameters parameters, int threads) {
    Objects.requireNonNull(config, "config");
    LineReader.requireParameters("fast reader", config, parameters);
    return new FastReader(config, parameters, threads);
  }

  @Override
  public ReaderConfig config() {
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
  public double loss(LineBatch batch) {
    return sum(batch, false);
  }

  @Override
  public double lossAndGradients(LineBatch batch) {
    double loss = sum(batch, true);
    for (int piece = 1; piece < pieces(batch); piece++) {
      RowKernels.add(ofPieces[0], ofPieces[piece]);
    }
    weights.unpack(ofPieces[0], parameters.values(), gradients.values());
    return loss;
  }

  @Override
  public INDArray logits(LineBatch batch) {
    ReaderPiece.Input input = prepare(batch);
    float[] logits = new float[batch.size() * config.length() * config.vocabulary()];
    workers.forEach(
        pieces(batch),
        (piece, worker) -> {
          int first = piece * DOCUMENTS * config.length();
          int rows = rows(batch, piece);
          float[] part = scratch[worker].logits(parameters.values(), input, first, rows);
          System.arraycopy(
              part, 0, logits, first * config.vocabulary(), rows * config.vocabulary());
        });
    return NativeValues.array(logits, batch.size(), config.length(), config.vocabulary());
  }

  @Override
  public void close() {
    workers.close();
    for (ReaderPiece piece : scratch) {
      piece.free();
    }
    weights.free();
  }

  private ReaderPiece.Input prepare(LineBatch batch) {
    LineReader.requireFits(config, batch);
    Blas.holdToOneThread();
    weights.pack(parameters.values());
    return ReaderPiece.Input.of(config, batch);
  }

  private double sum(LineBatch batch, boolean withGradients) {
    ReaderPiece.Input input = prepare(batch);
    int pieces = pieces(batch);
    if (withGradients && ofPieces.length < pieces) {
      ofPieces = Arrays.copyOf(ofPieces, pieces);
    }
    double[] losses = new double[pieces];
    workers.forEach(
        pieces,
        (piece, worker) -> {
          float[] own = withGradients ? gradientsOf(piece) : null;
          int first = piece * DOCUMENTS * config.length();
          losses[piece] =
              scratch[worker].loss(parameters.values(), input, first, rows(batch, piece), own);
        });
    double loss = 0;
    for (double part : losses) {
      loss += part;
    }
    return loss;
  }

  private float[] gradientsOf(int piece) {
    if (ofPieces[piece] == null) {
      ofPieces[piece] = new float[weights.size()];
    }
    return ofPieces[piece];
  }

  private static int pieces(LineBatch batch) {
    return (batch.size() + DOCUMENTS - 1) / DOCUMENTS;
  }

  private int rows(LineBatch batch, int piece) {
    return Math.min(DOCUMENTS, batch.size() - piece * DOCUMENTS) * config.length();
  }
}
