package org.grokscope.claim;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * One quantity measured over seeds: mean and 95 % interval.
 *
 * <p>With values x_1 … x_n, mean m and sample deviation s (over n − 1) the interval is m ± t ·
 * s/√n, where t is the 97.5 % point of Student's distribution with n − 1 degrees of freedom. On the
 * scale {@link Scale#LOG} all of this is of the logarithms, taken back. On the scale {@link
 * Scale#SHARE} m and s are of the values, and the interval is that of logit m = ln(m / (1 − m)) by
 * the delta method, logit m ± t · s/√n / (m (1 − m)), taken back; on {@link Scale#CORRELATION} that
 * of artanh m likewise. On {@link Scale#SEEDS} it is the exact one of a binomial share. One value
 * has no interval.
 *
 * @param values one a seed, finite; positive on the logarithmic scale, from 0 to 1 on that of
 *     shares, from −1 to 1 on that of correlations, 0 or 1 on that of seeds
 * @param scale on which they are averaged
 */
public record Measurement(List<Double> values, Scale scale) {
  private static final double UPPER_POINT = 0.975;
  private static final int MOST_SEEDS = 1_000;
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
      if (scale == Scale.CORRELATION && Math.abs(value) > 1) {
        throw new IllegalArgumentException(
            "measurement: got " + values + " for a correlation, expected numbers from -1 to 1");
      }
      if (scale == Scale.SEEDS && value != 0 && value != 1) {
        throw new IllegalArgumentException(
            "measurement: got "
                + values
                + " for a share of the seeds, expected 1 where it is true and 0 where it is not");
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
    return Optional.of(intervalOf(n));
  }

  /**
   * The interval that as many seeds would give if they had this mean and this spread.
   *
   * @param seeds at least 2
   */
  private Interval intervalOf(int seeds) {
    if (scale == Scale.SEEDS) {
      return ofSeeds((int) Math.round(mean() * seeds), seeds);
    }
    double centre = centre();
    double half = upperPoint(seeds) * error(seeds);
    return switch (scale) {
      case SHARE -> ofShare(centre, half);
      case CORRELATION -> ofCorrelation(centre, half);
      default -> new Interval(scale.back(centre - half), scale.back(centre + half));
    };
  }

  private static double upperPoint(int n) {
    return new TDistribution(n - 1).inverseCumulativeProbability(UPPER_POINT);
  }

  /** s / √n for a number of seeds, on the scale. */
  private double error(int n) {
    double centre = centre();
    double squares = values.stream().mapToDouble(x -> Math.pow(scale.forth(x) - centre, 2)).sum();
    return Math.sqrt(squares / (values.size() - 1) / n);
  }

  /**
   * How often a sample whose true mean is at a bound would lie as far from it as this one does, on
   * this one's side: one-sided, by the distribution that the interval is made of. A sample without
   * spread tells as much as a sign test, 2<sup>−n</sup>.
   *
   * @return from 0 to 1; 1 for one value
   */
  public double pBeyond(double bound) {
    int n = values.size();
    if (n < 2 || mean() == bound) {
      return 1;
    }
    if (scale == Scale.SEEDS) {
      int hits = (int) Math.round(mean() * n);
      BinomialDistribution at = new BinomialDistribution(n, Math.max(0, Math.min(1, bound)));
      return mean() > bound
          ? 1 - at.cumulativeProbability(hits - 1)
          : at.cumulativeProbability(hits);
    }
    double error = error(n) * slope();
    return error <= 0 || !Double.isFinite(error)
        ? Math.pow(0.5, n)
        : 1 - new TDistribution(n - 1).cumulativeProbability(distance(bound) / error);
  }

  /** Between the mean and a bound, on the scale of the interval. */
  private double distance(double bound) {
    return Math.abs(linked(mean()) - linked(bound));
  }

  private double linked(double value) {
    return switch (scale) {
      case LOG -> value <= 0 ? Double.NEGATIVE_INFINITY : Math.log(value);
      case SHARE -> Math.log(value / (1 - value));
      case CORRELATION -> Math.log((1 + value) / (1 - value)) / 2;
      default -> value;
    };
  }

  /** Of the scale of the interval over that of the error. */
  private double slope() {
    double mean = mean();
    return switch (scale) {
      case SHARE -> 1 / (mean * (1 - mean));
      case CORRELATION -> 1 / (1 - mean * mean);
      default -> 1;
    };
  }

  /**
   * How many seeds would put the whole interval on one side of a rule's bounds, if they had this
   * mean and this spread.
   *
   * @return empty if a thousand would not, or for one value
   */
  OptionalInt seedsToDecide(Rule.Bounds rule) {
    return seeds() < 2
        ? OptionalInt.empty()
        : IntStream.rangeClosed(Decision.LEAST_SEEDS, MOST_SEEDS)
            .filter(n -> rule.position(intervalOf(n)) != Decision.UNDECIDED)
            .findFirst();
  }

  private static Interval ofSeeds(int hits, int n) {
    double low =
        hits == 0
            ? 0
            : new BetaDistribution(hits, n - hits + 1)
                .inverseCumulativeProbability(1 - UPPER_POINT);
    double high =
        hits == n
            ? 1
            : new BetaDistribution(hits + 1, n - hits).inverseCumulativeProbability(UPPER_POINT);
    return new Interval(low, high);
  }

  private static Interval ofCorrelation(double mean, double half) {
    double slope = 1 - mean * mean;
    if (half == 0 || slope <= 0) {
      return new Interval(mean, mean);
    }
    double z = Math.log((1 + mean) / (1 - mean)) / 2;
    return new Interval(Math.tanh(z - half / slope), Math.tanh(z + half / slope));
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
