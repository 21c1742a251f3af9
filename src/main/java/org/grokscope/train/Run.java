package org.grokscope.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.checkpoint.ShapeJson;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.model.Transformer;
import org.grokscope.series.Probe;
import org.grokscope.series.ProbeSeries;
import org.grokscope.task.Batch;
import org.grokscope.task.BatchLoss;
import org.grokscope.task.Corpus;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineWidths;
import org.grokscope.task.Prose;
import org.grokscope.task.Split;
import org.grokscope.task.Task;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/** A training that has ended, as it stands on disk: its history and its checkpoints. */
public final class Run {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Task task;
  private final TrainingConfig config;
  private final Path directory;
  private final History history;
  private final List<Long> checkpointEpochs;

  Run(
      Task task,
      TrainingConfig config,
      Path directory,
      History history,
      List<Long> checkpointEpochs) {
    this.task = task;
    this.config = config;
    this.directory = directory;
    this.history = history;
    this.checkpointEpochs = List.copyOf(checkpointEpochs);
  }

  /**
   * A run that another program or an earlier session trained, of a shipped task, optimiser and
   * loss.
   *
   * @param folder of a training, finished or not
   * @throws CheckpointException if it holds no run, or one of something that is defined in code
   *     alone; the message says what to do
   */
  public static Run open(Path folder) {
    JsonNode provenance = provenance(folder);
    return read(folder, taskOf(folder, provenance), configOf(folder, provenance));
  }

  /**
   * The same of a task of your own.
   *
   * @throws CheckpointException if it holds no run, one of another task, or one of an optimiser or
   *     a loss that is defined in code alone
   */
  public static Run open(Path folder, Task task) {
    JsonNode provenance = provenance(folder);
    requireTask(folder, provenance, task);
    return read(folder, task, configOf(folder, provenance));
  }

  /**
   * The same of a task, an optimiser or a loss of your own.
   *
   * @param config as it was trained; the budget of epochs may be another
   * @throws CheckpointException if it holds no run, or one of another task or configuration
   */
  public static Run open(Path folder, Task task, TrainingConfig config) {
    JsonNode provenance = provenance(folder);
    requireTask(folder, provenance, task);
    ObjectNode found = provenance.path("training").deepCopy();
    ObjectNode asked = (ObjectNode) tree(ConfigJson.tree(config).toString(), folder);
    found.set("shape", provenance.path("model"));
    asked.set("shape", tree(ShapeJson.tree(config.shape()).toString(), folder));
    asked.set("epochs", found.path("epochs"));
    asked
        .properties()
        .forEach(
            setting -> {
              JsonNode there = found.path(setting.getKey());
              if (!setting.getValue().equals(there)) {
                throw new CheckpointException(
                    "open run "
                        + folder
                        + ": got a run of "
                        + setting.getKey()
                        + " "
                        + there
                        + ", expected "
                        + setting.getValue()
                        + "; give the configuration that it was trained by");
              }
            });
    return read(folder, task, config);
  }

  private static void requireTask(Path folder, JsonNode provenance, Task task) {
    // written and read again, so that numbers are of the types that a file gives them
    JsonNode asked = tree(JSON.valueToTree(task.settings()).toString(), folder);
    if (!provenance.path("questions").equals(asked)) {
      throw new CheckpointException(
          "open run "
              + folder
              + ": got a run of "
              + provenance.path("task").asText("an unknown task")
              + ", expected one of "
              + task.title()
              + ", alike in all settings; give the task that it was trained on");
    }
  }

  private static Run read(Path folder, Task task, TrainingConfig config) {
    try {
      List<String> columns = Training.columns(task.course());
      History history = new History(HistoryFile.read(folder.resolve(RunFolder.HISTORY), columns));
      long epochs = Math.max(config.epochs(), history.last().epoch()); // it may have gone on
      List<Long> checkpoints = CheckpointStore.in(folder).epochs();
      return new Run(task, config.withEpochs(epochs), folder, history, checkpoints);
    } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
      throw new CheckpointException(
          "open run " + folder + ": its history cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static TrainingConfig configOf(Path folder, JsonNode provenance) {
    try {
      return ConfigJson.config(provenance.path("training"), provenance.path("model"));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "open run "
              + folder
              + ": its settings cannot be read ("
              + e.getMessage()
              + "); an optimiser or a loss of your own is opened by Run.open(folder, task, config)",
          e);
    }
  }

