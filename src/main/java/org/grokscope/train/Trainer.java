package org.grokscope.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ComputationPath;
import org.grokscope.model.ModelConfig;
import org.grokscope.task.Course;
import org.grokscope.task.Task;

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
  private final Optional<Checkpoint> start;
  private final boolean heardByDefault;
  private final List<TrainingListener> listeners;

  private Trainer(
      TrainingConfig config,
      Optional<Path> directory,
      Optional<ComputationPath> path,
      int threads,
      StopRule stopRule,
      Optional<Checkpoint> start,
      boolean heardByDefault,
      List<TrainingListener> listeners) {
    this.config = config;
    this.directory = directory;
    this.path = path;
    this.threads = threads;
    this.stopRule = stopRule;
    this.start = start;
    this.heardByDefault = heardByDefault;
    this.listeners = List.copyOf(listeners);
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
        Optional.empty(),
        true,
        List.of());
  }

  /**
   * What listens to every training from now on, beside its own listeners: a notebook's progress
   * bar.
   */
  public static void listenByDefault(Supplier<TrainingListener> supplier) {
    defaultListener = Objects.requireNonNull(supplier, "supplier");
  }

  /** The same, keeping the run in this folder. */
  public Trainer in(Path folder) {
    return new Trainer(
        config, Optional.of(folder), path, threads, stopRule, start, heardByDefault, listeners);
  }

  /** The same on a chosen path, for comparing the two. */
  public Trainer on(ComputationPath chosen) {
    return new Trainer(
        config,
        directory,
        Optional.of(chosen),
        threads,
        stopRule,
        start,
        heardByDefault,
        listeners);
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
    return new Trainer(config, directory, path, count, stopRule, start, heardByDefault, listeners);
  }

  /** The same, stopping early once the rule holds. */
  public Trainer stopWhen(StopRule rule) {
    return new Trainer(
        config,
        directory,
        path,
        threads,
        Objects.requireNonNull(rule),
        start,
        heardByDefault,
        listeners);
  }

  /** The same with one more listener. */
  public Trainer listener(TrainingListener listener) {
    List<TrainingListener> more = new ArrayList<>(listeners);
    more.add(Objects.requireNonNull(listener, "listener"));
    return new Trainer(config, directory, path, threads, stopRule, start, heardByDefault, more);
  }

  /**
   * The same, beginning with the weights of a checkpoint in the place of random ones, whatever that
   * was trained on: another split, other answers. The optimiser begins anew, at epoch 0. The seed
   * still orders mini-batches.
   *
   * <p>The checkpoint has to be of the model that is trained; {@link #train} and {@link #start}
   * refuse another.
   */
  public Trainer from(Checkpoint checkpoint) {
    return new Trainer(
        config,
        directory,
        path,
        threads,
        stopRule,
        Optional.of(checkpoint),
        heardByDefault,
        listeners);
  }

  /** The same, heard by its own listeners alone, such as beside other trainings. */
  public Trainer withoutDefaultListener() {
    return new Trainer(config, directory, path, threads, stopRule, start, false, listeners);
  }

  /** The same, calling back with every new row of the history. */
  public Trainer onEvaluation(Consumer<History.Row> callback) {
    return listener(
        new TrainingListener() {
          @Override
          public void evaluated(Progress progress, History.Row row) {
            callback.accept(row);
          }
        });
  }

  /** Begins a training in memory, to be driven by hand; nothing is kept on disk. */
  public Training start(Task task) {
    return Training.begin(config, task, task.course(), pathFor(task), threads, start);
  }

  /**
   * Trains to the end, from the beginning or from where an earlier call stopped.
   *
   * @throws TrainingInterruptedException if the thread was interrupted; all is saved
   * @throws IllegalArgumentException if the folder belongs to a run of other settings, or the
   *     checkpoint to begin with is of another model
   * @throws IllegalStateException if another training holds the folder, or the loss is not finite
   *     any more
   * @throws java.io.UncheckedIOException if the folder cannot be written
   */
  public Run train(Task task) {
    ComputationPath chosen = pathFor(task);
    ModelConfig model = Training.modelFor(config, task);
    chosen.requireAccepts(model); // before a folder is made for what cannot be
    start.ifPresent(checkpoint -> Training.requireModel(checkpoint, model));
    RunSettings settings = RunSettings.of(config, model, task, chosen, start);
    Path home = directory.orElseGet(() -> RunHome.runs().resolve(settings.hash()));
    Course course = task.course();
    List<String> columns = Training.columns(course);
    try (RunFolder folder = RunFolder.open(home, settings)) {
      Optional<OptimiserState> state = folder.resumeState(model.layout(), config.optimiser());
      List<History.Row> rows =
          state.isPresent()
              ? folder.history(state.get().epoch(), config, columns)
              : List.<History.Row>of();
      Optional<Long> end = endOf(rows, state.map(OptimiserState::epoch).orElse(0L));
      Broadcast listener =
          new Broadcast(heardByDefault ? withDefault(listeners) : listeners, config.epochs(), home);
      if (end.isPresent()) {
        History history = new History(columns, rows).until(end.get());
        listener.complete(end.get(), history.last());
        return run(task, folder, history, end.get());
      }
      try (Training training =
          state.isPresent()
              ? Training.resume(config, task, course, chosen, threads, start, state.get(), rows)
              : Training.begin(config, task, course, chosen, threads, start)) {
        return new TrainingLoop(training, config, stopRule, folder, listener).run()
            ? run(task, folder, training.history(), training.epoch())
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

  private Run run(Task task, RunFolder folder, History history, long end) {
    List<Long> checkpoints =
        folder.checkpoints().epochs().stream()
            .filter(epoch -> epoch == end || (epoch < end && config.checkpoints().due(epoch)))
            .toList();
    return new Run(task, config, folder.path(), history, checkpoints);
  }

  private static Run stopped(Training training) {
    throw new TrainingInterruptedException(training.epoch());
  }

  private ComputationPath pathFor(Task task) {
    return path.orElseGet(() -> ComputationPath.bestFor(Training.modelFor(config, task)));
  }

  /** Some listeners, and the one that listens by default. */
  private static List<TrainingListener> withDefault(List<TrainingListener> listeners) {
    List<TrainingListener> all = new ArrayList<>(listeners);
    all.add(defaultListener.get());
    return all;
  }
}
