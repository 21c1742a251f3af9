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
 * @param tables 1 to 6, each with both columns, numeric
 */
public record Curves(String title, String x, String y, List<Table> tables) implements Chart {

  /**
   * @throws IllegalArgumentException if there is no table, more than there are colours, or one
   *     without such columns
   */
  public Curves {
    tables = List.copyOf(tables);
    Inputs.columns("curves", tables, x, y);
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
              .xy(Inputs.values(tables.get(i), x), Inputs.values(tables.get(i), y))
              .set("line.color", colour)
              .set("marker.color", colour)
              .set("marker.size", 4));
    }
    return figure.figure();
  }

  private String description() {
    return y
        + " over "
        + x
        + "; at the end "
        + tables.stream().map(this::lastValue).collect(Collectors.joining(", "));
  }

  private String lastValue(Table table) {
    double[] values = Inputs.values(table, y);
    String last = values.length == 0 ? "nothing" : Digits.text("%.4g", values[values.length - 1]);
    return table.name() + " " + last;
  }
}
