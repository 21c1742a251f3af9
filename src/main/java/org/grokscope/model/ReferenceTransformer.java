package org.grokscope.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.grokscope.task.Batch;
import org.grokscope.task.BatchLoss;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The transformer as its formulas are written, layer by layer over ND4J: any number of layers,
 * heads and widths, with everything that {@link ModelShape} can say.
 *
 * <p>Read {@link Transformer} for the model, then {@code Pass}, {@code Block}, {@code Attention},
 * {@code Mlp}, {@code LayerNorm} and {@link StandardLoss}: each shows its equations forward and
 * backward. A batch is computed in parts of a fixed number of positions, added up in double, so
 * memory does not grow with the batch; only {@link #logits(Batch, Map)} takes it whole, so that a
 * hook sees all of it.
 *
 * <p>One instance serves one thread at a time.
 */
public final class ReferenceTransformer extends AbstractTransformer {
  private static final int POSITIONS_AT_A_TIME = 3072;

  private final DataType type;
  private final Loss loss;
  private final GradientSum gradientSum;
  private final NativeMemory memory = new NativeMemory("reference");

  private ReferenceTransformer(
      ModelConfig config, Parameters parameters, DataType type, Loss loss) {
    super("reference transformer", config, parameters);
    this.type = type;
    this.loss = Objects.requireNonNull(loss, "loss");
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
    return of(config, parameters, type, StandardLoss.CROSS_ENTROPY);
  }

  /** The same with another loss. */
  public static ReferenceTransformer of(
      ModelConfig config, Parameters parameters, DataType type, Loss loss) {
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException(
          "reference transformer: got the precision " + type + ", expected FLOAT or DOUBLE");
    }
    return new ReferenceTransformer(config, parameters, type, loss);
  }

  @Override
  public BatchLoss loss(Batch batch, Noise noise) {
    return sumOverParts(batch, noise, false);
  }

  @Override
  public BatchLoss lossAndGradients(Batch batch, Noise noise) {
    requireFits(batch);
    gradientSum.clear();
    BatchLoss loss = sumOverParts(batch, noise, true);
    gradientSum.roundInto(gradients);
    return loss;
  }

  @Override
  public INDArray logits(Batch batch) {
    return runWithCache(batch, List.of()).logits();
  }

  /**
   * The logits, with activations changed on their way (activation patching).
   *
   * @param hooks by the name of the activation, what to go on with in its place; it may change its
   *     argument or return another array of the same shape. Names and shapes as in {@link
   *     ActivationCache}. A hook sees the whole batch at once.
   * @return (n, outputs), or (n, T, outputs) of a model that answers everywhere, in the precision
   *     of the model
   * @throws IllegalArgumentException if the batch does not fit the model, there is no activation of
   *     a name, or a hook returns another shape
   */
  public INDArray logits(Batch batch, Map<String, UnaryOperator<INDArray>> hooks) {
    requireFits(batch);
    requireActivations(hooks.keySet());
    if (hooks.isEmpty()) {
      return logits(batch);
    }
    HookPoints points =
        (name, activation) -> {
          UnaryOperator<INDArray> hook = hooks.get(name);
          return hook == null ? activation : replaced(name, activation, hook);
        };
    Part whole = new Part(0, batch);
    return NativeMemory.passing(
        () -> shaped(pass(whole, true, Noise.NONE).forward(points), batch.size()));
  }

  /** Logits as they are handed out: by sequence, and where every position answers by position. */
  private INDArray shaped(INDArray rows, long n) {
    return config.shape().answers() == ModelShape.Answer.AT_THE_LAST
        ? rows
        : rows.reshape('c', n, config.contextLength(), config.outputs());
  }

  /**
   * One activation of every sequence.
   *
   * @throws IllegalArgumentException as {@link #runWithCache}
   */
  public INDArray activation(Batch batch, String name) {
    return cached(batch, List.of(name), false).get(name);
  }

  /**
   * The logits and every activation on their way.
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  public ActivationCache runWithCache(Batch batch) {
    return runWithCache(batch, config.activations());
  }

  /**
   * The logits and the activations asked for.
   *
   * @param names of the activations, as in {@link ActivationCache}
   * @throws IllegalArgumentException if the batch does not fit the model or there is no activation
   *     of a name
   */
  public ActivationCache runWithCache(Batch batch, Collection<String> names) {
    return cached(batch, names, true);
  }

  /** The same, with or without the logits, which are many where the vocabulary is large. */
  private ActivationCache cached(Batch batch, Collection<String> names, boolean withLogits) {
    requireFits(batch);
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
          () -> {
            INDArray rows = pass(part, looking, Noise.NONE).forward(points);
            return withLogits
                ? cache.putLogits(part.from(), shaped(rows, part.batch().size()))
                : rows;
          });
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
    List<String> known = config.activations();
    for (String name : names) {
      if (!known.contains(name)) {
        throw ActivationCache.unknown(name, known);
      }
    }
  }

  private BatchLoss sumOverParts(Batch batch, Noise noise, boolean withGradients) {
    requireFits(batch);
    double total = batch.totalWeight();
    double mean = 0;
    int correct = 0;
    int asked = 0;
    for (Part part : parts(batch)) {
      double weight = part.batch().totalWeight();
      if (weight > 0) {
        double share = weight / total;
        BatchLoss ofPart = memory.reused(() -> lossOf(part, noise, weight, share, withGradients));
        mean += share * ofPart.loss();
        correct += ofPart.correct();
        asked += ofPart.size();
      }
    }
    return new BatchLoss(mean, correct, asked);
  }

  /** The loss of a part, whose gradients count for their share of the whole batch. */
  private BatchLoss lossOf(
      Part part, Noise noise, double weight, double share, boolean withGradients) {
    Batch batch = part.batch();
    Pass pass = pass(part, false, noise);
    boolean last = config.shape().answers() == ModelShape.Answer.AT_THE_LAST;
    double[] weights = last ? ones(batch.size()) : batch.weights();
    int[] targets = last ? batch.labels() : batch.targets();
    LossOfLogits result =
        LossOfLogits.of(pass.forward(HookPoints.NONE), targets, weights, weight, loss);
    if (withGradients) {
      pass.backward(result.gradient().muli(share).castTo(type), gradientSum);
    }
    return result.batchLoss();
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private Pass pass(Part part, boolean everyPosition, Noise noise) {
    Weights weights = new Weights(parameters, type);
    return new Pass(config, weights, part.batch(), everyPosition, noise, part.from());
  }

  /** Sequences of a batch that follow one another, the first of them at index {@code from}. */
  private record Part(int from, Batch batch) {}

  /** The batch in order, a fixed number of sequences at a time. */
  private List<Part> parts(Batch batch) {
    int size = Math.max(1, POSITIONS_AT_A_TIME / config.contextLength());
    List<Part> parts = new ArrayList<>();
    for (int from = 0; from < batch.size(); from += size) {
      parts.add(new Part(from, batch.part(from, Math.min(from + size, batch.size()))));
    }
    return parts;
  }

  private static INDArray replaced(String name, INDArray activation, UnaryOperator<INDArray> hook) {
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
