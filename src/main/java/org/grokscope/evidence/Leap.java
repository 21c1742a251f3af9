package org.grokscope.evidence;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.task.RandomStream;

/**
 * How an accuracy stays where guessing is and then leaps, where one half is chance: the plateau is
 * from the first epoch to the last evaluation before 60 % are right, the leap from there to 99 %.
 *
 * @param epochs of the evaluations, ascending
 * @param accuracies at these, from 0 to 1
 */
record Leap(List<Long> epochs, List<Double> accuracies) {
  private static final double LEAVES = 0.6;
  private static final double KNOWN = 0.99;
  private static final double GUESSED = 0.5;
  private static final double ABOUT = 0.03;
  private static final long LONG = 1_000; // epochs
  private static final double LARGEST = 1_000; // of a ratio; its smallest is one over it

  Leap {
    epochs = List.copyOf(epochs);
    accuracies = List.copyOf(accuracies);
    if (epochs.isEmpty() || epochs.size() != accuracies.size()) {
      throw new IllegalArgumentException(
          "leap: got "
              + epochs.size()
              + " epochs and "
              + accuracies.size()
              + " accuracies, expected as many of each, at least one");
    }
  }

  /** The index of the first evaluation at a level, or their number if there is none. */
  private int first(double level) {
    int i = 0;
    while (i < accuracies.size() && accuracies.get(i) < level) {
      i++;
    }
    return i;
  }

  /** Mean accuracy on the plateau; that at its end where it has no evaluation of its own. */
  double plateau() {
    int leaves = first(LEAVES);
    return leaves == 0
        ? accuracies.get(0)
        : accuracies.subList(0, leaves).stream().mapToDouble(x -> x).average().orElseThrow();
  }

  /** Length of the plateau: epochs from the first to the first evaluation with 60 %, or the end. */
  long plateauEpochs() {
    int leaves = Math.min(first(LEAVES), epochs.size() - 1);
    return epochs.get(leaves) - epochs.get(0);
  }

  /** Whether 99 % ever came. */
  boolean lands() {
    return first(KNOWN) < epochs.size();
  }

  /**
   * Whether it is the essay's curve: 47 to 53 % on average over a plateau of at least a thousand
   * epochs, and 99 % later.
   */
  boolean guessesThenKnows() {
    return Math.abs(plateau() - GUESSED) <= ABOUT && plateauEpochs() >= LONG && lands();
  }

  /**
   * Epochs from 60 % to 99 % over those of the plateau, kept between 1/1000 and 1000: the largest
   * where 99 % never came or there was no plateau.
   */
  double pace() {
    if (!lands() || plateauEpochs() == 0) {
      return LARGEST;
    }
    double leap = epochs.get(first(KNOWN)) - epochs.get(first(LEAVES));
    return Math.max(1 / LARGEST, Math.min(LARGEST, leap / plateauEpochs()));
  }

  /**
   * The same of questions that come right at an even pace: half of them are guessed right from the
   * start, each of the others comes right at a moment drawn evenly from the first to the last
   * epoch.
   */
  Leap evenly(RandomStream random, int questions) {
    long start = epochs.get(0);
    long length = epochs.get(epochs.size() - 1) - start;
    double[] moments = new double[questions];
    for (int i = 0; i < questions; i++) {
      boolean guessed = random.nextDouble() < GUESSED;
      moments[i] = guessed ? start : start + random.nextDouble() * length;
    }
    List<Double> even = new ArrayList<>();
    for (long epoch : epochs) {
      int right = 0;
      for (double moment : moments) {
        right += moment <= epoch ? 1 : 0;
      }
      even.add(right / (double) questions);
    }
    return new Leap(epochs, even);
  }
}
