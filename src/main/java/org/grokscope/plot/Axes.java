package org.grokscope.plot;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Axes that several figures have: epochs, and powers of ten. */
final class Axes {
  private static final List<Double> POWERS = List.of(1.0);
  private static final List<Double> COARSE_TICKS = List.of(1.0, 2.0, 5.0);
  private static final List<Double> FINE_TICKS =
      List.of(1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0);

  private Axes() {}

  /** Epochs from 0, or from 1 on a log axis. */
  static Attributes epochs(boolean log, double last) {
    return log
        ? log(1, last).set("title.text", "epoch (log scale)")
        : Attributes.of("title.text", "epoch").set("rangemode", "tozero").set("tickformat", ",d");
  }

  /** Named after a column of a table. */
  static Attributes column(String name) {
    return Attributes.of("title.text", name.replace('_', ' ')).set("separatethousands", true);
  }

  /** Shares from 0 to 1, told in percent. */
  static Attributes shares() {
    return Attributes.of("tickformat", ".0%").set("range", List.of(-0.03, 1.06)).set("dtick", 0.2);
  }

  /** Categories from the top, one a row of bars. */
  static Attributes rows(List<String> names) {
    return Attributes.of("type", "category")
        .set("categoryarray", names)
        .set("range", List.of(names.size() - 0.4, -0.6))
        .set("showgrid", false)
        .set("ticks", "");
  }

  /**
   * A log axis whose ticks are powers of ten; or 1, 2, 5 and so on, written out, when it spans
   * little more than one of them.
   */
  static Attributes log(double smallest, double largest) {
    Attributes axis = Attributes.of("type", "log");
    double decades = Math.log10(largest / smallest);
    if (decades >= 1.5) {
      int step = (int) Math.max(1, Math.ceil(decades / 10));
      return axis.set("exponentformat", "power").set("dtick", step);
    }
    return written(
        axis, ticks(smallest, largest, decades > 0.7 ? COARSE_TICKS : FINE_TICKS).stream());
  }

  /**
   * A log axis with a tick for each number as in {@link #log}, written out, and none above {@code
   * highest}: there is room for something that has no number.
   */
  static Attributes log(double smallest, double largest, double highest) {
    double decades = Math.log10(largest / smallest);
    List<Double> digits = decades >= 1.5 ? POWERS : decades > 0.7 ? COARSE_TICKS : FINE_TICKS;
    return written(
        Attributes.of("type", "log"),
        ticks(smallest, largest, digits).stream().filter(tick -> tick <= highest));
  }

  private static Attributes written(Attributes axis, Stream<Double> numbers) {
    List<Double> ticks = numbers.toList();
    Stream<BigDecimal> exact = ticks.stream().map(BigDecimal::valueOf);
    return axis.set("tickvals", ticks)
        .set("ticktext", exact.map(n -> n.stripTrailingZeros().toPlainString()).toList());
  }

  private static List<Double> ticks(double smallest, double largest, List<Double> digits) {
    List<Double> ticks = new ArrayList<>();
    int from = (int) Math.floor(Math.log10(smallest));
    int to = (int) Math.ceil(Math.log10(largest));
    for (int exponent = from; exponent <= to; exponent++) {
      for (double digit : digits) {
        ticks.add(Digits.significant(digit * Math.pow(10, exponent), 6));
      }
    }
    return ticks;
  }

  /** The log axis of a loss that fits some curves; what is not above 0 has no place on it. */
  static Attributes losses(List<? extends Map<String, ?>> traces) {
    List<Double> drawn =
        traces.stream()
            .flatMap(trace -> ((List<?>) trace.get("y")).stream())
            .filter(value -> value instanceof Number number && number.doubleValue() > 0)
            .map(value -> ((Number) value).doubleValue())
            .sorted()
            .toList();
    return (drawn.isEmpty() ? log(1, 1) : log(drawn.get(0), drawn.get(drawn.size() - 1)))
        .set("title.text", "cross-entropy loss (nats, log scale)");
  }
}
