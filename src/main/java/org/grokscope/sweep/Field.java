package org.grokscope.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelShape;
import org.grokscope.model.StandardLoss;
import org.grokscope.task.Operation;
import org.grokscope.train.Cadence;
import org.grokscope.train.GradientFilter;
import org.grokscope.train.LineMode;
import org.grokscope.train.Optimiser;
import org.grokscope.train.Schedule;
import org.grokscope.train.TrainingConfig;
import tech.tablesaw.api.ColumnType;

/**
 * What a sweep may set or vary: the task, every field of a {@link TrainingConfig}, and when to
 * stop. Written in snake_case; the camelCase of config.json is read as well. A configuration is
 * given its values in this order. Version 0.1 had {@link #OPERATION} and what follows.
 */
enum Field {
  MODE(Scope.LINES, task(String.class, null)),
  UNMASKED(Scope.LINES, task(Boolean.class, false)),
  MIRRORS_TOGETHER(Scope.TABLES, task(Boolean.class, false)),
  OPTIMISER(
      config(c -> c.optimiser().label(), (c, s) -> c.withOptimiser(Optimiser.of(s, Map.of())))),
  MOMENTUM(setting("momentum")),
  ALPHA(setting("alpha")),
  AMPLIFICATION(setting("amplification")),
  DECAYS(config(TrainingConfig::decays, TrainingConfig::withDecays)),
  WARMUP_FIRST(
      schedule(
          Schedule::first, (s, n) -> new Schedule(s.warmupSteps(), n, s.fallsFrom(), s.fallsTo()))),
  FALLS_FROM(
      schedule(
          Schedule::fallsFrom, (s, x) -> new Schedule(s.warmupSteps(), s.first(), x, s.fallsTo()))),
  FALLS_TO(
      schedule(
          Schedule::fallsTo, (s, x) -> new Schedule(s.warmupSteps(), s.first(), s.fallsFrom(), x))),
  CLIP(
      config(
          Double.class,
          c -> c.clip() == Double.POSITIVE_INFINITY ? null : c.clip(),
          (c, x) -> c.withClip(x == null ? Double.POSITIVE_INFINITY : x))),
  LOSS(config(c -> c.loss().label(), (c, s) -> c.withLoss(StandardLoss.of(s)))),
  GRADIENT(config(c -> c.filter().label(), (c, s) -> c.withFilter(GradientFilter.of(s)))),

  OPERATION(Scope.TABLES, task(String.class, Operation.ADD.symbol())),
  P(Scope.TABLES, task(Integer.class, null)),
  RANDOM_LABEL_SEED(Scope.TABLES, task(Long.class, null)),
  FRACTION(Scope.TABLES, task(Double.class, null)),
  SEED(config(TrainingConfig::seed, TrainingConfig::withSeed)),
  SPLIT_SEED(Scope.TABLES, task(Long.class, null)),
  LAYERS(Scope.ALL_BUT_LINES, shape(ModelShape::depth, (s, n) -> s.withLayers(n))),
  D_MODEL(shape(ModelShape::dModel, Field::withWidth)),
  HEADS(shape(ModelShape::heads, Field::withHeads)),
  D_HEAD(shape(ModelShape::dHead, Field::withHeadWidth)),
  D_MLP(shape(ModelShape::dMlp, ModelShape::withDMlp)),
  ACTIVATION(shape(ModelShape::activation, ModelShape::withActivation)),
  LAYER_NORM(shape(ModelShape::layerNorm, ModelShape::withLayerNorm)),
  CAUSAL(Scope.ALL_BUT_LINES, shape(ModelShape::causal, ModelShape::withCausal)),
  OUTPUT_CLASSES(config(TrainingConfig::outputClasses, TrainingConfig::withOutputClasses)),
  LEARNING_RATE(config(TrainingConfig::learningRate, TrainingConfig::withLearningRate)),
  WEIGHT_DECAY(config(TrainingConfig::weightDecay, TrainingConfig::withWeightDecay)),
  BETA1(setting("beta1")),
  BETA2(setting("beta2")),
  EPSILON(setting("epsilon")),
  WARMUP_STEPS(
      schedule(
          Schedule::warmupSteps, (s, n) -> new Schedule(n, s.first(), s.fallsFrom(), s.fallsTo()))),
  BATCH_SIZE(config(TrainingConfig::batchSize, TrainingConfig::withBatchSize)),
  EVALUATION(config(TrainingConfig::evaluation, TrainingConfig::withEvaluation)),
  CHECKPOINTS(config(TrainingConfig::checkpoints, TrainingConfig::withCheckpoints)),
  EPOCHS(config(TrainingConfig::epochs, TrainingConfig::withEpochs)),
  EPOCHS_PAST_GROK(Scope.ALL_BUT_LINES, task(Long.class, null));

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  /** What runs are on, and which of them have a field. Those on lines are given a mode. */
  enum Scope {
    TABLES,
    LINES,
    OWN_TASKS,
    ALL_BUT_LINES,
    ALL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * Where a value stands in a configuration.
   *
   * @param type of the values
   * @param get its value there, or the usual value of what only a task has; null if there is none
   * @param set puts another one there; null of what only a task has
   */
  private record Lens(
      Class<?> type,
      Function<TrainingConfig, Object> get,
      BiFunction<TrainingConfig, Object, TrainingConfig> set) {}

