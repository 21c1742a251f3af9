package org.grokscope.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.task.Batch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.task.Task;

/**
 * A model at one moment of its training, with the questions it was trained on where it was trained
 * on a table: all that a probe needs, whoever trained it.
 *
 * <p>Immutable. The file format is written out in the description of this package.
 */
public final class Checkpoint {
  private static final int LARGE =
      1 << 17; // questions that are written in as few bytes as they need

  private final Source source; // where it was read, or null
  private final Questions questions; // null of a model that learnt from no table
  private final OptionalLong epoch;
  private final Optional<String> provenance;
  private final ModelConfig config;
  private final Parameters parameters;

  /**
   * The questions of a table and those that are known.
   *
   * @param trainRows in the order of the file
   */
  record Questions(OperationTable table, int[] trainRows) {}

  /**
   * Where a checkpoint was read.
   *
   * @param leftOut the names of arrays there that it has no use for
   */
  record Source(Path file, List<String> leftOut) {}

  Checkpoint(
      Source source,
      Questions questions,
      OptionalLong epoch,
      Optional<String> provenance,
      ModelConfig config,
      Parameters parameters) {
    this.source = source;
    this.questions = questions;
    this.epoch = epoch;
    this.provenance = provenance;
    this.config = config;
    this.parameters = parameters;
  }

  /**
   * A checkpoint of a training under way.
   *
   * <p>A file's shapes tell everything about a usual model but its activation and its mask. Those
   * are read from {@code model.activation} and {@code model.causal} of the provenance; where these
   * are missing and the model is not the usual one (ReLU, causal), they are added to the text. A
   * model of another build is described in the file as a whole.
   *
   * @param task what is trained on
   * @param config the model
   * @param parameters its weights; copied
   * @param epoch optimiser updates done
   * @param provenanceJson how it came to be, such as {@link Provenance#toJson()}
   * @throws IllegalArgumentException if these do not belong together, if a weight is not finite, or
   *     if the provenance is not a JSON object
   */
  public static Checkpoint of(
      Task task, ModelConfig config, Parameters parameters, long epoch, String provenanceJson) {
    boolean reads =
        config.vocabulary() == task.vocabulary() && config.contextLength() == task.length();
    boolean answers = config.outputs() == task.outputs() || config.outputs() == task.outputs() + 1;
    if (!reads || !answers) {
      throw new IllegalArgumentException(
          "checkpoint: got the model "
              + config
              + ", expected for "
              + task.title()
              + " vocabulary "
              + task.vocabulary()
              + ", outputs "
              + task.outputs()
              + " or "
              + (task.outputs() + 1)
              + ", context length "
              + task.length()
              + "; build both from the same task");
    }
    if (!parameters.layout().equals(config.layout())) {
      throw new IllegalArgumentException(
          "checkpoint: got the parameters "
              + parameters.layout().slots()
              + ", expected "
              + config.layout().slots()
              + "; use the parameters of this model");
    }
    if (epoch < 0) {
      throw new IllegalArgumentException(
          "checkpoint: got epoch " + epoch + ", expected the updates done, 0 or more");
    }
    requireFinite(parameters);
    Objects.requireNonNull(provenanceJson);
    String provenance =
        isUsual(config.shape())
            ? UnshapedTraits.of(config.shape()).recordedIn(provenanceJson)
            : provenanceJson;
    UnshapedTraits.parse(provenance);
    return new Checkpoint(
        null,
        task instanceof Split split ? new Questions(split.table(), split.trainRows()) : null,
        OptionalLong.of(epoch),
        Optional.of(provenance),
        config,
        parameters.copy());
  }

  /** Whether shapes of arrays, activation and mask tell all of a model. */
  private static boolean isUsual(ModelShape shape) {
    return shape.dMlp() > 0
        && ModelShape.uniform(
                shape.depth(),
                shape.dModel(),
                shape.heads(),
                shape.dHead(),
                shape.dMlp(),
                shape.activation(),
                shape.layerNorm(),
                shape.causal())
            .equals(shape);
  }

