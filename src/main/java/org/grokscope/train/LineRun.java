package org.grokscope.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.checkpoint.Npz;
import org.grokscope.checkpoint.ParameterArrays;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReaderConfig;
import org.grokscope.model.ReferenceReader;
import org.grokscope.task.LineBreaking;
import tech.tablesaw.api.Table;

/** A training of a model that reads lines that has ended, as it stands on disk. */
public final class LineRun {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LineBreaking task;
  private final ReaderConfig config;
  private final LineRecipe recipe;
  private final Path directory;
  private final LineHistory history;

  LineRun(
      LineBreaking task,
      ReaderConfig config,
      LineRecipe recipe,
      Path directory,
      LineHistory history) {
    this.task = task;
    this.config = config;
    this.recipe = recipe;
    this.directory = directory;
    this.history = history;
  }

  /** Whether a folder holds such a run, finished or not. */
  public static boolean isIn(Path folder) {
    Path settings = folder.resolve(RunFolder.SETTINGS);
    return Files.isRegularFile(settings) && tree(settings).at("/task/widths").isObject();
  }

  /**
   * A run that another program or an earlier session trained.
   *
   * @param folder of a finished training
   * @throws CheckpointException if it holds no such run, or one that is not finished
   */
  public static LineRun open(Path folder) {
    if (!isIn(folder)) {
      throw new CheckpointException(
          "open run: got "
              + folder
              + ", expected the folder of a model that reads lines; train one by grokscope train"
              + " --task linebreak");
    }
    JsonNode settings = tree(folder.resolve(RunFolder.SETTINGS));
    for (String part : List.of("model", "training")) {
      if (!settings.path(part).isObject()) {
        throw new CheckpointException(
            "open run "
                + folder
                + ": "
                + RunFolder.SETTINGS
                + " has no "
                + part
                + ", expected what `grokscope train --task linebreak` writes; train it again");
      }
    }
    try {
      LineBreaking task = JSON.treeToValue(settings.get("task"), LineBreaking.class);
      ReaderConfig config = JSON.treeToValue(settings.get("model"), ReaderConfig.class);
      LineRecipe recipe = JSON.treeToValue(settings.get("training"), LineRecipe.class);
      LineHistory history = new LineHistory(LineTraining.columns(task));
      history.read(folder.resolve(RunFolder.HISTORY), Long.MAX_VALUE);
      if (!CheckpointStore.in(folder).epochs().contains(recipe.steps())) {
        throw new CheckpointException(
            "open run "
                + folder
                + ": it is not finished, expected "
                + recipe.steps()
                + " steps; run the same training again to go on");
      }
      return new LineRun(task, config, recipe, folder, history);
    } catch (JsonProcessingException e) {
      throw new CheckpointException("open run " + folder + ": its settings cannot be read", e);
    }
  }

  private static JsonNode tree(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new CheckpointException("read " + file + ": " + e.getMessage(), e);
    }
  }

  /** What it was trained on. */
  public LineBreaking task() {
    return task;
  }

  /** How it was trained. */
  public LineRecipe recipe() {
    return recipe;
  }

  /** Where it is kept. */
  public Path directory() {
    return directory;
  }

  /** What was measured on the way. */
  public LineHistory history() {
    return history;
  }

  /** The history as a Tablesaw table. */
  public Table table() {
    return history.table();
  }

  /** The steps of which a checkpoint is kept, ascending. */
  public List<Long> checkpointEpochs() {
    return CheckpointStore.in(directory).epochs();
  }

  /** The trained model, to be looked into. */
  public ReferenceReader reader() {
    return reader(recipe.steps());
  }

  /**
   * The model as it was after some steps.
   *
   * @throws CheckpointException if no checkpoint of then is kept, or it is not as it should be
   */
  public ReferenceReader reader(long epoch) {
    if (!checkpointEpochs().contains(epoch)) {
      throw new CheckpointException(
          "load epoch "
              + epoch
              + ": expected one of the epochs "
              + checkpointEpochs()
              + ", of which a checkpoint is kept in "
              + directory);
    }
    Path file = CheckpointStore.in(directory).path(epoch);
    return ReferenceReader.of(config, parameters(file, config.layout()));
  }

  private static Parameters parameters(Path file, ParameterLayout layout) {
    Parameters parameters = Parameters.zeros(layout);
    ParameterArrays.get(file, Npz.read(file), "", layout, parameters.values());
    return parameters;
  }

  /** Steps and accuracies at the end; no folder, which differs from machine to machine. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "lines, %s%n%,d steps: %s",
        task.mode().orElseGet(task::toString),
        recipe.steps(),
        history.last().summary());
  }
}
