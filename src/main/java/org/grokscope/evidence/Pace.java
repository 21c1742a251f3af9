package org.grokscope.evidence;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.grokscope.probe.Phases;
import org.grokscope.task.RandomStream;
import tech.tablesaw.api.Table;

/**
 * How fast a measure changes over a training: whether cleanup is a phase of its own shows in the
 * rate of change in it against the rate just before it.
 *
 * @param column of the series
 * @param shown what is made of a value, such as its logarithm
 * @param sign 1 for what rises, −1 for what falls
 * @param series by ascending epoch, with a column {@code epoch}
 */
record Pace(Table series, String column, DoubleUnaryOperator shown, int sign) {
  private static final double LARGEST = 1_000; // of a ratio; its smallest is one over it
  private static final double LOW = 0.1;
  private static final double HIGH = 0.9;
  private static final double KNOWN = 0.99;

  /**
   * Three epochs that bound two stretches.
   *
   * @param before where the first begins
   * @param between where it ends and the second begins
   * @param after where the second ends
   */
  record Boundaries(double before, double between, double after) {

    /**
     * The last third of circuit formation, and cleanup: from the last checkpoint of high test loss
     * to the first of low test loss. Empty unless the training has all phases in order.
     */
    static Optional<Boundaries> of(Phases phases) {
      if (!phases.inOrder()) {
        return Optional.empty();
      }
      double memorised = phases.memorisationEnds().orElseThrow().middle();
      double begins = phases.cleanupBegins().orElseThrow().from();
      double ends = phases.cleanupEnds().orElseThrow().to();
      return Optional.of(new Boundaries(begins - (begins - memorised) / 3, begins, ends));
    }

    /** Two stretches of the same lengths at a random place from {@code first} to {@code last}. */
    Boundaries moved(RandomStream random, double first, double last) {
      double start = first + random.nextDouble() * (last - first - (after - before));
      return new Boundaries(start, start + between - before, start + after - before);
    }
  }

  /** The judged measures of a series, by the names of their readings. */
  static Map<String, Pace> of(Table series) {
    Map<String, Pace> paces = new LinkedHashMap<>();
    paces.put("phase.rate_ratio_of_norm", new Pace(series, "squared_norm[total]", Math::log, -1));
    for (String gini : new String[] {"embedding_gini", "wl_gini"}) {
      if (series.containsColumn(gini)) {
        paces.put("phase.rate_ratio_of_" + gini, new Pace(series, gini, x -> x, 1));
      }
    }
    return paces;
  }

  /**
   * The mean change an epoch in the second stretch over that in the first one, kept between 1/1000
   * and 1000: a measure that does not change in the first stretch, or the other way, but does in
   * the second has the largest ratio.
   */
  double ratio(Boundaries boundaries) {
    double second = rate(boundaries.between(), boundaries.after());
    double first = rate(boundaries.before(), boundaries.between());
    if (second <= 0) {
      return 1 / LARGEST;
    }
    double ratio = first <= 0 ? LARGEST : second / first;
    return Math.max(1 / LARGEST, Math.min(LARGEST, ratio));
  }

  private double rate(double from, double to) {
    return sign * (at(to) - at(from)) / (to - from);
  }

  private double at(double epoch) {
    return shown.applyAsDouble(interpolated(series, column, epoch));
  }

  /**
   * Epochs in which strangers come from 10 % to 90 % right over the epochs from the first
   * checkpoint with 99 % of the training pairs right to 10 % of the strangers. Empty where that
   * never comes.
   */
  static OptionalDouble ofStrangers(Table series) {
    OptionalDouble memorised = first(series, "accuracy[train]", KNOWN);
    OptionalDouble low = first(series, "accuracy.strangers", LOW);
    OptionalDouble high = first(series, "accuracy.strangers", HIGH);
    if (memorised.isEmpty() || high.isEmpty()) {
      return OptionalDouble.empty();
    }
    double wait = low.getAsDouble() - memorised.getAsDouble();
    return wait <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((high.getAsDouble() - low.getAsDouble()) / wait);
  }

  /** The same for questions that come right at moments drawn evenly, first to last. */
  static double ofEvenMoments(RandomStream random, int questions) {
    double[] moments =
        DoubleStream.generate(random::nextDouble).limit(questions).sorted().toArray();
    double low = moments[(int) (LOW * questions)];
    return (moments[(int) (HIGH * questions)] - low) / low;
  }

  /** Where a column first comes to a level, on straight lines between checkpoints. */
  private static OptionalDouble first(Table series, String column, double level) {
    if (!series.containsColumn(column)) {
      return OptionalDouble.empty();
    }
    double before = Double.NaN;
    for (int i = 0; i < series.rowCount(); i++) {
      double value = series.doubleColumn(column).get(i);
      double epoch = series.longColumn("epoch").get(i);
      if (value >= level) {
        double last = i == 0 ? epoch : series.longColumn("epoch").get(i - 1);
        double share = i == 0 ? 1 : (level - before) / (value - before);
        return OptionalDouble.of(last + share * (epoch - last));
      }
      before = value;
    }
    return OptionalDouble.empty();
  }

  /** Between the two checkpoints around an epoch, on the straight line. */
  static double interpolated(Table series, String column, double epoch) {
    for (int i = 1; i < series.rowCount(); i++) {
      double from = series.longColumn("epoch").get(i - 1);
      double to = series.longColumn("epoch").get(i);
      if (to >= epoch) {
        double share = Math.max(0, (epoch - from) / (to - from));
        return (1 - share) * series.doubleColumn(column).get(i - 1)
            + share * series.doubleColumn(column).get(i);
      }
    }
    return series.doubleColumn(column).get(series.rowCount() - 1);
  }
}
