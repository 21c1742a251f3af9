package org.grokscope.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * history.csv: a header line of {@link History#COLUMNS}, then one line a row. Numbers are written
 * with the fewest digits that read back as the same double, so a history survives the round trip
 * bit for bit.
 */
final class HistoryFile {
  private HistoryFile() {}

  /** What the file holds. */
  static String text(List<History.Row> rows) {
    StringBuilder text = new StringBuilder(String.join(",", History.COLUMNS)).append('\n');
    for (History.Row row : rows) {
      text.append(row.epoch())
          .append(',')
          .append(row.trainLoss())
          .append(',')
          .append(row.testLoss())
          .append(',')
          .append(row.trainAccuracy())
          .append(',')
          .append(row.testAccuracy())
          .append(',')
          .append(row.squaredNorm())
          .append(',')
          .append(row.seconds())
          .append('\n');
    }
    return text.toString();
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException if it is not such a file; the message names file and line
   */
  static List<History.Row> read(Path path) {
    List<String> lines;
    try {
      lines = Files.readAllLines(path);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + path + ": " + e.getMessage(), e);
    }
    String header = String.join(",", History.COLUMNS);
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
      rows.add(row(path, i + 1, lines.get(i)));
    }
    return rows;
  }

  private static History.Row row(Path path, int line, String text) {
    String[] cells = text.split(",", -1);
    try {
      if (cells.length == History.COLUMNS.size()) {
        return new History.Row(
            Long.parseLong(cells[0]),
            Double.parseDouble(cells[1]),
            Double.parseDouble(cells[2]),
            Double.parseDouble(cells[3]),
            Double.parseDouble(cells[4]),
            Double.parseDouble(cells[5]),
            Double.parseDouble(cells[6]));
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        path
            + ", line "
            + line
            + ": got '"
            + text
            + "', expected "
            + History.COLUMNS.size()
            + " numbers");
  }
}
