package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.grokscope.geometry.CosineMatrix;
import org.grokscope.geometry.Manifold;

/**
 * How alike the means of a manifold are, seen from their common mean: at one side the cosine of
 * every pair, at the other the mean cosine by distance, with its trough and the height to which it
 * rises again.
 *
 * <p>How to read it: a line of means is blue near itself, vermillion far away and nothing else; a
 * curve folded into few dimensions rings, and stripes run beside the diagonal.
 *
 * @param title of the figure
 * @param what a label is, such as "count"
 * @param labels (m), ascending
 * @param cosines of the means in that order
 */
public record RingingMatrix(String title, String what, List<Integer> labels, CosineMatrix cosines)
    implements Chart {

  /**
   * @throws IllegalArgumentException if there are not as many labels as rows
   */
  public RingingMatrix {
    labels = List.copyOf(labels);
    Inputs.shape(
        "ringing matrix", "cosines", cosines.values(), (long) labels.size(), (long) labels.size());
  }

  /** The means of a manifold. */
  public static RingingMatrix of(String title, String what, Manifold manifold) {
    return new RingingMatrix(
        title, what, Arrays.stream(manifold.labels()).boxed().toList(), manifold.cosines());
  }

  @Override
  public Figure figure() {
    Map<String, Object> matrix =
        HeatTrace.of(
            cosines.values(),
            0,
            3,
            what + " %{x}, " + what + " %{y}<br>cosine %{z}<extra></extra>");
    matrix.put("x", labels);
    matrix.put("y", labels);
    // the colours stand in the layout, which a narrow page can change
    List.of("zmin", "zmax", "colorscale", "showscale").forEach(matrix::remove);
    matrix.put("coloraxis", "coloraxis");
    List<Map<String, Object>> traces = new ArrayList<>(List.of(matrix, profile()));
    CosineMatrix.Ringing ringing = cosines.ringing();
    traces.add(
        mark(text("trough", ringing.trough()), ringing.troughLag(), ringing.trough(), "bottom"));
    if (rises(ringing)) {
      traces.add(
          mark(
              text("rises by", ringing.rise()),
              ringing.peakLag(),
              ringing.trough() + ringing.rise(),
              "top"));
    }
    return Figure.of(description(ringing), traces, layout())
        .withTitle(title)
        .withNarrow(
            Map.of(
                "height",
                720,
                "xaxis",
                Map.of("domain", List.of(0, 0.85)),
                "yaxis",
                Map.of("domain", List.of(0.56, 1)),
                "xaxis2",
                Map.of("domain", List.of(0, 1)),
                "yaxis2",
                Map.of("domain", List.of(0, 0.4)),
                "coloraxis",
                Map.of("colorbar", Map.of("x", 0.87, "y", 0.78, "len", 0.46)),
                "margin",
                Map.of("l", 55, "r", 10)));
  }

  /** Whether it rises by what two decimals show; along a line rounding makes it rise as well. */
  private static boolean rises(CosineMatrix.Ringing ringing) {
    return ringing.rise() >= 0.005;
  }

  private Map<String, Object> profile() {
    double[] values = cosines.profile().toDoubleVector();
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "lines");
    trace.put("xaxis", "x2");
    trace.put("yaxis", "y2");
    trace.put("x", IntStream.range(0, values.length).boxed().toList());
    trace.put("y", Digits.fixed(values, 4));
    trace.put("line", Map.of("color", HouseStyle.TRAIN, "width", 2.5));
    trace.put("showlegend", false);
    trace.put("hovertemplate", "%{x} apart: %{y:.3f}<extra></extra>");
    return trace;
  }

  private static String text(String name, double value) {
    return String.format(Locale.ROOT, "%s %.2f", name, value);
  }

  private Map<String, Object> mark(String text, int lag, double value, String side) {
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "markers+text");
    trace.put("xaxis", "x2");
    trace.put("yaxis", "y2");
    trace.put("x", List.of(lag));
    trace.put("y", List.of(Digits.significant(value, 4)));
    trace.put("text", List.of(text));
    // a mark at the right border has its text at its left
    trace.put(
        "textposition", side + (lag > 0.65 * cosines.profile().length() ? " left" : " center"));
    trace.put("cliponaxis", false);
    trace.put("marker", Map.of("color", HouseStyle.TEST, "size", 9));
    trace.put("showlegend", false);
    trace.put("hoverinfo", "skip");
    return trace;
  }

  private Map<String, Object> layout() {
    Map<String, Object> layout = new LinkedHashMap<>();
    layout.put("height", 470);
    layout.put("margin", Map.of("t", 80));
    layout.put(
        "coloraxis",
        Map.of(
            "cmin",
            -1,
            "cmax",
            1,
            "colorscale",
            HouseStyle.DIVERGING,
            "colorbar",
            Map.of("x", 0.46, "y", 0.5, "thickness", 12, "outlinewidth", 0, "len", 0.9)));
    layout.put(
        "xaxis",
        Map.of(
            "title",
            Map.of("text", what),
            "domain",
            List.of(0, 0.45),
            "showgrid",
            false,
            "constrain",
            "domain"));
    layout.put(
        "yaxis",
        Map.of(
            "title",
            Map.of("text", what),
            "scaleanchor",
            "x",
            "constrain",
            "domain",
            "showgrid",
            false));
    layout.put(
        "xaxis2",
        Map.of(
            "title",
            Map.of("text", "how far apart"),
            "domain",
            List.of(0.66, 1),
            "anchor",
            "y2",
            "rangemode",
            "tozero"));
    layout.put(
        "yaxis2",
        Map.of(
            "title",
            Map.of("text", "mean cosine", "standoff", 4),
            "range",
            List.of(-1.1, 1.1),
            "zeroline",
            true,
            "zerolinecolor",
            "#BBBBBB",
            "anchor",
            "x2"));
    return layout;
  }

  private String description(CosineMatrix.Ringing ringing) {
    return String.format(
        Locale.ROOT,
        "cosines of the means of %d labels, %s %d to %d: on average they fall to %.2f at %d apart%s",
        labels.size(),
        what,
        labels.get(0),
        labels.get(labels.size() - 1),
        ringing.trough(),
        ringing.troughLag(),
        rises(ringing)
            ? String.format(
                Locale.ROOT, " and rise by %.2f again, at %d", ringing.rise(), ringing.peakLag())
            : " and do not rise again");
  }
}
