package org.grokscope.compression;

import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.special.Gamma;

/**
 * The length of a list of integers, told without knowing anything of them but how many there are.
 *
 * <pre>
 *   which: |smallest|, sign, number of values K from it on, by Elias' gamma code
 *   how often each: log2 C(n + K − 1, K − 1)
 *   where: log2 n! / Π n_v!
 * </pre>
 *
 * <p>Zeros that are alone in a list cost a few bits, however many they are. Source: the enumerative
 * code of Cover (1973).
 */
final class IntegerCode {
  private IntegerCode() {}

  /**
   * Bits of n integers.
   *
   * @param values at {@code from}, {@code from + stride} …
   * @param from first of them
   * @param stride from one to the next
   * @param n how many
   */
  static double bits(int[] values, int from, int stride, int n) {
    Map<Integer, Integer> counts = new HashMap<>();
    int smallest = Integer.MAX_VALUE;
    int largest = Integer.MIN_VALUE;
    for (int i = 0; i < n; i++) {
      int value = values[from + i * stride];
      counts.merge(value, 1, Integer::sum);
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
    }
    int different = largest - smallest + 1;
    double bits =
        TinyProgram.gammaBits(Math.abs(smallest) + 1) + 1 + TinyProgram.gammaBits(different);
    bits += logChoose(n + different - 1, different - 1);
    double arrangements = Gamma.logGamma(n + 1.0);
    for (int count : counts.values()) {
      arrangements -= Gamma.logGamma(count + 1.0);
    }
    return bits + arrangements / Math.log(2);
  }

  /** log2 of the number of ways to choose k of n. */
  static double logChoose(int n, int k) {
    return (Gamma.logGamma(n + 1.0) - Gamma.logGamma(k + 1.0) - Gamma.logGamma(n - k + 1.0))
        / Math.log(2);
  }
}
