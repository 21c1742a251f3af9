package org.grokscope.endurance;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.probe.Metric;
import org.grokscope.series.Probe;
import org.grokscope.series.ProbeSeries;

/** A process that measures all checkpoints of the folder args[0], a quarter of them at a time. */
final class SeriesProcess {
  private static final List<String> METRICS =
      List.of("loss", "accuracy", "squared_norm", "embedding_gini");

  private SeriesProcess() {}

  public static void main(String[] arguments) {
    Probe[] probes = METRICS.stream().map(name -> Metric.named(name).probe()).toArray(Probe[]::new);
    ProbeSeries series = ProbeSeries.of(CheckpointStore.in(Path.of(arguments[0])));
    List<Long> epochs = series.epochs();
    Stream.of(4, 3, 2, 1)
        .map(part -> epochs.subList(0, epochs.size() / part))
        .forEach(some -> series.at(some).measure(probes));
  }
}
