package org.grokscope.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ActivationCache;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.Batch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Direct logit attribution: which part of a one-layer model says what. The residual stream at the
 * last position is a sum and W_U is linear, so the logits are the sum of
 *
 * <pre>
 *   embedding      x W_U, the skip path: x = W_E[=] + W_pos[2], or without attention the sum of
 *                  all tokens' and positions' embeddings
 *   head h         z_h W_O[h] W_U
 *   neurons k      Σ_j N_j W_out[j] W_U over the neurons j of frequency k
 *   other neurons  the same over the neurons of no frequency
 *   bias           b_out W_U
 * </pre>
 *
 * <p>This is exact: in float64 from float32 weights the contributions add up to the logits.
 * Contributions are to the p residues; the column of '=' is dropped. A number added to all logits
 * of a question changes no answer, so what counts is by how much a part prefers the right answer to
 * the mean of the others: {@link #table()} shows that.
 *
 * <p>Source: Elhage et al. (2021), "A Mathematical Framework for Transformer Circuits".
 */
public final class LogitAttribution {
  private static final String BLOCK = "blocks.0.";
  private static final String EMBEDDING = "embedding";
  private static final String OTHER_NEURONS = "other neurons";
  private static final String BIAS = "bias";
  private static final int AT_A_TIME = 1024;

  private final Batch questions;
  private final Map<String, INDArray> contributions; // by component in order, (n, p) DOUBLE

  private LogitAttribution(Batch questions, Map<String, INDArray> contributions) {
    this.questions = questions;
    this.contributions = contributions;
  }

  /**
   * Takes the answers to some questions apart, neurons by the frequency that they are a wave of.
   *
   * @param threshold a neuron counts as of its strongest frequency if more than this share of its
   *     energy is there, such as {@link NeuronFrequencies#EXPLAINED}
   * @throws IllegalArgumentException as {@link #of(Checkpoint, Batch, Map)}
   */
  public static LogitAttribution of(
      Checkpoint checkpoint, Batch questions, NeuronFrequencies neurons, double threshold) {
    Map<Integer, Integer> frequencies =
        IntStream.range(0, neurons.size())
            .filter(j -> neurons.largest(j) > threshold)
            .boxed()
            .collect(Collectors.toMap(j -> j, neurons::strongest));
    return of(checkpoint, questions, frequencies);
  }

  /**
   * Takes the answers to some questions apart, neurons in groups of one's own.
   *
   * @param questions such as {@code checkpoint.test()}; memory grows by components · n · p numbers
   * @param frequencies from a neuron's number to its frequency; a neuron that is not there counts
   *     as of none
   * @throws IllegalArgumentException if the model has more layers or LayerNorm, the questions do
   *     not fit it, or there is no such neuron or frequency
   */
  public static LogitAttribution of(
      Checkpoint checkpoint, Batch questions, Map<Integer, Integer> frequencies) {
    requireLinear(checkpoint.config().shape());
    Map<String, List<Integer>> groups = groups(checkpoint, frequencies);
    Map<String, INDArray> contributions = new LinkedHashMap<>();
    try (ReferenceTransformer model =
        ReferenceTransformer.of(checkpoint.config(), checkpoint.parameters(), DataType.DOUBLE)) {
      for (int from = 0; from < Math.max(1, questions.size()); from += AT_A_TIME) {
        int to = Math.min(from + AT_A_TIME, questions.size());
        Batch some = questions.select(IntStream.range(from, to).toArray());
        Map<String, INDArray> part = contributions(checkpoint, model, some, groups);
        for (Map.Entry<String, INDArray> entry : part.entrySet()) {
          contributions
              .computeIfAbsent(
                  entry.getKey(),
                  name -> Nd4j.zeros(DataType.DOUBLE, questions.size(), checkpoint.p()))
              .get(NDArrayIndex.interval(from, to))
              .assign(entry.getValue());
        }
      }
    }
    return new LogitAttribution(questions, contributions);
  }

  /** The components, in the order of computation; neurons by ascending frequency. */
  public List<String> components() {
    return List.copyOf(contributions.keySet());
  }

  /**
   * What one component adds to the logits, (n, p) DOUBLE; a copy.
   *
   * @param component such as {@code head 0} or {@code neurons 14}
   * @throws IllegalArgumentException if there is none of this name
   */
  public INDArray of(String component) {
    INDArray contribution = contributions.get(component);
    if (contribution == null) {
      throw new IllegalArgumentException(
          "logit attribution: got the component '"
              + component
              + "', expected one of "
              + String.join(", ", components()));
    }
    return contribution.dup();
  }

  /** The sum of all contributions, which is the logits, (n, p) DOUBLE. */
  public INDArray logits() {
    return contributions.values().stream().reduce(INDArray::add).orElseThrow();
  }

  /**
   * Means over the questions, one row a component and one for their sum: {@code component}, {@code
   * right} (contribution to the right answer), {@code others} (mean contribution to the p−1 other
   * answers) and {@code difference}, right − others. Each column adds up to its last row.
   */
  public Table table() {
    StringColumn names = StringColumn.create("component");
    DoubleColumn right = DoubleColumn.create("right");
    DoubleColumn others = DoubleColumn.create("others");
    DoubleColumn difference = DoubleColumn.create("difference");
    Map<String, INDArray> rows = new LinkedHashMap<>(contributions);
    rows.put("logits", logits());
    rows.forEach(
        (name, contribution) -> {
          int p = Math.toIntExact(contribution.size(1));
          double toRight = 0;
          for (int i = 0; i < questions.size(); i++) {
            toRight += contribution.getDouble(i, questions.label(i)) / questions.size();
          }
          double toAll = contribution.sumNumber().doubleValue() / questions.size();
          double toOthers = (toAll - toRight) / (p - 1);
          names.append(name);
          right.append(toRight);
          others.append(toOthers);
          difference.append(toRight - toOthers);
        });
    return Table.create("logit attribution", names, right, others, difference);
  }

  /** What each component adds to the logits of a few questions. */
  private static Map<String, INDArray> contributions(
      Checkpoint checkpoint,
      ReferenceTransformer model,
      Batch questions,
      Map<String, List<Integer>> groups) {
    ModelShape shape = checkpoint.config().shape();
    Parameters weights = checkpoint.parameters();
    INDArray unembedding =
        weight(weights, "W_U")
            .get(NDArrayIndex.all(), NDArrayIndex.interval(0, checkpoint.p()))
            .dup('c');
    ActivationCache cache = model.runWithCache(questions);
    Map<String, INDArray> streams = new LinkedHashMap<>(); // (n, d_model)
    streams.put(EMBEDDING, last(cache.get(BLOCK + "hook_resid_pre")));
    if (shape.attends()) {
      INDArray heads = last(cache.get(BLOCK + "attn.hook_z")); // (n, heads·d_head)
      INDArray wO = weight(weights, "W_O").reshape('c', heads.size(1), shape.dModel());
      for (int h = 0; h < shape.heads(); h++) {
        int[] columns = IntStream.range(h * shape.dHead(), (h + 1) * shape.dHead()).toArray();
        streams.put("head " + h, heads.getColumns(columns).mmul(wO.getRows(columns)));
      }
    }
    INDArray neurons = last(cache.get(BLOCK + "mlp.hook_post")); // (n, d_mlp)
    INDArray wOut = weight(weights, "W_out");
    groups.forEach(
        (name, group) -> {
          int[] columns = group.stream().mapToInt(Integer::intValue).toArray();
          streams.put(name, neurons.getColumns(columns).mmul(wOut.getRows(columns)));
        });
    INDArray bias = weight(weights, "b_out").reshape(1, shape.dModel());
    streams.put(BIAS, bias.repeat(0, questions.size()));
    streams.replaceAll((name, stream) -> stream.mmul(unembedding));
    return streams;
  }

  /** The last position of (n, T, …), as (n, rest). */
  private static INDArray last(INDArray activation) {
    long n = activation.size(0);
    long positions = activation.size(1);
    long width = activation.length() / n / positions;
    INDArray rows = activation.reshape('c', n, positions * width);
    return rows.get(
            NDArrayIndex.all(), NDArrayIndex.interval((positions - 1) * width, positions * width))
        .dup('c');
  }

  private static INDArray weight(Parameters weights, String name) {
    return weights.get(name).castTo(DataType.DOUBLE);
  }

  /** The neurons by component, by ascending frequency, those of none last; no empty group. */
  private static Map<String, List<Integer>> groups(
      Checkpoint checkpoint, Map<Integer, Integer> frequencies) {
    int neurons = checkpoint.config().shape().dMlp();
    int highest = checkpoint.p() / 2;
    frequencies.forEach(
        (neuron, k) -> {
          Objects.requireNonNull(neuron, "neuron");
          Objects.requireNonNull(k, "frequency");
          require(neuron >= 0 && neuron < neurons, "neuron " + neuron, "0 … " + (neurons - 1));
          require(
              k >= 1 && k <= highest, "frequency " + k + " of neuron " + neuron, "1 … " + highest);
        });
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    frequencies.values().stream()
        .distinct()
        .sorted()
        .forEach(
            k ->
                groups.put(
                    "neurons " + k,
                    frequencies.keySet().stream()
                        .filter(neuron -> frequencies.get(neuron).equals(k))
                        .sorted()
                        .toList()));
    List<Integer> others =
        IntStream.range(0, neurons).filter(j -> !frequencies.containsKey(j)).boxed().toList();
    if (!others.isEmpty()) {
      groups.put(OTHER_NEURONS, others);
    }
    return groups;
  }

  private static void requireLinear(ModelShape shape) {
    String remedy = ", for which the logits are such a sum; patch activations instead";
    require(shape.depth() == 1, shape.depth() + " layers", "one layer" + remedy);
    require(!shape.layerNorm(), "LayerNorm", "a model without" + remedy);
  }

  private static void require(boolean holds, String given, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "logit attribution: got " + given + ", expected " + expected);
    }
  }
}
