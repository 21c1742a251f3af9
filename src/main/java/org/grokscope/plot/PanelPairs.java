package org.grokscope.plot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Square panels in pairs, one above the other, several pairs beside each other and as many rows of
 * pairs as are needed. Pair i has the panels 2i, above, and 2i + 1; panel j has the axes {@code
 * xaxis}(j+1) and {@code yaxis}(j+1) of Plotly, of which the first ones are bare.
 *
 * <p>Counted in pixels, since panels are squares and titles have a height; a page that is narrower
 * or wider only stretches them.
 *
 * @param pairs how many
 * @param columns pairs beside each other
 * @param width of the whole
 */
record PanelPairs(int pairs, int columns, double width) {
  /** What a figure's page leaves for panels, in an article and on a phone. */
  static final double WIDE = 860;

  static final double NARROW = 290;

  private static final double GAP_X = 64;
  private static final double GAP_Y = 66;

  /** The name of an axis as traces call it: x, x2, x3 … */
  static String reference(String letter, int panel) {
    return panel == 0 ? letter : letter + (panel + 1);
  }

  /** The name of an axis as layouts call it: xaxis, xaxis2 … */
  static String axis(String letter, int panel) {
    return letter + "axis" + (panel == 0 ? "" : panel + 1);
  }

  /**
   * Settings of a layout that put each panel into its place.
   *
   * @param margins above and below the panels together
   */
  Map<String, Object> layout(double margins) {
    Map<String, Object> layout = new LinkedHashMap<>();
    for (int panel = 0; panel < 2 * pairs; panel++) {
      layout.put(axis("x", panel), Map.of("domain", across(panel)));
      layout.put(axis("y", panel), Map.of("domain", up(panel)));
    }
    layout.put("height", Math.round(height() + margins));
    return layout;
  }

  private double side() {
    return (width - GAP_X * (columns - 1)) / columns;
  }

  private double height() {
    int rows = 2 * ((pairs + columns - 1) / columns);
    return rows * side() + (rows - 1) * GAP_Y;
  }

  /** From left to right, as a share of the width. */
  private List<Double> across(int panel) {
    double from = (panel / 2 % columns) * (side() + GAP_X);
    return domain(from / width, (from + side()) / width);
  }

  /** From bottom to top, as a share of the height. */
  private List<Double> up(int panel) {
    int row = 2 * (panel / 2 / columns) + panel % 2;
    double from = row * (side() + GAP_Y);
    return domain(1 - (from + side()) / height(), 1 - from / height());
  }

  private static List<Double> domain(double from, double to) {
    return List.of(
        Digits.significant(Math.max(0, from), 5), Digits.significant(Math.min(1, to), 5));
  }

  /** A title above one panel, which follows its panel wherever it stands. */
  static Map<String, Object> title(int panel, String text) {
    Map<String, Object> title = new LinkedHashMap<>();
    title.put("text", text);
    title.put("xref", reference("x", panel) + " domain");
    title.put("yref", reference("y", panel) + " domain");
    title.put("x", 0);
    title.put("y", 1);
    title.put("xanchor", "left");
    title.put("yanchor", "bottom");
    title.put("align", "left");
    title.put("showarrow", false);
    title.put("font", Map.of("size", 12.5));
    return title;
  }

  /**
   * An axis of a small panel: three ticks, from 0 to the last index.
   *
   * @param letter x or y
   * @param panel which one
   * @param title beside the axis
   * @param length how many indices
   */
  static Map<String, Object> indices(String letter, int panel, String title, long length) {
    Map<String, Object> axis = new LinkedHashMap<>();
    axis.put("title", Map.of("text", title, "standoff", 2, "font", Map.of("size", 13)));
    axis.put("anchor", reference(letter.equals("x") ? "y" : "x", panel));
    axis.put("tickvals", List.of(0, (length - 1) / 2, length - 1));
    axis.put("ticklen", 3);
    axis.put("tickfont", Map.of("size", 11));
    axis.put("showgrid", false);
    return axis;
  }
}
