package org.grokscope.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ParameterLayout;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;

/**
 * Σ of the squares of every entry, of each tensor and of all together (biases, W_pos and '='
 * included). Works for any model and operation.
 */
public record WeightNorm() implements Probe {

  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    return Metric.columns(checkpoint, List.of(Metric.named("squared_norm")));
  }

  @Override
  public Optional<String> identity() {
    return Optional.of(Metric.named("squared_norm").identity());
  }

  static List<Reading> readings(String metric, AllPairs pairs) {
    List<Reading> readings = new ArrayList<>();
    double total = 0;
    for (ParameterLayout.Slot slot : pairs.checkpoint().config().layout().slots()) {
      double sum = 0;
      for (double value : pairs.weights().values(slot.name())) {
        sum += value * value;
      }
      readings.add(new Reading(metric, "", slot.name(), sum));
      total += sum;
    }
    readings.add(new Reading(metric, "", "total", total));
    return readings;
  }
}
