package org.grokscope.plot;

import java.util.List;
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
    Declaration figure =
        Figure.declare(title, description())
            .set("xaxis", Axes.column(x))
            .set("yaxis", Axes.column(y))
            .narrow(HouseStyle.narrow(tables.size()));
    for (int i = 0; i < tables.size(); i++) {
      String colour = HouseStyle.COLOURS.get(i);
      figure.trace(
          Attributes.scatter("lines+markers")
              .set("name", tables.get(i).name())
              .xy(values(tables.get(i), x), values(tables.get(i), y))
              .set("line.color", colour)
              .set("marker.color", colour)
              .set("marker.size", 4));
    }
    return figure.figure();
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
        + (values.isEmpty() ? "nothing" : Digits.text("%.4g", values.get(values.size() - 1)));
  }
}
