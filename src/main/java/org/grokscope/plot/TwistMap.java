package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.grokscope.line.QkTwist;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How heads compare two curves, a pair of panels a head: above, the cosines of what goes in, query
 * label across and key label upwards; below, the head's map of matches q(c)·k(k) with its peak for
 * every query and the line through the peaks.
 *
 * <p>How to read it: a boundary head has one bright band of slope 1 below, whatever stands above; a
 * head that does not compare has none.
 *
 * @param title of the figure
 * @param queries what the query labels are, such as "count"
 * @param keys what the key labels are, such as "end of the label"
 * @param part of the map that is drawn and whose peaks are marked
 * @param heads 1 to 6
 */
public record TwistMap(
    String title, String queries, String keys, QkTwist.Part part, List<QkTwist> heads)
    implements Chart {
  private static final String OPERATION = "twist map";
  private static final int MOST = 6;
  private static final double TITLE = 35; // pixels from the top, on a narrow page

  /**
   * @throws IllegalArgumentException if there is no head, or more than six
   */
  public TwistMap {
    heads = List.copyOf(heads);
    Inputs.count(OPERATION, "heads", heads.size(), 1, MOST);
  }

  @Override
  public Figure figure() {
    int n = heads.size();
    Declaration figure =
        Figure.declare(title, description())
            .layout(new PanelPairs(n, Math.max(3, Math.min(n, 4)), PanelPairs.WIDE).layout(160));
    List<Attributes> titles = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      QkTwist twist = heads.get(i);
      int before = 2 * i;
      int after = before + 1;
      figure
          .trace(map(twist, twist.cosinesBefore(), before, "cosine"))
          .trace(map(twist, twist.scores(part), after, "match"))
          .trace(peaks(twist, after));
      QkTwist.Line line = twist.line(part, QkTwist.Along.KEYS);
      if (line.fitted()) {
        figure.trace(line(twist, line, after));
      }
      titles.add(PanelPairs.title(before, "<b>" + twist.head().name() + "</b>: before"));
      titles.add(PanelPairs.title(after, "after: " + sentence(line)));
      for (int panel = before; panel <= after; panel++) {
        figure
            .layout(axis("x", panel, queries, twist.queryLabels()))
            .layout(axis("y", panel, keys, twist.keyLabels()));
      }
    }
    Attributes narrow = new PanelPairs(n, 1, PanelPairs.NARROW).layout(160);
    // a share of a tall figure would put the title into the first panel
    double height = ((Number) narrow.get("height")).doubleValue();
    return figure
        .set("annotations", titles)
        .set("margin", Map.of("t", 90, "l", 60))
        .set("showlegend", false)
        .narrow(narrow)
        .narrow("title.y", 1 - TITLE / height)
        .figure();
  }

  private static Attributes axis(String letter, int panel, String name, int[] labels) {
    return Attributes.of(
        PanelPairs.axis(letter, panel),
        Attributes.of("title.text", name)
            .set("title.standoff", 2)
            .set("title.font.size", 12)
            .set("anchor", PanelPairs.reference(letter.equals("x") ? "y" : "x", panel))
            .set("range", List.of(labels[0] - 0.5, labels[labels.length - 1] + 0.5))
            .set("tickfont.size", 11)
            .set("nticks", 5)
            .set("ticklen", 3)
            .set("showgrid", false));
  }

  private Attributes map(QkTwist twist, INDArray values, int panel, String value) {
    String hover = queries + " %{x}, " + keys + " %{y}<br>" + value + " %{z}<extra></extra>";
    return HeatTrace.coloured(values.transpose().dup('c'), panel, hover)
        .xy(boxed(twist.queryLabels()), boxed(twist.keyLabels()));
  }

  private Attributes peaks(QkTwist twist, int panel) {
    return Attributes.scatter("markers")
        .on(panel)
        .set("showlegend", false)
        .xy(boxed(twist.queryLabels()), boxed(twist.peaks(part, QkTwist.Along.KEYS)))
        .set("marker", Map.of("size", 5, "color", HouseStyle.INK))
        .set("marker.line", Map.of("color", "#FFFFFF", "width", 1))
        .set("hovertemplate", queries + " %{x}: peak at " + keys + " %{y}<extra></extra>");
  }

  private static Attributes line(QkTwist twist, QkTwist.Line line, int panel) {
    int[] labels = twist.queryLabels();
    double[] ends = {labels[0], labels[labels.length - 1]};
    double[] heights =
        DoubleStream.of(ends).map(end -> line.intercept() + line.slope() * end).toArray();
    return Attributes.scatter("lines")
        .on(panel)
        .set("showlegend", false)
        .xy(List.of(ends[0], ends[1]), Digits.significant(heights, 5))
        .set("line", Map.of("color", "#E69F00", "width", 1.5))
        .set("hoverinfo", "skip");
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static String sentence(QkTwist.Line line) {
    return line.fitted()
        ? Digits.text("slope %.2f, R² %.2f", line.slope(), line.r2())
        : line.inside() + " peaks inside";
  }

  private String description() {
    return "matches of "
        + queries
        + " and "
        + keys
        + " in "
        + heads.size()
        + (heads.size() == 1 ? " head: " : " heads: ")
        + heads.stream()
            .map(twist -> twist.head().name() + " " + verdict(twist))
            .collect(Collectors.joining("; "));
  }

  private String verdict(QkTwist twist) {
    QkTwist.Line line = twist.line(part, QkTwist.Along.KEYS);
    return line.fitted()
        ? Digits.text(
            "peaks on a line of slope %.2f, offset %.1f, R² %.2f",
            line.slope(), line.offset(), line.r2())
        : "has only " + line.inside() + " of " + line.labels() + " peaks inside";
  }
}
