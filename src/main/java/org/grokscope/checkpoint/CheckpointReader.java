package org.grokscope.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;

/** From named arrays to a {@link Checkpoint}, or to a message that says what does not fit. */
final class CheckpointReader {
  private static final int LARGEST_P = 20_000; // as of OperationTable, whose table has p² entries

  private final NamedArrays arrays;

  CheckpointReader(Path file, Map<String, NpyArray> arrays) {
    this.arrays = NameTable.own(file, arrays);
  }

  Checkpoint checkpoint() {
    Optional<String> provenance = provenance();
    JsonNode facts;
    UnshapedTraits traits;
    try {
      facts = UnshapedTraits.parse(provenance.orElse("{}"));
      traits = UnshapedTraits.in(facts);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException("checkpoint " + arrays.file() + ": array " + e.getMessage(), e);
    }
    boolean described = arrays.has("model");
    Checkpoint.Questions questions =
        described && !arrays.has("p") ? null : questions(modulus(), operands(), facts);
    ModelReader model = new ModelReader(arrays);
    ModelConfig config =
        described
            ? model.described()
            : model.inferred(questions.table().size(), questions.table().arity() + 1, traits);
    requireFit(questions, config);
    OptionalLong epoch = epoch();
    Parameters parameters = model.parameters(config);
    return new Checkpoint(
        new Checkpoint.Source(arrays.file(), arrays.unasked()),
        questions,
        epoch,
        provenance,
        config,
        parameters);
  }

  private Checkpoint.Questions questions(int p, int operands, JsonNode facts) {
    int[] labels = labels(p, operands, facts);
    int[] trainRows = trainRows(labels);
    JsonNode seed = facts.path("questions").path("random_label_seed");
    OptionalLong labelSeed =
        seed.isIntegralNumber() ? OptionalLong.of(seed.asLong()) : OptionalLong.empty();
    JsonNode task = facts.path("task");
    String title =
        task.isTextual()
            ? withoutEnd(task.asText(), OperationTable.ofRandomLabels(labelSeed))
            : Checkpoint.untitled(p);
    JsonNode told = facts.path("questions").path("operation");
    String operation = told.isTextual() ? told.asText() : withoutEnd(title, " mod " + p);
    try {
      return new Checkpoint.Questions(
          OperationTable.ofLabels(operation, title, p, operands, labelSeed, labels), trainRows);
    } catch (IllegalArgumentException e) {
      throw arrays.failure("labels", e.getMessage());
    }
  }

  private static String withoutEnd(String text, String end) {
    return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
  }

  private void requireFit(Checkpoint.Questions questions, ModelConfig config) {
    if (questions == null) {
      return;
    }
    int answers = config.outputs() - questions.table().size();
    if (config.vocabulary() != questions.table().vocabulary()
        || config.contextLength() != questions.table().length()
        || (answers != 0 && answers != 1)) {
      throw arrays.failure(
          "model",
          "got a model of "
              + config.vocabulary()
              + " tokens, "
              + config.outputs()
              + " answers and "
              + config.contextLength()
              + " positions, expected "
              + questions.table().vocabulary()
              + ", "
              + questions.table().size()
              + " or one more, and "
              + questions.table().length()
              + ", those of the file's table");
    }
  }

  /** Operands of the table's operation: two where the file does not say. */
  private int operands() {
    if (!arrays.has("operands")) {
      return 2;
    }
    long operands = arrays.single("operands", "the operands of a question");
    if (operands < 1 || operands > 63) {
      throw arrays.failure("operands", "got " + operands + ", expected 1 to 63");
    }
    return (int) operands;
  }

  private int modulus() {
    long p = arrays.single("p", "the modulus");
    int least = arrays.has("operands") ? 2 : 3;
    if (p < least || p > LARGEST_P) {
      throw arrays.failure("p", "got p = " + p + ", expected " + least + " ≤ p ≤ 20,000");
    }
    return (int) p;
  }

  private OptionalLong epoch() {
    if (!arrays.has("epoch")) {
      return OptionalLong.empty();
    }
    long epoch = arrays.single("epoch", "the optimiser updates done");
    if (epoch < 0) {
      throw arrays.failure("epoch", "got " + epoch + ", expected 0 or more optimiser updates");
    }
    return OptionalLong.of(epoch);
  }

