package org.grokscope.plot;

import java.util.List;

/**
 * Panels in rows and columns, all of one size. Panel i stands in column i mod {@code columns}, from
 * the top, on the axes {@code xaxis}(i+1) and {@code yaxis}(i+1) of Plotly, of which the first ones
 * are bare. Counted in pixels, as {@link PanelPairs} are.
 *
 * @param panels how many
 * @param columns beside each other
 * @param width of the whole
 * @param ratio height of a panel over its width
 * @param gapX between columns
 * @param gapY between rows, where titles stand
 */
record PanelGrid(int panels, int columns, double width, double ratio, double gapX, double gapY) {
  /** Settings of a layout that put each panel into its place, and the height of the whole. */
  Attributes layout(double margins) {
    Attributes layout = Attributes.of("height", Math.round(height() + margins));
    for (int panel = 0; panel < panels; panel++) {
      place(layout, panel, panel, height(), 0);
    }
    return layout;
  }

  /** Height of all rows with the gaps between them, in pixels. */
  double height() {
    int rows = (panels + columns - 1) / columns;
    return rows * side() * ratio + (rows - 1) * gapY;
  }

  private double side() {
    return (width - gapX * (columns - 1)) / columns;
  }

  /**
   * Puts one panel into its place within something higher.
   *
   * @param layout gets the domains
   * @param axes index of the panel's axes
   * @param cell its place in the grid
   * @param whole height of the drawing
   * @param above pixels above the grid
   */
  void place(Attributes layout, int axes, int cell, double whole, double above) {
    double left = (cell % columns) * (side() + gapX);
    double top = above + (cell / columns) * (side() * ratio + gapY);
    layout.set(
        PanelPairs.axis("x", axes) + ".domain", domain(left / width, (left + side()) / width));
    layout.set(
        PanelPairs.axis("y", axes) + ".domain",
        domain(1 - (top + side() * ratio) / whole, 1 - top / whole));
  }

  static List<Double> domain(double from, double to) {
    return List.of(
        Digits.significant(Math.max(0, from), 5), Digits.significant(Math.min(1, to), 5));
  }

  /** An axis of a panel that shows a shape: no ticks, no lines, one scale with the other axis. */
  static Attributes bare(String letter, int panel, double reach) {
    Attributes axis =
        Attributes.of("range", List.of(-reach, reach))
            .set("visible", false)
            .set("constrain", "domain")
            .set("anchor", PanelPairs.reference(letter.equals("x") ? "y" : "x", panel));
    return letter.equals("y") ? axis.set("scaleanchor", PanelPairs.reference("x", panel)) : axis;
  }
}
