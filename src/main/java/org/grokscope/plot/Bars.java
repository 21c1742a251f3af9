package org.grokscope.plot;

import java.util.List;
import java.util.stream.Collectors;
import tech.tablesaw.api.Table;

/**
 * A column of some tables over another as bars, one colour a table, side by side: for probabilities
 * of answers, or counts.
 *
 * @param title of the figure
 * @param x name of the column on the horizontal axis
 * @param y name of the column on the vertical axis
 * @param tables 1 to 6, each with both columns, numeric
 */
public record Bars(String title, String x, String y, List<Table> tables) implements Chart {
  private static final String OPERATION = "bars";

  /**
   * @throws IllegalArgumentException if there is no table, more than there are colours, or one
   *     without such columns
   */
  public Bars {
    tables = List.copyOf(tables);
    Inputs.count(OPERATION, "tables", tables.size(), 1, HouseStyle.COLOURS.size());
    for (Table table : tables) {
      Inputs.numeric(OPERATION, table, x);
      Inputs.numeric(OPERATION, table, y);
    }
  }

  /** The column {@code y} over the column {@code x} of each table. */
  public static Bars of(String title, String x, String y, Table... tables) {
    return new Bars(title, x, y, List.of(tables));
  }

  @Override
  public Figure figure() {
    Declaration figure =
        Figure.declare(title, description())
            .set("xaxis", Axes.column(x))
            .set("yaxis", Axes.column(y))
            .set("barmode", "group")
            .set("bargap", 0.1);
    for (int i = 0; i < tables.size(); i++) {
      figure.trace(
          Attributes.bars()
              .set("name", tables.get(i).name())
              .xy(column(tables.get(i), x), column(tables.get(i), y))
              .set("marker.color", HouseStyle.COLOURS.get(i)));
    }
    return figure.figure();
  }

  private static List<Double> column(Table table, String name) {
    return table.numberColumn(name).asDoubleColumn().asList();
  }

  private String description() {
    return y
        + " over "
        + x
        + "; largest "
        + tables.stream().map(this::largest).collect(Collectors.joining(", "));
  }

  private String largest(Table table) {
    List<Double> heights = column(table, y);
    int at = -1;
    for (int i = 0; i < heights.size(); i++) {
      boolean higher =
          heights.get(i) != null && (at < 0 || heights.get(i) > heights.get(at)); // null: missing
      at = higher ? i : at;
    }
    return table.name()
        + " "
        + (at < 0
            ? "nothing"
            : Digits.text("%.4g at %.4g", heights.get(at), column(table, x).get(at)));
  }
}
