package org.grokscope.sweep;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A sweep as text: {@code {"base": {…}, "grid": {"seed": [0, 1]}, "rows": [{…}]}}. */
final class SweepFile {
  private static final Set<String> PARTS = Set.of("base", "grid", "rows");
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private SweepFile() {}

  /**
   * Reads a sweep.
   *
   * @throws IllegalArgumentException if the text is no JSON, or no sweep; the message says where
   */
  static SweepGrid parse(String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      throw new IllegalArgumentException("sweep" + line + ": " + e.getOriginalMessage(), e);
    }
    requireObject("the file", root);
    for (Map.Entry<String, JsonNode> part : root.properties()) {
      if (!PARTS.contains(part.getKey())) {
        throw new IllegalArgumentException(
            "sweep: got '" + part.getKey() + "' in the file, expected base, grid and rows");
      }
    }
    Map<Field, List<JsonNode>> grid = new LinkedHashMap<>();
    JsonNode gridNode = root.path("grid");
    if (!gridNode.isMissingNode()) {
      requireObject("grid", gridNode);
      gridNode.properties().forEach(entry -> put(grid, entry.getKey(), entry.getValue()));
    }
    JsonNode rowsNode = root.path("rows");
    if (!rowsNode.isMissingNode() && !rowsNode.isArray()) {
      throw new IllegalArgumentException(
          "sweep: got rows = " + rowsNode + ", expected a list of objects");
    }
    List<Map<Field, JsonNode>> rows = new ArrayList<>();
    rowsNode.forEach(row -> rows.add(values("a row", row)));
    Map<Field, JsonNode> base =
        root.has("base") ? values("base", root.get("base")) : Map.<Field, JsonNode>of();
    return new SweepGrid(base, grid, rows, null);
  }

  /** Fields with a value each. */
  static Map<Field, JsonNode> values(String what, JsonNode object) {
    requireObject(what, object);
    Map<Field, JsonNode> values = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            entry -> {
              Field field = Field.named(entry.getKey());
              requireNew(values.keySet(), field);
              values.put(field, field.read(entry.getValue()));
            });
    return values;
  }

  /** Adds a field with its values to a grid. */
  static void put(Map<Field, List<JsonNode>> grid, String name, JsonNode values) {
    Field field = Field.named(name);
    requireNew(grid.keySet(), field);
    if (!values.isArray()) {
      throw new IllegalArgumentException(
          "sweep: got %s = %s in the grid, expected a list of values, such as [%2$s]"
              .formatted(name, values));
    }
    List<JsonNode> read = new ArrayList<>();
    values.forEach(value -> read.add(field.read(value)));
    grid.put(field, read);
  }

  private static void requireNew(Set<Field> there, Field field) {
    if (there.contains(field)) {
      throw new IllegalArgumentException(
          "sweep: got " + field.label() + " twice, expected it once; leave one out");
    }
  }

  private static void requireObject(String what, JsonNode node) {
    if (!node.isObject()) {
      throw new IllegalArgumentException(
          "sweep: got %s = %s, expected an object, such as {\"p\": 29}"
              .formatted(what, node.toString().lines().collect(Collectors.joining(" "))));
    }
  }
}
