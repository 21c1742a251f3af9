package org.grokscope.task;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A task's questions divided into known (training) and unknown (test) ones.
 *
 * <p>The rows r = a·p + b of all answerable questions are shuffled and the first ⌊fraction·n⌋ are
 * trained on, as in the code published with Nanda et al. (2023); with p = 113 and 30 % that is
 * 3,830 of 12,769. Both sides are kept in ascending order.
 */
public final class Split {
  private final ModularTask task;
  private final double fraction;
  private final long seed;
  private final int[] trainRows; // ascending
  private final int[] testRows; // ascending
  private final TokenSequences train;
  private final TokenSequences test;

  private Split(ModularTask task, double fraction, long seed, int[] trainRows, int[] testRows) {
    this.task = task;
    this.fraction = fraction;
    this.seed = seed;
    this.trainRows = trainRows;
    this.testRows = testRows;
    train = task.sequences(trainRows);
    test = task.sequences(testRows);
  }

  static Split of(ModularTask task, double fraction, long seed) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "split: got fraction = "
              + fraction
              + ", expected a share strictly between 0 and 1, such as 0.30");
    }
    int[] rows = task.answerable();
    int known = (int) (fraction * rows.length);
    if (known == 0 || known == rows.length) {
      throw new IllegalArgumentException(
          "split: a fraction of "
              + fraction
              + " of "
              + rows.length
              + " questions leaves "
              + (known == 0 ? "none to train on" : "none to test on")
              + "; choose another fraction or a larger p");
    }
    RandomStream.of(seed, "split").shuffle(rows);
    int[] train = Arrays.copyOfRange(rows, 0, known);
    int[] test = Arrays.copyOfRange(rows, known, rows.length);
    Arrays.sort(train);
    Arrays.sort(test);
    return new Split(task, fraction, seed, train, test);
  }

  /** The task that was divided. */
  public ModularTask task() {
    return task;
  }

  /** The share that was asked for. */
  public double fraction() {
    return fraction;
  }

  /** The seed of the shuffle. */
  public long seed() {
    return seed;
  }

  /** The known questions, [train] ascending. */
  public TokenSequences train() {
    return train;
  }

  /** The unknown questions, [test] ascending. */
  public TokenSequences test() {
    return test;
  }

  /**
   * The unknown questions (a, b) whose mirror image (b, a) is known: those that a model answers by
   * commutativity alone, if the operation has it.
   */
  public TokenSequences testWithKnownMirror() {
    return task.sequences(IntStream.of(testRows).filter(this::hasKnownMirror).toArray());
  }

  /** The unknown questions whose mirror image is unknown too, a = b among them. */
  public TokenSequences testWithoutKnownMirror() {
    return task.sequences(IntStream.of(testRows).filter(row -> !hasKnownMirror(row)).toArray());
  }

  private boolean hasKnownMirror(int row) {
    int mirror = row % task.p() * task.p() + row / task.p();
    return Arrays.binarySearch(trainRows, mirror) >= 0;
  }

  /** The rows r = a·p + b of the known questions, ascending; a copy. */
  public int[] trainRows() {
    return trainRows.clone();
  }

  /** The rows r = a·p + b of the unknown questions, ascending; a copy. */
  public int[] testRows() {
    return testRows.clone();
  }

  @Override
  public String toString() {
    return task
        + ": "
        + trainRows.length
        + " questions to train on, "
        + testRows.length
        + " to test on (fraction "
        + fraction
        + ", seed "
        + seed
        + ")";
  }
}
