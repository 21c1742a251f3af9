package org.grokscope.claim;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;

/**
 * What round two says of one quantity.
 *
 * @param criterion as it was registered
 * @param measurement over seeds
 * @param nullValues one a draw; empty where it has no null
 * @param evidenceBegan when the first of the runs began; empty where the evidence does not say
 * @param survivesHolm whether its decision stands among all primaries after Holm's correction
 */
public record Ruling(
    Criterion criterion,
    Measurement measurement,
    double[] nullValues,
    Optional<Instant> evidenceBegan,
    boolean survivesHolm) {
  private static final double NULL_MAY_PASS = 0.05;
  private static final int FEWEST_DRAWS = 20; // of a null; fewer cannot tell so small a share

  /** The share of the null's draws that pass the rule; empty where there is no null or no rule. */
  public OptionalDouble nullShare() {
    return nullValues.length == 0 || !(criterion.rule() instanceof Rule.Bounds bounds)
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            DoubleStream.of(nullValues).mapToObj(bounds::allows).filter(passes -> passes).count()
                / (double) nullValues.length);
  }

  /**
   * By the whole interval; what its null passes as well does not hold, nor what has a null of too
   * few draws to tell.
   */
  public Decision decision() {
    Decision decision = criterion.rule().decide(measurement);
    return decision == Decision.HOLDS && (nullPasses() || nullIsThin())
        ? Decision.UNDECIDED
        : decision;
  }

  private boolean nullIsThin() {
    return nullValues.length > 0 && nullValues.length < FEWEST_DRAWS;
  }

  private boolean nullPasses() {
    return nullShare().orElse(0) > NULL_MAY_PASS;
  }

  /** Whether what we predicted came true; empty while it is open, and for what is only told. */
  public Optional<Boolean> cameTrue() {
    Decision decision = decision();
    return decision == Decision.HOLDS || decision == Decision.FAILS
        ? Optional.of(decision == criterion.expected())
        : Optional.empty();
  }

  /** Whether the line is older than the first of the runs that judge it. */
  public boolean registered() {
    return evidenceBegan.filter(criterion.registered()::isBefore).isPresent();
  }

  /** One-sided, of a sample as clearly on its side of the rule; empty for what is only told. */
  public OptionalDouble p() {
    return criterion.rule() instanceof Rule.Bounds bounds && measurement.seeds() > 1
        ? OptionalDouble.of(bounds.p(measurement))
        : OptionalDouble.empty();
  }

  /**
   * How many seeds would decide what is undecided, if they had this mean and this spread; empty
   * where it is decided, where no number would, and where it would hold but for a null that passes
   * or is too thin.
   */
  public OptionalInt seedsToDecide() {
    if (!(criterion.rule() instanceof Rule.Bounds bounds)
        || decision() != Decision.UNDECIDED
        || (nullPasses() || nullIsThin()) && bounds.allows(measurement.mean())) {
      return OptionalInt.empty();
    }
    return measurement.seedsToDecide(bounds);
  }

  Ruling with(boolean survives) {
    return new Ruling(criterion, measurement, nullValues, evidenceBegan, survives);
  }

  /** The measurement in words. */
  public String measured() {
    if (criterion.scale() == Scale.SEEDS) {
      long hits = measurement.values().stream().filter(value -> value == 1).count();
      return "in " + hits + " of " + measurement.seeds() + " seeds";
    }
    return measurement.toString();
  }

  /** Such as {@code C2 'energy …': 0.94 (0.93 to 0.95), 8 seeds (≥ 0.9): holds}. */
  @Override
  public String toString() {
    return criterion
        + ": "
        + measured()
        + " ("
        + criterion.rule().tolerance()
        + "): "
        + decision().text();
  }
}
