package org.grokscope.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.grokscope.checkpoint.NpyArray;
import org.grokscope.checkpoint.Npz;
import org.grokscope.checkpoint.ParameterArrays;
import org.grokscope.checkpoint.Provenance;
import org.grokscope.model.FastReader;
import org.grokscope.model.LineReader;
import org.grokscope.model.LineReading;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReaderConfig;
import org.grokscope.task.IdealReader;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineCorpus;
import org.grokscope.task.LineEnding;
import org.grokscope.task.WidthSource;

/**
 * One training of a model that reads lines under way, in memory. {@link LineTrainer#train} drives
 * one and keeps it on disk; a researcher who wants the loop in a cell drives it by hand:
 *
 * <pre>{@code
 * var training = LineTrainer.of(LineBreaking.box()).start();
 * while (training.epoch() < 500) training.step();
 * training.evaluate().summary()
 * }</pre>
 */
public final class LineTraining implements AutoCloseable {
  private static final int FRESH_DOCUMENTS = 400;
  private static final long FRESH_SEED = 1;

  private final LineBreaking task;
  private final LineRecipe recipe;
  private final LineCorpus corpus;
  private final LineReader model;
  private final AdamW optimiser;
  private final List<AdamW.Group> groups;
  private final LineHistory history;
  private final LineBatch fresh;
  private final Optional<LineBatch> unseen;
  private final OptionalDouble ceiling;
  private final String provenance;
  private final double secondsBefore; // of earlier sessions
  private final long startNanos = System.nanoTime();

  private LineTraining(
      LineBreaking task,
      LineRecipe recipe,
      LineReader model,
      AdamW optimiser,
      LineHistory history,
      double secondsBefore) {
    this.task = task;
    this.recipe = recipe;
    this.corpus = task.corpus();
    this.model = model;
    this.optimiser = optimiser;
    this.groups = groups(model.config().layout(), recipe.weightDecay());
    this.history = history;
    this.secondsBefore = secondsBefore;
    boolean inferred = task.widths().source() == WidthSource.INFERRED;
    fresh = corpus.fresh(FRESH_SEED, FRESH_DOCUMENTS);
    unseen =
        inferred && !task.widths().heldOut().isEmpty()
            ? Optional.of(corpus.unseen(FRESH_SEED, FRESH_DOCUMENTS))
            : Optional.empty();
    ceiling =
        inferred
            ? OptionalDouble.of(IdealReader.of(task).ceiling(fresh).everywhere())
            : OptionalDouble.empty();
    provenance =
        Provenance.now(
                Map.of("task", task, "model", model.config(), "training", recipe, "path", "fast"))
            .toJson();
  }

  static LineTraining begin(
      LineBreaking task, ReaderConfig config, LineRecipe recipe, int threads) {
    Parameters parameters = Parameters.initial(config, recipe.seed());
    AdamW optimiser =
        new AdamW(recipe.beta1(), recipe.beta2(), recipe.epsilon(), parameters.values().length);
    return new LineTraining(
        task,
        recipe,
        FastReader.of(config, parameters, threads),
        optimiser,
        new LineHistory(columns(task)),
        0);
  }

  static LineTraining resume(
      LineBreaking task,
      ReaderConfig config,
      LineRecipe recipe,
      int threads,
      ResumeState state,
      LineHistory history) {
    return new LineTraining(
        task,
        recipe,
        FastReader.of(config, state.parameters(), threads),
        state.optimiser(recipe.beta1(), recipe.beta2(), recipe.epsilon()),
        history,
        history.epochs().isEmpty() ? 0 : history.last("seconds"));
  }

  /** The columns of the history after {@code epoch}. */
  static List<String> columns(LineBreaking task) {
    List<String> columns =
        new ArrayList<>(List.of("train_loss", "test_loss", "break_accuracy", "near_edge_accuracy"));
    if (task.ending() == LineEnding.PADDED) {
      columns.add("column_accuracy");
    }
    if (task.header().present()) {
      columns.add("label_accuracy");
    }
    if (task.widths().source() == WidthSource.INFERRED) {
      if (!task.widths().heldOut().isEmpty()) {
        columns.add("unseen_width_accuracy");
      }
      columns.add("bayes_ceiling");
    }
    columns.addAll(List.of("squared_norm", "seconds"));
    return columns;
  }

