package org.grokscope.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.Provenance;
import org.grokscope.model.BatchLoss;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.model.Transformer;
import org.grokscope.task.ModularTask;
import org.grokscope.task.RandomStream;
import org.grokscope.task.Split;
import org.grokscope.task.TokenSequences;

/**
 * One training under way, in memory: a model, its optimiser and what was measured so far. {@link
 * Trainer#train} drives one and keeps it on disk; a researcher who wants the loop in a cell drives
 * it by hand:
 *
 * <pre>{@code
 * var training = Trainer.of(config).start(split);
 * while (training.epoch() < 500) training.step();
 * training.evaluate()
 * }</pre>
 */
public final class Training implements AutoCloseable {
  private final TrainingConfig config;
  private final Split split;
  private final Transformer model;
  private final AdamW optimiser;
  private final List<History.Row> rows;
  private final String provenance;
  private final double secondsBefore; // of earlier sessions
  private final long startNanos = System.nanoTime();

  private Training(
      TrainingConfig config,
      Split split,
      Transformer model,
      AdamW optimiser,
      List<History.Row> rows,
      String provenance) {
    this.config = config;
    this.split = split;
    this.model = model;
    this.optimiser = optimiser;
    this.rows = new ArrayList<>(rows);
    this.provenance = provenance;
    secondsBefore = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).seconds();
  }

  static Training begin(
      TrainingConfig config,
      Split split,
      ComputationPath path,
      int threads,
      Optional<Checkpoint> start) {
    ModelConfig modelConfig = modelFor(config, split.task());
    start.ifPresent(checkpoint -> requireModel(checkpoint, modelConfig));
    Parameters parameters =
        start
            .map(Checkpoint::parameters)
            .orElseGet(() -> Parameters.initial(modelConfig, config.seed()));
    return new Training(
        config,
        split,
        path.open(modelConfig, parameters, threads),
        new AdamW(config.beta1(), config.beta2(), config.epsilon(), parameters.values().length),
        List.of(),
        provenanceOf(config, split, modelConfig, path, start));
  }

  static Training resume(
      TrainingConfig config,
      Split split,
      ComputationPath path,
      int threads,
      Optional<Checkpoint> start,
      ResumeState state,
      List<History.Row> rows) {
    ModelConfig modelConfig = modelFor(config, split.task());
    return new Training(
        config,
        split,
        path.open(modelConfig, state.parameters(), threads),
        state.optimiser(config.beta1(), config.beta2(), config.epsilon()),
        rows,
        provenanceOf(config, split, modelConfig, path, start));
  }

  /** The model that a configuration asks for on a task. */
  static ModelConfig modelFor(TrainingConfig config, ModularTask task) {
    return new ModelConfig(
        config.shape(),
        task.vocabulary(),
        task.p() + config.outputClasses(),
        ModularTask.CONTEXT_LENGTH);
  }

  /** That a training of this model can begin with these weights. */
  static void requireModel(Checkpoint checkpoint, ModelConfig model) {
    if (!checkpoint.config().equals(model)) {
      throw new IllegalArgumentException(
          "training: got a checkpoint of the model "
              + checkpoint.config()
              + " to begin with, expected "
              + model
              + "; give the training that shape, output classes and p");
    }
  }

  private static String provenanceOf(
      TrainingConfig config,
      Split split,
      ModelConfig model,
      ComputationPath path,
      Optional<Checkpoint> start) {
    Map<String, Object> details = new HashMap<>();
    details.put("task", split.task().toString());
    details.put("split", Map.of("fraction", split.fraction(), "seed", split.seed()));
    details.put("model", model.shape());
    details.put("training", config);
    details.put("path", path);
    start.ifPresent(from -> details.put("start", from.toString()));
    return Provenance.now(details).toJson();
  }

  /**
   * One update of the optimiser.
   *
   * @return loss and right answers on the batch, under the weights before the update
   * @throws IllegalStateException if the loss is not finite any more; the weights are left as they
   *     were
   */
  public BatchLoss step() {
    BatchLoss loss = model.lossAndGradients(batch());
    if (!Double.isFinite(loss.loss())) {
      throw new IllegalStateException(
          "training: the loss became "
              + loss.loss()
              + " at epoch "
              + epoch()
              + "; try a smaller learning rate than "
              + config.learningRate());
    }
    float[] parameters = model.parameters().values();
    optimiser.update(
        parameters,
        model.gradients().values(),
        config.learningRateAt(epoch()),
        List.of(new AdamW.Group(0, parameters.length, config.weightDecay())));
    return loss;
  }

  /**
   * Measures losses and accuracies on both sides of the split, and adds the row to the history; a
   * second call at the same epoch returns the row that is there.
   */
  public History.Row evaluate() {
    if (!rows.isEmpty() && rows.get(rows.size() - 1).epoch() == epoch()) {
      return rows.get(rows.size() - 1);
    }
    BatchLoss train = model.loss(split.train());
    BatchLoss test = model.loss(split.test());
    History.Row row =
        new History.Row(
            epoch(),
            train.loss(),
            test.loss(),
            train.accuracy(),
            test.accuracy(),
            model.parameters().squaredNorm(),
            seconds());
    rows.add(row);
    return row;
  }

  /** Optimiser updates done. */
  public long epoch() {
    return optimiser.updates();
  }

  /** What was measured so far. */
  public History history() {
    return new History(rows);
  }

  /** The model, with its live weights. */
  public Transformer model() {
    return model;
  }

  /** The split that is trained on. */
  public Split split() {
    return split;
  }

  /** The weights as they are now, with all that a probe needs. */
  public Checkpoint checkpoint() {
    return Checkpoint.of(split, model.config(), model.parameters(), epoch(), provenance);
  }

  /** Wall-clock seconds of training, earlier sessions included. */
  public double seconds() {
    return secondsBefore + (System.nanoTime() - startNanos) / 1e9;
  }

  /** What to keep of it now. */
  Snapshot snapshot() {
    return new Snapshot(
        provenance,
        HistoryFile.text(rows),
        ResumeState.of(model.parameters(), optimiser),
        store -> store.save(checkpoint()));
  }

  /** The questions of the next update: all, or the next piece of this pass's own random order. */
  private TokenSequences batch() {
    TokenSequences train = split.train();
    int size = config.batchSize();
    if (size == TrainingConfig.FULL_BATCH || size >= train.size()) {
      return train;
    }
    int batches = (train.size() + size - 1) / size;
    long pass = epoch() / batches;
    int piece = (int) (epoch() % batches);
    int[] order = IntStream.range(0, train.size()).toArray();
    RandomStream.of(config.seed(), "batches of pass " + pass).shuffle(order);
    int from = piece * size;
    int[] chosen = Arrays.copyOfRange(order, from, Math.min(from + size, train.size()));
    return train.select(chosen);
  }

  /** Lets threads and native memory go. */
  @Override
  public void close() {
    model.close();
  }
}
