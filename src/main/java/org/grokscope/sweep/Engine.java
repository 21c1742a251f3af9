package org.grokscope.sweep;

import java.util.List;
import java.util.function.Consumer;

/** Where the runs of a sweep are computed. It decides how long that takes, and no number. */
public sealed interface Engine permits LocalEngine, SparkEngine {

  /** This machine: one run a core, each on one thread. */
  static LocalEngine local() {
    return new LocalEngine(Runtime.getRuntime().availableProcessors(), 1);
  }

  /**
   * Apache Spark: {@code local[*]} or {@code local[N]} in this process, {@code spark://host:port} a
   * standalone cluster (several masters by commas). One run a core, each on one thread. The
   * machines of a cluster have to share the sweep's folder under one name.
   *
   * @throws IllegalArgumentException if the master's address is none of these
   */
  static SparkEngine spark(String master) {
    return new SparkEngine(master, 1);
  }

  /** What provenance says of it; names no host. */
  String description();

  /** How many runs it computes at a time, or 0 if that is the cluster's to say. */
  int runsAtATime();

  /**
   * Computes runs; returns when all have ended.
   *
   * @param ended is called in this thread with every run that ends, in any order; if it throws, the
   *     other runs are stopped
   * @throws InterruptedException if this thread was interrupted; trainings under way are saved
   * @throws IllegalStateException if the engine itself fails
   */
  void execute(List<RunOrder> orders, Consumer<RunResult> ended) throws InterruptedException;
}
