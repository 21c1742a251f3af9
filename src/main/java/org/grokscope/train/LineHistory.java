package org.grokscope.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/**
 * What was measured along the training of a model that reads lines. Which columns there are depends
 * on the task; {@code epoch}, optimiser updates done, is the first, and {@code seconds} the last.
 */
public final class LineHistory {

  /** One evaluation: the numbers of the columns after {@code epoch}. */
  private record Row(List<String> columns, long epoch, List<Double> values) implements Evaluation {
    @Override
    public String summary() {
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        String name = columns.get(i);
        if (name.endsWith("_loss")) {
          parts.add(String.format(Locale.ROOT, "%s %.3g", words(name), values.get(i)));
        } else if (name.endsWith("_accuracy")) {
          String measured = words(name.substring(0, name.length() - "_accuracy".length()));
          parts.add(String.format(Locale.ROOT, "%s %.1f %%", measured, 100 * values.get(i)));
        }
      }
      return String.join(", ", parts);
    }

    private static String words(String name) {
      return name.replace('_', ' ');
    }
  }

  private final List<String> columns; // after epoch
  private final List<Row> rows = new ArrayList<>();

  LineHistory(List<String> columns) {
    this.columns = List.copyOf(columns);
  }

  /** The names of all columns. */
  public List<String> columns() {
    List<String> all = new ArrayList<>(List.of("epoch"));
    all.addAll(columns);
    return all;
  }

  /** The epochs of the rows, ascending. */
  public List<Long> epochs() {
    return rows.stream().map(Row::epoch).toList();
  }

  /**
   * The last number of a column.
   *
   * @throws IllegalArgumentException if there is no such column
   * @throws IllegalStateException if nothing was evaluated yet
   */
  public double last(String column) {
    int index = columns.indexOf(column);
    if (index < 0) {
      throw new IllegalArgumentException(
          "history: got the column '" + column + "', expected one of " + columns);
    }
    if (rows.isEmpty()) {
      throw new IllegalStateException("history: nothing has been evaluated yet");
    }
    return rows.get(rows.size() - 1).values().get(index);
  }

  /** As a Tablesaw table. */
  public Table table() {
    Table table =
        Table.create(
            "history", LongColumn.create("epoch", rows.stream().mapToLong(Row::epoch).toArray()));
    for (int i = 0; i < columns.size(); i++) {
      int index = i;
      table.addColumns(
          DoubleColumn.create(
              columns.get(i), rows.stream().mapToDouble(row -> row.values().get(index)).toArray()));
    }
    return table;
  }

  /** Adds a row; numbers in the order of the columns after {@code epoch}. */
  Evaluation add(long epoch, List<Double> values) {
    if (values.size() != columns.size()) {
      throw new IllegalArgumentException(
          "history: got " + values.size() + " numbers, expected " + columns);
    }
    rows.add(new Row(columns, epoch, List.copyOf(values)));
    return rows.get(rows.size() - 1);
  }

  /** The last row; there must be one. */
  Evaluation last() {
    return rows.get(rows.size() - 1);
  }

  /** What history.csv holds: numbers with the fewest digits that read back as the same double. */
  String text() {
    StringBuilder text = new StringBuilder(String.join(",", columns())).append('\n');
    for (Row row : rows) {
      text.append(row.epoch()).append(',');
      text.append(row.values().stream().map(String::valueOf).collect(Collectors.joining(",")));
      text.append('\n');
    }
    return text.toString();
  }

  /**
   * Reads the rows of the file up to an epoch.
   *
   * @throws IllegalArgumentException if it is not such a file; the message names file and line
   */
  void read(Path file, long until) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file + ": " + e.getMessage(), e);
    }
    String header = String.join(",", columns());
    if (lines.isEmpty() || !lines.get(0).equals(header)) {
      throw new IllegalArgumentException(
          file
              + ": got the first line '"
              + lines.stream().findFirst().orElse("")
              + "', expected '"
              + header
              + "'");
    }
    for (int i = 1; i < lines.size(); i++) {
      String[] cells = lines.get(i).split(",", -1);
      try {
        long epoch = Long.parseLong(cells[0]);
        if (epoch <= until) {
          add(epoch, Arrays.stream(cells).skip(1).map(Double::valueOf).toList());
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            file
                + ", line "
                + (i + 1)
                + ": got '"
                + lines.get(i)
                + "', expected "
                + (columns.size() + 1)
                + " numbers",
            e);
      }
    }
  }
}
