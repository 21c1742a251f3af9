package org.grokscope.plot;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import tech.tablesaw.api.Table;

/**
 * A column of some tables over another, one line a table, named after its table: for what a
 * researcher measured along a run. {@link #withPoints} draws the first tables as points that
 * nothing joins: for what was measured against what was predicted, with the prediction itself as a
 * line.
 *
 * @param title of the figure
 * @param x name of the column on the horizontal axis
 * @param y name of the column on the vertical axis
 * @param tables 1 to 6, each with both columns, numeric
 * @param points how many of them, from the first, are points
 */
public record Curves(String title, String x, String y, List<Table> tables, int points)
    implements Chart {

  /**
   * @throws IllegalArgumentException if there is no table, more than there are colours, one without
   *     such columns, or not as many as are to be points
   */
  public Curves {
    tables = List.copyOf(tables);
    Inputs.columns("curves", tables, x, y);
    if (points < 0 || points > tables.size()) {
      throw new IllegalArgumentException(
          "curves: got "
              + points
              + " tables to be drawn as points, expected 0 to "
              + tables.size()
              + ", as many as there are");
    }
  }

  /** The column {@code y} over the column {@code x} of each table. */
  public static Curves of(String title, String x, String y, Table... tables) {
    return new Curves(title, x, y, List.of(tables), 0);
  }

  /** The same with the first tables as points that nothing joins. */
  public Curves withPoints(int first) {
    return new Curves(title, x, y, tables, first);
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
          Attributes.scatter(i < points ? "markers" : "lines+markers")
              .set("name", tables.get(i).name())
              .xy(Inputs.values(tables.get(i), x), Inputs.values(tables.get(i), y))
              .set("line.color", colour)
              .set("marker.color", colour)
              .set("marker.size", i < points ? 8 : 4));
    }
    return figure.figure();
  }

  private String description() {
    return y
        + " over "
        + x
        + tables.stream().limit(points).map(this::spread).collect(Collectors.joining())
        + (points == tables.size() ? "" : "; at the end ")
        + tables.stream().skip(points).map(this::lastValue).collect(Collectors.joining(", "));
  }

  /** From the least to the most, of points. */
  private String spread(Table table) {
    DoubleSummaryStatistics values =
        DoubleStream.of(Inputs.values(table, y)).filter(Double::isFinite).summaryStatistics();
    return values.getCount() == 0
        ? "; " + table.name() + " nothing"
        : Digits.text("; %s from %.4g to %.4g", table.name(), values.getMin(), values.getMax());
  }

  private String lastValue(Table table) {
    double[] values = Inputs.values(table, y);
    String last = values.length == 0 ? "nothing" : Digits.text("%.4g", values[values.length - 1]);
    return table.name() + " " + last;
  }
}
