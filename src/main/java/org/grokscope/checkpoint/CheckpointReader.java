package org.grokscope.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.ModularTask;
import org.grokscope.task.Operation;

/** From named arrays to a {@link Checkpoint}, or to a message that says what does not fit. */
final class CheckpointReader {
  private static final int LARGEST_P = 20_000; // as of ModularTask, whose table has p² entries
  private static final Pattern OF_A_LAYER = Pattern.compile("blocks\\.(\\d{1,6})\\..+");
  private static final Pattern LAYER_NORM =
      Pattern.compile("(?:blocks\\.\\d+\\.)?ln[12]\\.[wb]|ln_final\\.[wb]");
  private static final Pattern FOREIGN_BIAS = Pattern.compile("(?:blocks\\.\\d+\\.)?b_[QKVO]|b_U");

  private final Path file;
  private final Map<String, NpyArray> arrays;

  CheckpointReader(Path file, Map<String, NpyArray> arrays) {
    this.file = file;
    this.arrays = arrays;
  }

  Checkpoint checkpoint() {
    int p = modulus();
    Optional<String> provenance = provenance();
    JsonNode facts = JsonNodeFactory.instance.objectNode();
    UnshapedTraits traits;
    try {
      if (provenance.isPresent()) {
        facts = UnshapedTraits.parse(provenance.get());
      }
      traits = UnshapedTraits.in(facts);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException("checkpoint " + file + ": array " + e.getMessage(), e);
    }
    int[] labels = labels(p, facts);
    int[] trainRows = trainRows(p, labels);
    ModelConfig config = config(p, traits);
    return new Checkpoint(
        file, p, trainRows, labels, epoch(), provenance, config, parameters(config));
  }

  private int modulus() {
    long p = single("p", "the modulus");
    if (p < 3 || p > LARGEST_P) {
      throw failure("p", "got p = " + p + ", expected 3 ≤ p ≤ 20,000");
    }
    return (int) p;
  }

  private OptionalLong epoch() {
    if (!arrays.containsKey("epoch")) {
      return OptionalLong.empty();
    }
    long epoch = single("epoch", "the optimiser updates done");
    if (epoch < 0) {
      throw failure("epoch", "got " + epoch + ", expected 0 or more optimiser updates");
    }
    return OptionalLong.of(epoch);
  }

  private Optional<String> provenance() {
    NpyArray array = arrays.get("provenance");
    if (array == null) {
      return Optional.empty();
    }
    if (!array.isText() || array.size() != 1) {
      throw failure("provenance", "got " + array + ", expected a single text (<U…, shape [])");
    }
    return Optional.of(array.text());
  }

  /** The file's labels, or those of a+b where it has none and says nothing else. */
  private int[] labels(int p, JsonNode facts) {
    if (!arrays.containsKey("labels")) {
      JsonNode operation = facts.findPath("operation");
      if (operation.isTextual() && !operation.asText().equals(Operation.ADD.symbol())) {
        throw failure(
            "labels",
            "missing, and the provenance gives the operation "
                + operation.asText()
                + "; expected int64 of shape "
                + List.of(p * p)
                + ", which only "
                + Operation.ADD.symbol()
                + " may leave out");
      }
      return ModularAddition.mod(p).labels();
    }
    long[] values = integers("labels", List.of(p * p));
    int[] labels = new int[values.length];
    for (int r = 0; r < labels.length; r++) {
      if (values[r] < ModularTask.UNDEFINED || values[r] >= p) {
        throw failure(
            "labels",
            "got "
                + values[r]
                + " at "
                + r
                + ", expected 0 … "
                + (p - 1)
                + ", or −1 where a question has no answer");
      }
      labels[r] = (int) values[r];
    }
    return labels;
  }

  private int[] trainRows(int p, int[] labels) {
    NpyArray array = require("train_pairs", "int64 of shape [train], each a·p + b");
    if (!array.isInteger() || array.shape().size() != 1 || array.size() == 0) {
      throw failure(
          "train_pairs", "got " + array + ", expected int64 of shape [train], each a·p + b");
    }
    long[] values = array.longs();
    int[] rows = new int[values.length];
    boolean[] seen = new boolean[labels.length];
    for (int i = 0; i < rows.length; i++) {
      long row = values[i];
      if (row < 0 || row >= labels.length) {
        throw failure(
            "train_pairs",
            "got " + row + " at " + i + ", expected a·p + b in 0 … " + (labels.length - 1));
      }
      rows[i] = (int) row;
      if (seen[rows[i]]) {
        throw failure("train_pairs", "got " + row + " twice, expected each pair once");
      }
      if (labels[rows[i]] == ModularTask.UNDEFINED) {
        throw failure(
            "train_pairs", "got " + row + ", whose label is −1, expected questions with answers");
      }
      seen[rows[i]] = true;
    }
    return rows;
  }

