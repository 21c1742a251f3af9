package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.AllPairs;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * How much each head looks from "=" to one position, for every pair (a, b); and below, its mean
 * over b against the place of a in the clock of one frequency, k·a mod p.
 *
 * <p>How to read it: the map is a weave of stripes, too fine for the eye. If the head's weight is a
 * cosine of one frequency k, the points below lie on one arch of a wave once the numbers a are in
 * the order of that clock. k is the frequency that explains most of the mean's variance; the line
 * is its fit of const + cos + sin, and the share R² that it explains stands above.
 *
 * @param to the position that is looked at, in words such as "a"
 * @param weights (heads, p, p): the attention weight at [head, a, b]; 1 to 8 heads, p odd and at
 *     least 5
 */
public record AttentionPatterns(String to, INDArray weights) implements Chart {
  private static final String OPERATION = "attention patterns";
  private static final int MOST_HEADS = 8;

  /**
   * @throws IllegalArgumentException if the shape is not (heads, p, p) with 1 to 8 heads and an odd
   *     p from 5
   */
  public AttentionPatterns {
    Inputs.squares(OPERATION, "weights", weights, Inputs.ANY);
    Inputs.count(OPERATION, "heads", (int) weights.size(0), 1, MOST_HEADS);
    if (weights.size(1) < 5 || weights.size(1) % 2 == 0) {
      throw new IllegalArgumentException(
          OPERATION + ": got p = " + weights.size(1) + ", expected an odd number from 5");
    }
    weights = weights.dup();
  }

  /** How much each head of a checkpoint looks at the first number. */
  public static AttentionPatterns of(Checkpoint checkpoint) {
    AllPairs pairs = AllPairs.of(checkpoint);
    INDArray attention = pairs.attention(); // (heads, p·p, 3)
    INDArray first =
        attention.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(0)).dup('c');
    return new AttentionPatterns("a", first.reshape(attention.size(0), pairs.p(), pairs.p()));
  }

  @Override
  public Figure figure() {
    int p = (int) weights.size(1);
    int heads = (int) weights.size(0);
    Declaration figure = Figure.declare("Attention from “=” to " + to, description());
    List<Attributes> titles = new ArrayList<>();
    for (int head = 0; head < heads; head++) {
      int map = 2 * head;
      int wave = map + 1;
      INDArray pattern = weights.slice(head);
      Fit fit = Fit.best(mean(head));
      String hover = "head " + head + "<br>a %{y}, b %{x}: %{z}<extra></extra>";
      titles.add(PanelPairs.title(map, "<b>head " + head + "</b>, " + range(pattern)));
      titles.add(PanelPairs.title(wave, fit.title()));
      figure
          .trace(HeatTrace.coloured(pattern, map, hover))
          .trace(fit.line(wave))
          .trace(points(head, fit.frequency(), wave))
          .set(PanelPairs.axis("x", map), PanelPairs.indices("x", map, "b", p))
          .set(PanelPairs.axis("y", map), PanelPairs.indices("y", map, "a", p))
          .set(
              PanelPairs.axis("x", wave),
              PanelPairs.indices("x", wave, fit.frequency() + "·a mod " + p, p))
          .set(
              PanelPairs.axis("y", wave),
              Attributes.of("anchor", PanelPairs.reference("x", wave))
                  .set("range", List.of(0, 1))
                  .set("tickvals", List.of(0, 0.5, 1))
                  .set("tickfont.size", 11));
    }
    return PanelPairs.placed(figure, titles, 4, 2).set("showlegend", false).figure();
  }

  private static String range(INDArray pattern) {
    return Digits.text("%.2f–%.2f", HeatTrace.smallest(pattern), HeatTrace.largest(pattern));
  }

  /** The mean over b, for each a. */
  private double[] mean(int head) {
    return weights.slice(head).mean(1).toDoubleVector();
  }

  private Attributes points(int head, int k, int panel) {
    double[] mean = mean(head);
    int p = mean.length;
    List<Integer> tokens = IntStream.range(0, p).boxed().toList();
    return Attributes.scatter("markers")
        .on(panel)
        .xy(tokens.stream().map(a -> (long) k * a % p).toList(), Digits.fixed(mean, 4))
        .set("customdata", tokens)
        .set("marker.size", 4)
        .set("marker.color", HouseStyle.TRAIN)
        .set("hovertemplate", "a %{customdata}: %{y:.3f}<extra>head " + head + "</extra>");
  }

  private String description() {
    return "attention from '=' to "
        + to
        + ", its mean over b by a: "
        + IntStream.range(0, (int) weights.size(0))
            .mapToObj(head -> "head " + head + " " + Fit.best(mean(head)).sentence())
            .collect(Collectors.joining(", "));
  }

  /** const + c cos w_k a + s sin w_k a, fitted to numbers at a = 0 … p−1. */
  private record Fit(int p, int frequency, double constant, double c, double s, double share) {

    static Fit best(double[] values) {
      Fit best = of(values, 1);
      for (int k = 2; k <= (values.length - 1) / 2; k++) {
        Fit fit = of(values, k);
        best = fit.share > best.share ? fit : best;
      }
      return best;
    }

    private static Fit of(double[] values, int k) {
      int p = values.length;
      double constant = 0;
      double c = 0;
      double s = 0;
      double squares = 0;
      for (int a = 0; a < p; a++) {
        double angle = 2 * Math.PI * ((long) k * a % p) / p;
        constant += values[a] / p;
        c += 2 * values[a] * Math.cos(angle) / p;
        s += 2 * values[a] * Math.sin(angle) / p;
        squares += values[a] * values[a];
      }
      double variance = squares - p * constant * constant;
      double share = variance > 0 ? Math.min(1, p * (c * c + s * s) / 2 / variance) : 0;
      return new Fit(p, k, constant, c, s, share);
    }

    String title() {
      return Digits.text("k = %d, R² %.3f", frequency, share);
    }

    String sentence() {
      return Digits.text("k = %d explains %.1f %%", frequency, 100 * share);
    }

    /** One turn of the clock. */
    Attributes line(int panel) {
      double[] y = new double[p];
      for (int i = 0; i < p; i++) {
        double angle = 2 * Math.PI * i / p;
        y[i] = constant + c * Math.cos(angle) + s * Math.sin(angle);
      }
      return Attributes.scatter("lines")
          .on(panel)
          .set("y", Digits.fixed(y, 4))
          .set("line.color", HouseStyle.CONTEXT)
          .set("line.width", 1.5)
          .set("hoverinfo", "skip");
    }
  }
}
