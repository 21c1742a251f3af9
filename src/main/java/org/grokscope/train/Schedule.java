package org.grokscope.train;

/**
 * How the step size changes over a training: it rises linearly over the warm-up, stays, and may
 * fall linearly towards the end.
 *
 * @param warmupSteps updates until the rate is at its highest
 * @param first what the first update counts as: with 0 it has the rate 0, as in the code published
 *     with Nanda et al. (2023); with 1 it has 1/warmupSteps of the highest
 * @param fallsFrom share of the budget from which on the rate falls; 1 for never
 * @param fallsTo least share of the highest rate
 */
public record Schedule(int warmupSteps, int first, double fallsFrom, double fallsTo) {

  public Schedule {
    Requirement.that(warmupSteps >= 0, "warm-up steps", warmupSteps, "0 or more");
    Requirement.that(first == 0 || first == 1, "first", first, "0 or 1");
    Requirement.that(fallsFrom >= 0 && fallsFrom <= 1, "fallsFrom", fallsFrom, "0 ≤ share ≤ 1");
    Requirement.that(fallsTo >= 0 && fallsTo <= 1, "fallsTo", fallsTo, "0 ≤ share ≤ 1");
  }

  /** Warm-up, then always the same. */
  public static Schedule constant(int warmupSteps) {
    return new Schedule(warmupSteps, 0, 1, 1);
  }

  /** Whether the rate depends on the budget. */
  boolean falls() {
    return fallsFrom < 1;
  }

  /**
   * The step size of an update.
   *
   * @param highest the rate after warm-up
   * @param update number of the update, from 0
   * @param updates the budget
   */
  double rate(double highest, long update, long updates) {
    double rising = warmupSteps == 0 ? 1 : Math.min((double) (update + first) / warmupSteps, 1);
    double done = (double) update / updates;
    double falling =
        !falls() || done < fallsFrom ? 1 : Math.max(fallsTo, (1 - done) / (1 - fallsFrom));
    return highest * rising * falling;
  }
}
