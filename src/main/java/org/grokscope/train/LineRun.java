package org.grokscope.train;

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
        Locale.ROOT, "%s%n%,d steps: %s", task, recipe.steps(), history.last().summary());
  }
}
