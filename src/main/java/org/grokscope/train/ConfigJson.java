package org.grokscope.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.grokscope.checkpoint.ShapeJson;
import org.grokscope.model.StandardLoss;

/** A {@link TrainingConfig} as JSON and back; its model stands beside it. */
final class ConfigJson {
  private ConfigJson() {}

  /** All but the shape of the model. */
  static ObjectNode tree(TrainingConfig config) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("outputClasses", config.outputClasses());
    ObjectNode optimiser = tree.putObject("optimiser");
    optimiser.put("name", config.optimiser().label());
    config.optimiser().settings().forEach(optimiser.putObject("settings")::put);
    tree.put("learningRate", config.learningRate());
    tree.put("weightDecay", config.weightDecay());
    tree.put("decays", word(config.decays()));
    ObjectNode schedule = tree.putObject("schedule");
    schedule.put("warmupSteps", config.schedule().warmupSteps());
    schedule.put("first", config.schedule().first());
    schedule.put("fallsFrom", config.schedule().fallsFrom());
    schedule.put("fallsTo", config.schedule().fallsTo());
    if (config.clip() < Double.POSITIVE_INFINITY) {
      tree.put("clip", config.clip());
    }
    tree.put("loss", config.loss().label());
    tree.put("filter", config.filter().label());
    tree.put("batchSize", config.batchSize());
    tree.put("seed", config.seed());
    tree.put("epochs", config.epochs());
    tree.set("evaluation", tree(config.evaluation()));
    tree.set("checkpoints", tree(config.checkpoints()));
    return tree;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode tree(Cadence cadence) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("denseUntil", cadence.denseUntil());
    tree.put("powersOfTwo", cadence.powersOfTwo());
    tree.put("every", cadence.every());
    return tree;
  }

  /**
   * The configuration that such an object tells.
   *
   * @param model the shape, as {@link ShapeJson} writes it
   * @throws IllegalArgumentException if something is missing, or names an optimiser or a loss that
   *     is not shipped
   */
  static TrainingConfig config(JsonNode tree, JsonNode model) {
    JsonNode schedule = require(tree, "schedule");
    JsonNode optimiser = require(tree, "optimiser");
    Map<String, Double> settings = new HashMap<>();
    require(optimiser, "settings")
        .properties()
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asDouble()));
    return new TrainingConfig(
        ShapeJson.shape(model),
        require(tree, "outputClasses").asInt(),
        Optimiser.of(require(optimiser, "name").asText(), settings),
        require(tree, "learningRate").asDouble(),
        require(tree, "weightDecay").asDouble(),
        Decays.valueOf(require(tree, "decays").asText().toUpperCase(Locale.ROOT)),
        new Schedule(
            require(schedule, "warmupSteps").asInt(),
            require(schedule, "first").asInt(),
            require(schedule, "fallsFrom").asDouble(),
            require(schedule, "fallsTo").asDouble()),
        tree.path("clip").asDouble(Double.POSITIVE_INFINITY),
        StandardLoss.of(require(tree, "loss").asText()),
        GradientFilter.of(require(tree, "filter").asText()),
        require(tree, "batchSize").asInt(),
        require(tree, "seed").asLong(),
        require(tree, "epochs").asLong(),
        cadence(require(tree, "evaluation")),
        cadence(require(tree, "checkpoints")));
  }

  private static Cadence cadence(JsonNode tree) {
    return new Cadence(
        require(tree, "denseUntil").asLong(),
        require(tree, "powersOfTwo").asBoolean(),
        require(tree, "every").asLong());
  }

  private static JsonNode require(JsonNode tree, String name) {
    JsonNode node = tree.path(name);
    if (node.isMissingNode()) {
      throw new IllegalArgumentException("training: got no " + name + " in " + tree);
    }
    return node;
  }
}
