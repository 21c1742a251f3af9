package org.grokscope.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Predicate;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/**
 * What was measured along a training: one row an evaluation, in the order of the epochs, under
 * named columns.
 *
 * <p>The first column is {@code epoch}, optimiser updates done; the last are {@code squared_norm},
 * Σ of the squares of all parameters, and {@code seconds}, wall-clock seconds of training, all
 * sessions together. What stands between depends on the task: losses in nats, accuracies as shares.
 */
public final class History {
  /** The columns of a training on a table of questions, in order. */
  public static final List<String> COLUMNS =
      List.of(
          "epoch",
          "train_loss",
          "test_loss",
          "train_accuracy",
          "test_accuracy",
          "squared_norm",
          "seconds");

  private static final String LOSS = "_loss";
  private static final String ACCURACY = "_accuracy";

  /**
   * One evaluation.
   *
   * @param columns all names, {@code epoch} first
   * @param epoch optimiser updates done
   * @param values the numbers of the columns after it
   */
  public record Row(List<String> columns, long epoch, List<Double> values) {

    public Row {
      columns = List.copyOf(columns);
      values = List.copyOf(values);
      if (values.size() != columns.size() - 1) {
        throw new IllegalArgumentException(
            "history: got " + values.size() + " numbers, expected those of " + columns);
      }
    }

    /** A row of a training on a table of questions, numbers in the order of {@link #COLUMNS}. */
    public static Row of(
        long epoch,
        double trainLoss,
        double testLoss,
        double trainAccuracy,
        double testAccuracy,
        double squaredNorm,
        double seconds) {
      return new Row(
          COLUMNS,
          epoch,
          List.of(trainLoss, testLoss, trainAccuracy, testAccuracy, squaredNorm, seconds));
    }

    /**
     * The number of a column.
     *
     * @throws IllegalArgumentException if there is no such column
     */
    public double value(String column) {
      int index = columns.indexOf(column);
      if (index < 0) {
        throw new IllegalArgumentException(
            "history: got the column '" + column + "', expected one of " + columns);
      }
      return index == 0 ? epoch : values.get(index - 1);
    }

    /** Mean loss on what is trained on, nats. */
    public double trainLoss() {
      return value("train_loss");
    }

    /** Mean loss on what was never trained on, nats. */
    public double testLoss() {
      return value("test_loss");
    }

    /** Share of the known questions answered right. */
    public double trainAccuracy() {
      return value("train_accuracy");
    }

    /** Share of the unknown questions answered right. */
    public double testAccuracy() {
      return value("test_accuracy");
    }

    /** Σ of the squares of all parameters. */
    public double squaredNorm() {
      return value("squared_norm");
    }

    /** Wall-clock seconds of training so far, all sessions together. */
    public double seconds() {
      return value("seconds");
    }

    /** Losses and accuracies in a few words. */
    public String summary() {
      List<String> parts = new ArrayList<>();
      for (String column : columns) {
        if (column.endsWith(LOSS)) {
          String of = column.substring(0, column.length() - LOSS.length());
          String accuracy =
              columns.contains(of + ACCURACY) ? " (" + percent(of + ACCURACY) + ")" : "";
          parts.add(
              String.format(Locale.ROOT, "%s loss %.3g%s", words(of), value(column), accuracy));
        } else if (column.endsWith(ACCURACY)) {
          String of = column.substring(0, column.length() - ACCURACY.length());
          if (!columns.contains(of + LOSS)) {
            parts.add(words(of) + " " + percent(column));
          }
        }
      }
      return String.join(", ", parts);
    }

    private String percent(String column) {
      return String.format(Locale.ROOT, "%.1f %%", 100 * value(column));
    }

    private static String words(String name) {
      return name.replace('_', ' ');
    }
  }

  private final List<String> columns;
  private final List<Row> rows;

  /**
   * A history of some rows.
   *
   * @param rows by ascending epoch, all of the same columns
   * @throws IllegalArgumentException if an epoch does not come after the one before it, or columns
   *     differ
   */
  public History(List<Row> rows) {
    this(rows.isEmpty() ? COLUMNS : rows.get(0).columns(), rows);
  }

  /** The same of columns that are known before there is a row. */
  History(List<String> columns, List<Row> rows) {
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).columns().equals(columns)) {
        throw new IllegalArgumentException(
            "history: got the columns " + rows.get(i).columns() + ", expected " + columns);
      }
      if (i > 0 && rows.get(i).epoch() <= rows.get(i - 1).epoch()) {
        throw new IllegalArgumentException(
            "history: got epoch "
                + rows.get(i).epoch()
                + " after "
                + rows.get(i - 1).epoch()
                + ", expected ascending epochs");
      }
    }
    this.columns = List.copyOf(columns);
    this.rows = List.copyOf(rows);
  }

  /**
   * The history of a training on a table of questions that {@link #table()} wrote, in whole or in
   * part.
   *
   * @param table with the columns {@link #COLUMNS}, numeric; {@code seconds} may be missing and is
   *     then 0
   * @throws IllegalArgumentException if another column is missing, or an epoch does not come after
   *     the one before it
   */
  public static History of(Table table) {
    for (String column : COLUMNS) {
      if (!table.containsColumn(column) && !column.equals("seconds")) {
        throw new IllegalArgumentException(
            "history: got the columns " + table.columnNames() + ", expected " + COLUMNS);
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < table.rowCount(); i++) {
      Double[] values = new Double[COLUMNS.size()];
      for (int j = 0; j < values.length; j++) {
        String column = COLUMNS.get(j);
        values[j] =
            table.containsColumn(column) ? table.numberColumn(column).getDouble(i) : 0; // seconds
      }
      rows.add(
          new Row(COLUMNS, values[0].longValue(), Arrays.asList(values).subList(1, values.length)));
    }
    return new History(rows);
  }

  /** The names of all columns, {@code epoch} first. */
  public List<String> columns() {
    return columns;
  }

  /** All rows. */
  public List<Row> rows() {
    return rows;
  }

  /**
   * The last row.
   *
   * @throws IllegalStateException if there is none
   */
  public Row last() {
    if (rows.isEmpty()) {
      throw new IllegalStateException("history: nothing has been evaluated yet");
    }
    return rows.get(rows.size() - 1);
  }

  /** The rows up to and including an epoch. */
  public History until(long epoch) {
    return new History(columns, rows.stream().filter(row -> row.epoch() <= epoch).toList());
  }

  /** The epoch of the first row for which the condition holds, or empty. */
  public OptionalLong firstEpoch(Predicate<Row> condition) {
    return rows.stream().filter(condition).mapToLong(Row::epoch).findFirst();
  }

  /** As a Tablesaw table. */
  public Table table() {
    Table table =
        Table.create(
            "history", LongColumn.create("epoch", rows.stream().mapToLong(Row::epoch).toArray()));
    for (String column : columns.subList(1, columns.size())) {
      table.addColumns(
          DoubleColumn.create(
              column, rows.stream().mapToDouble(row -> row.value(column)).toArray()));
    }
    return table;
  }
}
