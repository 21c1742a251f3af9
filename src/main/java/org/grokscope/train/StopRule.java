package org.grokscope.train;

import java.util.OptionalLong;

/** When a training has shown what it was to show: asked after every evaluation. */
@FunctionalInterface
public interface StopRule {

  /**
   * Whether to stop, given the history up to now (at least one row). It must depend on the history
   * alone: a finished run is recognised by asking again.
   */
  boolean stop(History history);

  /** Never: the budget of epochs decides. */
  static StopRule never() {
    return history -> false;
  }

  /**
   * Some epochs after the test accuracy first reached a level.
   *
   * @param epochs to go on for, 0 or more
   * @param accuracy the level, above 0 and at most 1
   */
  static StopRule epochsPastTestAccuracy(long epochs, double accuracy) {
    if (epochs < 0 || !(accuracy > 0 && accuracy <= 1)) {
      throw new IllegalArgumentException(
          "stop rule: got "
              + epochs
              + " epochs past a test accuracy of "
              + accuracy
              + ", expected 0 or more epochs and an accuracy above 0 and at most 1");
    }
    return history -> {
      OptionalLong reached = history.firstEpoch(row -> row.testAccuracy() >= accuracy);
      return reached.isPresent() && history.last().epoch() >= reached.getAsLong() + epochs;
    };
  }
}
