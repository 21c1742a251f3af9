package org.grokscope.geometry;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Rows divided into parts for cross-validation: each part is predicted by what was fitted to the
 * others.
 */
public final class Folds {
  private final int[] foldOf; // (n)
  private final int count;

  private Folds(int[] foldOf, int count) {
    this.foldOf = foldOf;
    this.count = count;
  }

  /**
   * Rows that have nothing to do with each other, dealt at random.
   *
   * @param rows how many, at least {@code folds}
   * @param folds at least 2
   * @param seed of the shuffle; equal arguments give equal folds for ever
   */
  public static Folds ofRows(int rows, int folds, long seed) {
    return byGroup(IntStream.range(0, rows).toArray(), folds, seed);
  }

  /**
   * Rows of one group, such as the positions of one document, kept together: what stands in a
   * document already fitted says something of the rest of it.
   *
   * @param groups [n]
   * @param folds at least 2, at most the number of groups
   * @param seed of the shuffle; equal arguments give equal folds for ever
   */
  public static Folds byGroup(int[] groups, int folds, long seed) {
    int[] distinct = Arrays.stream(groups).distinct().sorted().toArray();
    if (folds < 2 || folds > distinct.length) {
      throw new IllegalArgumentException(
          "folds: got "
              + folds
              + " folds of "
              + distinct.length
              + " groups of rows, expected at least 2 folds with a group in each");
    }
    int[] order = IntStream.range(0, distinct.length).toArray();
    Random random = new Random(seed);
    for (int i = order.length - 1; i > 0; i--) { // Fisher and Yates
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    int[] foldOfGroup = new int[distinct.length];
    for (int i = 0; i < order.length; i++) {
      foldOfGroup[order[i]] = i % folds;
    }
    int[] foldOf =
        Arrays.stream(groups)
            .map(group -> foldOfGroup[Arrays.binarySearch(distinct, group)])
            .toArray();
    return new Folds(foldOf, folds);
  }

  /** Number of folds. */
  public int count() {
    return count;
  }

  /** Number of rows. */
  public int rows() {
    return foldOf.length;
  }

  /** The rows of a fold, ascending. */
  public int[] inside(int fold) {
    return IntStream.range(0, foldOf.length).filter(row -> foldOf[row] == fold).toArray();
  }

  /** The rows of all other folds, ascending. */
  public int[] outside(int fold) {
    return IntStream.range(0, foldOf.length).filter(row -> foldOf[row] != fold).toArray();
  }
}
