package org.grokscope.compression;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what followed the last 0, 1 … K digits before, and mixes the K+1 predictions by how well
 * each has done:
 *
 * <pre>
 *   P_k(d) = (n_k(d) + 1/10) / (n_k + 1),  n_k counts after the present last k digits
 *   P(d) = Σ_k w_k P_k(d),  w_k ∝ the product of what P_k gave to the digits so far
 * </pre>
 *
 * <p>A share of 1/100 of the weights is dealt out anew at each digit, so that the mixture can
 * change its mind (Herbster and Warmuth 1998).
 */
public final class ContextMixture implements SequenceModel {
  private static final double PRIOR = 1.0 / DIGITS;
  private static final double SHARE = 0.01;

  private final List<Map<Long, int[]>> counts = new ArrayList<>(); // by order, context → [10]
  private final double[] weights; // [orders]
  private long past; // the last digits, in decimal, behind a leading 1 for each order's context
  private int seen;

  private ContextMixture(int orders) {
    weights = new double[orders];
    for (int k = 0; k < orders; k++) {
      counts.add(new HashMap<>());
      weights[k] = 1.0 / orders;
    }
  }

  /**
   * A mixture that has seen nothing.
   *
   * @param longest K, from 0 to 15
   */
  public static ContextMixture of(int longest) {
    if (longest < 0 || longest > 15) {
      throw new IllegalArgumentException(
          "context mixture: got contexts of up to " + longest + " digits, expected 0 to 15");
    }
    return new ContextMixture(longest + 1);
  }

  @Override
  public double[] predict() {
    double[] mixed = new double[DIGITS];
    for (int k = 0; k < weights.length; k++) {
      for (int digit = 0; digit < DIGITS; digit++) {
        mixed[digit] += weights[k] * probability(k, digit);
      }
    }
    return mixed;
  }

  @Override
  public void learn(int digit) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      weights[k] *= probability(k, digit);
      sum += weights[k];
    }
    for (int k = 0; k < weights.length; k++) {
      weights[k] = (1 - SHARE) * weights[k] / sum + SHARE / weights.length;
      int[] after = counts.get(k).computeIfAbsent(context(k), key -> new int[DIGITS + 1]);
      after[digit]++;
      after[DIGITS]++;
    }
    past = (past % 1_000_000_000_000_000L) * 10 + digit;
    seen++;
  }

  private double probability(int k, int digit) {
    int[] after = counts.get(k).get(context(k));
    return after == null ? PRIOR : (after[digit] + PRIOR) / (after[DIGITS] + 1);
  }

  /** The last k digits, fewer at the beginning of the string. */
  private long context(int k) {
    long power = 1;
    for (int i = 0; i < Math.min(k, seen); i++) {
      power *= 10;
    }
    return power + past % power;
  }
}
