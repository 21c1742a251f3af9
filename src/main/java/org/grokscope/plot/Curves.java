package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tech.tablesaw.api.Table;

/**
 * A column of some tables over another, one line a table, named after its table: for what a
 * researcher measured along a run.
 *
 * @param title of the figure
 * @param x name of the column on the horizontal axis
 * @param y name of the column on the vertical axis
 * @param tables 1 to 8, each with both columns, numeric
 */
public record Curves(String title, String x, String y, List<Table> tables) implements Chart {

  /**
   * @throws IllegalArgumentException if there is no table, more than there are colours, or one
   *     without such columns
   */
  public Curves {
    tables = List.copyOf(tables);
    if (tables.isEmpty() || tables.size() > HouseStyle.COLOURS.size()) {
      throw new IllegalArgumentException(
          "curves: got "
              + tables.size()
              + " tables, expected 1 to "
              + HouseStyle.COLOURS.size()
              + "; draw several figures");
    }
    for (Table table : tables) {
      Inputs.numeric("curves", table, x);
      Inputs.numeric("curves", table, y);
    }
  }

  /** The column {@code y} over the column {@code x} of each table. */
  public static Curves of(String title, String x, String y, Table... tables) {
    return new Curves(title, x, y, List.of(tables));
  }

  @Override
  public Figure figure() {
    List<Map<String, ?>> traces = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      traces.add(trace(tables.get(i), HouseStyle.COLOURS.get(i)));
    }
    Map<String, Object> layout = Map.of("xaxis", axis(x), "yaxis", axis(y), "hovermode", "closest");
    return Figure.of(description(), traces, layout)
        .withTitle(title)
        .withNarrow(HouseStyle.narrow(tables.size()));
  }

  private Map<String, Object> trace(Table table, String colour) {
    return Map.of(
        "type",
        "scatter",
        "mode",
        "lines+markers",
        "name",
        table.name(),
        "x",
        values(table, x),
        "y",
        values(table, y),
        "line",
        Map.of("color", colour),
        "marker",
        Map.of("color", colour, "size", 4));
  }

  private static Map<String, Object> axis(String column) {
    return Map.of("title", Map.of("text", column.replace('_', ' ')), "separatethousands", true);
  }

  private static List<Double> values(Table table, String column) {
    return table.numberColumn(column).asDoubleColumn().asList();
  }

  private String description() {
    return y
        + " over "
        + x
        + "; at the end "
        + tables.stream().map(this::lastValue).collect(Collectors.joining(", "));
  }

  private String lastValue(Table table) {
    List<Double> values = values(table, y);
    return table.name()
        + " "
        + (values.isEmpty()
            ? "nothing"
            : String.format(Locale.ROOT, "%.4g", values.get(values.size() - 1)));
  }
}
