package org.grokscope.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sparse parity: given n bits, answer whether the number of ones among k of them is odd. Which k is
 * not told. Barak et al. (2022), "Hidden Progress in Deep Learning".
 */
public final class Parity {
  private static final int MOST_BITS = 24; // the table has 2^bits entries

  private Parity() {}

  /**
   * The parity of the first {@code ones} bits of a random order, drawn by the seed 0.
   *
   * @param ones bits that count, k
   * @param bits all bits, n
   */
  public static OperationTable of(int ones, int bits) {
    return of(ones, bits, 0);
  }

  /**
   * The parity of k of n bits.
   *
   * @param ones bits that count, 1 to n
   * @param bits all bits, 2 to {@value #MOST_BITS}
   * @param seed of the choice of those that count
   * @throws IllegalArgumentException if there are fewer or more
   */
  public static OperationTable of(int ones, int bits, long seed) {
    if (bits < 2 || bits > MOST_BITS || ones < 1 || ones > bits) {
      throw new IllegalArgumentException(
          "parity: got "
              + ones
              + " of "
              + bits
              + " bits, expected 1 to n of n, and n from 2 to "
              + MOST_BITS);
    }
    int[] order = IntStream.range(0, bits).toArray();
    RandomStream.of(seed, "parity").shuffle(order);
    int[] counted = Arrays.copyOf(order, ones);
    Arrays.sort(counted);
    List<String> names = new ArrayList<>();
    IntStream.of(counted).forEach(place -> names.add("" + (place + 1)));
    return OperationTable.of(
        "parity of bits " + String.join(", ", names) + " of " + bits,
        List.of("0", "1"),
        bits,
        operands -> IntStream.of(counted).map(place -> operands[place]).sum() % 2);
  }
}
