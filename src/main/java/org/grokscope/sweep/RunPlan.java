package org.grokscope.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.grokscope.checkpoint.ShapeJson;
import org.grokscope.checkpoint.TextDigest;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Prose;
import org.grokscope.task.Split;
import org.grokscope.task.Task;
import org.grokscope.train.LineMode;
import org.grokscope.train.StopRule;
import org.grokscope.train.TrainingConfig;

/**
 * One run of a sweep. What is not given is as in {@link TrainingConfig#nanda2023()}, on lines as in
 * {@link TrainingConfig#lines}, with the operation a+b, the operation's own labels and seed 0.
 *
 * @param values of every field that the run has, in the form of {@link Field#read}
 * @param json everything that tells the run, as a JSON object in one line
 * @param hash of everything that changes the numbers of the epochs that are trained, 16 hexadecimal
 *     digits
 * @param cost multiplications of a whole training, roughly: epochs · tokens · weights that a token
 *     meets. Good for comparing runs of one sweep with each other
 * @param own what is trained if that is defined in code, or null; such a run travels nowhere
 */
record RunPlan(Map<Field, JsonNode> values, String json, String hash, double cost, Subject own)
    implements Serializable {
  /** Test accuracy at which a run has understood. */
  private static final double KNOWN = 0.99;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  /**
   * What runs are trained on.
   *
   * @param usual the configuration that the values of a run change
   * @param task of a run of a configuration
   */
  record Subject(TrainingConfig usual, Function<TrainingConfig, ? extends Task> task) {

    private TrainingConfig with(Map<Field, JsonNode> values) {
      TrainingConfig config = usual.withWeightDecay(0); // which bounds the learning rate
      for (Map.Entry<Field, JsonNode> value : values.entrySet()) {
        config = value.getKey().set(config, value.getValue());
      }
      return values.containsKey(Field.WEIGHT_DECAY)
          ? config
          : config.withWeightDecay(usual.weightDecay());
    }
  }

  /**
   * A run with these values, checked as far as it can be without training.
   *
   * @param own what is trained, or null if the values tell it
   * @throws IllegalArgumentException if a value is missing, out of range, or of no such run
   */
  static RunPlan of(Map<Field, JsonNode> given, Subject own) {
    Map<Field, JsonNode> values = new EnumMap<>(Field.class);
    values.putAll(given);
    Field.Scope scope = Field.Scope.OWN_TASKS;
    if (own == null) {
      scope = values.containsKey(Field.MODE) ? Field.Scope.LINES : Field.Scope.TABLES;
    }
    for (Field field : given.keySet()) {
      field.requireOf(scope);
    }
    if (scope == Field.Scope.TABLES) {
      requireTable(values);
    }
    Subject subject = subject(values, own);
    TrainingConfig config = subject.with(values);
    if ((given.containsKey(Field.D_MODEL) || given.containsKey(Field.HEADS))
        && !given.containsKey(Field.D_HEAD)) {
      int share = config.shape().withDModel(config.shape().dModel()).dHead(); // equally
      values.put(Field.D_HEAD, JSON.valueToTree(share));
      config = subject.with(values);
    }
    for (Field field : Field.values()) {
      JsonNode value = field.isOf(scope) ? field.in(config, values.get(field)) : null;
      if (value != null) {
        values.put(field, value);
      }
    }
    if (scope == Field.Scope.TABLES) {
      values.putIfAbsent(Field.SPLIT_SEED, values.get(Field.SEED));
    }
    RunPlan plan = of(Collections.unmodifiableMap(values), config, subject.task.apply(config), own);
    plan.stopRule();
    return plan;
  }

  /** Takes p from an operation without; a table has no usual fraction and no usual budget. */
  private static void requireTable(Map<Field, JsonNode> values) {
    JsonNode operation = values.get(Field.OPERATION);
    boolean isModular = operation == null || Operation.isModular(operation.textValue());
    if (!isModular) {
      values.remove(Field.P);
    }
    for (Field field : new Field[] {Field.P, Field.FRACTION, Field.EPOCHS}) {
      if (!values.containsKey(field) && (isModular || field != Field.P)) {
        throw new IllegalArgumentException(
            "sweep: got no %s, expected one in the base, the grid or every row; add it to the base"
                .formatted(field.label()));
      }
    }
  }

  private static RunPlan of(
      Map<Field, JsonNode> values, TrainingConfig config, Task task, Subject own) {
    ModelShape shape = config.shape();
    if (task instanceof Split split && !shape.attends() && !split.table().isSymmetric()) {
      throw new IllegalArgumentException( // it cannot tell (a, b) from (b, a)
          """
          sweep: got heads = 0, no attention, with %s, expected a task in which a and b may change \
          places, such as a+b; give the model heads\
          """
              .formatted(task.title()));
    }
    ObjectNode text = JSON.createObjectNode();
    for (Map.Entry<Field, JsonNode> value : values.entrySet()) {
      if (!value.getKey().isLeftOut(value.getValue())) {
        text.set(value.getKey().label(), value.getValue());
      }
    }
    if (own != null) {
      text.set("task", JSON.valueToTree(task.settings()));
      text.set("model", ShapeJson.tree(shape));
      text.set("optimiser_settings", JSON.valueToTree(config.optimiser().settings()));
    }
    if (own == null && task instanceof Prose prose) {
      text.set("corpus", JSON.valueToTree(prose.corpus().digest()));
    }
    String json = text.toString();
    text.remove(Field.EPOCHS_PAST_GROK.label());
    if (config.schedule().fallsFrom() == 1) { // the rate does not depend on the budget
      text.remove(Field.EPOCHS.label());
    }
    return new RunPlan(values, json, TextDigest.of(text.toString()), cost(config, task), own);
  }

  /** What a run of these values is trained on. */
  private static Subject subject(Map<Field, JsonNode> values, Subject own) {
    if (own != null) {
      return own;
    }
    if (!values.containsKey(Field.MODE)) {
      return new Subject(TrainingConfig.nanda2023(), config -> split(values));
    }
    LineMode lines = LineMode.named(values.get(Field.MODE).textValue());
    TrainingConfig usual = lines.usual();
    JsonNode unmasked = values.get(Field.UNMASKED);
    return new Subject(
        unmasked != null && unmasked.booleanValue()
            ? usual.withShape(usual.shape().unmasked())
            : usual,
        config -> lines.task());
  }

  private static Split split(Map<Field, JsonNode> values) {
    int p = values.containsKey(Field.P) ? values.get(Field.P).intValue() : 0;
    OperationTable table = Operation.table(values.get(Field.OPERATION).textValue(), p);
    JsonNode labelSeed = values.get(Field.RANDOM_LABEL_SEED);
    table = labelSeed.isNull() ? table : table.withRandomLabels(labelSeed.longValue());
    double fraction = values.get(Field.FRACTION).doubleValue();
    long seed = values.get(Field.SPLIT_SEED).longValue();
    return values.get(Field.MIRRORS_TOGETHER).booleanValue()
        ? table.splitMirrorsTogether(fraction, seed)
        : table.split(fraction, seed);
  }

  private static double cost(TrainingConfig config, Task task) {
    ModelConfig model = ModelConfig.of(config.shape(), task, config.outputClasses());
    double weights = model.outputs();
    for (LayerShape layer : model.shape().layers()) {
      weights += 2.0 * layer.dMlp() + 4.0 * layer.heads() * layer.dHead();
    }
    double tokens = (double) sequences(config, task) * task.length();
    return config.epochs() * tokens * weights * model.shape().dModel();
  }

  /** Sequences of an update. */
  private static int sequences(TrainingConfig config, Task task) {
    if (!(task instanceof LineBreaking
        || task instanceof Prose)) { // whose course takes long to make
      return task.course().training(config.seed(), 0, config.batchSize()).size();
    }
    if (config.batchSize() == TrainingConfig.FULL_BATCH) {
      throw new IllegalArgumentException(
          "sweep: got batch_size = 0, all that there are, for lines, which never end; expected at"
              + " least 1");
    }
    return config.batchSize();
  }

  /** How it is trained. */
  TrainingConfig config() {
    return subject(values, own).with(values);
  }

  /** What is trained on. */
  Task task() {
    return subject(values, own).task.apply(config());
  }

  /**
   * When it ends before its budget does: some epochs after 99 % of the test questions are right.
   */
  StopRule stopRule() {
    String past = text(Field.EPOCHS_PAST_GROK);
    return past.isEmpty()
        ? StopRule.never()
        : StopRule.epochsPastTestAccuracy(Long.parseLong(past), KNOWN);
  }

  /** Updates to do at the most. */
  long epochs() {
    return values.get(Field.EPOCHS).longValue();
  }

  /** What decides how many epochs there are, in a word. */
  String budget() {
    String past = text(Field.EPOCHS_PAST_GROK);
    return epochs() + (past.isEmpty() ? "" : "-" + past);
  }

  /** A value as it stands in a table; empty where there is none. */
  String text(Field field) {
    JsonNode value = values.get(field);
    if (value == null || value.isNull()) {
      return "";
    }
    return value.isTextual() ? value.textValue() : value.toString();
  }
}
