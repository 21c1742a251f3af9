package org.grokscope.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;

/**
 * One column of a series over its epochs.
 *
 * @param epochs of the checkpoints, ascending
 * @param values one a checkpoint, none of them NaN
 */
record SeriesColumn(List<Double> epochs, List<Double> values) {
  private static final String EPOCH = "epoch";

  /**
   * @throws IllegalArgumentException if there is no such numeric column, no row, an epoch that does
   *     not come after the one before it, or a value that is missing
   */
  static SeriesColumn of(Table series, String name) {
    List<Double> epochs = numbers(series, EPOCH);
    List<Double> values = numbers(series, name);
    if (epochs.isEmpty()) {
      throw failure(series, "there are no rows, expected one a checkpoint; measure some");
    }
    for (int i = 0; i < epochs.size(); i++) {
      if (i > 0 && !(epochs.get(i) > epochs.get(i - 1))) {
        throw failure(
            series,
            "got epoch "
                + epochs.get(i)
                + " after "
                + epochs.get(i - 1)
                + ", expected ascending epochs; sort it, one run a table");
      }
      if (values.get(i).isNaN()) {
        throw failure(
            series,
            "got no number for '" + name + "' at epoch " + epochs.get(i) + ", expected one");
      }
    }
    return new SeriesColumn(epochs, values);
  }

  private static List<Double> numbers(Table series, String name) {
    if (!series.containsColumn(name) || !(series.column(name) instanceof NumericColumn<?> column)) {
      throw failure(
          series,
          "there is no numeric column '"
              + name
              + "', expected one beside "
              + series.columnNames()
              + "; add its probe to run.probe(…)");
    }
    List<Double> numbers = new ArrayList<>();
    for (int i = 0; i < column.size(); i++) {
      numbers.add(column.getDouble(i));
    }
    return List.copyOf(numbers);
  }

  private static IllegalArgumentException failure(Table series, String what) {
    return new IllegalArgumentException("series '" + series.name() + "': " + what);
  }

  int size() {
    return epochs.size();
  }

  double at(int checkpoint) {
    return values.get(checkpoint);
  }

  double last() {
    return values.get(size() - 1);
  }

  /** The first checkpoint of the largest value, from one on. */
  int largest(int from) {
    return IntStream.range(from, size()).reduce((a, b) -> at(b) > at(a) ? b : a).orElseThrow();
  }

  /** The first checkpoint of the smallest value. */
  int smallest() {
    return IntStream.range(0, size()).reduce((a, b) -> at(b) < at(a) ? b : a).orElseThrow();
  }

  /**
   * The last checkpoint, from one on, whose value is at least half of the largest one from there
   * on; empty if that is the end of the series, which then has not fallen yet.
   */
  OptionalInt lastAboveHalf(int from) {
    double half = at(largest(from)) / 2;
    int last = IntStream.range(from, size()).filter(i -> at(i) >= half).max().orElseThrow();
    return last == size() - 1 ? OptionalInt.empty() : OptionalInt.of(last);
  }

  /** From one checkpoint to another. */
  Interval between(int from, int to) {
    return new Interval(epochs.get(from), epochs.get(to));
  }

  /** The first checkpoint at or after an epoch, or empty. */
  OptionalInt firstFrom(double epoch) {
    return IntStream.range(0, size()).filter(i -> epochs.get(i) >= epoch).findFirst();
  }
}
