package org.grokscope.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.task.Split;
import tech.tablesaw.api.Table;

/** A training that has ended, as it stands on disk: its history and its checkpoints. */
public final class Run {
  private final Split split;
  private final TrainingConfig config;
  private final Path directory;
  private final History history;
  private final List<Long> checkpointEpochs;

  Run(
      Split split,
      TrainingConfig config,
      Path directory,
      History history,
      List<Long> checkpointEpochs) {
    this.split = split;
    this.config = config;
    this.directory = directory;
    this.history = history;
    this.checkpointEpochs = List.copyOf(checkpointEpochs);
  }

  /** What was trained on. */
  public Split split() {
    return split;
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

  /** When it memorised and when it understood. */
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

  /** Epochs, losses and accuracies at the end; no folder, which differs from machine to machine. */
  @Override
  public String toString() {
    History.Row row = history.last();
    return String.format(
        Locale.ROOT,
        "%s%n%,d epochs: train loss %.3g (%.2f %% right), test loss %.3g (%.2f %% right)",
        split,
        row.epoch(),
        row.trainLoss(),
        100 * row.trainAccuracy(),
        row.testLoss(),
        100 * row.testAccuracy());
  }
}
