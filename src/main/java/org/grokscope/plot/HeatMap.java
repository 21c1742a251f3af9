package org.grokscope.plot;

import java.util.List;
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
    String hover = x + " %{x}, " + y + " %{y}<br>" + value + " %{z}<extra></extra>";
    boolean square = values.rows() == values.columns();
    Declaration figure =
        Figure.declare(title, description())
            .trace(HeatTrace.shared(values, 4, hover))
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
    return figure.figure();
  }

  private String description() {
    return Digits.text(
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
