package org.grokscope.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * history.csv: a header line of the columns, then one line a row. Numbers are written with the
 * fewest digits that read back as the same double, so a history survives the round trip bit for
 * bit.
 */
final class HistoryFile {
  private HistoryFile() {}

  /** What the file holds. */
  static String text(History history) {
    StringBuilder text = new StringBuilder(String.join(",", history.columns())).append('\n');
    for (History.Row row : history.rows()) {
      text.append(row.epoch()).append(',');
      text.append(row.values().stream().map(String::valueOf).collect(Collectors.joining(",")));
      text.append('\n');
    }
    return text.toString();
  }

  /**
   * Reads the file.
   *
   * @param columns that it has to have
   * @throws IllegalArgumentException if it is not such a file; the message names file and line
   */
  static List<History.Row> read(Path path, List<String> columns) {
    List<String> lines;
    try {
      lines = Files.readAllLines(path);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + path + ": " + e.getMessage(), e);
    }
    String header = String.join(",", columns);
    if (lines.isEmpty() || !lines.get(0).equals(header)) {
      throw new IllegalArgumentException(
          path
              + ": got the first line '"
              + (lines.isEmpty() ? "" : lines.get(0))
              + "', expected '"
              + header
              + "'");
    }
    List<History.Row> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      rows.add(row(path, i + 1, lines.get(i), columns));
    }
    return rows;
  }

  private static History.Row row(Path path, int line, String text, List<String> columns) {
    String[] cells = text.split(",", -1);
    try {
      if (cells.length == columns.size()) {
        return new History.Row(
            columns,
            Long.parseLong(cells[0]),
            Arrays.stream(cells).skip(1).map(Double::valueOf).toList());
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        path + ", line " + line + ": got '" + text + "', expected " + columns.size() + " numbers");
  }
}
