package org.grokscope.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.grokscope.task.TokenSequences;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The transformer as its formulas are written, layer by layer over ND4J: any number of layers,
 * heads and widths, with LayerNorm or without, causal or not.
 *
 * <p>Read {@link Transformer} for the model, then {@code Pass}, {@code Block}, {@code Attention},
 * {@code Mlp}, {@code LayerNorm} and {@link CrossEntropy}: each shows its equations forward and
 * backward. A batch is computed in parts of a fixed number of positions, added up in double, so
 * memory does not grow with the batch; only {@link #logits(TokenSequences, Map)} takes it whole, so
 * that a hook sees all of it.
 *
 * <p>One instance serves one thread at a time.
 */
public final class ReferenceTransformer implements Transformer {
  private static final int POSITIONS_AT_A_TIME = 3072;

  private final ModelConfig config;
  private final Parameters parameters;
  private final DataType type;
  private final Parameters gradients;
  private final GradientSum gradientSum;
  private final NativeMemory memory = new NativeMemory("reference");

  private ReferenceTransformer(ModelConfig config, Parameters parameters, DataType type) {
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
  public static ReferenceTransformer of(ModelConfig config, Parameters parameters) {
    return of(config, parameters, DataType.FLOAT);
  }

  /**
   * A model that computes in the precision asked for. Parameters and {@link #gradients()} stay
   * float32.
   *
   * @param parameters its live weights; not copied
   * @param type {@code FLOAT} or {@code DOUBLE}
   * @throws IllegalArgumentException if the parameters are not those of {@code config}, or the
   *     precision is another
   */
  public static ReferenceTransformer of(ModelConfig config, Parameters parameters, DataType type) {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(parameters, "parameters");
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException(
          "reference transformer: got the precision " + type + ", expected FLOAT or DOUBLE");
    }
    if (!parameters.layout().equals(config.layout())) {
      throw new IllegalArgumentException(
          "reference transformer: got parameters "
              + parameters.layout().slots()
              + ", expected those of "
              + config
              + ", "
              + config.layout().slots());
    }
    return new ReferenceTransformer(config, parameters, type);
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
    return sumOverParts(batch, false);
  }

  @Override
  public BatchLoss lossAndGradients(TokenSequences batch) {
    Transformer.requireFits(config, batch);
    gradientSum.clear();
    BatchLoss loss = sumOverParts(batch, true);
    gradientSum.roundInto(gradients);
    return loss;
  }

  @Override
  public INDArray logits(TokenSequences batch) {
    return runWithCache(batch, List.of()).logits();
  }

  /**
   * The logits at the last position, with activations changed on their way (activation patching).
   *
   * @param hooks by the name of the activation, what to go on with in its place; it may change its
   *     argument or return another array of the same shape. Names and shapes as in {@link
   *     ActivationCache}.
   * @return (n, outputs), in the precision of the model
   * @throws IllegalArgumentException if the batch does not fit the model, there is no activation of
   *     a name, or a hook returns another shape
   */
  public INDArray logits(TokenSequences batch, Map<String, UnaryOperator<INDArray>> hooks) {
    Transformer.requireFits(config, batch);
    requireActivations(hooks.keySet());
    HookPoints points =
        (name, activation) -> {
          UnaryOperator<INDArray> hook = hooks.get(name);
          return hook == null ? activation : replaced(name, activation, hook);
        };
    return NativeMemory.passing(() -> pass(batch, !hooks.isEmpty()).forward(points));
  }

  /**
   * The logits and every activation on their way.
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  public ActivationCache runWithCache(TokenSequences batch) {
    return runWithCache(batch, ActivationCache.names(config.shape()));
  }

  /**
   * The logits and the activations asked for.
   *
   * @param names of the activations, as in {@link ActivationCache}
   * @throws IllegalArgumentException if the batch does not fit the model or there is no activation
   *     of a name
   */
  public ActivationCache runWithCache(TokenSequences batch, Collection<String> names) {
    Transformer.requireFits(config, batch);
    requireActivations(names);
    ActivationCache cache = new ActivationCache(batch.size());
    for (Part part : parts(batch)) {
      HookPoints points =
          (name, activation) -> {
            if (names.contains(name)) {
              cache.put(name, part.from(), activation);
            }
            return activation;
          };
      boolean looking = !names.isEmpty();
      memory.reused(
          () -> cache.putLogits(part.from(), pass(part.batch(), looking).forward(points)));
    }
    return cache;
  }

  /** Lets this thread's native memory go; the parameters stay readable. */
  @Override
  public void close() {
    memory.release();
  }

  /** The gradients of the last {@link #lossAndGradients} call before rounding; a copy. */
  double[] gradientsInDouble() {
    return gradientSum.values().clone();
  }

  private void requireActivations(Collection<String> names) {
    List<String> known = ActivationCache.names(config.shape());
    for (String name : names) {
      if (!known.contains(name)) {
        throw ActivationCache.unknown(name, known);
      }
    }
  }

  private BatchLoss sumOverParts(TokenSequences batch, boolean withGradients) {
    Transformer.requireFits(config, batch);
    double loss = 0;
    int correct = 0;
    for (Part part : parts(batch)) {
      double share = (double) part.batch().size() / batch.size();
      BatchLoss partLoss = memory.reused(() -> partLoss(part.batch(), share, withGradients));
      loss += share * partLoss.loss();
      correct += partLoss.correct();
    }
    return new BatchLoss(loss, correct, batch.size());
  }

  /** The loss of a part, whose gradients count for their share of the whole batch. */
  private BatchLoss partLoss(TokenSequences batch, double share, boolean withGradients) {
    Pass pass = pass(batch, false);
    CrossEntropy loss = CrossEntropy.of(pass.forward(HookPoints.NONE), batch.labels());
    if (withGradients) {
      pass.backward(loss.gradient().muli(share).castTo(type), gradientSum);
    }
    return loss.batchLoss();
  }

  private Pass pass(TokenSequences batch, boolean everyPosition) {
    return new Pass(config, new Weights(parameters, type), batch, everyPosition);
  }

  /** Sequences of a batch that follow one another, the first of them at index {@code from}. */
  private record Part(int from, TokenSequences batch) {}

  /** The batch in order, a fixed number of sequences at a time. */
  private List<Part> parts(TokenSequences batch) {
    int size = Math.max(1, POSITIONS_AT_A_TIME / config.contextLength());
    List<Part> parts = new ArrayList<>();
    for (int from = 0; from < batch.size(); from += size) {
      int to = Math.min(from + size, batch.size());
      parts.add(new Part(from, batch.select(IntStream.range(from, to).toArray())));
    }
    return parts;
  }

  static INDArray replaced(String name, INDArray activation, UnaryOperator<INDArray> hook) {
    INDArray value = NativeMemory.lasting(() -> hook.apply(activation.dup('c')));
    if (value == null || !Arrays.equals(value.shape(), activation.shape())) {
      throw new IllegalArgumentException(
          "hook "
              + name
              + ": returned "
              + (value == null ? "null" : "shape " + Arrays.toString(value.shape()))
              + ", expected shape "
              + Arrays.toString(activation.shape()));
    }
    return value.castTo(activation.dataType()).dup('c');
  }
}
