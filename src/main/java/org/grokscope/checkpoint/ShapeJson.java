package org.grokscope.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grokscope.model.Activation;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ScoreBounds;
import org.grokscope.model.Site;
import org.grokscope.task.View;

/** A {@link ModelShape} as JSON and back; without an object mapper, whose start takes long. */
public final class ShapeJson {
  private ShapeJson() {}

  /**
   * The shape as an object of its components; what a layer has not, such as a sink, is left out.
   */
  public static ObjectNode tree(ModelShape shape) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("dModel", shape.dModel());
    ArrayNode layers = tree.putArray("layers");
    for (LayerShape layer : shape.layers()) {
      ObjectNode node = layers.addObject();
      node.put("view", layer.view().name());
      node.put("heads", layer.heads());
      node.put("dHead", layer.dHead());
      node.put("dMlp", layer.dMlp());
      ArrayNode slopes = node.putArray("slopes");
      layer.slopes().forEach(slopes::add);
      if (layer.hasSink()) {
        node.put("sink", layer.sink());
      }
      node.put("valueGain", layer.valueGain());
      if (layer.bounds().normed()) {
        node.put("qkNorm", layer.bounds().qkNorm());
      }
      if (layer.bounds().capped()) {
        node.put("softCap", layer.bounds().softCap());
      }
      if (layer.site().present()) {
        ObjectNode site = node.putObject("site");
        site.put("rmsNorm", layer.site().rmsNorm());
        site.put("noise", layer.site().noise());
      }
    }
    tree.put("activation", shape.activation().name());
    tree.put("layerNorm", shape.layerNorm());
    tree.put("positions", shape.positions());
    tree.put("biases", shape.biases());
    tree.put("answers", shape.answers().name());
    tree.put("initial", shape.initial().name());
    return tree;
  }

  /**
   * The shape that such an object tells.
   *
   * @throws IllegalArgumentException if a component is missing or is none; the message names it
   */
  public static ModelShape shape(JsonNode tree) {
    List<LayerShape> layers = new ArrayList<>();
    for (JsonNode layer : require(tree, "layers")) {
      List<Double> slopes = new ArrayList<>();
      require(layer, "slopes").forEach(slope -> slopes.add(number("slopes", slope)));
      layers.add(
          new LayerShape(
              one(View.class, layer, "view"),
              whole(layer, "heads"),
              whole(layer, "dHead"),
              whole(layer, "dMlp"),
              slopes,
              optional(layer, "sink", LayerShape.NO_SINK),
              number("valueGain", require(layer, "valueGain")),
              new ScoreBounds(
                  optional(layer, "qkNorm", ScoreBounds.NO_NORM),
                  optional(layer, "softCap", ScoreBounds.NO_CAP)),
              layer.has("site") ? site(layer.get("site")) : Site.NONE));
    }
    return new ModelShape(
        whole(tree, "dModel"),
        layers,
        one(Activation.class, tree, "activation"),
        truth(tree, "layerNorm"),
        truth(tree, "positions"),
        truth(tree, "biases"),
        one(ModelShape.Answer.class, tree, "answers"),
        one(ModelShape.Initial.class, tree, "initial"));
  }

  private static Site site(JsonNode tree) {
    return new Site(truth(tree, "rmsNorm"), number("noise", require(tree, "noise")));
  }

  private static double optional(JsonNode tree, String name, double missing) {
    return tree.has(name) ? number(name, tree.get(name)) : missing;
  }

  private static JsonNode require(JsonNode tree, String name) {
    JsonNode node = tree.path(name);
    if (node.isMissingNode() || node.isNull()) {
      throw new IllegalArgumentException(
          "model: got no " + name + ", expected all that a model is built of");
    }
    return node;
  }

  private static int whole(JsonNode tree, String name) {
    JsonNode node = require(tree, name);
    if (!node.isInt()) {
      throw wrong(name, node, "a whole number");
    }
    return node.intValue();
  }

  private static double number(String name, JsonNode node) {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong(name, node, "a number");
    }
    return node.doubleValue();
  }

  private static boolean truth(JsonNode tree, String name) {
    JsonNode node = require(tree, name);
    if (!node.isBoolean()) {
      throw wrong(name, node, "true or false");
    }
    return node.booleanValue();
  }

  private static <T extends Enum<T>> T one(Class<T> type, JsonNode tree, String name) {
    JsonNode node = require(tree, name);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(node.asText()))
        .findFirst()
        .orElseThrow(() -> wrong(name, node, "one of " + Arrays.toString(type.getEnumConstants())));
  }

  private static IllegalArgumentException wrong(String name, JsonNode given, String expected) {
    return new IllegalArgumentException(
        "model: got " + name + " = " + given + ", expected " + expected);
  }
}
