package org.grokscope.plot;

import java.util.Arrays;
import java.util.List;
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
    CosineMatrix.Ringing ringing = cosines.ringing();
    String hover = what + " %{x}, " + what + " %{y}<br>cosine %{z}<extra></extra>";
    Declaration figure =
        Figure.declare(title, description(ringing))
            .trace(HeatTrace.shared(cosines.values(), 3, hover).xy(labels, labels))
            .trace(profile())
            .trace(
                mark(
                    text("trough", ringing.trough()),
                    ringing.troughLag(),
                    ringing.trough(),
                    "bottom"));
    if (rises(ringing)) {
      double peak = ringing.trough() + ringing.rise();
      figure.trace(mark(text("rises by", ringing.rise()), ringing.peakLag(), peak, "top"));
    }
    return figure
        .set("height", 470)
        .set("margin.t", 80)
        .set("coloraxis.cmin", -1)
        .set("coloraxis.cmax", 1)
        .set("coloraxis.colorscale", HouseStyle.DIVERGING)
        .set("coloraxis.colorbar.x", 0.46)
        .set("coloraxis.colorbar.y", 0.5)
        .set("coloraxis.colorbar.thickness", 12)
        .set("coloraxis.colorbar.outlinewidth", 0)
        .set("coloraxis.colorbar.len", 0.9)
        .set("xaxis.title.text", what)
        .set("xaxis.domain", List.of(0, 0.45))
        .set("xaxis.showgrid", false)
        .set("xaxis.constrain", "domain")
        .set("yaxis.title.text", what)
        .set("yaxis.scaleanchor", "x")
        .set("yaxis.constrain", "domain")
        .set("yaxis.showgrid", false)
        .set("xaxis2.title.text", "how far apart")
        .set("xaxis2.domain", List.of(0.66, 1))
        .set("xaxis2.anchor", "y2")
        .set("xaxis2.rangemode", "tozero")
        .set("yaxis2.title", Map.of("text", "mean cosine", "standoff", 4))
        .set("yaxis2.range", List.of(-1.1, 1.1))
        .set("yaxis2.zeroline", true)
        .set("yaxis2.zerolinecolor", "#BBBBBB")
        .set("yaxis2.anchor", "x2")
        .narrow("height", 720)
        .stacked(0.56, 0.4)
        .narrow("xaxis.domain", List.of(0, 0.85))
        .narrow("coloraxis.colorbar", Map.of("x", 0.87, "y", 0.78, "len", 0.46))
        .narrow("margin", Map.of("l", 55, "r", 10))
        .figure();
  }

  /** Whether it rises by what two decimals show; along a line rounding makes it rise as well. */
  private static boolean rises(CosineMatrix.Ringing ringing) {
    return ringing.rise() >= 0.005;
  }

  private Attributes profile() {
    double[] values = cosines.profile().toDoubleVector();
    return Attributes.scatter("lines")
        .on(1)
        .xy(IntStream.range(0, values.length).boxed().toList(), Digits.fixed(values, 4))
        .set("line", Map.of("color", HouseStyle.TRAIN, "width", 2.5))
        .set("showlegend", false)
        .set("hovertemplate", "%{x} apart: %{y:.3f}<extra></extra>");
  }

  private static String text(String name, double value) {
    return Digits.text("%s %.2f", name, value);
  }

  private Attributes mark(String text, int lag, double value, String side) {
    // a mark at the right border has its text at its left
    String place = lag > 0.65 * cosines.profile().length() ? " left" : " center";
    return Attributes.scatter("markers+text")
        .on(1)
        .xy(List.of(lag), List.of(Digits.significant(value, 4)))
        .set("text", List.of(text))
        .set("textposition", side + place)
        .set("cliponaxis", false)
        .set("marker", Map.of("color", HouseStyle.TEST, "size", 9))
        .set("showlegend", false)
        .set("hoverinfo", "skip");
  }

  private String description(CosineMatrix.Ringing ringing) {
    return Digits.text(
        "cosines of the means of %d labels, %s %d to %d: on average they fall to %.2f at %d apart%s",
        labels.size(),
        what,
        labels.get(0),
        labels.get(labels.size() - 1),
        ringing.trough(),
        ringing.troughLag(),
        rises(ringing)
            ? Digits.text(" and rise by %.2f again, at %d", ringing.rise(), ringing.peakLag())
            : " and do not rise again");
  }
}
