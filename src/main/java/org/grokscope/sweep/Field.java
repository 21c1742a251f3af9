package org.grokscope.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.grokscope.model.Activation;
import org.grokscope.task.Operation;
import org.grokscope.train.Cadence;

/**
 * What a sweep may set or vary: the fields of a run's config.json, and when to stop. Written in
 * snake_case; the camelCase of config.json is read as well.
 */
enum Field {
  OPERATION(Kind.OPERATION),
  P(Kind.INT),
  RANDOM_LABEL_SEED(Kind.LONG_OR_NULL),
  FRACTION(Kind.DECIMAL),
  SEED(Kind.LONG),
  SPLIT_SEED(Kind.LONG),
  LAYERS(Kind.INT),
  D_MODEL(Kind.INT),
  HEADS(Kind.INT),
  D_HEAD(Kind.INT),
  D_MLP(Kind.INT),
  ACTIVATION(Kind.ACTIVATION),
  LAYER_NORM(Kind.SWITCH),
  CAUSAL(Kind.SWITCH),
  OUTPUT_CLASSES(Kind.INT),
  LEARNING_RATE(Kind.DECIMAL),
  WEIGHT_DECAY(Kind.DECIMAL),
  BETA1(Kind.DECIMAL),
  BETA2(Kind.DECIMAL),
  EPSILON(Kind.DECIMAL),
  WARMUP_STEPS(Kind.INT),
  BATCH_SIZE(Kind.INT),
  EVALUATION(Kind.CADENCE),
  CHECKPOINTS(Kind.CADENCE),
  EPOCHS(Kind.LONG),
  EPOCHS_PAST_GROK(Kind.LONG_OR_NULL);

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** What a field's values are. */
  enum Kind {
    INT("a whole number"),
    LONG("a whole number"),
    LONG_OR_NULL("a whole number, or null for none"),
    DECIMAL("a number"),
    SWITCH("true or false"),
    OPERATION("the name of an operation in quotes: " + Operation.symbols()),
    ACTIVATION(
        "the name of a non-linearity in quotes: "
            + Arrays.stream(Activation.values()).map(Enum::name).collect(Collectors.joining(", "))),
    CADENCE(
        "epochs from one to the next, such as 100, or an object of every, dense_until and"
            + " powers_of_two");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }
  }

  private final Kind kind;

  Field(Kind kind) {
    this.kind = kind;
  }

  /** As it is written, such as {@code weight_decay}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Kind kind() {
    return kind;
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
                    "sweep: got the field '"
                        + name
                        + "', expected one of "
                        + Arrays.stream(values())
                            .map(Field::label)
                            .collect(Collectors.joining(", "))));
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /**
   * A value in the one form that equal values have.
   *
   * @throws IllegalArgumentException if it is of another type; the message says which is expected
   */
  JsonNode read(JsonNode value) {
    switch (kind) {
      case INT:
        if (value.canConvertToInt() && value.isIntegralNumber()) {
          return NODES.numberNode(value.intValue());
        }
        break;
      case LONG_OR_NULL:
        if (value.isNull()) {
          return value;
        }
        return readLong(value);
      case LONG:
        return readLong(value);
      case DECIMAL:
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
          return NODES.numberNode(value.doubleValue());
        }
        break;
      case SWITCH:
        if (value.isBoolean()) {
          return value;
        }
        break;
      case OPERATION:
        if (value.isTextual()) {
          return NODES.textNode(Operation.named(value.textValue()).symbol());
        }
        break;
      case ACTIVATION:
        return readActivation(value);
      case CADENCE:
        return readCadence(value);
      default:
        throw new AssertionError(kind);
    }
    throw unexpected(value);
  }

  private JsonNode readLong(JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw unexpected(value);
    }
    return NODES.numberNode(value.longValue());
  }

  private JsonNode readActivation(JsonNode value) {
    return Arrays.stream(Activation.values())
        .filter(activation -> activation.name().equalsIgnoreCase(value.asText()))
        .findFirst()
        .map(activation -> (JsonNode) NODES.textNode(activation.name()))
        .orElseThrow(() -> unexpected(value));
  }

  private JsonNode readCadence(JsonNode value) {
    ObjectNode cadence =
        NODES.objectNode().put("dense_until", 0L).put("powers_of_two", false).put("every", 0L);
    if (value.isObject()) {
      value
          .properties()
          .forEach(
              part -> {
                JsonNode known = cadence.get(snakeCase(part.getKey()));
                JsonNode given = part.getValue();
                if (known == null || known.isBoolean() != given.isBoolean()) {
                  throw unexpected(value);
                }
                cadence.set(snakeCase(part.getKey()), given.isBoolean() ? given : readLong(given));
              });
    } else {
      cadence.set("every", readLong(value));
    }
    cadence(cadence);
    return cadence;
  }

  /** The cadence that {@link #read} wrote in this form. */
  static Cadence cadence(JsonNode node) {
    return new Cadence(
        node.get("dense_until").longValue(),
        node.get("powers_of_two").booleanValue(),
        node.get("every").longValue());
  }

  /** The form in which {@link #read} gives a cadence. */
  static JsonNode form(Cadence cadence) {
    return NODES
        .objectNode()
        .put("dense_until", cadence.denseUntil())
        .put("powers_of_two", cadence.powersOfTwo())
        .put("every", cadence.every());
  }

  private IllegalArgumentException unexpected(JsonNode value) {
    return new IllegalArgumentException(
        "sweep: got " + label() + " = " + value + ", expected " + kind.expected);
  }
}
