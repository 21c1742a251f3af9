package org.grokscope.plot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers of a matrix as colours. Row r stands at height r of the vertical axis, from the bottom;
 * numbers of one sign go from white to dark blue, numbers of both signs from vermillion over white,
 * which is zero, to blue. A cell that is not finite stays empty.
 *
 * @param title of the figure
 * @param x what the columns are
 * @param y what the rows are
 * @param value what the colours are, with its unit
 * @param values (rows, columns)
 */
public record HeatMap(String title, String x, String y, String value, INDArray values)
    implements Chart {
  private static final String OPERATION = "heat map";

  /** As many cells as four maps over the pairs of p = 113; more makes notebooks too large. */
  private static final long MOST_CELLS = 4 * 113 * 113;

  /**
   * @throws IllegalArgumentException if {@code values} is no matrix, or has more than 51,076 cells
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
  }

  /** The matrix as colours: rows upwards, columns to the right. */
  public static HeatMap of(String title, String x, String y, String value, INDArray values) {
    return new HeatMap(title, x, y, value, values);
  }

  @Override
  public Figure figure() {
    Map<String, Object> trace =
        new LinkedHashMap<>(
            HeatTrace.of(
                values, 0, 4, x + " %{x}, " + y + " %{y}<br>" + value + " %{z}<extra></extra>"));
    trace.put("showscale", true);
    trace.put(
        "colorbar",
        Map.of(
            "title",
            Map.of("text", value, "side", "right"),
            "thickness",
            14,
            "outlinewidth",
            0,
            "ticks",
            "outside"));
    boolean square = values.rows() == values.columns();
    Map<String, Object> layout = new LinkedHashMap<>();
    layout.put("margin", Map.of("t", 70));
    layout.put("xaxis", axis(x, square));
    layout.put("yaxis", axis(y, square));
    if (square) {
      layout.put("height", 600);
    }
    return Figure.of(description(), List.of(trace), layout)
        .withTitle(title)
        .withNarrow(Map.of("height", square ? 400 : 420));
  }

  private static Map<String, Object> axis(String title, boolean square) {
    Map<String, Object> axis = new LinkedHashMap<>();
    axis.put("title", Map.of("text", title));
    axis.put("showgrid", false);
    if (square) {
      axis.put("constrain", "domain");
      axis.put("scaleanchor", "x");
    }
    return axis;
  }

  private String description() {
    return String.format(
        Locale.ROOT,
        "%s over %s and %s, %d × %d cells, from %.4g to %.4g",
        value,
        y,
        x,
        values.rows(),
        values.columns(),
        HeatTrace.smallest(values),
        HeatTrace.largest(values));
  }
}