  /**
   * Reads a checkpoint, this library's or one that Python wrote, with any {@link ParameterNames}.
   *
   * @param path the file; one that ends in {@code .safetensors} is read as {@link SafeTensors}
   *     does, every other as {@link Npz} does
   * @throws CheckpointException if there is no such file, it is damaged, or something is missing or
   *     does not fit; the message names the file, the array, what was found and what was expected
   */
  public static Checkpoint load(Path path) {
    boolean safe = isSafeTensors(path);
    return new CheckpointReader(path, safe ? SafeTensors.read(path) : Npz.read(path)).checkpoint();
  }

  /**
   * Writes it atomically; see {@link AtomicFile}.
   *
   * @param path the file, whole name with {@code .npz} or {@code .safetensors}
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void save(Path path) {
    save(path, ParameterNames.OWN);
  }

  /**
   * Writes it with other names; see {@link #save(Path)}.
   *
   * @throws IllegalArgumentException if these are the names of another library, and that one does
   *     not compute such a model alike
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void save(Path path, ParameterNames names) {
    LinkedHashMap<String, NpyArray> arrays = NameTable.renamed(arrays(), config, names);
    if (isSafeTensors(path)) {
      SafeTensors.write(path, arrays);
    } else {
      Npz.write(path, arrays);
    }
  }

  private static boolean isSafeTensors(Path path) {
    return path.toString().endsWith(SafeTensors.ENDING);
  }

  /** The names of arrays in its file that it has no use for; empty if it was read from none. */
  public List<String> leftOut() {
    return source == null ? List.of() : source.leftOut;
  }

  /** Everything under the names it has in the file; whoever adds arrays of their own may. */
  public LinkedHashMap<String, NpyArray> arrays() {
    LinkedHashMap<String, NpyArray> arrays = ParameterArrays.of(parameters);
    if (questions == null || !isUsual(config.shape())) {
      String model = ShapeJson.tree(config.shape()).toString();
      arrays.put("model", NpyArray.ofString(model));
      arrays.put("context_length", NpyArray.ofLong(config.contextLength()));
    }
    if (questions != null) {
      arrays.put("p", NpyArray.ofLong(p()));
      if (table().arity() != 2) {
        arrays.put("operands", NpyArray.ofLong(table().arity()));
      }
      int[] labels = labels();
      boolean large = labels.length >= LARGE;
      int[] known = questions.trainRows;
      arrays.put("train_pairs", large ? NpyArray.ofSmallInts(known) : ofInts(known));
      arrays.put("labels", large ? NpyArray.ofSmallInts(labels) : ofInts(labels));
    }
    epoch.ifPresent(value -> arrays.put("epoch", NpyArray.ofLong(value)));
    provenance.ifPresent(text -> arrays.put("provenance", NpyArray.ofString(text)));
    return arrays;
  }

  /**
   * This checkpoint, if it is of the modulus expected.
   *
   * @throws CheckpointException if it is of another
   */
  public Checkpoint requireModulus(int expected) {
    if (p() != expected) {
      throw new CheckpointException(
          name()
              + ": array p: got p = "
              + p()
              + ", expected p = "
              + expected
              + "; choose a checkpoint of a model trained modulo "
              + expected);
    }
    return this;
  }

  private String name() {
    return source == null ? "checkpoint" : "checkpoint " + source.file;
  }

  /** Whether it learnt from a table of questions. */
  public boolean hasTable() {
    return questions != null;
  }

  /**
   * The table of questions that it learnt from.
   *
   * @throws CheckpointException if it learnt from no table, as a model that reads lines does
   */
  public OperationTable table() {
    return requireQuestions().table;
  }

  private Questions requireQuestions() {
    if (questions == null) {
      throw new CheckpointException(
          name()
              + ": got a model that learnt from no table of questions ("
              + taskText()
              + "), expected one that did; measure it by measures of its own task");
    }
    return questions;
  }

  /**
   * The lines that it learnt to break, as its provenance tells.
   *
   * @throws CheckpointException if it learnt something else
   */
  public LineBreaking lines() {
    JsonNode questions = settings().path("questions");
    if (questions.path("widths").isObject()) {
      try {
        return Provenance.JSON.treeToValue(questions, LineBreaking.class);
      } catch (JsonProcessingException e) {
        throw new CheckpointException(
            name() + ": its lines cannot be read (" + e.getOriginalMessage() + "); train it again",
            e);
      }
    }
    throw new CheckpointException(
        name()
            + ": got a model that learnt "
            + (hasTable() ? table().title() : taskText())
            + ", expected one that breaks lines");
  }

