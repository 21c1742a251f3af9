package org.grokscope.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.task.Split;

/**
 * Trains, keeps what it trained, and goes on where it stopped.
 *
 * <pre>{@code
 * var split = ModularAddition.mod(113).split(0.30, 0);
 * var run = Trainer.of(TrainingConfig.nanda2023()).train(split);
 * }</pre>
 *
 * <p>A run is kept in {@code $GROKSCOPE_HOME/runs/<hash of its settings>} (by default below {@code
 * ~/.cache/grokscope}), or in a folder of your own. Asking for the same training again reads it
 * from there; asking for more epochs of it goes on; after an interrupt or a kill it goes on, and
 * ends with the same bits as if it had never stopped.
 */
public final class Trainer {
  private static volatile Supplier<TrainingListener> defaultListener =
      () -> new TrainingListener() {};

  private final TrainingConfig config;
  private final Optional<Path> directory;
  private final Optional<ComputationPath> path;
  private final int threads;
  private final StopRule stopRule;
  private final List<TrainingListener> listeners;
  private final Optional<Parameters> initial; // where it begins, if not at random weights

  private Trainer(
      TrainingConfig config,
      Optional<Path> directory,
      Optional<ComputationPath> path,
      int threads,
      StopRule stopRule,
      List<TrainingListener> listeners,
      Optional<Parameters> initial) {
    this.config = config;
    this.directory = directory;
    this.path = path;
    this.threads = threads;
    this.stopRule = stopRule;
    this.listeners = List.copyOf(listeners);
    this.initial = initial;
  }

  /**
   * A trainer of this configuration, on all cores, that stops when the budget of epochs is spent.
   */
  public static Trainer of(TrainingConfig config) {
    Objects.requireNonNull(config, "config");
    return new Trainer(
        config,
        Optional.empty(),
        Optional.empty(),
        Runtime.getRuntime().availableProcessors(),
        StopRule.never(),
        List.of(),
        Optional.empty());
  }

  /**
   * What listens to every training from now on, beside its own listeners: a notebook's progress
   * bar.
   */
  public static void listenByDefault(Supplier<TrainingListener> supplier) {
    defaultListener = Objects.requireNonNull(supplier, "supplier");
  }

  /**
   * The same, beginning at these weights in place of random ones: fine-tuning. The optimiser starts
   * afresh, epochs are counted from 0, and the configuration's seed decides only the order of
   * mini-batches.
   *
   * <pre>{@code
   * var next = ModularTask.of("a+b+1", 113, (a, b, p) -> a + b + 1).split(0.30, 1);
   * Trainer.of(config.withEpochs(300)).from(run.last().parameters()).train(next)
   * }</pre>
   *
   * @param weights of the model that the configuration and the task ask for; copied
   */
  public Trainer from(Parameters weights) {
    return new Trainer(
        config, directory, path, threads, stopRule, listeners, Optional.of(weights.copy()));
  }

  /** The same, keeping the run in this folder. */
  public Trainer in(Path folder) {
    return new Trainer(config, Optional.of(folder), path, threads, stopRule, listeners, initial);
  }

  /** The same on a chosen path, for comparing the two. */
  public Trainer on(ComputationPath chosen) {
    return new Trainer(
        config, directory, Optional.of(chosen), threads, stopRule, listeners, initial);
  }

  /**
   * The same with another number of threads; the results do not depend on it.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public Trainer threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads: got " + count + ", expected at least 1");
    }
    return new Trainer(config, directory, path, count, stopRule, listeners, initial);
  }

  /** The same, stopping early once the rule holds. */
  public Trainer stopWhen(StopRule rule) {
    return new Trainer(
        config, directory, path, threads, Objects.requireNonNull(rule), listeners, initial);
  }

  /** The same with one more listener. */
  public Trainer listener(TrainingListener listener) {
    List<TrainingListener> more = new ArrayList<>(listeners);
    more.add(Objects.requireNonNull(listener, "listener"));
    return new Trainer(config, directory, path, threads, stopRule, more, initial);
  }

  /** The same, calling back with every new row of the history. */
  public Trainer onEvaluation(Consumer<History.Row> callback) {
    return listener(
        new TrainingListener() {
          @Override
          public void evaluated(Progress progress, Evaluation row) {
            callback.accept((History.Row) row);
          }
        });
  }

  /** Begins a training in memory, to be driven by hand; nothing is kept on disk. */
  public Training start(Split split) {
    return Training.begin(config, split, pathFor(split), threads, initial);
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
  public Run train(Split split) {
    ComputationPath chosen = pathFor(split);
    ModelConfig model = Training.modelFor(config, split.task());
    chosen.requireAccepts(model); // before a folder is made for what cannot be
    RunSettings settings = RunSettings.of(config, model, split, chosen, initial);
    Path home = directory.orElseGet(() -> RunHome.runs().resolve(settings.hash()));
    try (RunFolder folder = RunFolder.open(home, settings)) {
      Optional<ResumeState> state = folder.resumeState(model.layout());
      List<History.Row> rows =
          state.isPresent() ? folder.history(state.get().epoch(), config) : List.<History.Row>of();
      Optional<Long> end = endOf(rows, state.map(ResumeState::epoch).orElse(0L));
      Broadcast listener = new Broadcast(withDefault(listeners), config.epochs(), home);
      if (end.isPresent()) {
        History history = new History(rows).until(end.get());
        listener.complete(end.get(), history.last());
        return run(split, folder, history, end.get());
      }
      try (Training training =
          state.isPresent()
              ? Training.resume(config, split, chosen, threads, state.get(), rows)
              : Training.begin(config, split, chosen, threads, initial)) {
        return new TrainingLoop(training, config, stopRule, folder, listener).run()
            ? run(split, folder, training.history(), training.epoch())
            : stopped(training);
      }
    }
  }

  /**
   * Where a run that is on disk ended under this budget and stop rule, or empty if it has to go on.
   */
  private Optional<Long> endOf(List<History.Row> rows, long epochsDone) {
    for (int i = 0; i < rows.size(); i++) {
      long epoch = rows.get(i).epoch();
      if (epoch > config.epochs()) {
        break;
      }
      if (stopRule.stop(new History(rows.subList(0, i + 1)))) {
        return Optional.of(epoch);
      }
    }
    return epochsDone >= config.epochs() ? Optional.of(config.epochs()) : Optional.empty();
  }

  private Run run(Split split, RunFolder folder, History history, long end) {
    List<Long> checkpoints =
        folder.checkpoints().epochs().stream()
            .filter(epoch -> epoch == end || (epoch < end && config.checkpoints().due(epoch)))
            .toList();
    return new Run(split, config, folder.path(), history, checkpoints);
  }

  private static Run stopped(Training training) {
    throw new TrainingInterruptedException(training.epoch());
  }

  private ComputationPath pathFor(Split split) {
    return path.orElseGet(() -> ComputationPath.bestFor(Training.modelFor(config, split.task())));
  }

  /** Some listeners, and the one that listens by default. */
  static List<TrainingListener> withDefault(List<TrainingListener> listeners) {
    List<TrainingListener> all = new ArrayList<>(listeners);
    all.add(defaultListener.get());
    return all;
  }
}
