package org.grokscope.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.grokscope.task.LineBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The model that reads lines, as its formulas are written, over ND4J: the one to look into, and to
 * hold {@link FastReader} to.
 *
 * <p>Read {@link ReaderConfig} for the model, then {@code ReaderPass}, {@code Block}, {@code
 * Attention}, {@code Mlp} and {@code LayerNorm}. Documents are computed some at a time, so that
 * memory does not grow with the batch; only {@link #logits(LineBatch, Map)} takes a batch whole, so
 * that a hook sees all of it. One instance serves one thread at a time.
 */
public final class ReferenceReader implements LineReader {
  private static final int POSITIONS_AT_A_TIME = 3072;

  private final ReaderConfig config;
  private final Parameters parameters;
  private final DataType type;
  private final Parameters gradients;
  private final GradientSum gradientSum;
  private final NativeMemory memory = new NativeMemory("reader");

  private ReferenceReader(ReaderConfig config, Parameters parameters, DataType type) {
    this.config = config;
    this.parameters = parameters;
    this.type = type;
    this.gradients = Parameters.zeros(config.layout());
    this.gradientSum = new GradientSum(config.layout());
  }

  /**
   * A model that computes in float32.
   *
   * @param parameters its live weights; not copied
   * @throws IllegalArgumentException if the parameters are not those of {@code config}
   */
  public static ReferenceReader of(ReaderConfig config, Parameters parameters) {
    return of(config, parameters, DataType.FLOAT);
  }

  /**
   * A model that computes in the precision asked for; parameters and {@link #gradients()} stay
   * float32.
   *
   * @param type {@code FLOAT} or {@code DOUBLE}
   * @throws IllegalArgumentException if the parameters are not those of {@code config}, or the
   *     precision is another
   */
  public static ReferenceReader of(ReaderConfig config, Parameters parameters, DataType type) {
    Objects.requireNonNull(config, "config");
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException(
          "reference reader: got the precision " + type + ", expected FLOAT or DOUBLE");
    }
    LineReader.requireParameters("reference reader", config, parameters);
    return new ReferenceReader(config, parameters, type);
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
    LineReader.requireFits(config, batch);
    return lossOfParts(batch, false);
  }

  @Override
  public double lossAndGradients(LineBatch batch) {
    LineReader.requireFits(config, batch);
    gradientSum.clear();
    double loss = lossOfParts(batch, true);
    gradientSum.roundInto(gradients);
    return loss;
  }

  @Override
  public INDArray logits(LineBatch batch) {
    return logits(batch, Map.of());
  }

  /**
   * The logits of the next token at every position, with activations changed on their way
   * (activation patching).
   *
   * @param hooks by the name of the activation, what to go on with in its place, of the same shape;
   *     names as in {@link ReaderConfig#activations()}, shapes as in {@link ActivationCache}; it
   *     sees all documents at once
   * @return (B, T, vocabulary), in the precision of the model
   * @throws IllegalArgumentException if the batch does not fit the model, there is no activation of
   *     a name, or a hook returns another shape
   */
  public INDArray logits(LineBatch batch, Map<String, UnaryOperator<INDArray>> hooks) {
    LineReader.requireFits(config, batch);
    requireActivations(hooks.keySet());
    HookPoints points =
        (name, activation) -> {
          UnaryOperator<INDArray> hook = hooks.get(name);
          return hook == null ? activation : ReferenceTransformer.replaced(name, activation, hook);
        };
    if (!hooks.isEmpty()) {
      return NativeMemory.passing(() -> documents(pass(batch).forward(points), batch.size()));
    }
    INDArray logits =
        Nd4j.createUninitialized(type, batch.size(), config.length(), config.vocabulary());
    for (Part part : parts(batch)) {
      memory.reused(
          () -> {
            INDArray rows = pass(part.documents()).forward(points);
            return part.of(logits).assign(documents(rows, part.documents().size()));
          });
    }
    return logits;
  }

  /** (n·T, vocabulary) as (n, T, vocabulary). */
  private INDArray documents(INDArray rows, long n) {
    return rows.reshape('c', n, config.length(), config.vocabulary());
  }

  /**
   * One activation at every position.
   *
   * @throws IllegalArgumentException if the batch does not fit the model or there is no activation
   *     of this name
   */
  public INDArray activation(LineBatch batch, String name) {
    return runWithCache(batch, List.of(name)).get(name);
  }

  /**
   * The activations asked for, by name.
   *
   * @throws IllegalArgumentException if the batch does not fit the model or there is no activation
   *     of a name
   */
  public Map<String, INDArray> runWithCache(LineBatch batch, Collection<String> names) {
    LineReader.requireFits(config, batch);
    requireActivations(names);
    Map<String, INDArray> cache = new HashMap<>();
    for (Part part : parts(batch)) {
      HookPoints points =
          (name, activation) -> {
            if (names.contains(name)) {
              INDArray whole = cache.computeIfAbsent(name, unseen -> room(activation, batch));
              part.of(whole).assign(activation);
            }
            return activation;
          };
      memory.reused(() -> pass(part.documents()).forward(points));
    }
    return cache;
  }

  /** The gradients of the last {@link #lossAndGradients} call before rounding; a copy. */
  double[] gradientsInDouble() {
    return gradientSum.values().clone();
  }

  @Override
  public void close() {
    memory.release();
  }

  private void requireActivations(Collection<String> names) {
    List<String> known = config.activations();
    for (String name : names) {
      if (!known.contains(name)) {
        throw ActivationCache.unknown(name, known);
      }
    }
  }

  private double lossOfParts(LineBatch batch, boolean withGradients) {
    double total = LineReader.totalWeight(batch);
    double loss = 0;
    for (Part part : parts(batch)) {
      loss += memory.reused(() -> lossOf(part.documents(), total, withGradients));
    }
    return loss;
  }

  /** What some documents add to the mean loss, and to the gradients. */
  private double lossOf(LineBatch documents, double totalWeight, boolean withGradients) {
    ReaderPass pass = pass(documents);
    CrossEntropy loss =
        CrossEntropy.of(
            pass.forward(HookPoints.NONE), documents.targets(), documents.weights(), totalWeight);
    if (withGradients) {
      pass.backward(loss.gradient().castTo(type), gradientSum);
    }
    return loss.loss();
  }

  private ReaderPass pass(LineBatch documents) {
    return new ReaderPass(config, new Weights(parameters, type), documents);
  }

  /** Some documents of a batch, the first of them at index {@code from}. */
  private record Part(int from, LineBatch documents) {
    INDArray of(INDArray whole) {
      return whole.get(NDArrayIndex.interval(from, from + documents.size()));
    }
  }

  private List<Part> parts(LineBatch batch) {
    int size = Math.max(1, POSITIONS_AT_A_TIME / config.length());
    List<Part> parts = new ArrayList<>();
    for (int from = 0; from < batch.size(); from += size) {
      int to = Math.min(from + size, batch.size());
      parts.add(new Part(from, batch.documents(from, to)));
    }
    return parts;
  }

  /** Lasting memory for the activations of all documents, of which some are shown. */
  private static INDArray room(INDArray part, LineBatch batch) {
    long[] shape = Arrays.copyOf(part.shape(), part.rank());
    shape[0] = batch.size();
    return NativeMemory.lasting(() -> Nd4j.createUninitialized(part.dataType(), shape));
  }
}
