package org.grokscope.plot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A curve in a space that a reader turns with the mouse, in Plotly's own terms. */
final class Scene {
  /** So many points carry their label beside them, about. */
  private static final int NAMED = 8;

  private Scene() {}

  /** The name of a space: scene, scene2. */
  static String name(int index) {
    return index == 0 ? "scene" : "scene" + (index + 1);
  }

  /**
   * A space of three axes of one scale around some points.
   *
   * @param titles of the axes
   * @param points (m, 3)
   * @param from left edge, as a share of the figure's width
   * @param to right edge
   */
  static Map<String, Object> space(List<String> titles, INDArray points, double from, double to) {
    double half = 0;
    for (int i = 0; i < 3; i++) {
      half = Math.max(half, largest(points, i) - smallest(points, i));
    }
    half *= 0.53;
    Map<String, Object> scene = new LinkedHashMap<>();
    scene.put("domain", domain(from, to, 0, 1));
    scene.put("aspectmode", "cube");
    scene.put(
        "camera",
        Map.of(
            "eye",
            Map.of("x", 1.45, "y", 1.45, "z", 0.8),
            "center",
            Map.of("x", 0, "y", 0, "z", -0.1)));
    for (int i = 0; i < 3; i++) {
      double middle = (largest(points, i) + smallest(points, i)) / 2;
      double[] range = {middle - half, middle + half};
      scene.put(
          List.of("xaxis", "yaxis", "zaxis").get(i),
          axis(titles.get(i), Digits.significant(range, 4)));
    }
    return scene;
  }

  static Map<String, Object> domain(double left, double right, double bottom, double top) {
    return Map.of("x", List.of(left, right), "y", List.of(bottom, top));
  }

  private static double largest(INDArray points, int axis) {
    return points.getColumn(axis).maxNumber().doubleValue();
  }

  private static double smallest(INDArray points, int axis) {
    return points.getColumn(axis).minNumber().doubleValue();
  }

  private static Map<String, Object> axis(String title, List<Number> range) {
    return Map.of(
        "range",
        range,
        "title",
        Map.of("text", title, "font", Map.of("size", 12)),
        "tickfont",
        Map.of("size", 10),
        "nticks",
        5,
        "showbackground",
        true,
        "backgroundcolor",
        "#F7F7F7",
        "gridcolor",
        "#DDDDDD",
        "zeroline",
        false);
  }

  /** The axes of the plane, which a figure of spaces alone does not have. */
  static void hidePlane(Map<String, Object> layout) {
    layout.put("xaxis", Map.of("visible", false));
    layout.put("yaxis", Map.of("visible", false));
  }

  /**
   * A line through points in the order of their labels, coloured by label, some of them named.
   *
   * @param index of the space
   * @param what a label is, such as "count"
   * @param labels (m)
   * @param points (m, 3)
   */
  static Map<String, Object> curve(int index, String what, List<Integer> labels, INDArray points) {
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter3d");
    trace.put("mode", "lines+markers+text");
    trace.put("scene", name(index));
    trace.put("showlegend", false);
    trace.putAll(coordinates(points));
    trace.put("customdata", labels);
    trace.put("text", names(labels));
    trace.put("textposition", "top center");
    trace.put("textfont", Map.of("size", 12, "color", HouseStyle.INK));
    trace.put("line", coloured(labels, 5));
    trace.put("marker", coloured(labels, 4));
    trace.put(
        "hovertemplate",
        "<b>" + what + " %{customdata}</b><br>%{x:.3g}, %{y:.3g}, %{z:.3g}<extra></extra>");
    return trace;
  }

  /** Where the points of a curve are, the part of it that a frame changes. */
  static Map<String, Object> coordinates(INDArray points) {
    Map<String, Object> axes = new LinkedHashMap<>();
    for (int j = 0; j < 3; j++) {
      axes.put(
          List.of("x", "y", "z").get(j), Digits.fixed(points.getColumn(j).toDoubleVector(), 4));
    }
    return axes;
  }

  private static Map<String, Object> coloured(List<Integer> labels, int size) {
    Map<String, Object> style = new LinkedHashMap<>();
    style.put("color", labels);
    style.put("colorscale", HouseStyle.ORDERED);
    style.put("cmin", labels.get(0));
    style.put("cmax", labels.get(labels.size() - 1));
    style.put(size > 4 ? "width" : "size", size);
    return style;
  }

  /** Every so many labels by their number, all others by nothing. */
  private static List<String> names(List<Integer> labels) {
    int every = Math.max(1, (int) Math.round((labels.size() - 1) / (double) (NAMED - 1)));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      boolean last = i == labels.size() - 1;
      boolean crowded = !last && labels.size() - 1 - i < every;
      names.add(last || (i % every == 0 && !crowded) ? String.valueOf(labels.get(i)) : "");
    }
    return names;
  }
}
