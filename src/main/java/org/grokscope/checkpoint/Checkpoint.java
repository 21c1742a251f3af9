package org.grokscope.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.task.ModularTask;
import org.grokscope.task.Split;
import org.grokscope.task.TokenSequences;

/**
 * A model at one moment of its training, with the questions it was trained on: all that a probe
 * needs, whoever trained it.
 *
 * <p>Immutable. The file format is written out in the description of this package.
 */
public final class Checkpoint {
  private final Path source; // where it was read, or null
  private final int p;
  private final int[] trainRows; // [train], a·p + b
  private final int[] labels; // [p·p], answer or UNDEFINED
  private final OptionalLong epoch;
  private final Optional<String> provenance;
  private final ModelConfig config;
  private final Parameters parameters;

  Checkpoint(
      Path source,
      int p,
      int[] trainRows,
      int[] labels,
      OptionalLong epoch,
      Optional<String> provenance,
      ModelConfig config,
      Parameters parameters) {
    this.source = source;
    this.p = p;
    this.trainRows = trainRows;
    this.labels = labels;
    this.epoch = epoch;
    this.provenance = provenance;
    this.config = config;
    this.parameters = parameters;
  }

  /**
   * A checkpoint of a training under way.
   *
   * <p>A file's shapes tell everything about a model but its activation and its mask. Those are
   * read from {@code model.activation} and {@code model.causal} of the provenance; where these are
   * missing and the model is not the usual one (ReLU, causal), they are added to the text.
   *
   * @param split what is trained on
   * @param config the model
   * @param parameters its weights; copied
   * @param epoch optimiser updates done
   * @param provenanceJson how it came to be, such as {@link Provenance#toJson()}
   * @throws IllegalArgumentException if these do not belong together, if a weight is not finite, or
   *     if the provenance is not a JSON object
   */
  public static Checkpoint of(
      Split split, ModelConfig config, Parameters parameters, long epoch, String provenanceJson) {
    int p = split.task().p();
    boolean reads =
        config.vocabulary() == p + 1 && config.contextLength() == ModularTask.CONTEXT_LENGTH;
    boolean answers = config.outputs() == p || config.outputs() == p + 1;
    if (!reads || !answers) {
      throw new IllegalArgumentException(
          "checkpoint: got the model "
              + config
              + ", expected for p = "
              + p
              + " vocabulary "
              + (p + 1)
              + ", outputs "
              + p
              + " or "
              + (p + 1)
              + ", context length "
              + ModularTask.CONTEXT_LENGTH
              + "; build both from the same p");
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
    String provenance =
        UnshapedTraits.of(config.shape()).recordedIn(Objects.requireNonNull(provenanceJson));
    return new Checkpoint(
        null,
        p,
        split.trainRows(),
        split.task().labels(),
        OptionalLong.of(epoch),
        Optional.of(provenance),
        config,
        parameters.copy());
  }

  /**
   * Reads a checkpoint, this library's or one that {@code numpy.savez} wrote.
   *
   * @throws CheckpointException if there is no such file, it is damaged, or something is missing or
   *     does not fit; the message names the file, the array, what was found and what was expected
   */
  public static Checkpoint load(Path path) {
    return new CheckpointReader(path, Npz.read(path)).checkpoint();
  }

  /**
   * Writes it atomically; see {@link AtomicFile}.
   *
   * @param path the file, whole name with {@code .npz}
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void save(Path path) {
    Npz.write(path, arrays());
  }

  /** Everything under the names it has in the file; whoever adds arrays of their own may. */
  public LinkedHashMap<String, NpyArray> arrays() {
    LinkedHashMap<String, NpyArray> arrays = ParameterArrays.of(parameters);
    arrays.put("p", NpyArray.ofLong(p));
    arrays.put("train_pairs", ofInts(trainRows));
    arrays.put("labels", ofInts(labels));
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
    if (p != expected) {
      throw new CheckpointException(
          (source == null ? "checkpoint" : "checkpoint " + source)
              + ": array p: got p = "
              + p
              + ", expected p = "
              + expected
              + "; choose a checkpoint of a model trained modulo "
              + expected);
    }
    return this;
  }

  /** The modulus. */
  public int p() {
    return p;
  }

  /** The rows r = a·p + b of the known questions, [train], in the order of the file; a copy. */
  public int[] trainRows() {
    return trainRows.clone();
  }

  /** The rows r = a·p + b of the questions that have an answer and are not known; ascending. */
  public int[] testRows() {
    boolean[] known = new boolean[labels.length];
    for (int r : trainRows) {
      known[r] = true;
    }
    return IntStream.range(0, labels.length)
        .filter(r -> !known[r] && labels[r] != ModularTask.UNDEFINED)
        .toArray();
  }

  /** The answers, [p²] in row-major order r = a·p + b, −1 where there is none; a copy. */
  public int[] labels() {
    return labels.clone();
  }

  /** The known questions, in the order of {@link #trainRows()}. */
  public TokenSequences train() {
    return sequences(trainRows);
  }

  /** The unknown questions, in the order of {@link #testRows()}. */
  public TokenSequences test() {
    return sequences(testRows());
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
    return new Checkpoint(null, p, trainRows, labels, epoch, provenance, config, changed);
  }

  /** The same, its epoch known from elsewhere. */
  Checkpoint withEpoch(long newEpoch) {
    return new Checkpoint(
        source, p, trainRows, labels, OptionalLong.of(newEpoch), provenance, config, parameters);
  }

  @Override
  public String toString() {
    ModelShape shape = config.shape();
    return "checkpoint of a model modulo "
        + p
        + (epoch.isPresent() ? " at epoch " + epoch.getAsLong() : "")
        + ": layers "
        + shape.layers()
        + ", d_model "
        + shape.dModel()
        + (shape.attends() ? ", heads " + shape.heads() : ", no attention")
        + ", d_mlp "
        + shape.dMlp()
        + ", trained on "
        + trainRows.length
        + " questions";
  }

  private TokenSequences sequences(int[] rows) {
    int[] tokens = new int[rows.length * ModularTask.CONTEXT_LENGTH];
    int[] answers = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int at = i * ModularTask.CONTEXT_LENGTH;
      tokens[at] = rows[i] / p;
      tokens[at + 1] = rows[i] % p;
      tokens[at + 2] = p; // '='
      answers[i] = labels[rows[i]];
    }
    return new TokenSequences(ModularTask.CONTEXT_LENGTH, tokens, answers);
  }

  private static NpyArray ofInts(int[] values) {
    return NpyArray.ofLongs(Arrays.stream(values).asLongStream().toArray(), values.length);
  }

  private static void requireFinite(Parameters parameters) {
    float[] values = parameters.values();
    for (ParameterLayout.Slot slot : parameters.layout().slots()) {
      for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
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