  /** Matrices of attention and MLP decay, nothing else. */
  private static List<AdamW.Group> groups(ParameterLayout layout, double decay) {
    return layout.slots().stream()
        .map(
            slot ->
                new AdamW.Group(
                    slot.offset(),
                    slot.offset() + slot.length(),
                    slot.name().contains(".W_") ? decay : 0))
        .toList();
  }

  /**
   * One update of the optimiser, on new documents.
   *
   * @return the loss on them, under the weights before the update
   * @throws IllegalStateException if the loss is not finite any more; the weights are left as they
   *     were
   */
  public double step() {
    long step = epoch();
    double loss = model.lossAndGradients(corpus.training(recipe.seed(), step, recipe.documents()));
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException(
          "line training: the loss became "
              + loss
              + " at step "
              + step
              + "; try a smaller learning rate than "
              + recipe.learningRate());
    }
    float[] gradients = model.gradients().values();
    clip(gradients);
    optimiser.update(model.parameters().values(), gradients, recipe.learningRateAt(step), groups);
    return loss;
  }

  private void clip(float[] gradients) {
    double squares = 0;
    for (float gradient : gradients) {
      squares += (double) gradient * gradient;
    }
    float scale = (float) Math.min(1, recipe.clip() / Math.sqrt(squares));
    if (scale < 1) {
      for (int k = 0; k < gradients.length; k++) {
        gradients[k] *= scale;
      }
    }
  }

  /**
   * Measures loss and accuracies on {@value #FRESH_DOCUMENTS} fresh documents, and adds the row to
   * the history; a second call at the same epoch returns the row that is there. The training loss
   * is that of the documents which the next step would train on.
   */
  public Evaluation evaluate() {
    List<Long> epochs = history.epochs();
    if (!epochs.isEmpty() && epochs.get(epochs.size() - 1) == epoch()) {
      return history.last();
    }
    LineReading reading = LineReading.of(fresh, model.logits(fresh));
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(
        "train_loss", model.loss(corpus.training(recipe.seed(), epoch(), recipe.documents())));
    values.put("test_loss", model.loss(fresh));
    values.put("break_accuracy", reading.breakAccuracy(position -> true));
    values.put("near_edge_accuracy", reading.nearEdgeAccuracy());
    values.put("column_accuracy", reading.columnAccuracy().orElse(Double.NaN));
    values.put("label_accuracy", reading.labelAccuracy().orElse(Double.NaN));
    values.put(
        "unseen_width_accuracy",
        unseen
            .map(batch -> LineReading.of(batch, model.logits(batch)).breakAccuracy(at -> true))
            .orElse(Double.NaN));
    values.put("bayes_ceiling", ceiling.orElse(Double.NaN));
    values.put("squared_norm", model.parameters().squaredNorm());
    values.put("seconds", seconds());
    return history.add(epoch(), columns(task).stream().map(values::get).toList());
  }

  /** Optimiser updates done. */
  public long epoch() {
    return optimiser.updates();
  }

  /** What was measured so far. */
  public LineHistory history() {
    return history;
  }

  /** The model, with its live weights. */
  public LineReader model() {
    return model;
  }

  /** The task. */
  public LineBreaking task() {
    return task;
  }

  /** Wall-clock seconds of training, earlier sessions included. */
  public double seconds() {
    return secondsBefore + (System.nanoTime() - startNanos) / 1e9;
  }

  /** What to keep of it now. */
  Snapshot snapshot() {
    return new Snapshot(
        provenance,
        history.text(),
        ResumeState.of(model.parameters(), optimiser),
        store -> save(store.path(epoch())));
  }

  /**
   * Writes the weights under their names, with epoch and provenance, atomically.
   *
   * @param file whole name with {@code .npz}
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void save(Path file) {
    LinkedHashMap<String, NpyArray> arrays = ParameterArrays.of(model.parameters());
    arrays.put("epoch", NpyArray.ofLong(epoch()));
    arrays.put("provenance", NpyArray.ofString(provenance));
    Npz.write(file, arrays);
  }

  /** Lets threads and native memory go. */
  @Override
  public void close() {
    model.close();
  }
}
