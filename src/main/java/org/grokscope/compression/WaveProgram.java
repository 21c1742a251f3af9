package org.grokscope.compression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.grokscope.probe.LogitFit;

/**
 * The few-frequencies program: answer a + b mod p by the largest of
 *
 * <pre>
 *   Σ_{k∈K} α_k cos(2πk(a+b−c)/p),  c = 0 … p−1
 * </pre>
 *
 * <p>and the bits of its numbers: how many keys (Elias' gamma code), which (log2 C((p−1)/2, K)), 32
 * for the unit of the amplitudes, and b bits for each amplitude, a whole multiple of the unit from
 * 1 to 2^b.
 *
 * @param p the modulus
 * @param keys K
 * @param amplitudes α_k in the order of the keys, rounded
 * @param bitsEach b
 */
public record WaveProgram(int p, List<Integer> keys, List<Double> amplitudes, int bitsEach) {
  private static final int BITS_OF_UNIT = 32;
  private static final int MOST_BITS = 24;

  /**
   * @throws IllegalArgumentException if there is no key, or not one amplitude a key
   */
  public WaveProgram {
    keys = List.copyOf(keys);
    amplitudes = List.copyOf(amplitudes);
    if (keys.isEmpty() || keys.size() != amplitudes.size()) {
      throw new IllegalArgumentException(
          "wave program: got the keys "
              + keys
              + " with the amplitudes "
              + amplitudes
              + ", expected one amplitude for each of at least one key");
    }
  }

  /**
   * The amplitudes of a fit, rounded to b bits each.
   *
   * @param bitsEach 0 (all alike) to 24
   * @throws IllegalArgumentException if an amplitude is not positive, or b is out of range
   */
  public static WaveProgram of(LogitFit fit, int bitsEach) {
    List<Integer> keys = fit.keys().frequencies();
    double largest = 0;
    for (int k : keys) {
      if (!(fit.alpha(k) > 0) || bitsEach < 0 || bitsEach > MOST_BITS) {
        throw new IllegalArgumentException(
            "wave program: got the amplitude "
                + fit.alpha(k)
                + " of key "
                + k
                + " and "
                + bitsEach
                + " bits, expected positive amplitudes and 0 to "
                + MOST_BITS
                + " bits; take a checkpoint that has learnt the task");
      }
      largest = Math.max(largest, fit.alpha(k));
    }
    double unit = largest / (1 << bitsEach);
    List<Double> rounded = new ArrayList<>();
    for (int k : keys) {
      rounded.add(unit * Math.max(1, Math.rint(fit.alpha(k) / unit)));
    }
    return new WaveProgram(fit.keys().p(), keys, rounded, bitsEach);
  }

  /**
   * The coarsest program whose loss is at most this.
   *
   * @throws IllegalArgumentException if none of up to 24 bits an amplitude is
   */
  public static WaveProgram coarsest(LogitFit fit, double loss) {
    for (int bits = 0; bits <= MOST_BITS; bits++) {
      WaveProgram program = of(fit, bits);
      if (program.loss() <= loss) {
        return program;
      }
    }
    throw new IllegalArgumentException(
        "wave program: got the loss "
            + loss
            + " to reach, expected at least the fit's own, "
            + of(fit, MOST_BITS).loss());
  }

  /** The score of an answer at distance d = a + b − c. */
  private double score(int d) {
    double sum = 0;
    for (int i = 0; i < keys.size(); i++) {
      double turns = (double) ((long) keys.get(i) * d % p) / p;
      sum += amplitudes.get(i) * Math.cos(2 * Math.PI * turns);
    }
    return sum;
  }

  /** Answers a + b mod p. */
  public int answer(int a, int b) {
    int best = 0;
    for (int c = 1; c < p; c++) {
      best = score(Math.floorMod(a + b - c, p)) > score(Math.floorMod(a + b - best, p)) ? c : best;
    }
    return best;
  }

  /** How many of all p² questions it answers rightly. */
  public int right() {
    int right = 0;
    for (int sum = 0; sum <= 2 * (p - 1); sum++) {
      int questions = Math.min(sum, 2 * (p - 1) - sum) + 1; // pairs a + b = sum
      int a = Math.min(sum, p - 1);
      right += answer(a, sum - a) == sum % p ? questions : 0;
    }
    return right;
  }

  /** Mean cross-entropy over all questions, ln(1 + Σ_{d≠0} exp(score(d) − score(0))). */
  public double loss() {
    double others = 0;
    for (int d = 1; d < p; d++) {
      others += Math.exp(score(d) - score(0));
    }
    return Math.log1p(others);
  }

  /** Bits of its numbers. */
  public double bits() {
    return TinyProgram.gammaBits(keys.size())
        + IntegerCode.logChoose((p - 1) / 2, keys.size())
        + BITS_OF_UNIT
        + (double) bitsEach * keys.size();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "keys %s, %d bits an amplitude: %.0f bits, %,d of %,d right, loss %.2e",
        keys,
        bitsEach,
        bits(),
        right(),
        p * p,
        loss());
  }
}
