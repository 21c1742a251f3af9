package org.grokscope.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.grokscope.line.LineSubject;
import org.grokscope.sweep.Engine;
import org.grokscope.sweep.Sweep;
import org.grokscope.sweep.SweepListener;
import org.grokscope.sweep.SweepResults;
import org.grokscope.train.Run;
import org.grokscope.train.RunHome;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.grokscope.train.TrainingListener;

/**
 * The runs that evidence is made from. One that is kept is read, any other is trained first: a
 * training is looked for by its settings, a sweep by its name.
 */
public final class KeptRuns {
  private static final long QUICK_EPOCHS = 20;
  private static final int QUICK_DOCUMENTS = 120;

  private final Optional<Path> folder;
  private final Optional<Path> weights;
  private final boolean quick;
  private final int most; // runs of a file
  private final Supplier<TrainingListener> listener;
  private final SweepListener sweepListener;
  private final Map<String, SweepResults> sweeps = new HashMap<>();

  private KeptRuns(
      Optional<Path> folder,
      Optional<Path> weights,
      boolean quick,
      int most,
      Supplier<TrainingListener> listener,
      SweepListener sweepListener) {
    this.folder = folder;
    this.weights = weights;
    this.quick = quick;
    this.most = most;
    this.listener = Objects.requireNonNull(listener, "listener");
    this.sweepListener = Objects.requireNonNull(sweepListener, "sweep listener");
  }

  /** Those in GROKSCOPE_HOME, where notebooks have theirs: runs in runs, sweeps in sweeps. */
  public static KeptRuns inHome() {
    return new KeptRuns(
        Optional.empty(),
        Optional.empty(),
        false,
        Integer.MAX_VALUE,
        () -> new TrainingListener() {},
        new SweepListener() {});
  }

  /** Those in a folder of your own, each in a folder by its name. */
  public KeptRuns in(Path own) {
    return new KeptRuns(Optional.of(own), weights, quick, most, listener, sweepListener);
  }

  /** The same, with a folder of weights that others trained and published. */
  public KeptRuns withWeights(Path published) {
    return new KeptRuns(folder, Optional.of(published), quick, most, listener, sweepListener);
  }

  /** The folder of weights that others published, where one was given. */
  Optional<Path> weights() {
    return weights;
  }

  /** Of a few epochs each, to try how a file is made. What is measured on them is no evidence. */
  public KeptRuns quick() {
    return new KeptRuns(folder, weights, true, 1, listener, sweepListener);
  }

  /**
   * The first runs of a file alone, for evidence that grows: its provenance says how many there are
   * of how many.
   *
   * @throws IllegalArgumentException unless it is one at least
   */
  public KeptRuns first(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "evidence: got the first " + count + " runs, expected 1 or more");
    }
    return new KeptRuns(folder, weights, quick, count, listener, sweepListener);
  }

  /** Those of a file's pieces that are wanted. */
  <T> List<T> wanted(List<T> pieces) {
    return pieces.subList(0, Math.min(most, pieces.size()));
  }

  /** The same, telling these listeners of what is trained. */
  public KeptRuns listening(Supplier<TrainingListener> ofRuns, SweepListener ofSweeps) {
    return new KeptRuns(folder, weights, quick, most, ofRuns, ofSweeps);
  }

  boolean isQuick() {
    return quick;
  }

  /**
   * @throws IllegalArgumentException at the quick scale
   */
  void requireWhole(EvidenceFile file, String why) {
    if (quick) {
      throw new IllegalArgumentException(
          "evidence: " + file.name() + " has no quick scale, as " + why + "; make it as it is");
    }
  }

  /** What the provenance of a file that was made at this scale says; empty for evidence. */
  Map<String, Object> scale() {
    return quick
        ? Map.of("quick", "the first runs alone, of at most " + QUICK_EPOCHS + " epochs")
        : Map.of();
  }

  /** The same of a file of so many pieces, which may not all be wanted. */
  Map<String, Object> scale(int pieces) {
    return leavesOut(pieces)
        ? Map.of("unfinished", "the first " + most + " of " + pieces + " pieces")
        : scale();
  }

  /** Whether a file of so many pieces is to be gone on with later. */
  boolean leavesOut(int pieces) {
    return !quick && most < pieces;
  }

  /** How many documents a model of lines is measured on. */
  int documents() {
    return quick ? QUICK_DOCUMENTS : LineSubject.DOCUMENTS;
  }

  /** Trains on a table. */
  Run train(WantedRun wanted) {
    return trainer(wanted.toString(), wanted.config()).train(wanted.split());
  }

  /**
   * A trainer whose run is kept.
   *
   * @param name of its folder, where runs are in a folder of their own
   */
  Trainer trainer(String name, TrainingConfig config) {
    Trainer trainer =
        Trainer.of(quick ? config.withEpochs(Math.min(QUICK_EPOCHS, config.epochs())) : config)
            .listener(listener.get());
    return folder.isPresent() ? trainer.in(at(name)) : trainer;
  }

  private Path at(String name) {
    return folder.orElseThrow().resolve(name.replaceAll("[^A-Za-z0-9.+*-]+", "-"));
  }

  /** The folder of a sweep. */
  Path sweepFolder(String name) {
    return folder.orElseGet(RunHome::folder).resolve("sweeps").resolve(name);
  }

  /**
   * Runs a sweep, one training a core.
   *
   * @param name of its folder
   * @param description as {@code grokscope sweep} reads it
   * @throws IllegalStateException if a run fails
   */
  SweepResults sweep(String name, ObjectNode description) {
    return sweeps.computeIfAbsent(name, unread -> run(name, description));
  }

  private SweepResults run(String name, ObjectNode description) {
    ObjectNode scaled = description.deepCopy();
    if (quick) {
      scaled.withObject("/base").put("epochs", QUICK_EPOCHS);
    }
    SweepResults results =
        Sweep.parse(scaled.toString()).run(Engine.local(), sweepFolder(name), sweepListener);
    if (results.failed() > 0) {
      String error =
          results.rows().stream().flatMap(row -> row.error().stream()).findFirst().orElseThrow();
      throw new IllegalStateException(
          "evidence: " + results + " in " + sweepFolder(name) + "; the first says: " + error);
    }
    return results;
  }
}
