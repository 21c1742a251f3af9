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
  LOG;

  /**
   * The scale of that name.
   *
   * @throws IllegalArgumentException unless it is {@code linear} or {@code log}
   */
  static Scale named(String name) {
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
