package org.grokscope.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.grokscope.checkpoint.TextDigest;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelShape;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Operation;
import org.grokscope.task.Split;
import org.grokscope.train.AdamW;
import org.grokscope.train.Schedule;
import org.grokscope.train.StopRule;
import org.grokscope.train.TrainingConfig;

/**
 * One run of a sweep: a value for every field. Those not given are as in {@link
 * TrainingConfig#nanda2023()}, with the operation a+b, the operation's own labels and seed 0; p,
 * fraction and epochs have to be given.
 *
 * @param values of every field, in the form of {@link Field#read}
 */
record RunPlan(Map<Field, JsonNode> values) {
  /** Test accuracy at which a run has understood. */
  private static final double KNOWN = 0.99;

  /** Fields that change no number of the epochs that are trained, only how many there are. */
  private static final Set<Field> BUDGET = Set.of(Field.EPOCHS, Field.EPOCHS_PAST_GROK);

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper JSON = new JsonMapper();

  RunPlan {
    values = Collections.unmodifiableMap(new EnumMap<>(values));
  }

  /**
   * A run with these values, checked as far as it can be without training.
   *
   * @throws IllegalArgumentException if p, fraction or epochs is missing, or a value is out of
   *     range
   */
  static RunPlan of(Map<Field, JsonNode> given) {
    for (Field field : new Field[] {Field.P, Field.FRACTION, Field.EPOCHS}) {
      if (!given.containsKey(field)) {
        throw new IllegalArgumentException(
            "sweep: got no "
                + field.label()
                + ", expected one in the base, the grid or every row; add it to the base");
      }
    }
    Map<Field, JsonNode> values = defaults();
    values.putAll(given);
    values.putIfAbsent(Field.SPLIT_SEED, values.get(Field.SEED));
    if (!given.containsKey(Field.D_HEAD)) {
      values.put(Field.D_HEAD, NODES.numberNode(shareOfHead(values)));
    }
    RunPlan plan = new RunPlan(values);
    requireTellable(plan.config().shape(), plan.split().table());
    plan.stopRule();
    return plan;
  }

  /** A model without attention cannot tell (a, b) from (b, a). */
  private static void requireTellable(ModelShape shape, OperationTable task) {
    if (!shape.attends() && !task.isSymmetric()) {
      throw new IllegalArgumentException(
          "sweep: got heads = 0, no attention, with "
              + task
              + ", expected a task in which a and b may change places, such as a+b; give the model"
              + " heads");
    }
  }

  private static Map<Field, JsonNode> defaults() {
    TrainingConfig config = TrainingConfig.nanda2023();
    ModelShape shape = config.shape();
    Map<Field, JsonNode> values = new EnumMap<>(Field.class);
    values.put(Field.OPERATION, NODES.textNode(Operation.ADD.symbol()));
    values.put(Field.RANDOM_LABEL_SEED, NODES.nullNode());
    values.put(Field.SEED, NODES.numberNode(config.seed()));
    values.put(Field.LAYERS, NODES.numberNode(shape.depth()));
    values.put(Field.D_MODEL, NODES.numberNode(shape.dModel()));
    values.put(Field.HEADS, NODES.numberNode(shape.heads()));
    values.put(Field.D_MLP, NODES.numberNode(shape.dMlp()));
    values.put(Field.ACTIVATION, NODES.textNode(shape.activation().name()));
    values.put(Field.LAYER_NORM, NODES.booleanNode(shape.layerNorm()));
    values.put(Field.CAUSAL, NODES.booleanNode(shape.causal()));
    values.put(Field.OUTPUT_CLASSES, NODES.numberNode(config.outputClasses()));
    values.put(Field.LEARNING_RATE, NODES.numberNode(config.learningRate()));
    values.put(Field.WEIGHT_DECAY, NODES.numberNode(config.weightDecay()));
    values.put(Field.BETA1, NODES.numberNode(AdamW.USUAL.beta1()));
    values.put(Field.BETA2, NODES.numberNode(AdamW.USUAL.beta2()));
    values.put(Field.EPSILON, NODES.numberNode(AdamW.USUAL.epsilon()));
    values.put(Field.WARMUP_STEPS, NODES.numberNode(config.schedule().warmupSteps()));
    values.put(Field.BATCH_SIZE, NODES.numberNode(config.batchSize()));
    values.put(Field.EVALUATION, Field.form(config.evaluation()));
    values.put(Field.CHECKPOINTS, Field.form(config.checkpoints()));
    values.put(Field.EPOCHS_PAST_GROK, NODES.nullNode());
    return values;
  }