  /** The model that the shapes tell. */
  private ModelConfig config(int p, UnshapedTraits traits) {
    String tokens = "[" + (p + 1) + ", d_model]";
    int dModel = shape("W_E", tokens, p + 1, 0).get(1);
    int context = ModularTask.CONTEXT_LENGTH;
    shape("W_pos", List.of(context, dModel).toString(), context, dModel);
    List<String> prefixes = prefixes();
    String first = prefixes.get(0);
    List<Integer> query = shape(first + "W_Q", "[heads, " + dModel + ", d_head]", 0, dModel, 0);
    int dMlp = shape(first + "W_in", "[" + dModel + ", d_mlp]", dModel, 0).get(1);
    String answers = "[" + dModel + ", " + p + "] or [" + dModel + ", " + (p + 1) + "]";
    int outputs = shape("W_U", answers, dModel, 0).get(1);
    if (outputs != p && outputs != p + 1) {
      throw misfit("W_U", answers);
    }
    boolean layerNorm = arrays.keySet().stream().anyMatch(LAYER_NORM.asMatchPredicate());
    ModelShape shape =
        new ModelShape(
            prefixes.size(),
            dModel,
            query.get(0),
            query.get(2),
            dMlp,
            traits.activation(),
            layerNorm,
            traits.causal());
    return new ModelConfig(shape, p + 1, outputs, context);
  }

  /** What stands before the names of each layer's arrays in this file. */
  private List<String> prefixes() {
    TreeSet<Integer> layers = new TreeSet<>();
    for (String name : arrays.keySet()) {
      Matcher matcher = OF_A_LAYER.matcher(name);
      if (matcher.matches()) {
        layers.add(Integer.parseInt(matcher.group(1)));
      }
    }
    if (layers.isEmpty()) {
      return List.of("");
    }
    for (int layer = 0; layer < layers.size(); layer++) {
      if (!layers.contains(layer)) {
        throw failure(
            "blocks." + layer + ".W_Q",
            "missing, expected layers 0 … "
                + layers.last()
                + " since the file has layer "
                + layers.last());
      }
    }
    return layers.stream().map(layer -> "blocks." + layer + ".").toList();
  }

  private Parameters parameters(ModelConfig config) {
    requireNoForeignBias();
    boolean prefixedSingleLayer =
        config.shape().layers() == 1 && prefixes().get(0).equals("blocks.0.");
    Parameters parameters = Parameters.zeros(config.layout());
    for (ParameterLayout.Slot slot : parameters.layout().slots()) {
      boolean ofNoLayer = slot.name().matches("W_E|W_pos|W_U|ln_final\\..");
      String name = prefixedSingleLayer && !ofNoLayer ? "blocks.0." + slot.name() : slot.name();
      shape(name, slot.shapeText(), slot.shape().stream().mapToInt(Integer::intValue).toArray());
      float[] values = arrays.get(name).floats();
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          throw failure(
              name,
              "got "
                  + arrays.get(name).doubles()[i]
                  + " at flat index "
                  + i
                  + ", expected finite float32 values of shape "
                  + slot.shapeText());
        }
      }
      System.arraycopy(values, 0, parameters.values(), slot.offset(), values.length);
    }
    return parameters;
  }

  /** A model with biases that ours has not would be read as another model. */
  private void requireNoForeignBias() {
    for (Map.Entry<String, NpyArray> entry : arrays.entrySet()) {
      if (FOREIGN_BIAS.matcher(entry.getKey()).matches() && entry.getValue().isFloating()) {
        for (double value : entry.getValue().doubles()) {
          if (value != 0) {
            throw failure(
                entry.getKey(),
                "got the bias "
                    + value
                    + ", expected none or only zeros: the models of this"
                    + " library have no such bias; train without it");
          }
        }
      }
    }
  }

  /**
   * The shape of an array of weights.
   *
   * @param expected the shape for messages
   * @param dimensions what it must be, 0 where any positive number will do
   */
  private List<Integer> shape(String name, String expected, int... dimensions) {
    NpyArray array = require(name, "float32 of shape " + expected);
    List<Integer> shape = array.shape();
    boolean fits = array.isFloating() && shape.size() == dimensions.length;
    for (int axis = 0; fits && axis < dimensions.length; axis++) {
      fits = dimensions[axis] == 0 ? shape.get(axis) > 0 : shape.get(axis) == dimensions[axis];
    }
    if (!fits) {
      throw misfit(name, expected);
    }
    return shape;
  }

  private long single(String name, String what) {
    NpyArray array = require(name, "int64 of shape [], " + what);
    if (!array.isInteger() || array.size() != 1) {
      throw failure(name, "got " + array + ", expected int64 of shape [], " + what);
    }
    return array.longs()[0];
  }

  private long[] integers(String name, List<Integer> shape) {
    NpyArray array = arrays.get(name);
    if (!array.isInteger() || !array.shape().equals(shape)) {
      throw failure(name, "got " + array + ", expected int64 of shape " + shape);
    }
    return array.longs();
  }

  private NpyArray require(String name, String expected) {
    NpyArray array = arrays.get(name);
    if (array == null) {
      throw failure(
          name,
          "missing, expected " + expected + "; the file has " + String.join(", ", arrays.keySet()));
    }
    return array;
  }

  private CheckpointException misfit(String name, String expected) {
    return failure(
        name,
        "got "
            + arrays.get(name)
            + ", expected float32 (or f2, f8) of shape "
            + expected
            + "; p is read from the file, d_model from W_E, heads and d_head from W_Q, d_mlp from"
            + " W_in");
  }

  private CheckpointException failure(String name, String what) {
    return new CheckpointException("checkpoint " + file + ": array " + name + ": " + what);
  }
}