  private final Scope scope;
  private final Lens lens;

  Field(Lens lens) {
    this(Scope.ALL, lens);
  }

  Field(Scope scope, Lens lens) {
    this.scope = scope;
    this.lens = lens;
  }

  private static <T> Lens task(Class<T> type, T usual) {
    return new Lens(type, config -> usual, null);
  }

  private static <T> Lens config(
      Function<TrainingConfig, T> get, BiFunction<TrainingConfig, T, TrainingConfig> set) {
    Object usual = get.apply(TrainingConfig.nanda2023());
    return config(
        usual instanceof Enum<?> one ? one.getDeclaringClass() : usual.getClass(), get, set);
  }

  @SuppressWarnings("unchecked") // values are of the type
  private static <T> Lens config(
      Class<?> type,
      Function<TrainingConfig, T> get,
      BiFunction<TrainingConfig, T, TrainingConfig> set) {
    return new Lens(type, get::apply, (config, value) -> set.apply(config, (T) value));
  }

  private static <T> Lens shape(
      Function<ModelShape, T> get, BiFunction<ModelShape, T, ModelShape> set) {
    return config(
        config -> get.apply(config.shape()),
        (config, value) -> config.withShape(set.apply(config.shape(), value)));
  }

  private static <T> Lens schedule(
      Function<Schedule, T> get, BiFunction<Schedule, T, Schedule> set) {
    return config(
        config -> get.apply(config.schedule()),
        (config, value) -> config.withSchedule(set.apply(config.schedule(), value)));
  }

  /** A setting of some optimisers. */
  private static Lens setting(String name) {
    return config(
        Double.class,
        config -> config.optimiser().settings().get(name),
        (config, value) -> {
          Map<String, Double> settings = new HashMap<>(config.optimiser().settings());
          settings.put(name, value);
          return config.withOptimiser(Optimiser.of(config.optimiser().label(), settings));
        });
  }

  /** With another d_model; heads keep their width. */
  private static ModelShape withWidth(ModelShape s, int dModel) {
    return s.withLayers(List.of(LayerShape.mlp(1))).withDModel(dModel).withLayers(s.layers());
  }

  /** With another number of heads of the same width; 0 for no attention. */
  private static ModelShape withHeads(ModelShape s, int heads) {
    return heads == 0 ? s.withoutAttention() : attention(s, l -> l.withHeads(heads, l.dHead()));
  }

  private static ModelShape withHeadWidth(ModelShape s, int dHead) {
    return attention(s, layer -> layer.withHeads(layer.heads(), dHead));
  }

  private static ModelShape attention(ModelShape s, UnaryOperator<LayerShape> change) {
    return s.withLayers(
        s.layers().stream().map(layer -> layer.attends() ? change.apply(layer) : layer).toList());
  }

  /** As it is written, such as {@code weight_decay}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type of its column in results. */
  ColumnType column() {
    return switch (lens.type.getSimpleName()) {
      case "Integer", "Long" -> ColumnType.LONG;
      case "Double" -> ColumnType.DOUBLE;
      case "Boolean" -> ColumnType.BOOLEAN;
      default -> ColumnType.STRING;
    };
  }