  /** The heads share d_model equally; a model of no heads has no attention. */
  private static int shareOfHead(Map<Field, JsonNode> values) {
    int heads = values.get(Field.HEADS).intValue();
    int dModel = values.get(Field.D_MODEL).intValue();
    return heads == 0
        ? 0
        : ModelShape.nanda2023().withoutAttention().withDModel(dModel).withHeads(heads).dHead();
  }

  /** The plan that {@link #json} wrote. */
  static RunPlan parse(String json) {
    try {
      Map<Field, JsonNode> values = new EnumMap<>(Field.class);
      JSON.readTree(json)
          .properties()
          .forEach(
              entry -> {
                Field field = Field.named(entry.getKey());
                values.put(field, field.read(entry.getValue()));
              });
      return of(values);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("sweep: a run is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Every field, as a JSON object in one line. */
  String json() {
    return object(values.keySet()).toString();
  }

  /** Everything that changes the numbers of the epochs that are trained: 16 hexadecimal digits. */
  String hash() {
    Set<Field> fields = new TreeSet<>(values.keySet());
    fields.removeAll(BUDGET);
    return TextDigest.of(object(fields).toString());
  }

  private ObjectNode object(Set<Field> fields) {
    ObjectNode object = NODES.objectNode();
    fields.forEach(field -> object.set(field.label(), values.get(field)));
    return object;
  }

  /** What is trained on. */
  Split split() {
    OperationTable task =
        OperationTable.of(Operation.named(values.get(Field.OPERATION).textValue()), integer(Field.P));
    if (!values.get(Field.RANDOM_LABEL_SEED).isNull()) {
      task = task.withRandomLabels(values.get(Field.RANDOM_LABEL_SEED).longValue());
    }
    return task.split(decimal(Field.FRACTION), values.get(Field.SPLIT_SEED).longValue());
  }

  /** How it is trained. */
  TrainingConfig config() {
    ModelShape shape =
        ModelShape.uniform(
            integer(Field.LAYERS),
            integer(Field.D_MODEL),
            integer(Field.HEADS),
            integer(Field.D_HEAD),
            integer(Field.D_MLP),
            Activation.valueOf(values.get(Field.ACTIVATION).textValue()),
            values.get(Field.LAYER_NORM).booleanValue(),
            values.get(Field.CAUSAL).booleanValue());
    return TrainingConfig.nanda2023()
        .withShape(shape)
        .withOutputClasses(integer(Field.OUTPUT_CLASSES))
        .withOptimiser(
            new AdamW(decimal(Field.BETA1), decimal(Field.BETA2), decimal(Field.EPSILON)))
        .withLearningRate(decimal(Field.LEARNING_RATE))
        .withWeightDecay(decimal(Field.WEIGHT_DECAY))
        .withSchedule(Schedule.constant(integer(Field.WARMUP_STEPS)))
        .withBatchSize(integer(Field.BATCH_SIZE))
        .withSeed(values.get(Field.SEED).longValue())
        .withEpochs(epochs())
        .withEvaluation(Field.cadence(values.get(Field.EVALUATION)))
        .withCheckpoints(Field.cadence(values.get(Field.CHECKPOINTS)));
  }

  /**
   * When it ends before its budget does: some epochs after 99 % of the test questions are right.
   */
  StopRule stopRule() {
    JsonNode past = values.get(Field.EPOCHS_PAST_GROK);
    return past.isNull()
        ? StopRule.never()
        : StopRule.epochsPastTestAccuracy(past.longValue(), KNOWN);
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

  /**
   * Multiplications of a whole training, roughly: epochs · questions · weights that a question
   * meets. Good for comparing runs of one sweep with each other.
   */
  double cost() {
    double answers = integer(Field.P) + integer(Field.OUTPUT_CLASSES);
    double questions = decimal(Field.FRACTION) * integer(Field.P) * integer(Field.P);
    int batch = integer(Field.BATCH_SIZE);
    if (batch != TrainingConfig.FULL_BATCH) {
      questions = Math.min(questions, batch);
    }
    double dModel = integer(Field.D_MODEL);
    double weights = integer(Field.LAYERS) * dModel * (2.0 * integer(Field.D_MLP) + 4 * dModel);
    return epochs() * questions * (weights + dModel * answers);
  }

  /** A value as it stands in a table; empty where there is none. */
  String text(Field field) {
    JsonNode value = values.get(field);
    return value.isNull() ? "" : value.isTextual() ? value.textValue() : value.toString();
  }

  private int integer(Field field) {
    return values.get(field).intValue();
  }

  private double decimal(Field field) {
    return values.get(field).doubleValue();
  }
}
