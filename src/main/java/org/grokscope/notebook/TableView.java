package org.grokscope.notebook;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A table as a notebook shows it: at most thirty rows, with a line that says how many are left out;
 * numbers to the right, in five significant digits.
 */
final class TableView {
  private static final int FIRST_ROWS = 20;
  private static final int LAST_ROWS = 10;
  private static final MathContext DIGITS = new MathContext(5);

  private final Table table;
  private final List<List<String>> cells;
  private final int left;

  private TableView(Table table) {
    this.table = table;
    int rows = table.rowCount();
    this.left = Math.max(0, rows - FIRST_ROWS - LAST_ROWS);
    this.cells =
        IntStream.range(0, rows)
            .filter(row -> left == 0 || row < FIRST_ROWS || row >= rows - LAST_ROWS)
            .mapToObj(row -> table.columns().stream().map(column -> cell(column, row)).toList())
            .toList();
  }

  static MimeBundle of(Table table) {
    TableView view = new TableView(table);
    return MimeBundle.html(view.html(), view.text());
  }

  private String html() {
    StringBuilder html = new StringBuilder("<div style=\"overflow-x:auto\"><table>");
    if (!name().isEmpty()) {
      html.append("<caption style=\"text-align:left\">")
          .append(Html.escape(name()))
          .append("</caption>");
    }
    html.append("<thead><tr>");
    for (Column<?> column : table.columns()) {
      html.append("<th scope=\"col\" style=\"text-align:").append(side(column)).append("\">");
      html.append(Html.escape(column.name())).append("</th>");
    }
    html.append("</tr></thead><tbody>");
    for (int row = 0; row < cells.size(); row++) {
      if (left > 0 && row == FIRST_ROWS) {
        html.append("<tr><td colspan=\"").append(table.columnCount());
        html.append("\" style=\"text-align:center\">").append(leftOut()).append("</td></tr>");
      }
      html.append("<tr>");
      for (int c = 0; c < table.columnCount(); c++) {
        html.append("<td style=\"text-align:").append(side(table.column(c)));
        html.append(";font-variant-numeric:tabular-nums\">");
        html.append(Html.escape(cells.get(row).get(c))).append("</td>");
      }
      html.append("</tr>");
    }
    return html.append("</tbody></table></div>").toString();
  }

  private String text() {
    List<String> names = table.columnNames();
    int[] widths =
        IntStream.range(0, names.size())
            .map(
                c ->
                    Math.max(
                        names.get(c).length(),
                        cells.stream().mapToInt(row -> row.get(c).length()).max().orElse(0)))
            .toArray();
    List<String> lines = new ArrayList<>();
    if (!name().isEmpty()) {
      lines.add(name());
    }
    lines.add(line(names, widths));
    for (int row = 0; row < cells.size(); row++) {
      if (left > 0 && row == FIRST_ROWS) {
        lines.add(leftOut());
      }
      lines.add(line(cells.get(row), widths));
    }
    return String.join("\n", lines);
  }

  private String line(List<String> texts, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < texts.size(); c++) {
      String space = " ".repeat(widths[c] - texts.get(c).length());
      line.append(c == 0 ? "" : "  ");
      line.append(isNumber(table.column(c)) ? space + texts.get(c) : texts.get(c) + space);
    }
    return line.toString().stripTrailing();
  }

  private String name() {
    return table.name() == null ? "" : table.name();
  }

  private String leftOut() {
    return String.format(Locale.ROOT, "… %,d more %s …", left, left == 1 ? "row" : "rows");
  }

  private static String side(Column<?> column) {
    return isNumber(column) ? "right" : "left";
  }

  private static boolean isNumber(Column<?> column) {
    return column instanceof NumericColumn<?>;
  }

  private static String cell(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "";
    }
    Object value = column.get(row);
    return value instanceof Double || value instanceof Float
        ? number(((Number) value).doubleValue())
        : String.valueOf(value);
  }

  /** Five significant digits or more, with a power of ten where zeros would hide the number. */
  static String number(double value) {
    double size = Math.abs(value);
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    if (size < 1e-3 || size >= 1e9) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    if (value == Math.rint(value) || size >= 1e4) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }
}
