package org.grokscope.claim;

import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

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

  private static final List<String> ALL =
      Stream.of(COLUMNS, Binding.CELLS).flatMap(List::stream).toList();
  private static final String NAME = "ledger.csv";

  private LedgerFile() {}

  /** The claims that the library ships. */
  static List<Claim> shipped() {
    return claims(TextTable.shipped(LedgerFile.class, NAME, List.of(ALL, COLUMNS)));
  }

  /**
   * Reads claims in the order of the file.
   *
   * @throws IllegalArgumentException if it is not such a file; the message names the line
   */
  static List<Claim> read(Reader csv) {
    return claims(TextTable.read(csv, NAME, List.of(ALL, COLUMNS)));
  }

  private static List<Claim> claims(Table table) {
    Map<String, Claim> claims = new LinkedHashMap<>();
    for (Row row : table) {
      add(row, claims);
    }
    return List.copyOf(claims.values());
  }

  private static void add(Row row, Map<String, Claim> claims) {
    String where = "ledger.csv, quantity " + (row.getRowNumber() + 1) + ": ";
    try {
      TextTable.requireFilled(row, COLUMNS);
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
