package org.grokscope.probe;

import java.util.Locale;

/**
 * Where something lies that is known only between two bounds, both of them included; here epochs,
 * since checkpoints are apart.
 *
 * @param from lower bound
 * @param to upper bound, not below the lower one
 */
public record Interval(double from, double to) {

  /**
   * @throws IllegalArgumentException if a bound is not finite, or they are the wrong way round
   */
  public Interval {
    if (!Double.isFinite(from) || !Double.isFinite(to) || from > to) {
      throw new IllegalArgumentException(
          "interval: got " + from + " to " + to + ", expected finite bounds in ascending order");
    }
  }

  /** to − from. */
  public double width() {
    return to - from;
  }

  /** (from + to) / 2. */
  public double middle() {
    return from + width() / 2;
  }

  /**
   * Whether every point of this one lies before every point of the other, or at it: they may touch
   * in one point, and may not overlap.
   */
  public boolean before(Interval other) {
    return to <= other.from;
  }

  /**
   * How much later than another this lies: all differences of a point of this one and a point of
   * the other, [from − other.to, to − other.from].
   */
  public Interval minus(Interval other) {
    return new Interval(from - other.to, to - other.from);
  }

  /** Such as {@code 1,400–1,500}; {@code −100 to 200} where there are negative bounds. */
  @Override
  public String toString() {
    if (from == to) {
      return text(from);
    }
    return text(from) + (from < 0 ? " to " : "–") + text(to);
  }

  private static String text(double bound) {
    String digits =
        bound == Math.rint(bound)
            ? String.format(Locale.ROOT, "%,.0f", Math.abs(bound))
            : String.format(Locale.ROOT, "%.4g", Math.abs(bound));
    return bound < 0 ? "−" + digits : digits;
  }
}
