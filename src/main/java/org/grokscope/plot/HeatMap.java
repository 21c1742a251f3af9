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
    boolean square = values.rows() == values.columns();
    Map<String, Object> trace =
        HeatTrace.of(
            values, 0, 4, x + " %{x}, " + y + " %{y}<br>" + value + " %{z}<extra></extra>");
    // the colours stand in the layout, which a narrow page can change
    Map<String, Object> colours = new LinkedHashMap<>();
    colours.put("cmin", trace.remove("zmin"));
    colours.put("cmax", trace.remove("zmax"));
    colours.put("colorscale", trace.remove("colorscale"));
    colours.put("colorbar", colourBar(square ? 0.7 : 1.01));
    trace.remove("showscale");
    trace.put("coloraxis", "coloraxis");

    Map<String, Object> across = axis(x, square);
    Map<String, Object> up = axis(y, square);
    Map<String, Object> layout = new LinkedHashMap<>();
    layout.put("margin", Map.of("t", 90));
    layout.put("coloraxis", colours);
    layout.put("xaxis", across);
    layout.put("yaxis", up);
    Map<String, Object> narrow = new LinkedHashMap<>();
    narrow.put("margin", Map.of("l", 55, "r", 10));
    narrow.put("height", 400);
    if (square) {
      across.put("domain", List.of(0.1, 0.68));
      up.put("scaleanchor", "x");
      layout.put("height", 620);
      narrow.put("xaxis", Map.of("domain", List.of(0, 0.83)));
      narrow.put("coloraxis", Map.of("colorbar", Map.of("x", 0.86)));
    }
    return Figure.of(description(), List.of(trace), layout).withTitle(title).withNarrow(narrow);
  }

  private static Map<String, Object> axis(String title, boolean square) {
    Map<String, Object> axis = new LinkedHashMap<>();
    axis.put("title", Map.of("text", title));
    axis.put("showgrid", false);
    if (square) {
      axis.put("constrain", "domain");
    }
    return axis;
  }

  private Map<String, Object> colourBar(double place) {
    return Map.of(
        "title",
        Map.of("text", value, "side", "top"),
        "x",
        place,
        "xanchor",
        "left",
        "thickness",
        14,
        "outlinewidth",
        0,
        "ticks",
        "outside");
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
