package org.grokscope.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;

/**
 * Σ of the squares of every entry, of each tensor and of all together (biases, W_pos and '='
 * included). Works for any model and operation.
 */
public record WeightNorm() implements Probe {
  static final List<Metric> METRICS =
      List.of(
          Metric.of(
              "squared_norm",
              1,
              "Σ of squares of every entry, per tensor and total",
              Metric.PAPER,
              Set.of(),
              WeightNorm::readings));

  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    return Metric.columns(checkpoint, METRICS);
  }

  @Override
  public Optional<String> identity() {
    return Optional.of(METRICS.get(0).identity());
  }

  private static List<Reading> readings(Subject subject) {
    Parameters weights = subject.checkpoint().parameters();
    List<Reading> readings = new ArrayList<>();
    double total = 0;
    for (ParameterLayout.Slot slot : weights.layout().slots()) {
      double sum = 0;
      for (double value : weights.doubles(slot.name())) {
        sum += value * value;
      }
      readings.add(subject.reading("", slot.name(), sum));
      total += sum;
    }
    readings.add(subject.reading("", "total", total));
    return readings;
  }
}
