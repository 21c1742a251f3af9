package org.grokscope.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.TextDigest;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ReaderConfig;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularTask;
import org.grokscope.task.Split;

/**
 * Everything that changes a run's numbers, as one JSON text: task, split, model, training, path of
 * computation, and the weights it begins with if they are given. Its SHA-256 names the run. The
 * budget of epochs is left out, so a longer training goes on from a shorter one; threads are left
 * out, since they change nothing.
 */
final class RunSettings {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final String json;

  private RunSettings(String json) {
    this.json = json;
  }

  /** Those of a training that begins with random weights. */
  static RunSettings of(
      TrainingConfig config, ModelConfig model, Split split, ComputationPath path) {
    return of(config, model, split, path, Optional.empty());
  }

  static RunSettings of(
      TrainingConfig config,
      ModelConfig model,
      Split split,
      ComputationPath path,
      Optional<Checkpoint> start) {
    ModularTask task = split.task();
    ObjectNode root = JSON.createObjectNode();
    ObjectNode taskNode = root.putObject("task");
    taskNode.put("operation", task.operation());
    taskNode.put("p", task.p());
    if (task.labelSeed().isPresent()) {
      taskNode.put("random_label_seed", task.labelSeed().getAsLong());
    }
    taskNode.put("labels_sha256", digest(task.labels())); // tells two lambdas of one name apart
    ObjectNode splitNode = root.putObject("split");
    splitNode.put("fraction", split.fraction());
    splitNode.put("seed", split.seed());
    splitNode.put("train_rows_sha256", digest(split.trainRows()));
    root.set("model", JSON.valueToTree(model));
    ObjectNode training = JSON.valueToTree(config);
    training.remove("shape"); // stands in the model
    training.remove("outputClasses"); // likewise
    training.remove("epochs");
    root.set("training", training);
    root.put("path", path.name().toLowerCase(Locale.ROOT));
    start.ifPresent(
        from -> root.putObject("start").put("weights_sha256", digest(from.parameters().values())));
    return of(root);
  }

  /** Those of a model that reads lines; its steps count, as the learning rate hangs on them. */
  static RunSettings of(LineBreaking task, ReaderConfig model, LineRecipe recipe) {
    ObjectNode root = JSON.createObjectNode();
    root.set("task", JSON.valueToTree(task));
    root.set("model", JSON.valueToTree(model));
    root.set("training", JSON.valueToTree(recipe));
    return of(root);
  }

  private static RunSettings of(ObjectNode root) {
    try {
      return new RunSettings(JSON.writeValueAsString(root) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("settings: cannot be written as JSON", e);
    }
  }

  /** What config.json holds. */
  String json() {
    return json;
  }

  /** A short name for these settings: 16 hexadecimal digits. */
  String hash() {
    return TextDigest.of(json);
  }

  private static String digest(int[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
    bytes.asIntBuffer().put(values);
    return HexFormat.of().formatHex(sha256().digest(bytes.array()));
  }

  private static String digest(float[] weights) {
    return digest(
        IntStream.range(0, weights.length).map(i -> Float.floatToIntBits(weights[i])).toArray());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
