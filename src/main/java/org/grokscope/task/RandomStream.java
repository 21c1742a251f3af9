package org.grokscope.task;

/**
 * A small random generator whose every number is fixed by this page and by nothing else: SplitMix64
 * (Steele, Lea and Flood 2014), started from a seed and the name of its purpose, so that splits,
 * labels, weights and batches of one seed are independent of each other and stay the same on every
 * machine and Java version.
 */
public final class RandomStream {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;
  private double spare = Double.NaN; // the second Gaussian of a pair, or NaN

  private RandomStream(long state) {
    this.state = state;
  }

  /**
   * The stream of a seed for one purpose.
   *
   * @param seed any number
   * @param purpose what the numbers are for, such as {@code "split"}
   */
  public static RandomStream of(long seed, String purpose) {
    long state = mix(seed + GOLDEN_GAMMA);
    for (int i = 0; i < purpose.length(); i++) {
      state = mix(state + purpose.charAt(i) * GOLDEN_GAMMA);
    }
    return new RandomStream(state);
  }

  /** 64 uniform bits. */
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform on [0, 1), a multiple of 2<sup>−53</sup>. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Uniform on 0 … bound−1, without bias. */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound: got " + bound + ", expected at least 1");
    }
    long limit = Long.MAX_VALUE - Long.MAX_VALUE % bound; // reject the incomplete last cycle
    long draw;
    do {
      draw = nextLong() >>> 1;
    } while (draw >= limit);
    return (int) (draw % bound);
  }

  /** Standard normal, by Marsaglia's polar method. */
  public double nextGaussian() {
    if (!Double.isNaN(spare)) {
      double value = spare;
      spare = Double.NaN;
      return value;
    }
    double x;
    double y;
    double squared;
    do {
      x = 2 * nextDouble() - 1;
      y = 2 * nextDouble() - 1;
      squared = x * x + y * y;
    } while (squared >= 1 || squared == 0);
    double scale = StrictMath.sqrt(-2 * StrictMath.log(squared) / squared);
    spare = y * scale;
    return x * scale;
  }

  /** Shuffles in place, each order equally likely (Fisher and Yates, from the end). */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
