package org.grokscope.train;

import java.util.Comparator;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The classical rule, applied to a training that went on all the same: stop once the validation
 * loss, here that on the test questions, has had no new minimum for some epochs, and keep the
 * weights of the minimum (Prechelt 1998, "Early stopping – but when?").
 *
 * @param patience epochs without a new minimum after which the rule stops
 * @param chosen the evaluation whose weights it keeps: the minimum before it stops
 * @param stopped the evaluation at which it stops, or empty if it never does
 * @param last the last evaluation of the training
 */
public record EarlyStopping(
    long patience, History.Row chosen, OptionalLong stopped, History.Row last) {

  /**
   * What the rule makes of a history; pure, nothing is trained.
   *
   * @param patience epochs without a new minimum, at least 1
   * @throws IllegalArgumentException if the patience is below 1 or the history is empty
   */
  public static EarlyStopping of(History history, long patience) {
    if (patience < 1) {
      throw new IllegalArgumentException(
          "early stopping: got a patience of " + patience + ", expected at least 1 epoch");
    }
    if (history.rows().isEmpty()) {
      throw new IllegalArgumentException(
          "early stopping: got an empty history, expected one with evaluations; train first");
    }
    History.Row best = history.rows().get(0);
    for (History.Row row : history.rows()) {
      if (row.testLoss() < best.testLoss()) {
        best = row;
      } else if (row.epoch() - best.epoch() >= patience) {
        return new EarlyStopping(patience, best, OptionalLong.of(row.epoch()), history.last());
      }
    }
    return new EarlyStopping(patience, best, OptionalLong.empty(), history.last());
  }

  /**
   * The smallest patience, in epochs, with which the rule would have waited for the lowest test
   * loss of the whole training: the longest stretch before that without a new minimum, and one.
   *
   * @throws IllegalArgumentException if the history is empty
   */
  public static long patienceNeeded(History history) {
    History.Row lowest =
        history.rows().stream()
            .min(Comparator.comparingDouble(History.Row::testLoss))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "early stopping: got an empty history, expected one with evaluations"));
    History.Row best = history.rows().get(0);
    long longest = 0;
    for (History.Row row : history.until(lowest.epoch()).rows()) {
      if (row.testLoss() < best.testLoss()) {
        best = row;
      } else {
        longest = Math.max(longest, row.epoch() - best.epoch());
      }
    }
    return longest + 1;
  }

  /** Test loss of the weights that were kept over that at the end: above 1, the rule lost. */
  public double lossOverLast() {
    return chosen.testLoss() / last.testLoss();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "patience %,d: keeps epoch %,d (test loss %.3g, %.1f %% right)%s; at the end, epoch %,d,"
            + " test loss %.3g, %.1f %% right",
        patience,
        chosen.epoch(),
        chosen.testLoss(),
        100 * chosen.testAccuracy(),
        stopped.isPresent()
            ? String.format(Locale.ROOT, ", stops at %,d", stopped.getAsLong())
            : ", never stops",
        last.epoch(),
        last.testLoss(),
        100 * last.testAccuracy());
  }
}