  private static JsonNode provenance(Path folder) {
    Path file = folder.resolve(RunFolder.PROVENANCE);
    Path settings = folder.resolve(RunFolder.SETTINGS);
    if (!Files.isRegularFile(file) || CheckpointStore.in(folder).epochs().isEmpty()) {
      throw new CheckpointException(
          "open run: got "
              + folder
              + ", expected the folder of a training, with "
              + RunFolder.PROVENANCE
              + " and checkpoints; train one by grokscope train");
    }
    try {
      JsonNode provenance = tree(Files.readString(file), folder);
      boolean old = Files.exists(settings) && !RunSettings.isCurrent(Files.readString(settings));
      for (String part : List.of("questions", "training", "model")) {
        if (old || !provenance.path(part).isObject()) {
          throw new CheckpointException(
              "open run "
                  + folder
                  + ": "
                  + (old
                      ? "it was kept by version 0.1, which this version cannot read"
                      : RunFolder.PROVENANCE + " has no " + part)
                  + "; train it again");
        }
      }
      return provenance;
    } catch (IOException e) {
      throw new CheckpointException("read " + file + ": " + e.getMessage(), e);
    }
  }

  private static JsonNode tree(String text, Path folder) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "open run " + folder + ": its provenance is not JSON (" + e.getOriginalMessage() + ")",
          e);
    }
  }

  private static Task taskOf(Path folder, JsonNode provenance) {
    JsonNode questions = provenance.path("questions");
    if (questions.path("widths").isObject()) {
      try {
        return questions.has("corpus")
            ? prose(folder, questions)
            : JSON.treeToValue(questions, LineBreaking.class);
      } catch (JsonProcessingException e) {
        throw new CheckpointException(
            "open run "
                + folder
                + ": its lines cannot be read ("
                + e.getOriginalMessage()
                + "); train it again",
            e);
      }
    }
    Checkpoint last = CheckpointStore.in(folder).last();
    if (!last.hasTable()) {
      throw new CheckpointException(
          "open run "
              + folder
              + ": its task "
              + provenance.path("task")
              + " is defined in code alone; open it by Run.open(folder, task)");
    }
    Split split =
        Split.ofRows(
            last.table(),
            questions.path("fraction").asDouble(),
            questions.path("split_seed").asLong(),
            questions.has("mirrors"),
            last.trainRows());
    requireTask(folder, provenance, split);
    return split;
  }

  private static Prose prose(Path folder, JsonNode questions) throws JsonProcessingException {
    Corpus english = Corpus.english();
    if (!questions.path("corpus").asText().equals(english.digest())) {
      throw new CheckpointException(
          "open run "
              + folder
              + ": got prose of the corpus "
              + questions.path("corpus").asText()
              + ", expected that which the build fetches, "
              + english.digest()
              + "; open it by Run.open(folder, Prose.of(Corpus.of(Path.of(\"novel.txt\"))))");
    }
    return new Prose(
        JSON.treeToValue(questions.path("widths"), LineWidths.class),
        questions.path("subwords").asInt(),
        questions.path("length").asInt(),
        questions.path("endWeight").asDouble(),
        english);
  }

  /** What was trained on. */
  public Task task() {
    return task;
  }

  /**
   * What was trained on, of a training on a table of questions.
   *
   * @throws IllegalStateException if it was on something else
   */
  public Split split() {
    return task(Split.class, "a table of questions");
  }

  /**
   * What was trained on, of a training on lines.
   *
   * @throws IllegalStateException if it was on something else
   */
  public LineBreaking lines() {
    return task(LineBreaking.class, "lines");
  }

  private <T extends Task> T task(Class<T> type, String what) {
    if (!type.isInstance(task)) {
      throw new IllegalStateException(
          "run: got a training on " + task.title() + ", expected one on " + what + "; see task()");
    }
    return type.cast(task);
  }

  /** How it was trained. */
  public TrainingConfig config() {
    return config;
  }

  /** Where it is kept. */
  public Path directory() {
    return directory;
  }

  /** What was measured on the way. */
  public History history() {
    return history;
  }

  /** The history as a Tablesaw table. */
  public Table table() {
    return history.table();
  }

  /** When it memorised and when it understood, of a training on a table of questions. */
  public Milestones milestones() {
    return Milestones.of(history);
  }

  /** The epochs of which a checkpoint is kept, ascending. */
  public List<Long> checkpointEpochs() {
    return checkpointEpochs;
  }

  /**
   * The checkpoint of an epoch.
   *
   * @throws org.grokscope.checkpoint.CheckpointException if none is kept; the message lists those
   *     that are
   */
  public Checkpoint checkpoint(long epoch) {
    return CheckpointStore.in(directory).load(epoch);
  }

  /** The last checkpoint: the weights at the end. */
  public Checkpoint last() {
    return checkpoint(checkpointEpochs.get(checkpointEpochs.size() - 1));
  }

  /** The trained model, to be looked into. */
  public ReferenceTransformer model() {
    return model(checkpointEpochs.get(checkpointEpochs.size() - 1));
  }

  /**
   * The model as it was after some epochs.
   *
   * @throws org.grokscope.checkpoint.CheckpointException if no checkpoint of then is kept
   */
  public ReferenceTransformer model(long epoch) {
    Checkpoint checkpoint = checkpoint(epoch);
    return ReferenceTransformer.of(checkpoint.config(), checkpoint.parameters());
  }

  /**
   * How the run did on some questions, at every checkpoint: a table with the columns epoch, loss
   * (mean cross-entropy, nats) and accuracy.
   *
   * @param questions of the run's task, such as {@link Split#testWithKnownMirror()}
   */
  public Table evaluate(Batch questions) {
    LongColumn epochs = LongColumn.create("epoch");
    DoubleColumn losses = DoubleColumn.create("loss");
    DoubleColumn accuracies = DoubleColumn.create("accuracy");
    int threads = Runtime.getRuntime().availableProcessors();
    ModelConfig model = Training.modelFor(config, task);
    Parameters weights = Parameters.zeros(model.layout());
    try (Transformer transformer = Transformer.open(model, weights, threads)) {
      for (long epoch : checkpointEpochs) {
        weights.copyFrom(checkpoint(epoch).parameters());
        BatchLoss result = transformer.loss(questions);
        epochs.append(epoch);
        losses.append(result.loss());
        accuracies.append(result.accuracy());
      }
    }
    return Table.create("evaluation", epochs, losses, accuracies);
  }

  /**
   * Measures every checkpoint, in parallel; what a probe with an identity measured is kept beside
   * the run.
   *
   * @return one row a checkpoint: the column epoch, then those of each probe in order
   * @throws org.grokscope.series.ProbeException if a probe throws, or does not give the same
   *     columns everywhere
   * @throws org.grokscope.series.ProbingInterruptedException if the thread was interrupted; the
   *     same call goes on
   * @see ProbeSeries#measure
   */
  public Table probe(Probe... probes) {
    return series().measure(probes);
  }

  /**
   * The same at some checkpoints only.
   *
   * @throws org.grokscope.checkpoint.CheckpointException if none is kept of one of these epochs
   */
  public Table probe(List<Long> epochs, Probe... probes) {
    return series().at(epochs).measure(probes);
  }

  /** The same at those checkpoints only that are due, such as {@code Cadence.every(500)}. */
  public Table probe(Cadence cadence, Probe... probes) {
    return probe(checkpointEpochs.stream().filter(cadence::due).toList(), probes);
  }

  /** The checkpoints, to be measured by probes with other threads or listeners. */
  public ProbeSeries series() {
    return ProbeSeries.of(CheckpointStore.in(directory)).at(checkpointEpochs);
  }

  /** Epochs, losses and accuracies at the end; no folder, which differs from machine to machine. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s%n%,d epochs: %s",
        task instanceof Split ? task : task.title(),
        history.last().epoch(),
        history.last().summary());
  }
}
