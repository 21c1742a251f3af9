package org.grokscope.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.Metric;

/** What is done with a checkpoint of p = 113, in turns: written, read, measured by every metric. */
final class CheckpointContest {
  private static final int TIMES = 5; // a round, of which the median counts

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

  /** Milliseconds by what is done, one a round. */
  Map<String, List<Double>> run(int rounds) {
    Map<String, Runnable> deeds = new LinkedHashMap<>();
    deeds.put("checkpoint-write", () -> checkpoint.save(file));
    deeds.put("checkpoint-read", () -> Checkpoint.load(file));
    deeds.put("probe-suite", this::measure);
    deeds.values().forEach(CheckpointContest::median);
    Map<String, List<Double>> times = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      deeds.forEach(
          (name, deed) ->
              times.computeIfAbsent(name, unseen -> new ArrayList<>()).add(median(deed)));
    }
    return times;
  }

  private static double median(Runnable deed) {
    return BenchResult.median(BenchResult.milliseconds(TIMES, deed));
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
