package org.grokscope.plot;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One heat map as a trace: short numbers, and colours from the house. */
final class HeatTrace {
  private HeatTrace() {}

  /**
   * A heat map without a colour bar. Numbers of both signs are coloured around zero.
   *
   * @param values (rows, columns): the vertical and the horizontal axis
   * @param panel which pair of axes
   * @param digits so many significant ones of the largest value; beyond three the eye sees no
   *     difference, but a pointer reads them
   * @param hover Plotly's template, in which {@code %{z}} is the value
   */
  static Map<String, Object> of(INDArray values, int panel, int digits, String hover) {
    double smallest = smallest(values);
    double largest = largest(values);
    double most = Math.max(Math.abs(smallest), Math.abs(largest));
    double end = most == 0 ? 1 : Digits.significant(most, digits);
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "heatmap");
    trace.put("z", Digits.fixed(values, digits));
    trace.put("xaxis", PanelPairs.reference("x", panel));
    trace.put("yaxis", PanelPairs.reference("y", panel));
    trace.put("zmin", smallest < 0 ? -end : 0);
    trace.put("zmax", end);
    trace.put("colorscale", smallest < 0 ? HouseStyle.DIVERGING : HouseStyle.SEQUENTIAL);
    trace.put("showscale", false);
    trace.put("hovertemplate", hover);
    return trace;
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
