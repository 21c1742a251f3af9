package org.grokscope.plot;

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

  private static final double MOST = 400; // of one panel, so that it is seen at a glance
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
  Attributes layout(double margins) {
    Attributes layout = Attributes.of("height", Math.round(height() + margins));
    for (int panel = 0; panel < 2 * pairs; panel++) {
      layout.set(axis("x", panel) + ".domain", across(panel));
      layout.set(axis("y", panel) + ".domain", up(panel));
    }
    return layout;
  }

  /**
   * A figure of pairs that all have a title above each panel, with its margins.
   *
   * @param titles above the panels, one each, in their order
   * @param wide pairs beside each other in an article, at the most
   * @param narrow the same on a phone
   */
  static Declaration placed(Declaration figure, List<Attributes> titles, int wide, int narrow) {
    int pairs = titles.size() / 2;
    int above = 100; // for the title of the whole
    int below = 60; // for the last axis
    return figure
        .set("annotations", titles)
        .set("margin", Map.of("l", 60, "r", 20, "t", above, "b", below))
        .layout(new PanelPairs(pairs, Math.min(wide, pairs), WIDE).layout(above + below))
        .narrow(new PanelPairs(pairs, Math.min(narrow, pairs), NARROW).layout(above + below))
        .narrow("margin", Map.of("l", 50, "r", 10));
  }

  private double side() {
    return Math.min(MOST, (width - GAP_X * (columns - 1)) / columns);
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
  static Attributes title(int panel, String text) {
    return Attributes.note(text, 0, 1)
        .set("xref", reference("x", panel) + " domain")
        .set("yref", reference("y", panel) + " domain")
        .set("xanchor", "left")
        .set("yanchor", "bottom")
        .set("align", "left")
        .set("font.size", 12.5);
  }

  /**
   * An axis of a small panel: three ticks, from 0 to the last index.
   *
   * @param letter x or y
   * @param panel which one
   * @param title beside the axis
   * @param length how many indices
   */
  static Attributes indices(String letter, int panel, String title, long length) {
    return Attributes.of("title.text", title)
        .set("title.standoff", 2)
        .set("title.font.size", 13)
        .set("anchor", reference(letter.equals("x") ? "y" : "x", panel))
        .set("tickvals", List.of(0, (length - 1) / 2, length - 1))
        .set("ticklen", 3)
        .set("tickfont.size", 11)
        .set("showgrid", false);
  }
}
