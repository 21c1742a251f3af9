package org.grokscope.claim;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * One quantity measured over seeds: mean and 95 % interval.
 *
 * <p>With values x_1 … x_n, mean m and sample deviation s (over n − 1) the interval is m ± t ·
 * s/√n, where t is the 97.5 % point of Student's distribution with n − 1 degrees of freedom. On the
 * scale {@link Scale#LOG} all of this is of the logarithms, taken back. On the scale {@link
 * Scale#SHARE} m and s are of the values, and the interval is that of logit m = ln(m / (1 − m)) by
 * the delta method, logit m ± t · s/√n / (m (1 − m)), taken back. One value has no interval.
 *
 * @param values one a seed, finite; positive on the logarithmic scale, from 0 to 1 on that of
 *     shares
 * @param scale on which they are averaged
 */
public record Measurement(List<Double> values, Scale scale) {
  private static final double UPPER_POINT = 0.975;
  private static final MathContext DIGITS = new MathContext(4);

  /** From low to high, both included. */
  public record Interval(double low, double high) {}

  /**
   * @throws IllegalArgumentException if there are no values, or one of them is not finite, not
   *     positive on the logarithmic scale, or not from 0 to 1 on that of shares
   */
  public Measurement {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException(
          "measurement: got no values, expected one a seed; is the table of results empty?");
    }
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "measurement: got "
                + values
                + ", expected finite numbers; for what was never reached give a number that stands"
                + " for it, such as the length of the run, and say so beside the table");
      }
      if (scale == Scale.LOG && value <= 0) {
        throw new IllegalArgumentException(
            "measurement: got "
                + values
                + " for a ratio, expected positive numbers, since ratios are averaged by their"
                + " logarithms; look at the run that gave it");
      }
      if (scale == Scale.SHARE && (value < 0 || value > 1)) {
        throw new IllegalArgumentException(
            "measurement: got "
                + values
                + " for a share, expected numbers from 0 to 1; choose the linear scale for others");
      }
    }
  }

  /** How many values there are. */
  public int seeds() {
    return values.size();
  }

  /** The mean: arithmetic, or geometric on the logarithmic scale. */
  public double mean() {
    return scale.back(centre());
  }

  private double centre() {
    double first = scale.forth(values.get(0)); // equal values have exactly their own mean
    return first + values.stream().mapToDouble(x -> scale.forth(x) - first).average().orElseThrow();
  }

  /** The 95 % interval of the mean; empty for one value. */
  public Optional<Interval> interval() {
    int n = values.size();
    if (n < 2) {
      return Optional.empty();
    }
    double centre = centre();
    double squares = values.stream().mapToDouble(x -> Math.pow(scale.forth(x) - centre, 2)).sum();
    double t = new TDistribution(n - 1).inverseCumulativeProbability(UPPER_POINT);
    double half = t * Math.sqrt(squares / (n - 1) / n);
    return Optional.of(
        scale == Scale.SHARE
            ? ofShare(centre, half)
            : new Interval(scale.back(centre - half), scale.back(centre + half)));
  }

  private static Interval ofShare(double mean, double half) {
    double slope = mean * (1 - mean); // of the mean over its logit
    if (half == 0 || slope <= 0) { // all are equal, at 0 or 1 but for rounding
      return new Interval(mean, mean);
    }
    double odds = mean / (1 - mean);
    double factor = Math.exp(half / slope);
    double low = 1 / (1 + factor / odds);
    double high = 1 / (1 + 1 / (odds * factor));
    return new Interval(Math.min(low, mean), Math.max(mean, high)); // but for rounding
  }

  /** Such as {@code 0.8461 (0.8203 to 0.8719), 5 seeds}. */
  @Override
  public String toString() {
    String within =
        interval()
            .map(interval -> " (" + number(interval.low) + " to " + number(interval.high) + ")")
            .orElse("");
    return number(mean()) + within + ", " + (seeds() == 1 ? "one seed" : seeds() + " seeds");
  }

  /** Four significant digits, or more where they are whole. */
  static String number(double value) {
    double size = Math.abs(value);
    if (value == 0) {
      return "0";
    }
    if (size < 1e-4 || size >= 1e7) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    if (size >= 1e3) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }
}