  private String expected() {
    String values =
        switch (lens.type.getSimpleName()) {
          case "Integer", "Long" -> "a whole number";
          case "Double" -> "a number";
          case "Boolean" -> "true or false";
          case "String" -> "a name in quotes";
          case "Cadence" ->
              "epochs from one to the next, such as 100, or an object of every, dense_until and"
                  + " powers_of_two";
          default ->
              "the name of one in quotes, of " + Arrays.toString(lens.type.getEnumConstants());
        };
    return takesNull() ? values + ", or null for none" : values;
  }

  private boolean takesNull() {
    return this == RANDOM_LABEL_SEED || this == CLIP || this == EPOCHS_PAST_GROK;
  }

  /** Whether runs on something have this field. */
  boolean isOf(Scope runs) {
    return scope == runs
        || scope == Scope.ALL
        || (scope == Scope.ALL_BUT_LINES && runs != Scope.LINES);
  }

  /**
   * Checks that runs on something have this field.
   *
   * @throws IllegalArgumentException if they do not
   */
  void requireOf(Scope runs) {
    if (!isOf(runs)) {
      throw new IllegalArgumentException(
          "sweep: got %s for %s, expected it for %s; leave it out".formatted(label(), runs, scope));
    }
  }

  /**
   * The field of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  static Field named(String name) {
    String label = snakeCase(name);
    return Arrays.stream(values())
        .filter(field -> field.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "sweep: got the field '%s', expected one of %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Field::label)
                                .collect(Collectors.joining(", ")))));
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /**
   * A value in the one form that equal values have.
   *
   * @throws IllegalArgumentException if it is of another type, or a name that nothing has; the
   *     message says what is expected
   */
  JsonNode read(JsonNode given) {
    if (given.isNull() && takesNull()) {
      return given;
    }
    Object value = value(given);
    if (value == null) {
      throw new IllegalArgumentException(
          "sweep: got %s = %s, expected %s".formatted(label(), given, expected()));
    }
    if (!(value instanceof String name)) {
      return JSON.valueToTree(value);
    }
    return switch (this) {
      case MODE -> {
        LineMode.require(name); // or it says which there are
        yield given;
      }
      case OPERATION ->
          Operation.isModular(name)
              ? JSON.valueToTree(Operation.table(name, 3).operation())
              : given;
      default -> in(lens.set.apply(TrainingConfig.nanda2023(), name));
    };
  }

  /** The value as one of its type, or null if it is none. */
  private Object value(JsonNode given) {
    JsonNode form = given;
    if (lens.type == Cadence.class) {
      ObjectNode parts = JSON.createObjectNode();
      parts.put("dense_until", 0).put("powers_of_two", false).put("every", 0);
      given.properties().forEach(part -> parts.set(snakeCase(part.getKey()), part.getValue()));
      form = parts.size() > 3 ? given : given.isObject() ? parts : parts.set("every", given);
    }
    try {
      return lens.type == String.class ? form.textValue() : JSON.treeToValue(form, lens.type);
    } catch (JsonProcessingException e) {
      if (e.getCause() instanceof IllegalArgumentException outOfRange) {
        throw outOfRange;
      }
      return null;
    }
  }

  /** The value in a configuration, or what is usual of a task; null if there is none. */
  JsonNode in(TrainingConfig config) {
    Object value = lens.get.apply(config);
    return value == null && !takesNull() ? null : JSON.valueToTree(value);
  }

  /**
   * The value of a run: the given one, or the usual one where that is null.
   *
   * @throws IllegalArgumentException if the configuration of the run has not the given one
   */
  JsonNode in(TrainingConfig config, JsonNode given) {
    JsonNode value = in(config);
    if (lens.set != null && given != null && !given.equals(value)) {
      throw new IllegalArgumentException(
          "sweep: got %s = %s, expected %s, which the other values make of it; leave it out"
              .formatted(label(), given, value));
    }
    return given == null ? value : given;
  }

  /** The configuration with this value, if it is one of configurations. */
  TrainingConfig set(TrainingConfig config, JsonNode value) {
    return lens.set == null || value.equals(in(config))
        ? config
        : lens.set.apply(config, value.isNull() ? null : value(value));
  }

  /**
   * Whether a value is left out of the text that names a run: that of a field which version 0.1 did
   * not have, if it is as in {@link TrainingConfig#nanda2023()}.
   */
  boolean isLeftOut(JsonNode value) {
    return compareTo(OPERATION) < 0 && value.equals(in(TrainingConfig.nanda2023()));
  }
}
