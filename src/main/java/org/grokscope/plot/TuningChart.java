package org.grokscope.plot;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
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
    int[] labels = curves.labels();
    List<Integer> range = List.of(labels[0], labels[labels.length - 1]);
    Declaration figure = Figure.declare(title, description(varied, whole));
    highest(whole.isEmpty() ? varied : whole).forEach(peak -> figure.trace(curve(peak)));
    figure.trace(widths(whole));
    if (whole.size() >= 3) {
      figure.trace(trend(whole));
    }
    return figure
        .set("height", 440)
        .set("margin.t", 80)
        .set("showlegend", false)
        .set("xaxis.title.text", what)
        .set("xaxis.domain", List.of(0, 0.57))
        .set("xaxis.range", range)
        .set("yaxis.title.text", "response, 0 to 1")
        .set("yaxis.range", List.of(0, 1.03))
        .set("xaxis2.title.text", what + " at the peak")
        .set("xaxis2.domain", List.of(0.69, 1))
        .set("xaxis2.range", range)
        .set("xaxis2.anchor", "y2")
        .set("yaxis2.title", Map.of("text", "width at half height", "standoff", 4))
        .set("yaxis2.rangemode", "tozero")
        .set("yaxis2.anchor", "x2")
        .narrow("height", 700)
        .stacked(0.58, 0.4)
        .narrow("margin", Map.of("l", 55, "r", 10))
        .figure();
  }

  /** The highest of the peaks, by their place. */
  private static List<TuningCurves.Peak> highest(List<TuningCurves.Peak> peaks) {
    return peaks.stream()
        .sorted(Comparator.comparingDouble(TuningCurves.Peak::height).reversed())
        .limit(MOST)
        .sorted(Comparator.comparingInt(TuningCurves.Peak::label))
        .toList();
  }

  private Attributes curve(TuningCurves.Peak peak) {
    int[] labels = curves.labels();
    INDArray column = curves.values().getColumn(peak.feature());
    double lowest = column.minNumber().doubleValue();
    double[] scaled = column.sub(lowest).divi(peak.height()).toDoubleVector();
    double place = (peak.label() - labels[0]) / (double) (labels[labels.length - 1] - labels[0]);
    return Attributes.scatter("lines")
        .xy(IntStream.of(labels).boxed().toList(), Digits.fixed(scaled, 3))
        .set("line", Map.of("color", OrderedColour.at(place), "width", 2))
        .set(
            "hovertemplate",
            "feature " + peak.feature() + "<br>" + what + " %{x}: %{y:.2f}<extra></extra>");
  }

  private Attributes widths(List<TuningCurves.Peak> whole) {
    List<Integer> places = whole.stream().map(TuningCurves.Peak::label).toList();
    double[] widths = whole.stream().mapToDouble(TuningCurves.Peak::width).toArray();
    return Attributes.scatter("markers")
        .on(1)
        .xy(places, Digits.significant(widths, 4))
        .set("customdata", whole.stream().map(TuningCurves.Peak::feature).toList())
        .set("marker.size", 7)
        .set("marker.color", places)
        .set("marker.colorscale", HouseStyle.ORDERED)
        .set("hovertemplate", "feature %{customdata}<br>peak %{x}, width %{y:.3g}<extra></extra>");
  }

  private Attributes trend(List<TuningCurves.Peak> whole) {
    double slope = curves.dilation().slope();
    double meanLabel = whole.stream().mapToInt(TuningCurves.Peak::label).average().orElseThrow();
    double meanWidth = whole.stream().mapToDouble(TuningCurves.Peak::width).average().orElseThrow();
    double[] ends = {whole.get(0).label(), whole.get(whole.size() - 1).label()};
    double[] heights =
        DoubleStream.of(ends).map(end -> meanWidth + slope * (end - meanLabel)).toArray();
    return Attributes.scatter("lines")
        .on(1)
        .xy(
            List.of(ends[0], ends[1]),
            Double.isFinite(slope) ? Digits.significant(heights, 4) : List.of(meanWidth, meanWidth))
        .set("line", Map.of("color", HouseStyle.REFERENCE, "dash", "dash"))
        .set("hoverinfo", "skip");
  }

  private String description(List<TuningCurves.Peak> varied, List<TuningCurves.Peak> whole) {
    String start =
        Digits.text(
            "responses by %s: %d features, %d with a peak that falls on both sides",
            what, varied.size(), whole.size());
    if (whole.size() < 3) {
      return start;
    }
    TuningCurves.Dilation dilation = curves.dilation();
    return start
        + Digits.text(
            "; widths from %.1f to %.1f%s",
            whole.stream().mapToDouble(TuningCurves.Peak::width).min().orElseThrow(),
            whole.stream().mapToDouble(TuningCurves.Peak::width).max().orElseThrow(),
            Double.isNaN(dilation.rankCorrelation())
                ? ""
                : Digits.text(", rank correlation with place %.2f", dilation.rankCorrelation()));
  }
}
