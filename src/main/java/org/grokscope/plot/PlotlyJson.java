package org.grokscope.plot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Plotly's JSON as trees: made of plain values, merged, and free of numbers JSON cannot write. */
final class PlotlyJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private PlotlyJson() {}

  /**
   * A tree of maps, lists, arrays, texts and numbers; NaN and infinities become null, which Plotly
   * draws as a gap.
   */
  static JsonNode tree(Object value) {
    return finite(JSON.valueToTree(value));
  }

  static ObjectNode object(Map<String, ?> values) {
    return (ObjectNode) tree(values);
  }

  static ObjectNode parse(String json) {
    try {
      if (JSON.readTree(json) instanceof ObjectNode object) {
        return (ObjectNode) finite(object);
      }
      throw new IllegalArgumentException(
          "figure: got JSON that is no object, expected {\"data\": [...], \"layout\": {...}}");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("figure: got invalid JSON: " + e.getOriginalMessage(), e);
    }
  }

  static String text(JsonNode tree) {
    return tree.toString();
  }

  static Map<String, Object> map(ObjectNode tree) {
    return JSON.convertValue(tree, new TypeReference<>() {});
  }

  /** Lays {@code over} onto {@code base}, object by object; {@code over} wins. */
  static ObjectNode merge(ObjectNode base, ObjectNode over) {
    for (Map.Entry<String, JsonNode> field : over.properties()) {
      if (field.getValue() instanceof ObjectNode inner
          && base.get(field.getKey()) instanceof ObjectNode below) {
        merge(below, inner);
      } else {
        base.set(field.getKey(), field.getValue());
      }
    }
    return base;
  }

  /** Replaces, in place, every number that is not finite by null. */
  static JsonNode finite(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        field.setValue(finite(field.getValue()));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, finite(array.get(i)));
      }
    } else if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      return JsonNodeFactory.instance.nullNode();
    }
    return node;
  }
}
