package org.grokscope.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Published against measured: one row a quantity, with what was predicted before the run and
 * whether it came out so in this run. One run is no verdict on a claim; it is one piece of
 * evidence.
 *
 * <p>Immutable: {@link #row} returns a longer comparison.
 */
public final class Comparison {
  private static final String NOT_REACHED = "not reached";
  private static final String NO_VERDICT = "quick mode: no verdict";

  private record Row(
      String claim,
      String quantity,
      String published,
      String predicted,
      String measured,
      String holds) {}

  private final boolean quick;
  private final List<Row> rows;

  private Comparison(boolean quick, List<Row> rows) {
    this.quick = quick;
    this.rows = List.copyOf(rows);
  }

  /**
   * An empty comparison.
   *
   * @param quick whether the trainings behind it were cut short; then it never says whether a
   *     prediction holds
   */
  public static Comparison of(boolean quick) {
    return new Comparison(quick, List.of());
  }

  /**
   * The same with one more quantity.
   *
   * @param claim the claim's name in the ledger, such as {@code B1}
   * @param quantity what was measured, with its unit
   * @param published the published value and its source, or a dash
   * @param predicted what was predicted before the run, as a condition on the quantity
   * @param measured what came out; numbers are written with four significant digits, an empty
   *     optional one as "not reached"
   * @param holds whether the prediction came out true
   */
  public Comparison row(
      String claim,
      String quantity,
      String published,
      String predicted,
      Object measured,
      boolean holds) {
    Objects.requireNonNull(measured, "measured");
    List<Row> more = new ArrayList<>(rows);
    String outcome = quick ? NO_VERDICT : holds ? "yes" : "no";
    more.add(new Row(claim, quantity, published, predicted, text(measured), outcome));
    return new Comparison(quick, more);
  }

  private static String text(Object measured) {
    if (measured instanceof OptionalLong number) {
      return number.isPresent() ? text(number.getAsLong()) : NOT_REACHED;
    }
    if (measured instanceof OptionalDouble number) {
      return number.isPresent() ? text(number.getAsDouble()) : NOT_REACHED;
    }
    if (measured instanceof Long || measured instanceof Integer) {
      return String.format(Locale.ROOT, "%,d", measured);
    }
    if (measured instanceof Double || measured instanceof Float) {
      return String.format(Locale.ROOT, "%.4g", measured);
    }
    return measured.toString();
  }

  /** Predictions that did not come out true; 0 in quick mode, which tells nothing. */
  public long refuted() {
    return rows.stream().filter(row -> row.holds().equals("no")).count();
  }

  /** As a table: claim, quantity, published, predicted, measured, holds here. */
  public Table table() {
    return Table.create(
        "published against measured",
        column("claim", rows.stream().map(Row::claim).toList()),
        column("quantity", rows.stream().map(Row::quantity).toList()),
        column("published", rows.stream().map(Row::published).toList()),
        column("predicted", rows.stream().map(Row::predicted).toList()),
        column("measured", rows.stream().map(Row::measured).toList()),
        column("holds here", rows.stream().map(Row::holds).toList()));
  }

  private static StringColumn column(String name, List<String> values) {
    return StringColumn.create(name, values);
  }
}
