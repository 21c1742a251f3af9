package org.grokscope.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which runs a sweep has: those of the grid, its last field changing fastest, then the rows, each
 * over the base.
 *
 * @param base values that all runs share, unless a row says otherwise
 * @param grid values of each field that is varied, every combination of them a run
 * @param rows further runs, one by one
 * @param own what is trained if that is defined in code, or null
 */
record SweepGrid(
    Map<Field, JsonNode> base,
    Map<Field, List<JsonNode>> grid,
    List<? extends Map<Field, JsonNode>> rows,
    RunPlan.Subject own) {

  private static final int MOST_RUNS = 100_000;

  /** The fields that are varied, in the order in which they are given. */
  List<Field> varied() {
    Set<Field> varied = new LinkedHashSet<>(grid.keySet());
    rows.forEach(row -> varied.addAll(row.keySet()));
    return List.copyOf(varied);
  }

  /**
   * The runs.
   *
   * @throws IllegalArgumentException if there is none, two are the same, or one cannot be; the
   *     message names it
   */
  List<RunPlan> plans() {
    requireRuns();
    List<Map<Field, JsonNode>> combinations = grid.isEmpty() ? List.of() : combinations();
    List<Map<Field, JsonNode>> all = new ArrayList<>(combinations);
    all.addAll(rows);
    List<RunPlan> plans = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Map<Field, JsonNode> varying : all) {
      RunPlan plan = plan(varying);
      if (!seen.add(plan.json())) {
        throw new IllegalArgumentException(
            "sweep: got the run " + label(plan) + " twice, expected it once; leave one out");
      }
      plans.add(plan);
    }
    return plans;
  }

  private void requireRuns() {
    if (grid.isEmpty() && rows.isEmpty()) {
      throw new IllegalArgumentException(
          "sweep: got an empty grid and no rows, expected something to vary, such as"
              + " {\"seed\": [0, 1]}");
    }
    double runs = grid.values().stream().mapToDouble(List::size).reduce(1, (a, b) -> a * b);
    if (runs > MOST_RUNS) {
      throw new IllegalArgumentException(
          "sweep: got a grid of " + (long) runs + " runs, expected at most " + MOST_RUNS);
    }
    grid.forEach(
        (field, values) -> {
          if (values.isEmpty()) {
            throw new IllegalArgumentException(
                "sweep: got no values of " + field.label() + " in the grid, expected one or more");
          }
          if (base.containsKey(field)) {
            throw new IllegalArgumentException(
                "sweep: got %s in the base and in the grid, expected it in one of them"
                    .formatted(field.label()));
          }
        });
  }

  private List<Map<Field, JsonNode>> combinations() {
    List<Map<Field, JsonNode>> combinations = List.of(Map.of());
    for (Map.Entry<Field, List<JsonNode>> entry : grid.entrySet()) {
      List<Map<Field, JsonNode>> longer = new ArrayList<>();
      for (Map<Field, JsonNode> shorter : combinations) {
        for (JsonNode value : entry.getValue()) {
          Map<Field, JsonNode> next = new EnumMap<>(Field.class);
          next.putAll(shorter);
          next.put(entry.getKey(), value);
          longer.add(next);
        }
      }
      combinations = longer;
    }
    return combinations;
  }

  private RunPlan plan(Map<Field, JsonNode> varying) {
    Map<Field, JsonNode> given = new EnumMap<>(Field.class);
    given.putAll(base);
    given.putAll(varying);
    try {
      return RunPlan.of(given, own);
    } catch (IllegalArgumentException e) {
      String which =
          varying.entrySet().stream()
              .map(entry -> entry.getKey().label() + " " + entry.getValue())
              .collect(Collectors.joining(", "));
      throw new IllegalArgumentException(e.getMessage() + " (in the run " + which + ")", e);
    }
  }

  /** The values in which a run differs, such as {@code seed 0, weight_decay 0.5}. */
  String label(RunPlan plan) {
    return varied().stream()
        .filter(plan.values()::containsKey)
        .map(field -> field.label() + " " + plan.values().get(field).toString().replace("\"", ""))
        .collect(Collectors.joining(", "));
  }

  /** As it stands in results.json. */
  ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    if (own != null) {
      root.put("task", own.task().apply(own.usual()).title());
    }
    put(root.putObject("base"), base);
    ObjectNode gridNode = root.putObject("grid");
    grid.forEach((field, values) -> put(gridNode, field, values));
    rows.forEach(row -> put(root.withArray("rows").addObject(), row));
    return root;
  }

  private static void put(ObjectNode node, Map<Field, JsonNode> values) {
    new TreeMap<>(values).forEach((field, value) -> node.set(field.label(), value));
  }

  private static void put(ObjectNode node, Field field, Collection<JsonNode> values) {
    node.putArray(field.label()).addAll(values);
  }
}
