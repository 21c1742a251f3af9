package org.grokscope.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.grokscope.model.ReaderConfig;
import org.grokscope.task.LineBreaking;

/**
 * Trains models that read lines, keeps what it trained, and goes on where it stopped, as {@link
 * Trainer} does.
 *
 * <pre>{@code
 * var run = LineTrainer.of(LineBreaking.boxHeader()).train();
 * }</pre>
 */
public final class LineTrainer {
  private final LineBreaking task;
  private final ReaderConfig config;
  private final LineRecipe recipe;
  private final Optional<Path> directory;
  private final int threads;
  private final List<TrainingListener> listeners;

  private LineTrainer(
      LineBreaking task,
      ReaderConfig config,
      LineRecipe recipe,
      Optional<Path> directory,
      int threads,
      List<TrainingListener> listeners) {
    this.task = task;
    this.config = config;
    this.recipe = recipe;
    this.directory = directory;
    this.threads = threads;
    this.listeners = List.copyOf(listeners);
  }

  /** A trainer of the model and recipe of our exploration for a task, on all cores. */
  public static LineTrainer of(LineBreaking task) {
    Objects.requireNonNull(task, "task");
    return new LineTrainer(
        task,
        ReaderConfig.of(task),
        LineRecipe.of(task),
        Optional.empty(),
        Runtime.getRuntime().availableProcessors(),
        List.of());
  }

  /**
   * The same with another model.
   *
   * @throws IllegalArgumentException if it does not fit the task's vocabulary or documents
   */
  public LineTrainer model(ReaderConfig value) {
    ReaderConfig own = ReaderConfig.of(task);
    if (value.vocabulary() != own.vocabulary() || value.length() != own.length()) {
      throw new IllegalArgumentException(
          "line trainer: got a model for "
              + value.vocabulary()
              + " tokens and documents of "
              + value.length()
              + ", expected "
              + own.vocabulary()
              + " and "
              + own.length()
              + ", the task's");
    }
    return new LineTrainer(task, value, recipe, directory, threads, listeners);
  }

  /** The same by another recipe. */
  public LineTrainer recipe(LineRecipe value) {
    return new LineTrainer(
        task, config, Objects.requireNonNull(value), directory, threads, listeners);
  }

  /** The same with another seed. */
  public LineTrainer seed(long seed) {
    return recipe(recipe.withSeed(seed));
  }

  /** The same with another number of steps. */
  public LineTrainer steps(long steps) {
    return recipe(recipe.withSteps(steps));
  }

  /** The same, keeping the run in this folder. */
  public LineTrainer in(Path folder) {
    return new LineTrainer(task, config, recipe, Optional.of(folder), threads, listeners);
  }

  /**
   * The same with another number of threads; the results do not depend on it.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public LineTrainer threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads: got " + count + ", expected at least 1");
    }
    return new LineTrainer(task, config, recipe, directory, count, listeners);
  }

  /** The same with one more listener. */
  public LineTrainer listener(TrainingListener listener) {
    List<TrainingListener> more = new ArrayList<>(listeners);
    more.add(Objects.requireNonNull(listener, "listener"));
    return new LineTrainer(task, config, recipe, directory, threads, more);
  }

  /** How it trains. */
  public LineRecipe recipe() {
    return recipe;
  }

  /** Begins a training in memory, to be driven by hand; nothing is kept on disk. */
  public LineTraining start() {
    return LineTraining.begin(task, config, recipe, threads);
  }

  /**
   * Trains to the end, from the beginning or from where an earlier call stopped.
   *
   * @throws TrainingInterruptedException if the thread was interrupted; all is saved
   * @throws IllegalArgumentException if the folder belongs to a run of other settings
   * @throws IllegalStateException if another training holds the folder, or the loss is not finite
   *     any more
   * @throws java.io.UncheckedIOException if the folder cannot be written
   */
  public LineRun train() {
    RunSettings settings = RunSettings.of(task, config, recipe);
    Path home = directory.orElseGet(() -> RunHome.runs().resolve(settings.hash()));
    try (RunFolder folder = RunFolder.open(home, settings)) {
      Optional<ResumeState> state = folder.resumeState(config.layout());
      LineHistory history = new LineHistory(LineTraining.columns(task));
      state.ifPresent(there -> history.read(folder.historyFile(), there.epoch()));
      Broadcast listener = new Broadcast(Trainer.withDefault(listeners), recipe.steps(), home);
      if (state.isPresent() && state.get().epoch() >= recipe.steps()) {
        listener.complete(state.get().epoch(), history.last());
        return run(folder, history);
      }
      try (LineTraining training =
          state.isPresent()
              ? LineTraining.resume(task, config, recipe, threads, state.get(), history)
              : start()) {
        loop(training, folder, listener);
        return run(folder, training.history());
      }
    }
  }

  private void loop(LineTraining training, RunFolder folder, Broadcast listener) {
    listener.beganAt(training.epoch());
    listener.started(training.epoch());
    if (training.epoch() == 0) {
      arrive(training, folder, listener);
    }
    while (training.epoch() < recipe.steps()) {
      if (Thread.interrupted()) {
        folder.save(training.snapshot(), false);
        listener.interrupted(training.epoch());
        throw new TrainingInterruptedException(training.epoch());
      }
      training.step();
      listener.stepped(training.epoch());
      arrive(training, folder, listener);
    }
    listener.finished(training.epoch());
  }

  /** Measures and saves what is due. */
  private void arrive(LineTraining training, RunFolder folder, Broadcast listener) {
    long epoch = training.epoch();
    boolean last = epoch == recipe.steps();
    if (last || recipe.evaluation().due(epoch)) {
      listener.evaluated(epoch, training.evaluate());
    }
    if (last || recipe.checkpoints().due(epoch)) {
      folder.save(training.snapshot(), true);
    }
  }

  private LineRun run(RunFolder folder, LineHistory history) {
    return new LineRun(task, config, recipe, folder.path(), history);
  }
}
