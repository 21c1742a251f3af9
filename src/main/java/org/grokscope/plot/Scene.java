package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A curve in a space that a reader turns with the mouse, in Plotly's own terms. */
final class Scene {
  /** So many points carry their label beside them, about. */
  private static final int NAMED = 8;

  private static final List<String> LETTERS = List.of("x", "y", "z");

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
  static Attributes space(List<String> titles, INDArray points, double from, double to) {
    double half = 0;
    for (int i = 0; i < 3; i++) {
      half = Math.max(half, largest(points, i) - smallest(points, i));
    }
    half *= 0.53;
    Attributes scene =
        Attributes.of("domain", domain(from, to, 0, 1))
            .set("aspectmode", "cube")
            .set("camera.eye", Map.of("x", 1.45, "y", 1.45, "z", 0.8))
            .set("camera.center", Map.of("x", 0, "y", 0, "z", -0.1));
    for (int i = 0; i < 3; i++) {
      double middle = (largest(points, i) + smallest(points, i)) / 2;
      double[] range = {middle - half, middle + half};
      scene.set(LETTERS.get(i) + "axis", axis(titles.get(i), Digits.significant(range, 4)));
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

  private static Attributes axis(String title, List<Number> range) {
    return Attributes.of("range", range)
        .set("title", Map.of("text", title, "font", Map.of("size", 12)))
        .set("tickfont.size", 10)
        .set("nticks", 5)
        .set("showbackground", true)
        .set("backgroundcolor", "#F7F7F7")
        .set("gridcolor", "#DDDDDD")
        .set("zeroline", false);
  }

  /** What a figure of spaces alone sets, as it has no axes of the plane. */
  static Attributes alone() {
    return Attributes.of("xaxis.visible", false).set("yaxis.visible", false);
  }

  /**
   * A line through points in the order of their labels, coloured by label, some of them named.
   * Where they are, {@link #coordinates} says.
   *
   * @param index of the space
   * @param what a label is, such as "count"
   * @param labels (m)
   */
  static Attributes curve(int index, String what, List<Integer> labels) {
    Attributes colours =
        Attributes.of("color", labels)
            .set("colorscale", HouseStyle.ORDERED)
            .set("cmin", labels.get(0))
            .set("cmax", labels.get(labels.size() - 1));
    return Attributes.of("type", "scatter3d")
        .set("mode", "lines+markers+text")
        .set("scene", name(index))
        .set("showlegend", false)
        .set("customdata", labels)
        .set("text", names(labels))
        .set("textposition", "top center")
        .set("textfont", Map.of("size", 12, "color", HouseStyle.INK))
        .set("line", colours)
        .set("line.width", 5)
        .set("marker", colours)
        .set("marker.size", 4)
        .set(
            "hovertemplate",
            "<b>" + what + " %{customdata}</b><br>%{x:.3g}, %{y:.3g}, %{z:.3g}<extra></extra>");
  }

  /** Where the points (m, 3) of a curve are, the part of it that a slider moves. */
  static Attributes coordinates(INDArray points) {
    Attributes axes = Attributes.none();
    for (int j = 0; j < 3; j++) {
      axes.set(LETTERS.get(j), Digits.fixed(points.getColumn(j).toDoubleVector(), 4));
    }
    return axes;
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
