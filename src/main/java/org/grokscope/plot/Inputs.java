package org.grokscope.plot;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;

/** What figures demand of what they are given, with errors that say which figure and what to do. */
final class Inputs {
  /** For a length that may be anything. */
  static final long ANY = -1;

  private Inputs() {}

  /**
   * @throws IllegalArgumentException if the array has other lengths
   */
  static void shape(String operation, String what, INDArray array, long... expected) {
    long[] shape = array.shape();
    boolean fits = shape.length == expected.length;
    for (int i = 0; fits && i < expected.length; i++) {
      fits = expected[i] == ANY ? shape[i] > 0 : shape[i] == expected[i];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          operation
              + ": got "
              + what
              + " of shape "
              + Arrays.toString(shape)
              + ", expected "
              + Arrays.toString(expected).replace(String.valueOf(ANY), "any"));
    }
  }

  /**
   * @param count so many matrices, or {@link #ANY}
   * @throws IllegalArgumentException if the array is no stack of square matrices
   */
  static void squares(String operation, String what, INDArray array, long count) {
    shape(operation, what, array, count, ANY, ANY);
    shape(operation, what, array, count, array.size(1), array.size(1));
  }

  /**
   * @throws IllegalArgumentException if a frequency is not in 1 … most, or stands there twice
   */
  static void frequencies(String operation, List<Integer> frequencies, long most) {
    boolean inRange = frequencies.stream().allMatch(k -> k >= 1 && k <= most);
    if (!inRange || new HashSet<>(frequencies).size() < frequencies.size()) {
      throw new IllegalArgumentException(
          operation
              + ": got the frequencies "
              + frequencies
              + ", expected different ones from 1 to "
              + most);
    }
  }

  /**
   * @throws IllegalArgumentException if a number is not above the one before it
   */
  static <T extends Comparable<T>> void ascending(String operation, String what, List<T> numbers) {
    for (int i = 1; i < numbers.size(); i++) {
      if (numbers.get(i - 1).compareTo(numbers.get(i)) >= 0) {
        throw new IllegalArgumentException(
            String.format(
                "%s: got %s %s after %s, expected ascending ones",
                operation, what, numbers.get(i), numbers.get(i - 1)));
      }
    }
  }

  /**
   * @throws IllegalArgumentException if the number of something is not in a range
   */
  static void count(String operation, String what, int count, int least, int most) {
    if (count < least || count > most) {
      throw new IllegalArgumentException(
          operation
              + ": got "
              + count
              + " "
              + what
              + ", expected "
              + least
              + " to "
              + most
              + "; draw several figures");
    }
  }

  /**
   * @throws IllegalArgumentException if the table has no numeric column of the name
   */
  static void numeric(String operation, Table table, String column) {
    if (!table.containsColumn(column) || !(table.column(column) instanceof NumericColumn<?>)) {
      throw new IllegalArgumentException(
          operation
              + ": the table '"
              + table.name()
              + "' has no numeric column '"
              + column
              + "', expected one of "
              + table.columnNames());
    }
  }

  /**
   * @throws IllegalArgumentException if there is no table, more than there are colours, or one
   *     without both columns
   */
  static void columns(String operation, List<Table> tables, String x, String y) {
    count(operation, "tables", tables.size(), 1, HouseStyle.COLOURS.size());
    for (Table table : tables) {
      numeric(operation, table, x);
      numeric(operation, table, y);
    }
  }

  /**
   * The rows of a series that are drawn.
   *
   * @param log whether epochs stand on a log axis, which begins at epoch 1
   * @param until the last epoch, or empty for all
   * @throws IllegalArgumentException if there is none
   */
  static int[] rows(String operation, Table series, boolean log, OptionalLong until) {
    double[] epochs = values(series, "epoch");
    int[] rows =
        IntStream.range(0, epochs.length)
            .filter(row -> epochs[row] >= (log ? 1 : 0))
            .filter(row -> until.isEmpty() || epochs[row] <= until.getAsLong())
            .toArray();
    if (rows.length == 0) {
      throw new IllegalArgumentException(
          operation
              + ": got no row to draw, expected at least one epoch"
              + (log ? " from 1 on" : "")
              + (until.isPresent() ? " up to " + until.getAsLong() : ""));
    }
    return rows;
  }

  /** The numbers of a column; missing ones are NaN. */
  static double[] values(Table table, String column) {
    return table.numberColumn(column).asDoubleArray();
  }
}
