package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.grokscope.geometry.TuningCurves;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Features that respond at a place, as place cells do: at one side the mean response of the highest
 * of them by label, each from its minimum to its maximum and coloured by its peak; at the other the
 * width of every peak over its place.
 *
 * <p>How to read it: bumps that tile the axis are place fields; a cloud that rises to the right
 * says that they widen.
 *
 * @param title of the figure
 * @param what a label is, such as "count"
 * @param curves at least one whose response varies
 */
public record TuningChart(String title, String what, TuningCurves curves) implements Chart {
  private static final int MOST = 16;

  @Override
  public Figure figure() {
    List<TuningCurves.Peak> varied =
        curves.peaks().stream().filter(peak -> peak.height() > 0).toList();
    if (varied.isEmpty()) {
      throw new IllegalArgumentException(
          "tuning chart: got no feature whose response varies, expected at least one");
    }
    List<TuningCurves.Peak> whole =
        varied.stream()
            .filter(TuningCurves.Peak::whole)
            .sorted(Comparator.comparingInt(TuningCurves.Peak::label))
            .toList();
    List<Map<String, Object>> traces = new ArrayList<>();
    for (TuningCurves.Peak peak : highest(whole.isEmpty() ? varied : whole)) {
      traces.add(curve(peak));
    }
    traces.add(widths(whole));
    if (whole.size() >= 3) {
      traces.add(trend(whole));
    }
    return Figure.of(description(varied, whole), traces, layout())
        .withTitle(title)
        .withNarrow(
            Map.of(
                "height",
                700,
                "xaxis",
                Map.of("domain", List.of(0, 1)),
                "yaxis",
                Map.of("domain", List.of(0.58, 1)),
                "xaxis2",
                Map.of("domain", List.of(0, 1)),
                "yaxis2",
                Map.of("domain", List.of(0, 0.4)),
                "margin",
                Map.of("l", 55, "r", 10)));
  }

  /** The highest of the peaks, by their place. */
  private static List<TuningCurves.Peak> highest(List<TuningCurves.Peak> peaks) {
    return peaks.stream()
        .sorted(Comparator.comparingDouble(TuningCurves.Peak::height).reversed())
        .limit(MOST)
        .sorted(Comparator.comparingInt(TuningCurves.Peak::label))
        .toList();
  }

  private Map<String, Object> curve(TuningCurves.Peak peak) {
    int[] labels = curves.labels();
    INDArray column = curves.values().getColumn(peak.feature());
    double lowest = column.minNumber().doubleValue();
    double[] scaled = column.sub(lowest).divi(peak.height()).toDoubleVector();
    double place = (peak.label() - labels[0]) / (double) (labels[labels.length - 1] - labels[0]);
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "lines");
    trace.put("x", IntStream.of(labels).boxed().toList());
    trace.put("y", Digits.fixed(scaled, 3));
    trace.put("line", Map.of("color", OrderedColour.at(place), "width", 2));
    trace.put(
        "hovertemplate",
        "feature " + peak.feature() + "<br>" + what + " %{x}: %{y:.2f}<extra></extra>");
    return trace;
  }

  private Map<String, Object> widths(List<TuningCurves.Peak> whole) {
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "markers");
    trace.put("xaxis", "x2");
    trace.put("yaxis", "y2");
    trace.put("x", whole.stream().map(TuningCurves.Peak::label).toList());
    trace.put(
        "y", Digits.significant(whole.stream().mapToDouble(TuningCurves.Peak::width).toArray(), 4));
    trace.put("customdata", whole.stream().map(TuningCurves.Peak::feature).toList());
    trace.put(
        "marker",
        Map.of(
            "size",
            7,
            "color",
            whole.stream().map(TuningCurves.Peak::label).toList(),
            "colorscale",
            HouseStyle.ORDERED));
    trace.put("hovertemplate", "feature %{customdata}<br>peak %{x}, width %{y:.3g}<extra></extra>");
    return trace;
  }

  private Map<String, Object> trend(List<TuningCurves.Peak> whole) {
    double slope = curves.dilation().slope();
    double meanLabel = whole.stream().mapToInt(TuningCurves.Peak::label).average().orElseThrow();
    double meanWidth = whole.stream().mapToDouble(TuningCurves.Peak::width).average().orElseThrow();
    double[] ends = {whole.get(0).label(), whole.get(whole.size() - 1).label()};
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "lines");
    trace.put("xaxis", "x2");
    trace.put("yaxis", "y2");
    trace.put("x", List.of(ends[0], ends[1]));
    trace.put(
        "y",
        Double.isFinite(slope)
            ? Digits.significant(
                new double[] {
                  meanWidth + slope * (ends[0] - meanLabel),
                  meanWidth + slope * (ends[1] - meanLabel)
                },
                4)
            : List.of(meanWidth, meanWidth));
    trace.put("line", Map.of("color", HouseStyle.REFERENCE, "dash", "dash"));
    trace.put("hoverinfo", "skip");
    return trace;
  }

  private Map<String, Object> layout() {
    int[] labels = curves.labels();
    List<Integer> range = List.of(labels[0], labels[labels.length - 1]);
    Map<String, Object> layout = new LinkedHashMap<>();
    layout.put("height", 440);
    layout.put("margin", Map.of("t", 80));
    layout.put("showlegend", false);
    layout.put(
        "xaxis", Map.of("title", Map.of("text", what), "domain", List.of(0, 0.57), "range", range));
    layout.put(
        "yaxis", Map.of("title", Map.of("text", "response, 0 to 1"), "range", List.of(0, 1.03)));
    layout.put(
        "xaxis2",
        Map.of(
            "title",
            Map.of("text", what + " at the peak"),
            "domain",
            List.of(0.69, 1),
            "range",
            range,
            "anchor",
            "y2"));
    layout.put(
        "yaxis2",
        Map.of(
            "title",
            Map.of("text", "width at half height", "standoff", 4),
            "rangemode",
            "tozero",
            "anchor",
            "x2"));
    return layout;
  }

  private String description(List<TuningCurves.Peak> varied, List<TuningCurves.Peak> whole) {
    String start =
        String.format(
            Locale.ROOT,
            "responses by %s: %d features, %d with a peak that falls on both sides",
            what,
            varied.size(),
            whole.size());
    if (whole.size() < 3) {
      return start;
    }
    TuningCurves.Dilation dilation = curves.dilation();
    return start
        + String.format(
            Locale.ROOT,
            "; widths from %.1f to %.1f%s",
            whole.stream().mapToDouble(TuningCurves.Peak::width).min().orElseThrow(),
            whole.stream().mapToDouble(TuningCurves.Peak::width).max().orElseThrow(),
            Double.isNaN(dilation.rankCorrelation())
                ? ""
                : String.format(
                    Locale.ROOT, ", rank correlation with place %.2f", dilation.rankCorrelation()));
  }
}
