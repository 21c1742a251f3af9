package org.grokscope.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.ShapeJson;
import org.grokscope.checkpoint.TextDigest;
import org.grokscope.model.ComputationPath;
import org.grokscope.model.ModelConfig;
import org.grokscope.task.Task;

/**
 * Everything that changes a run's numbers, as one JSON text: task, model, training, path of
 * computation, and the weights it begins with if they are given. Its digest names the run.
 *
 * <p>What is as in {@link TrainingConfig#nanda2023()} is left out, so that a field which a later
 * version adds renames no run. The budget of epochs is left out unless the rate depends on it, so
 * that a longer training goes on from a shorter one; threads are left out, since they change
 * nothing.
 */
final class RunSettings {
  /** Of this text; runs of version 0.1 had none. */
  private static final int FORMAT = 2;

  private static final String FORMAT_KEY = "format";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final String json;

  private RunSettings(String json) {
    this.json = json;
  }

  /** Those of a training that begins with random weights. */
  static RunSettings of(TrainingConfig config, ModelConfig model, Task task, ComputationPath path) {
    return of(config, model, task, path, Optional.empty());
  }

  static RunSettings of(
      TrainingConfig config,
      ModelConfig model,
      Task task,
      ComputationPath path,
      Optional<Checkpoint> start) {
    TrainingConfig usual = TrainingConfig.nanda2023();
    ObjectNode root = JSON.createObjectNode();
    root.put(FORMAT_KEY, FORMAT);
    root.set("task", JSON.valueToTree(ordered(task.settings())));
    ObjectNode ofModel = ShapeJson.tree(model.shape());
    prune(ofModel, ShapeJson.tree(usual.shape()));
    ofModel.put("vocabulary", model.vocabulary());
    ofModel.put("outputs", model.outputs());
    ofModel.put("contextLength", model.contextLength());
    root.set("model", ofModel);
    ObjectNode training = ConfigJson.tree(config);
    training.remove("outputClasses"); // stands in the model
    JsonNode epochs = training.remove("epochs");
    prune(training, ConfigJson.tree(usual));
    if (config.schedule().falls()) {
      training.set("epochs", epochs);
    }
    training.put("seed", config.seed());
    root.set("training", training);
    root.put("path", path.name().toLowerCase(Locale.ROOT));
    start.ifPresent(
        from -> root.putObject("start").put("weights_sha256", digest(from.parameters().values())));
    try {
      return new RunSettings(JSON.writeValueAsString(root) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("settings: cannot be written as JSON", e);
    }
  }

  /**
   * Settings in an order of their own, or by name: that of a {@code Map.of} changes from run to
   * run.
   */
  private static Map<String, Object> ordered(Map<String, Object> settings) {
    return settings instanceof LinkedHashMap ? settings : new TreeMap<>(settings);
  }

  /** Takes out what is as usual; of a list, entry by entry as the first of the usual list. */
  private static void prune(ObjectNode tree, JsonNode usual) {
    tree.properties().removeIf(field -> field.getValue().equals(usual.get(field.getKey())));
    tree.properties()
        .forEach(
            field -> {
              JsonNode like = usual.path(field.getKey());
              if (field.getValue() instanceof ObjectNode part) {
                prune(part, like);
              } else if (field.getValue() instanceof ArrayNode list) {
                list.forEach(entry -> pruneEntry(entry, like.path(0)));
              }
            });
  }

  private static void pruneEntry(JsonNode entry, JsonNode usual) {
    if (entry instanceof ObjectNode part) {
      prune(part, usual);
    }
  }

  /** The first setting that another config.json has otherwise. */
  String differenceFrom(String other) {
    TreeMap<String, String> there = new TreeMap<>();
    TreeMap<String, String> here = new TreeMap<>();
    try {
      collect("", JSON.readTree(other), there);
      collect("", JSON.readTree(json), here);
    } catch (JsonProcessingException e) {
      return "no JSON, " + e.getOriginalMessage();
    }
    TreeSet<String> names = new TreeSet<>(here.keySet());
    names.addAll(there.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(there.get(name), here.get(name)))
        .findFirst()
        .map(
            name ->
                name
                    + " = "
                    + there.getOrDefault(name, "as usual")
                    + ", now "
                    + here.getOrDefault(name, "as usual"))
        .orElse("the same in other words");
  }

  /** The values of a tree by their paths, such as {@code training/weightDecay}. */
  private static void collect(String path, JsonNode node, Map<String, String> values) {
    if (node.isValueNode()) {
      values.put(path.substring(Math.min(1, path.length())), node.toString());
    }
    node.properties()
        .forEach(field -> collect(path + "/" + field.getKey(), field.getValue(), values));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(path + "/" + i, node.get(i), values);
    }
  }

  /** Whether a config.json is of this version: those of version 0.1 name no format. */
  static boolean isCurrent(String json) {
    return json.contains("\"" + FORMAT_KEY + "\"");
  }

  /** What config.json holds. */
  String json() {
    return json;
  }

  /** A short name for these settings: 16 hexadecimal digits. */
  String hash() {
    return TextDigest.of(json);
  }

  private static String digest(float[] weights) {
    ByteBuffer bytes = ByteBuffer.allocate(weights.length * Float.BYTES);
    bytes.asFloatBuffer().put(weights);
    return TextDigest.ofBytes(bytes.array());
  }
}
