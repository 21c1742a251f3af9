package org.grokscope.bench;

import java.nio.file.Path;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.Metric;

/** What is done with a checkpoint of p = 113, in turns: written, read, measured by every metric. */
final class CheckpointContest {
  private static final int TIMES = 5; // a turn

  private final Path file;
  private final Checkpoint checkpoint;
  private final KeyFrequencies keys;

  /**
   * @param file in which it is written; removed at the end
   */
  CheckpointContest(Checkpoint checkpoint, Path file) {
    this.checkpoint = checkpoint;
    this.file = file;
    keys = KeyFrequencies.of(checkpoint, KeyRule.ENERGY);
  }

  void run(int rounds, int threads, BenchResult into) {
    Turns turns = new Turns();
    int times = Turns.warmUp(TIMES, rounds);
    add(turns, "checkpoint-write", threads, times, () -> checkpoint.save(file));
    add(turns, "checkpoint-read", threads, times, () -> Checkpoint.load(file));
    add(turns, "probe-suite", threads, times, this::measure);
    turns.run(rounds, into);
  }

  /** After a turn that does not count, until the loops are compiled. */
  private static void add(Turns turns, String name, int threads, int times, Runnable deed) {
    BenchResult.milliseconds(times, deed);
    turns.add(name, threads, StepBenchmark.P, () -> BenchResult.milliseconds(times, deed));
  }

  /** Every metric that needs no random sets, on a checkpoint that none has seen. */
  private void measure() {
    Checkpoint fresh = Checkpoint.load(file);
    for (Metric metric : Metric.all()) {
      if (!metric.needsControls() && metric.refusal(fresh).isEmpty()) {
        if (metric.needsKeys()) {
          metric.readings(fresh, keys);
        } else {
          metric.readings(fresh);
        }
      }
    }
  }
}
