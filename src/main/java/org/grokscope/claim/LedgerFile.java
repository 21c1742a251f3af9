package org.grokscope.claim;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * ledger.csv: one line a quantity, written before the runs that judge it. Lines of one claim stand
 * together and repeat its statement. The cells of a {@link Binding} say where the quantity is read;
 * all of them are empty where a page computes it.
 */
final class LedgerFile {
  static final List<String> COLUMNS =
      List.of(
          "id",
          "quantity",
          "statement",
          "metric",
          "published",
          "published_source",
          "at",
          "scale",
          "rule",
          "expected",
          "prediction",
          "refuted_if");

  private LedgerFile() {}

  /** The claims that the library ships. */
  static List<Claim> shipped() {
    try (InputStream bytes = LedgerFile.class.getResourceAsStream("ledger.csv")) {
      return read(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("read ledger.csv: " + e.getMessage(), e);
    }
  }

  /**
   * Reads claims in the order of the file.
   *
   * @throws IllegalArgumentException if it is not such a file; the message names the line
   */
  static List<Claim> read(Reader csv) {
    Table table =
        Table.read()
            .usingOptions(
                CsvReadOptions.builder(csv)
                    .missingValueIndicator("")
                    .columnTypes(name -> ColumnType.STRING)
                    .build());
    List<String> all = new ArrayList<>(COLUMNS);
    all.addAll(Binding.CELLS);
    if (!table.columnNames().equals(COLUMNS) && !table.columnNames().equals(all)) {
      throw new IllegalArgumentException(
          "ledger.csv: got the columns "
              + table.columnNames()
              + ", expected "
              + COLUMNS
              + " and after them "
              + Binding.CELLS
              + " or nothing");
    }
    Map<String, Claim> claims = new LinkedHashMap<>();
    for (Row row : table) {
      add(row, claims);
    }
    return List.copyOf(claims.values());
  }

  private static void add(Row row, Map<String, Claim> claims) {
    String where = "ledger.csv, quantity " + (row.getRowNumber() + 1) + ": ";
    for (String column : COLUMNS) {
      if (row.getString(column).isBlank()) {
        throw new IllegalArgumentException(
            where + "got no " + column + "; a dash says that it has none");
      }
    }
    try {
      Quantity quantity = quantity(row);
      claims.merge(
          quantity.claim(),
          Claim.of(quantity.claim(), row.getString("statement"), quantity),
          Claim::and);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + e.getMessage(), e);
    }
  }

  private static Quantity quantity(Row row) {
    return new Quantity(
        row.getString("id"),
        row.getString("quantity"),
        row.getString("metric"),
        row.getString("published"),
        row.getString("published_source"),
        row.getString("at"),
        Scale.named(row.getString("scale")),
        Rule.of(row.getString("rule")),
        Verdict.named(row.getString("expected")),
        row.getString("prediction"),
        row.getString("refuted_if"),
        binding(row));
  }

  private static Optional<Binding> binding(Row row) {
    if (!row.columnNames().containsAll(Binding.CELLS)) {
      return Optional.empty();
    }
    List<String> cells = Binding.CELLS.stream().map(row::getString).toList();
    return cells.stream().allMatch(String::isEmpty)
        ? Optional.empty()
        : Optional.of(Binding.of(cells));
  }
}
