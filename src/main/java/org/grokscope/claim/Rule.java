package org.grokscope.claim;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The condition under which a quantity supports its claim, as the ledger writes it: {@code at least
 * 0.8}, {@code at most 10}, {@code above 4.6}, {@code below 1}, {@code between 3 and 6}, {@code
 * equals 1}, {@code always}, {@code never}, {@code reported} or {@code not testable here}.
 */
public sealed interface Rule {

  /** What a measurement says by this rule. */
  Verdict judge(Measurement measurement);

  /**
   * What a measurement says by this rule in round two, by its whole interval.
   *
   * @throws IllegalArgumentException if round two does not judge by such a rule
   */
  default Decision decide(Measurement measurement) {
    throw new IllegalArgumentException(
        "rule: got '"
            + this
            + "', expected bounds or 'reported'; round two writes a yes or no as a share of the"
            + " seeds, such as 'above 0.5' on the scale of seeds");
  }

  /** The condition in few signs, such as {@code ≥ 0.8}. */
  String tolerance();

  /** A measurement as tables show it beside this rule. */
  default String describe(Measurement measurement) {
    return measurement.toString();
  }

  /**
   * The mean lies between two bounds, and so does its whole interval. An included bound forgives
   * the rounding of a mean, one part in 10¹².
   *
   * @param low infinite where there is none
   * @param lowIncluded whether the bound itself is allowed
   * @param high infinite where there is none
   * @param highIncluded whether the bound itself is allowed
   * @param text as the ledger writes it
   * @param tolerance in few signs
   */
  record Bounds(
      double low,
      boolean lowIncluded,
      double high,
      boolean highIncluded,
      String text,
      String tolerance)
      implements Rule {
    private static final double ROUNDING = 1e-12;

    @Override
    public Verdict judge(Measurement measurement) {
      if (!allows(measurement.mean())) {
        return Verdict.REFUTED;
      }
      boolean whole =
          measurement
              .interval()
              .map(interval -> allows(interval.low()) && allows(interval.high()))
              .orElse(true);
      return whole ? Verdict.SUPPORTED : Verdict.PARTLY;
    }

    @Override
    public Decision decide(Measurement measurement) {
      if (measurement.seeds() == 1) {
        return Decision.ONE_RUN;
      }
      return measurement.seeds() < Decision.LEAST_SEEDS
          ? Decision.UNDECIDED
          : position(measurement.interval().orElseThrow());
    }

    /** Where a whole interval lies. */
    Decision position(Measurement.Interval interval) {
      boolean low = allows(interval.low());
      boolean high = allows(interval.high());
      if (low && high) {
        return Decision.HOLDS;
      }
      boolean outside = interval.high() <= this.low || interval.low() >= this.high;
      return !low && !high && outside ? Decision.FAILS : Decision.UNDECIDED;
    }

    /**
     * How often chance alone would give a sample as clearly inside, or outside, as this one: the
     * largest of both bounds for one inside, the smallest for one outside.
     */
    double p(Measurement measurement) {
      double beyondLow = Double.isInfinite(low) ? 0 : measurement.pBeyond(low);
      double beyondHigh = Double.isInfinite(high) ? 0 : measurement.pBeyond(high);
      if (allows(measurement.mean())) {
        return Math.max(beyondLow, beyondHigh);
      }
      return measurement.mean() < low ? measurement.pBeyond(low) : measurement.pBeyond(high);
    }

    /** Whether a value lies between the bounds. */
    public boolean allows(double value) {
      double slack = ROUNDING * Math.abs(value);
      boolean aboveLow = lowIncluded ? value + slack >= low : value > low;
      boolean belowHigh = highIncluded ? value - slack <= high : value < high;
      return aboveLow && belowHigh;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * True in every seed, or in none: values are 1 for true and 0 for false, and one seed that is
   * otherwise refutes it.
   *
   * @param truth whether every seed has to be true, or every seed false
   */
  record EverySeed(boolean truth) implements Rule {
    @Override
    public Verdict judge(Measurement measurement) {
      return trueSeeds(measurement) == (truth ? measurement.seeds() : 0)
          ? Verdict.SUPPORTED
          : Verdict.REFUTED;
    }

    @Override
    public String tolerance() {
      return truth ? "in every seed" : "in no seed";
    }

    @Override
    public String describe(Measurement measurement) {
      int seeds = measurement.seeds();
      return "in " + trueSeeds(measurement) + " of " + seeds + (seeds == 1 ? " seed" : " seeds");
    }

    private static long trueSeeds(Measurement measurement) {
      if (measurement.values().stream().anyMatch(value -> value != 0 && value != 1)) {
        throw new IllegalArgumentException(
            "rule: got "
                + measurement.values()
                + ", expected 1 where it is true and 0 where it is not, since the quantity is a"
                + " yes or no; record booleans");
      }
      return measurement.values().stream().filter(value -> value == 1).count();
    }

    @Override
    public String toString() {
      return truth ? "always" : "never";
    }
  }

  /** Told, not judged. */
  record Reported() implements Rule {
    @Override
    public Verdict judge(Measurement measurement) {
      return Verdict.REPORTED;
    }

    @Override
    public Decision decide(Measurement measurement) {
      return Decision.REPORTED;
    }

    @Override
    public String tolerance() {
      return "reported";
    }

    @Override
    public String toString() {
      return "reported";
    }
  }

  /** Nothing that can be measured here would decide it, so that nothing can be recorded. */
  record NotTestable() implements Rule {
    @Override
    public Verdict judge(Measurement measurement) {
      throw new IllegalArgumentException(
          "rule: got "
              + measurement
              + " for a quantity that is not testable here, expected no measurement; record another"
              + " quantity");
    }

    @Override
    public String tolerance() {
      return "not testable here";
    }

    @Override
    public String toString() {
      return "not testable here";
    }
  }

  /**
   * The rule that a text of the ledger means.
   *
   * @throws IllegalArgumentException if it is none; the message lists the forms
   */
  static Rule of(String text) {
    return switch (text) {
      case "always" -> new EverySeed(true);
      case "never" -> new EverySeed(false);
      case "reported" -> new Reported();
      case "not testable here" -> new NotTestable();
      default -> bounds(text);
    };
  }

  private static Rule bounds(String text) {
    String number = "(-?[0-9.]+(?:e-?[0-9]+)?)";
    Matcher one = Pattern.compile("(at least|at most|above|below|equals) " + number).matcher(text);
    Matcher two = Pattern.compile("between " + number + " and " + number).matcher(text);
    double infinite = Double.POSITIVE_INFINITY;
    if (one.matches()) {
      double x = Double.parseDouble(one.group(2));
      String shown = Measurement.number(x);
      return switch (one.group(1)) {
        case "at least" -> new Bounds(x, true, infinite, true, text, "≥ " + shown);
        case "at most" -> new Bounds(-infinite, true, x, true, text, "≤ " + shown);
        case "above" -> new Bounds(x, false, infinite, true, text, "> " + shown);
        case "below" -> new Bounds(-infinite, true, x, false, text, "< " + shown);
        default -> new Bounds(x, true, x, true, text, "= " + shown);
      };
    }
    if (two.matches()) {
      double low = Double.parseDouble(two.group(1));
      double high = Double.parseDouble(two.group(2));
      if (low <= high) {
        String shown = Measurement.number(low) + " to " + Measurement.number(high);
        return new Bounds(low, true, high, true, text, shown);
      }
    }
    throw new IllegalArgumentException(
        "rule: got '"
            + text
            + "', expected 'at least X', 'at most X', 'above X', 'below X', 'between X and Y',"
            + " 'equals X', 'always', 'never', 'reported' or 'not testable here'");
  }
}
