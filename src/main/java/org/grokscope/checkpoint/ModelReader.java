package org.grokscope.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;

/** The model in a file's arrays: its widths from their shapes, its weights from their values. */
final class ModelReader {
  private static final Pattern OF_A_LAYER = Pattern.compile("blocks\\.(\\d{1,6})\\..+");
  private static final Pattern OF_ATTENTION =
      Pattern.compile("(?:blocks\\.\\d+\\.)?(?:W_[QKVO]|ln1\\.[wb])");
  private static final Pattern LAYER_NORM =
      Pattern.compile("(?:blocks\\.\\d+\\.)?ln[12]\\.[wb]|ln_final\\.[wb]");
  private static final Pattern FOREIGN_BIAS = Pattern.compile("(?:blocks\\.\\d+\\.)?b_[QKVO]|b_U");

  /** Of those that are foreign to a model without biases, what is foreign to one with them too. */
  private static final Pattern BIAS_OF_NONE = Pattern.compile("(?:blocks\\.\\d+\\.)?b_[KV]");

  private final NamedArrays arrays;

  ModelReader(NamedArrays arrays) {
    this.arrays = arrays;
  }

  /** The model that the file describes as a whole. */
  ModelConfig described() {
    NpyArray text = arrays.require("model", "a single text, the model as JSON");
    if (!text.isText() || text.size() != 1) {
      throw arrays.failure("model", "got " + text + ", expected a single text, the model as JSON");
    }
    try {
      ModelShape shape = ShapeJson.shape(JsonTree.parse(text.text()));
      long context = arrays.single("context_length", "the tokens of a sequence");
      int vocabulary =
          arrays.shape("W_E", "[tokens, " + shape.dModel() + "]", 0, shape.dModel()).get(0);
      int outputs =
          arrays.shape("W_U", "[" + shape.dModel() + ", outputs]", shape.dModel(), 0).get(1);
      return new ModelConfig(shape, vocabulary, outputs, Math.toIntExact(context));
    } catch (JsonProcessingException e) {
      throw arrays.failure(
          "model",
          "got a text that is not JSON (" + e.getOriginalMessage() + "), expected the model");
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw arrays.failure("model", e.getMessage());
    }
  }

  /** The model that the shapes tell. */
  ModelConfig inferred(int p, int context, UnshapedTraits traits) {
    String tokens = "[" + (p + 1) + ", d_model]";
    int dModel = arrays.shape("W_E", tokens, p + 1, 0).get(1);
    arrays.shape("W_pos", List.of(context, dModel).toString(), context, dModel);
    List<String> prefixes = prefixes();
    String first = prefixes.get(0);
    List<Integer> query = attends() ? query(first, dModel) : List.of(0, dModel, 0);
    int dMlp = arrays.shape(first + "W_in", "[" + dModel + ", d_mlp]", dModel, 0).get(1);
    String answers = "[" + dModel + ", " + p + "] or [" + dModel + ", " + (p + 1) + "]";
    int outputs = arrays.shape("W_U", answers, dModel, 0).get(1);
    if (outputs != p && outputs != p + 1) {
      throw arrays.misfit("W_U", answers);
    }
    boolean layerNorm = arrays.names().stream().anyMatch(LAYER_NORM.asMatchPredicate());
    ModelShape shape =
        ModelShape.uniform(
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

  /** Whether the file has attention: any of its arrays, in any layer, calls for all of them. */
  private boolean attends() {
    return arrays.names().stream().anyMatch(OF_ATTENTION.asMatchPredicate());
  }

  private List<Integer> query(String prefix, int dModel) {
    return arrays.shape(prefix + "W_Q", "[heads, " + dModel + ", d_head]", 0, dModel, 0);
  }

  /** What stands before the names of each layer's arrays in this file. */
  private List<String> prefixes() {
    TreeSet<Integer> layers = new TreeSet<>();
    for (String name : arrays.names()) {
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
        throw arrays.failure(
            "blocks." + layer + ".W_in",
            "missing, expected layers 0 … "
                + layers.last()
                + " since the file has layer "
                + layers.last());
      }
    }
    return layers.stream().map(layer -> "blocks." + layer + ".").toList();
  }

  /** The weights, in float32 and row-major. */
  Parameters parameters(ModelConfig config) {
    requireNone(config.shape().biases() ? BIAS_OF_NONE : FOREIGN_BIAS);
    boolean prefixedSingleLayer =
        config.shape().depth() == 1 && prefixes().get(0).equals("blocks.0.");
    ParameterLayout layout = layout(config);
    Map<String, String> names = new HashMap<>(); // in the file
    for (ParameterLayout.Slot slot : layout.slots()) { // all of them before room is taken
      boolean ofNoLayer = slot.name().matches("W_E|W_pos|[Wb]_U|ln_final\\..");
      String name = prefixedSingleLayer && !ofNoLayer ? "blocks.0." + slot.name() : slot.name();
      names.put(slot.name(), name);
      arrays.shape(
          name, slot.shapeText(), slot.shape().stream().mapToInt(Integer::intValue).toArray());
    }
    Parameters parameters = Parameters.zeros(layout);
    for (ParameterLayout.Slot slot : layout.slots()) {
      String name = names.get(slot.name());
      NpyArray array = arrays.require(name, slot.shapeText());
      float[] values = array.floats();
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          throw arrays.failure(
              name,
              "got "
                  + array.doubles()[i]
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

  private ParameterLayout layout(ModelConfig config) {
    try {
      return config.layout();
    } catch (IllegalArgumentException e) {
      throw arrays.failure("model", e.getMessage());
    }
  }

  /** A model with biases that ours has not would be read as another model. */
  private void requireNone(Pattern foreignBias) {
    for (String name : arrays.names()) {
      if (!foreignBias.matcher(name).matches()) {
        continue;
      }
      NpyArray array = arrays.require(name, "zeros");
      if (!array.isFloating() || Arrays.stream(array.doubles()).anyMatch(value -> value != 0)) {
        throw arrays.failure(
            name,
            "got "
                + array
                + " with a bias that is not zero, expected none or only zeros: the models of this"
                + " library have no such bias; train without it");
      }
    }
  }
}
