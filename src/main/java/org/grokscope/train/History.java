package org.grokscope.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/** What was measured along a training: one row an evaluation, in the order of the epochs. */
public final class History {
  /** The columns of {@link #table()} and of history.csv, in order. */
  public static final List<String> COLUMNS =
      List.of(
          "epoch",
          "train_loss",
          "test_loss",
          "train_accuracy",
          "test_accuracy",
          "squared_norm",
          "seconds");

  /**
   * One evaluation.
   *
   * @param epoch optimiser updates done
   * @param trainLoss mean cross-entropy on the known questions, nats
   * @param testLoss mean cross-entropy on the unknown questions, nats
   * @param trainAccuracy share of the known questions answered right
   * @param testAccuracy share of the unknown questions answered right
   * @param squaredNorm Σ of the squares of all parameters
   * @param seconds wall-clock seconds of training so far, all sessions together
   */
  public record Row(
      long epoch,
      double trainLoss,
      double testLoss,
      double trainAccuracy,
      double testAccuracy,
      double squaredNorm,
      double seconds)
      implements Evaluation {

    @Override
    public String summary() {
      return String.format(
          Locale.ROOT,
          "train loss %.3g (%.1f %%), test loss %.3g (%.1f %%)",
          trainLoss,
          100 * trainAccuracy,
          testLoss,
          100 * testAccuracy);
    }
  }

  private final List<Row> rows;

  /**
   * @param rows by ascending epoch
   * @throws IllegalArgumentException if an epoch does not come after the one before it
   */
  public History(List<Row> rows) {
    for (int i = 1; i < rows.size(); i++) {
      if (rows.get(i).epoch() <= rows.get(i - 1).epoch()) {
        throw new IllegalArgumentException(
            "history: got epoch "
                + rows.get(i).epoch()
                + " after "
                + rows.get(i - 1).epoch()
                + ", expected ascending epochs");
      }
    }
    this.rows = List.copyOf(rows);
  }

  /**
   * The history that {@link #table()} wrote, in whole or in part.
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
      double[] values = new double[COLUMNS.size()];
      for (int j = 0; j < values.length; j++) {
        String column = COLUMNS.get(j);
        values[j] =
            table.containsColumn(column) ? table.numberColumn(column).getDouble(i) : 0; // seconds
      }
      rows.add(
          new Row(
              (long) values[0], values[1], values[2], values[3], values[4], values[5], values[6]));
    }
    return new History(rows);
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
    return new History(rows.stream().filter(row -> row.epoch() <= epoch).toList());
  }

  /** The epoch of the first row for which the condition holds, or empty. */
  public OptionalLong firstEpoch(Predicate<Row> condition) {
    return rows.stream().filter(condition).mapToLong(Row::epoch).findFirst();
  }

  /** As a Tablesaw table with the columns {@link #COLUMNS}. */
  public Table table() {
    return Table.create(
        "history",
        LongColumn.create("epoch", rows.stream().mapToLong(Row::epoch).toArray()),
        column("train_loss", Row::trainLoss),
        column("test_loss", Row::testLoss),
        column("train_accuracy", Row::trainAccuracy),
        column("test_accuracy", Row::testAccuracy),
        column("squared_norm", Row::squaredNorm),
        column("seconds", Row::seconds));
  }

  private DoubleColumn column(String name, ToDoubleFunction<Row> value) {
    return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
  }
}
