package org.grokscope.claim;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** CSV whose cells are all text, an empty one too: the ledgers, and figures of papers. */
public final class TextTable {
  private TextTable() {}

  /**
   * A file that the library ships beside a class.
   *
   * @param columns as it may have them; one of these
   * @throws IllegalArgumentException if it has others
   */
  public static Table shipped(Class<?> beside, String name, List<List<String>> columns) {
    try (InputStream bytes = beside.getResourceAsStream(name)) {
      return read(new InputStreamReader(bytes, StandardCharsets.UTF_8), name, columns);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a table.
   *
   * @param name of the file, for messages
   * @param columns as it may have them; one of these
   * @throws IllegalArgumentException if it has others
   */
  public static Table read(Reader csv, String name, List<List<String>> columns) {
    Table table =
        Table.read()
            .usingOptions(
                CsvReadOptions.builder(csv)
                    .missingValueIndicator("")
                    .columnTypes(column -> ColumnType.STRING)
                    .build());
    if (!columns.contains(table.columnNames())) {
      throw new IllegalArgumentException(
          name
              + ": got the columns "
              + table.columnNames()
              + ", expected "
              + columns.stream().map(List::toString).collect(Collectors.joining(" or ")));
    }
    return table;
  }

  /**
   * Checks that a line says something in some columns.
   *
   * @throws IllegalArgumentException if a cell is blank
   */
  static void requireFilled(Row row, List<String> columns) {
    for (String column : columns) {
      if (row.getString(column).isBlank()) {
        throw new IllegalArgumentException("got no " + column + "; a dash says that it has none");
      }
    }
  }
}
