package org.grokscope.series;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;

/**
 * A measurement: from a checkpoint, whoever trained it, to named numbers.
 *
 * <p>A lambda in a notebook cell is a probe:
 *
 * <pre>{@code
 * Probe longest = c -> Map.of("w_e_max", c.parameters().get("W_E").maxNumber().doubleValue());
 * run.probe(longest)
 * }</pre>
 *
 * <p>The names become columns of a table with one row a checkpoint, in the order of the map, and
 * are the same for every checkpoint. A probe is called from several threads at once and keeps
 * nothing between calls that would change a number.
 */
@FunctionalInterface
public interface Probe {
  /**
   * Measures one checkpoint.
   *
   * @return the numbers by name, in the order of their columns
   */
  Map<String, Double> measure(Checkpoint checkpoint);

  /**
   * What this probe measures, told apart from everything else: equal texts promise equal numbers on
   * equal checkpoints, so results are kept under it. Empty for a bare lambda, which may have been
   * edited since and is therefore measured anew each time.
   */
  default Optional<String> identity() {
    return Optional.empty();
  }

  /**
   * The same probe, its results kept under an identity.
   *
   * @param identity what it measures, with a version that changes when the measurement does
   * @throws IllegalArgumentException if the identity is blank
   */
  static Probe named(String identity, Probe probe) {
    Objects.requireNonNull(probe, "probe");
    if (identity.isBlank()) {
      throw new IllegalArgumentException("probe: got a blank identity, expected a text");
    }
    return new Probe() {
      @Override
      public Map<String, Double> measure(Checkpoint checkpoint) {
        return probe.measure(checkpoint);
      }

      @Override
      public Optional<String> identity() {
        return Optional.of(identity);
      }
    };
  }
}
