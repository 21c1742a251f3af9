package org.grokscope.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.model.BatchLoss;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.model.Transformer;
import org.grokscope.series.Probe;
import org.grokscope.series.ProbeSeries;
import org.grokscope.task.Split;
import org.grokscope.task.TokenSequences;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
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

  /**
   * How the run did on some questions, at every checkpoint: a table with the columns epoch, loss
   * (mean cross-entropy, nats) and accuracy.
   *
   * @param questions of the run's task, such as {@link Split#testWithKnownMirror()}
   */
  public Table evaluate(TokenSequences questions) {
    LongColumn epochs = LongColumn.create("epoch");
    DoubleColumn losses = DoubleColumn.create("loss");
    DoubleColumn accuracies = DoubleColumn.create("accuracy");
    int threads = Runtime.getRuntime().availableProcessors();
    ModelConfig model = Training.modelFor(config, split.task());
    Parameters weights = Parameters.zeros(model.layout());
    try (Transformer transformer = ComputationPath.bestFor(model).open(model, weights, threads)) {
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
