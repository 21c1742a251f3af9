package org.grokscope.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelShape;

/**
 * What the shapes of a model's arrays do not tell, and a checkpoint's provenance does: {@code
 * {"model": {"activation": "RELU", "causal": true}}}. What is missing there is as in Nanda et al.
 * (2023): ReLU, causal.
 *
 * @param activation the neurons' non-linearity
 * @param causal whether a position attends only to itself and to earlier ones
 */
record UnshapedTraits(Activation activation, boolean causal) {
  private static final Activation USUAL_ACTIVATION = ModelShape.nanda2023().activation();
  private static final boolean USUAL_CAUSAL = ModelShape.nanda2023().causal();

  static UnshapedTraits of(ModelShape shape) {
    return new UnshapedTraits(shape.activation(), shape.causal());
  }

  /**
   * The traits that a provenance tells.
   *
   * @throws IllegalArgumentException if it is not a JSON object, or tells something unknown
   */
  static UnshapedTraits in(JsonNode provenance) {
    JsonNode model = provenance.path("model");
    return new UnshapedTraits(activation(model.path("activation")), causal(model.path("causal")));
  }

  /**
   * The provenance as a tree.
   *
   * @throws IllegalArgumentException if it is not a JSON object
   */
  static ObjectNode parse(String provenance) {
    try {
      if (JsonTree.parse(provenance) instanceof ObjectNode object) {
        return object;
      }
      throw new IllegalArgumentException(
          "provenance: got no JSON object, expected one such as {\"model\": {\"causal\": true}}");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "provenance: got a text that is not JSON ("
              + e.getOriginalMessage()
              + "), expected an object such as {\"model\": {\"causal\": true}}",
          e);
    }
  }

  /**
   * A provenance that tells these traits: the very text if it does already, else with what is
   * missing added.
   *
   * @throws IllegalArgumentException if it tells others, or is not a JSON object
   */
  String recordedIn(String provenance) {
    ObjectNode root = parse(provenance);
    if (in(root).equals(this)) {
      return provenance;
    }
    JsonNode model = root.path("model");
    boolean contradicts =
        (!model.isMissingNode() && !model.isObject())
            || (model.has("activation") && activation(model.path("activation")) != activation)
            || (model.has("causal") && causal(model.path("causal")) != causal);
    if (contradicts) {
      throw new IllegalArgumentException(
          "provenance: got model = "
              + model
              + ", expected what the model is, activation "
              + activation
              + " and causal "
              + causal
              + "; give the provenance of this very model");
    }
    ObjectNode completed = root.withObject("/model");
    completed.put("activation", activation.name());
    completed.put("causal", causal);
    return Provenance.write(root);
  }

  private static Activation activation(JsonNode node) {
    if (node.isMissingNode()) {
      return USUAL_ACTIVATION;
    }
    String name = node.asText().toUpperCase(Locale.ROOT);
    return Arrays.stream(Activation.values())
        .filter(activation -> activation.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "provenance: got model.activation = "
                        + node
                        + ", expected one of "
                        + Arrays.toString(Activation.values())));
  }

  private static boolean causal(JsonNode node) {
    if (!node.isMissingNode() && !node.isBoolean()) {
      throw new IllegalArgumentException(
          "provenance: got model.causal = " + node + ", expected true or false");
    }
    return node.asBoolean(USUAL_CAUSAL);
  }
}
