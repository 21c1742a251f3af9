package org.grokscope.claim;

import java.util.Arrays;
import java.util.Locale;

/** On which scale values over seeds are averaged. */
public enum Scale {
  /** Arithmetic mean and interval. */
  LINEAR,
  /**
   * Geometric mean, and the interval of the logarithms taken back: for ratios, which spread over
   * powers of ten and of which one large value would otherwise outvote all others.
   */
  LOG,
  /**
   * Arithmetic mean, and the interval of its logit taken back: for accuracies and other shares,
   * whose interval then stays between 0 and 1.
   */
  SHARE,
  /**
   * Arithmetic mean, and the interval of its Fisher z = artanh taken back: for correlations, whose
   * interval then stays between −1 and 1.
   */
  CORRELATION,
  /**
   * 1 for a seed of which something is true, 0 for another: the share of the seeds, with the exact
   * interval of a binomial share (Clopper and Pearson).
   */
  SEEDS;

  /**
   * The scale of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static Scale named(String name) {
    return Arrays.stream(values())
        .filter(scale -> scale.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "scale: got '" + name + "', expected one of " + Arrays.toString(values())));
  }

  double forth(double value) {
    return this == LOG ? Math.log(value) : value;
  }

  double back(double value) {
    return this == LOG ? Math.exp(value) : value;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