  private Optional<String> provenance() {
    if (!arrays.has("provenance")) {
      return Optional.empty();
    }
    NpyArray array = arrays.require("provenance", "a single text");
    if (!array.isText() || array.size() != 1) {
      throw arrays.failure(
          "provenance", "got " + array + ", expected a single text (<U…, shape [])");
    }
    return Optional.of(array.text());
  }

  /** The file's labels, or those of a+b where it has none and says nothing else. */
  private int[] labels(int p, int operands, JsonNode facts) {
    double questions = Math.pow(p, operands);
    if (!arrays.has("labels")) {
      JsonNode operation = facts.findPath("operation");
      boolean other = operation.isTextual() && !operation.asText().equals(Operation.ADD.symbol());
      if (other || operands != 2) {
        throw arrays.failure(
            "labels",
            "missing, and the "
                + (other
                    ? "provenance gives the operation " + operation.asText()
                    : "file gives " + operands + " operands")
                + "; expected int64 of shape "
                + "["
                + (long) questions
                + "]"
                + ", which only "
                + Operation.ADD.symbol()
                + " may leave out");
      }
      arrays.shape("W_E", "[" + (p + 1) + ", d_model]", p + 1, 0); // before p² answers are made
      requireRoom(p);
      return ModularAddition.mod(p).labels();
    }
    long[] values =
        arrays.integers("labels", List.of((int) Math.min(questions, Integer.MAX_VALUE)));
    int[] labels = new int[values.length];
    for (int r = 0; r < labels.length; r++) {
      if (values[r] < OperationTable.UNDEFINED || values[r] > lastLabel(p)) {
        throw arrays.failure(
            "labels",
            "got "
                + values[r]
                + " at "
                + r
                + ", expected 0 … "
                + lastLabel(p)
                + ", or −1 where a question has no answer");
      }
      labels[r] = (int) values[r];
    }
    return labels;
  }

  /** A small file without labels may be of a modulus whose questions do not fit into memory. */
  private void requireRoom(int p) {
    long needed = 16L * p * p; // bytes: the answers, twice, and as much again to look at them
    long room = Runtime.getRuntime().maxMemory() / 2;
    if (needed > room) {
      throw arrays.failure(
          "p",
          String.format(
              Locale.ROOT,
              "got p = %d, whose p² questions need %,d MB, expected at most %,d, half of what this"
                  + " Java may take; give it more by -Xmx",
              p,
              needed >> 20,
              room >> 20));
    }
  }

  /** Where the model has a class for '=', that is the answer that refuses. */
  private int lastLabel(int p) {
    if (!arrays.has("W_U")) {
      return p - 1;
    }
    List<Integer> shape = arrays.require("W_U", "the unembedding").shape();
    return shape.size() == 2 && shape.get(1) == p + 1 ? p : p - 1;
  }

  private int[] trainRows(int[] labels) {
    NpyArray array = arrays.require("train_pairs", "int64 of shape [train], each a·p + b");
    if (!array.isInteger() || array.shape().size() != 1 || array.size() == 0) {
      throw arrays.failure(
          "train_pairs", "got " + array + ", expected int64 of shape [train], each a·p + b");
    }
    long[] values = array.longs();
    int[] rows = new int[values.length];
    boolean[] seen = new boolean[labels.length];
    for (int i = 0; i < rows.length; i++) {
      long row = values[i];
      if (row < 0 || row >= labels.length) {
        throw arrays.failure(
            "train_pairs",
            "got " + row + " at " + i + ", expected a·p + b in 0 … " + (labels.length - 1));
      }
      rows[i] = (int) row;
      if (seen[rows[i]]) {
        throw arrays.failure("train_pairs", "got " + row + " twice, expected each pair once");
      }
      if (labels[rows[i]] == OperationTable.UNDEFINED) {
        throw arrays.failure(
            "train_pairs", "got " + row + ", whose label is −1, expected questions with answers");
      }
      seen[rows[i]] = true;
    }
    return rows;
  }
}
