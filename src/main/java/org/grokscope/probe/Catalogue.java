package org.grokscope.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every {@link Metric}, in the order in which they are listed: those of each class, as it says. */
final class Catalogue {
  static final Map<String, Metric> BY_NAME =
      Stream.of(
              LossAndAccuracy.METRICS,
              WeightNorm.METRICS,
              Gini.METRICS,
              KeyRule.METRICS,
              NeuronFrequencies.METRICS,
              MixedNeurons.METRICS,
              ProductShare.METRICS,
              RestrictedLoss.METRICS,
              ExcludedLoss.METRICS,
              LogitFit.METRICS,
              NeuronLogitMap.METRICS,
              AttentionWaves.METRICS,
              Margins.METRICS,
              Interference.METRICS,
              Controls.METRICS,
              KeyRemoval.METRICS,
              ClockAndPizza.METRICS,
              GroupShares.METRICS,
              RepresentationRemoval.METRICS)
          .flatMap(List::stream)
          .collect(
              Collectors.toMap(
                  Metric::name,
                  metric -> metric,
                  (one, other) -> {
                    throw new IllegalStateException("metric " + one.name() + " is declared twice");
                  },
                  LinkedHashMap::new));

  private Catalogue() {}
}
