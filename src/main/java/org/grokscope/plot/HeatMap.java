package org.grokscope.plot;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers of a matrix as colours. Row r stands at height r of the vertical axis, from the bottom;
 * numbers of one sign go from white to dark blue, numbers of both signs from vermillion over white,
 * which is zero, to blue. A cell that is not finite stays empty.
 *
 * <p>{@link #named} gives rows and columns names, such as heads and positions, or abilities and
 * layers: then rows go downwards, and every cell says its number.
 *
 * @param title of the figure
 * @param x what the columns are
 * @param y what the rows are
 * @param value what the colours are, with its unit
 * @param values (rows, columns)
 * @param rows a name each, or empty: their indices
 * @param columns a name each, or empty: their indices
 */
public record HeatMap(
    String title,
    String x,
    String y,
    String value,
    INDArray values,
    List<String> rows,
    List<String> columns)
    implements Chart {
  private static final String OPERATION = "heat map";

  /** As many cells as four maps over the pairs of p = 113; more makes notebooks too large. */
  private static final long MOST_CELLS = 4 * 113 * 113;

  /**
   * @throws IllegalArgumentException if {@code values} is no matrix, or has more than 51,076 cells,
   *     or names are neither missing nor as many different ones as rows and columns
   */
  public HeatMap {
    Inputs.shape(OPERATION, "values", values, Inputs.ANY, Inputs.ANY);
    if (values.length() > MOST_CELLS) {
      throw new IllegalArgumentException(
          OPERATION
              + ": got "
              + values.length()
              + " cells, expected at most "
              + MOST_CELLS
              + "; draw a part of them, such as values.get(NDArrayIndex.interval(0, 200), …)");
    }
    values = values.dup();
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    boolean named = !rows.isEmpty() || !columns.isEmpty();
    if (named
        && (rows.stream().distinct().count() != values.rows()
            || columns.stream().distinct().count() != values.columns())) {
      throw new IllegalArgumentException(
          String.format(
              "%s: got the rows %s and the columns %s, expected different names for %d × %d cells",
              OPERATION, rows, columns, values.rows(), values.columns()));
    }
  }

  /** The matrix as colours: rows upwards, columns to the right. */
  public static HeatMap of(String title, String x, String y, String value, INDArray values) {
    return new HeatMap(title, x, y, value, values, List.of(), List.of());
  }

  /** The same with names of its rows, from the top, and of its columns. */
  public HeatMap named(List<String> rowNames, List<String> columnNames) {
    return new HeatMap(title, x, y, value, values, rowNames, columnNames);
  }

  @Override
  public Figure figure() {
    String hover = x + " %{x}, " + y + " %{y}<br>" + value + " %{z}<extra></extra>";
    boolean square = values.rows() == values.columns() && rows.isEmpty();
    Declaration figure =
        Figure.declare(title, description())
            .trace(map(hover))
            .set("margin.t", 90)
            .set("coloraxis", HeatTrace.colours(values, 4))
            .set("coloraxis.colorbar.title", Map.of("text", value, "side", "top"))
            .set("coloraxis.colorbar.x", square ? 0.7 : 1.01)
            .set("coloraxis.colorbar.xanchor", "left")
            .set("coloraxis.colorbar.thickness", 14)
            .set("coloraxis.colorbar.outlinewidth", 0)
            .set("coloraxis.colorbar.ticks", "outside")
            .set("xaxis", Attributes.of("title.text", x).set("showgrid", false))
            .set("yaxis", Attributes.of("title.text", y).set("showgrid", false))
            .narrow("margin", Map.of("l", 55, "r", 10))
            .narrow("height", 400);
    if (square) {
      figure
          .set("height", 620)
          .set("xaxis.constrain", "domain")
          .set("xaxis.domain", List.of(0.1, 0.68))
          .set("yaxis.constrain", "domain")
          .set("yaxis.scaleanchor", "x")
          .narrow("xaxis.domain", List.of(0, 0.83))
          .narrow("coloraxis.colorbar.x", 0.86);
    }
    if (!rows.isEmpty()) {
      int height = 180 + Math.max(36 * rows.size(), 120);
      figure
          .set("height", height)
          .set("xaxis.type", "category")
          .set("xaxis.ticks", "")
          .set("yaxis", Axes.rows(rows).set("title.text", y))
          .set("yaxis.range", List.of(rows.size() - 0.5, -0.5))
          .narrow("height", height)
          .narrow("font.size", 11);
    }
    return figure.figure();
  }

  private Attributes map(String hover) {
    Attributes map = HeatTrace.shared(values, 4, hover);
    return rows.isEmpty()
        ? map
        : map.xy(columns, rows).set("texttemplate", "%{z:.2f}").set("xgap", 2).set("ygap", 2);
  }

  private String description() {
    String all =
        Digits.text(
            "%s over %s and %s, %d × %d cells, from %.4g to %.4g",
            value,
            y,
            x,
            values.rows(),
            values.columns(),
            HeatTrace.smallest(values),
            HeatTrace.largest(values));
    return rows.isEmpty() ? all : all + "; the largest is " + largest();
  }

  /** The cell of the largest number, by its names. */
  private String largest() {
    double most = HeatTrace.largest(values);
    for (int r = 0; r < values.rows(); r++) {
      for (int c = 0; c < values.columns(); c++) {
        if (values.getDouble(r, c) == most) {
          return rows.get(r) + ", " + columns.get(c);
        }
      }
    }
    return "nowhere";
  }
}
