package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
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
    PanelPairs wide = new PanelPairs(n, Math.max(3, Math.min(n, 4)), PanelPairs.WIDE);
    List<Map<String, Object>> traces = new ArrayList<>();
    List<Map<String, Object>> titles = new ArrayList<>();
    Map<String, Object> layout = new LinkedHashMap<>(wide.layout(160));
    for (int i = 0; i < n; i++) {
      QkTwist twist = heads.get(i);
      traces.add(map(twist, twist.cosinesBefore(), 2 * i, "cosine"));
      traces.add(map(twist, twist.scores(part), 2 * i + 1, "match"));
      traces.add(peaks(twist, 2 * i + 1));
      QkTwist.Line line = twist.line(part, QkTwist.Along.KEYS);
      if (line.fitted()) {
        traces.add(line(twist, line, 2 * i + 1));
      }
      titles.add(PanelPairs.title(2 * i, "<b>" + twist.head().name() + "</b>: before"));
      titles.add(PanelPairs.title(2 * i + 1, "after: " + sentence(line)));
      for (int panel = 2 * i; panel <= 2 * i + 1; panel++) {
        axis(layout, "x", panel, queries, twist.queryLabels());
        axis(layout, "y", panel, keys, twist.keyLabels());
      }
    }
    layout.put("annotations", titles);
    layout.put("margin", Map.of("t", 90, "l", 60));
    layout.put("showlegend", false);
    Map<String, Object> narrow =
        new LinkedHashMap<>(new PanelPairs(n, 1, PanelPairs.NARROW).layout(160));
    // a share of a tall figure would put the title into the first panel
    double height = ((Number) narrow.get("height")).doubleValue();
    narrow.put("title", Map.of("y", 1 - TITLE / height));
    return Figure.of(description(), traces, layout).withTitle(title).withNarrow(narrow);
  }

  private void axis(
      Map<String, Object> layout, String letter, int panel, String name, int[] labels) {
    Map<String, Object> axis = new LinkedHashMap<>();
    ((Map<?, ?>) layout.get(PanelPairs.axis(letter, panel)))
        .forEach((key, value) -> axis.put((String) key, value));
    axis.put("title", Map.of("text", name, "standoff", 2, "font", Map.of("size", 12)));
    axis.put("anchor", PanelPairs.reference(letter.equals("x") ? "y" : "x", panel));
    axis.put("range", List.of(labels[0] - 0.5, labels[labels.length - 1] + 0.5));
    axis.put("tickfont", Map.of("size", 11));
    axis.put("nticks", 5);
    axis.put("ticklen", 3);
    axis.put("showgrid", false);
    layout.put(PanelPairs.axis(letter, panel), axis);
  }

  private Map<String, Object> map(QkTwist twist, INDArray values, int panel, String value) {
    Map<String, Object> trace =
        HeatTrace.of(
            values.transpose().dup('c'),
            panel,
            3,
            queries + " %{x}, " + keys + " %{y}<br>" + value + " %{z}<extra></extra>");
    trace.put("x", boxed(twist.queryLabels()));
    trace.put("y", boxed(twist.keyLabels()));
    return trace;
  }

  private Map<String, Object> peaks(QkTwist twist, int panel) {
    Map<String, Object> trace = scatter(panel);
    trace.put("mode", "markers");
    trace.put("x", boxed(twist.queryLabels()));
    trace.put("y", boxed(twist.peaks(part, QkTwist.Along.KEYS)));
    trace.put(
        "marker",
        Map.of("size", 5, "color", HouseStyle.INK, "line", Map.of("color", "#FFFFFF", "width", 1)));
    trace.put("hovertemplate", queries + " %{x}: peak at " + keys + " %{y}<extra></extra>");
    return trace;
  }

  private static Map<String, Object> line(QkTwist twist, QkTwist.Line line, int panel) {
    int[] labels = twist.queryLabels();
    double from = labels[0];
    double to = labels[labels.length - 1];
    Map<String, Object> trace = scatter(panel);
    trace.put("mode", "lines");
    trace.put("x", List.of(from, to));
    trace.put(
        "y",
        Digits.significant(
            new double[] {
              line.intercept() + line.slope() * from, line.intercept() + line.slope() * to
            },
            5));
    trace.put("line", Map.of("color", "#E69F00", "width", 1.5));
    trace.put("hoverinfo", "skip");
    return trace;
  }

  private static Map<String, Object> scatter(int panel) {
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("xaxis", PanelPairs.reference("x", panel));
    trace.put("yaxis", PanelPairs.reference("y", panel));
    trace.put("showlegend", false);
    return trace;
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static String sentence(QkTwist.Line line) {
    return line.fitted()
        ? String.format(Locale.ROOT, "slope %.2f, R² %.2f", line.slope(), line.r2())
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
        ? String.format(
            Locale.ROOT,
            "peaks on a line of slope %.2f, offset %.1f, R² %.2f",
            line.slope(),
            line.offset(),
            line.r2())
        : "has only " + line.inside() + " of " + line.labels() + " peaks inside";
  }
}