  /** What the provenance calls its task. */
  private String taskText() {
    JsonNode task = settings().path("task");
    return task.isMissingNode()
        ? "a task that is not told"
        : task.isTextual() ? task.asText() : task.toString();
  }

  /** The provenance as a tree: its settings, task and training; empty if the file has none. */
  public JsonNode settings() {
    return UnshapedTraits.parse(provenance.orElse("{}"));
  }

  /** The number of elements of its table; of modular arithmetic the modulus. */
  public int p() {
    return table().size();
  }

  /** The rows of the known questions, [train], in the order of the file; a copy. */
  public int[] trainRows() {
    return requireQuestions().trainRows.clone();
  }

  /** The rows of the questions that have an answer and are not known; ascending. */
  public int[] testRows() {
    int[] labels = labels();
    for (int r : requireQuestions().trainRows) {
      labels[r] = OperationTable.UNDEFINED;
    }
    return IntStream.range(0, labels.length)
        .filter(r -> labels[r] != OperationTable.UNDEFINED)
        .toArray();
  }

  /** The answers, [p²] of two operands, row-major, −1 where there is none; a copy. */
  public int[] labels() {
    return table().labels();
  }

  /** The known questions, in the order of {@link #trainRows()}. */
  public Batch train() {
    return table().questions(requireQuestions().trainRows);
  }

  /** The unknown questions, in the order of {@link #testRows()}. */
  public Batch test() {
    return table().questions(testRows());
  }

  /** Optimiser updates done, or empty if the file does not say. */
  public OptionalLong epoch() {
    return epoch;
  }

  /** How it came to be, as JSON, or empty if the file does not say. */
  public Optional<String> provenance() {
    return provenance;
  }

  /** The model. */
  public ModelConfig config() {
    return config;
  }

  /** The weights; a copy, so changing it changes nothing here. */
  public Parameters parameters() {
    return parameters.copy();
  }

  /**
   * The same questions and answers, asked of other weights: a model that was changed by hand, or
   * one that has learnt something else since.
   *
   * @param other of the same layout; copied
   * @throws IllegalArgumentException if the layouts differ, or a weight is not finite
   */
  public Checkpoint withParameters(Parameters other) {
    Parameters changed = Parameters.zeros(config.layout());
    changed.copyFrom(other);
    requireFinite(changed);
    return new Checkpoint(null, questions, epoch, provenance, config, changed);
  }

  /** The same, its epoch known from elsewhere. */
  Checkpoint withEpoch(long newEpoch) {
    return new Checkpoint(
        source, questions, OptionalLong.of(newEpoch), provenance, config, parameters);
  }

  @Override
  public String toString() {
    ModelShape shape = config.shape();
    return "checkpoint of a model "
        + (!hasTable()
            ? "of " + taskText()
            : isModular() ? "modulo " + p() : "of " + table().title())
        + (epoch.isPresent() ? " at epoch " + epoch.getAsLong() : "")
        + ": layers "
        + shape.depth()
        + ", d_model "
        + shape.dModel()
        + (shape.attends() ? ", heads " + shape.heads() : ", no attention")
        + ", d_mlp "
        + shape.dMlp()
        + (hasTable() ? ", trained on " + questions.trainRows.length + " questions" : "");
  }

  /** What the table of a file is called that does not tell its task. */
  static String untitled(int p) {
    return "table of " + p + " elements";
  }

  /** Whether its table is of modular arithmetic, as one without a title is taken to be. */
  private boolean isModular() {
    String title = table().title();
    return table().arity() == 2 && (title.contains(" mod " + p()) || title.equals(untitled(p())));
  }

  private static NpyArray ofInts(int[] values) {
    return NpyArray.ofLongs(Arrays.stream(values).asLongStream().toArray(), values.length);
  }

  private static void requireFinite(Parameters parameters) {
    float[] values = parameters.values();
    for (ParameterLayout.Slot slot : parameters.layout().slots()) {
      int end = slot.offset() + slot.length();
      for (int i = slot.offset(); i < end; i++) {
        if (!Float.isFinite(values[i])) {
          throw new IllegalArgumentException(
              "checkpoint: got "
                  + values[i]
                  + " in "
                  + slot.name()
                  + ", expected finite weights;"
                  + " the training has diverged: lower its learning rate");
        }
      }
    }
  }
}
