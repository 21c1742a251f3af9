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
  /**
   * @throws IllegalArgumentException if there is no table, more than there are colours, or one
   *     without such columns
   */
  public Bars {
    tables = List.copyOf(tables);
    Inputs.columns("bars", tables, x, y);
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
            .set("bargap", 0.1)
            .narrow(HouseStyle.narrow(tables.size()));
    for (int i = 0; i < tables.size(); i++) {
      figure.trace(
          Attributes.bars()
              .set("name", tables.get(i).name())
              .xy(Inputs.values(tables.get(i), x), Inputs.values(tables.get(i), y))
              .set("marker.color", HouseStyle.COLOURS.get(i)));
    }
    return figure.figure();
  }

  private String description() {
    return y
        + " over "
        + x
        + "; largest "
        + tables.stream().map(this::largest).collect(Collectors.joining(", "));
  }

  private String largest(Table table) {
    double[] heights = Inputs.values(table, y);
    int at = -1;
    for (int i = 0; i < heights.length; i++) {
      at = !Double.isNaN(heights[i]) && (at < 0 || heights[i] > heights[at]) ? i : at;
    }
    String largest =
        at < 0 ? "nothing" : Digits.text("%.4g at %.4g", heights[at], Inputs.values(table, x)[at]);
    return table.name() + " " + largest;
  }
}
