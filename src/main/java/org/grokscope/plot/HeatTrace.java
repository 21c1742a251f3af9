package org.grokscope.plot;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One heat map as a trace: short numbers, and colours from the house. */
final class HeatTrace {
  private HeatTrace() {}

  /**
   * A heat map, to which the colours are still to be given.
   *
   * @param values (rows, columns): the vertical and the horizontal axis
   * @param panel which pair of axes
   * @param digits so many significant ones of the largest value; beyond three the eye sees no
   *     difference, but a pointer reads them
   * @param hover Plotly's template, in which {@code %{z}} is the value
   */
  static Attributes of(INDArray values, int panel, int digits, String hover) {
    return Attributes.of("type", "heatmap")
        .set("z", Digits.fixed(values, digits))
        .on(panel)
        .set("hovertemplate", hover);
  }

  /** A heat map in colours of its own, without a colour bar. */
  static Attributes coloured(INDArray values, int panel, String hover) {
    return of(values, panel, 3, hover)
        .set("zmin", low(values, 3))
        .set("zmax", end(values, 3))
        .set("colorscale", scale(values))
        .set("showscale", false);
  }

  /** A heat map in the colours of the layout, which a narrow page can change. */
  static Attributes shared(INDArray values, int digits, String hover) {
    return of(values, 0, digits, hover).set("coloraxis", "coloraxis");
  }

  /** What the layout's colours reach over. Numbers of both signs are coloured around zero. */
  static Attributes colours(INDArray values, int digits) {
    return Attributes.of("cmin", low(values, digits))
        .set("cmax", end(values, digits))
        .set("colorscale", scale(values));
  }

  private static double low(INDArray values, int digits) {
    return smallest(values) < 0 ? -end(values, digits) : 0;
  }

  private static double end(INDArray values, int digits) {
    double most = Math.max(Math.abs(smallest(values)), Math.abs(largest(values)));
    return most == 0 ? 1 : Digits.significant(most, digits);
  }

  private static List<List<Object>> scale(INDArray values) {
    return smallest(values) < 0 ? HouseStyle.DIVERGING : HouseStyle.SEQUENTIAL;
  }

  /** The largest finite number; 0 if there is none. */
  static double largest(INDArray values) {
    return finite(values).max().orElse(0);
  }

  /** The smallest finite number; 0 if there is none. */
  static double smallest(INDArray values) {
    return finite(values).min().orElse(0);
  }

  private static DoubleStream finite(INDArray values) {
    return Arrays.stream(values.toDoubleMatrix())
        .flatMapToDouble(Arrays::stream)
        .filter(Double::isFinite);
  }
}
