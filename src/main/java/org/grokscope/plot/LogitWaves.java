package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The interference that finds the answer of one question a + b: for each frequency the wave α cos
 * w<sub>k</sub>(a + b − c) over all answers c, and their sum.
 *
 * <p>How to read it: at the right answer every wave is at its crest, so the sum towers there; at
 * any other answer some waves are up and some are down, and they cancel. Dots are the answers;
 * between them the waves are drawn through to be seen as waves.
 *
 * @param p the number of answers, odd
 * @param a the first number, 0 … p−1
 * @param b the second number, 0 … p−1
 * @param frequencies 1 to 8 of 1 … (p−1)/2
 * @param amplitudes α of each, in logits
 * @param logits (p) what a model says to this question, drawn beside the sum without its mean over
 *     c; or empty
 */
public record LogitWaves(
    int p,
    int a,
    int b,
    List<Integer> frequencies,
    List<Double> amplitudes,
    Optional<INDArray> logits)
    implements Chart {
  private static final String OPERATION = "logit waves";
  private static final int MOST = 8;

  /** Pixels: of a wave's strip with its title, and of the sum. */
  private static final int STRIP = 74;

  private static final int SUM = 260;
  private static final int MARGINS = 190;
  private static final int TOP = 116; // of these, above the strips
  private static final int LEGEND_ROW = 24;

  /** Points between two answers. */
  private static final int FINE = 6;

  /**
   * @throws IllegalArgumentException if p is even or below 3, a number is out of range, there are
   *     not 1 to 8 different frequencies with an amplitude each, or the logits are not p
   */
  public LogitWaves {
    if (p < 3 || p % 2 == 0) {
      throw new IllegalArgumentException(
          OPERATION + ": got p = " + p + ", expected an odd number from 3");
    }
    if (a < 0 || a >= p || b < 0 || b >= p) {
      throw new IllegalArgumentException(
          OPERATION + ": got " + a + " + " + b + ", expected numbers from 0 to " + (p - 1));
    }
    frequencies = List.copyOf(frequencies);
    amplitudes = List.copyOf(amplitudes);
    Inputs.count(OPERATION, "frequencies", frequencies.size(), 1, MOST);
    Inputs.frequencies(OPERATION, frequencies, (p - 1) / 2);
    if (amplitudes.size() != frequencies.size()
        || !amplitudes.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          OPERATION
              + ": got the amplitudes "
              + amplitudes
              + ", expected a finite one for each of the frequencies "
              + frequencies);
    }
    if (logits.isPresent()) {
      Inputs.shape(OPERATION, "logits", logits.get(), p);
    }
    logits = logits.map(INDArray::dup);
  }

  /** The waves of some frequencies at the question a + b. */
  public static LogitWaves of(
      int p, int a, int b, List<Integer> frequencies, List<Double> amplitudes) {
    return new LogitWaves(p, a, b, frequencies, amplitudes, Optional.empty());
  }

  /** The same beside what a model says to the question. */
  public LogitWaves withLogits(INDArray model) {
    return new LogitWaves(p, a, b, frequencies, amplitudes, Optional.of(model));
  }

  private int answer() {
    return (a + b) % p;
  }

  private double wave(int index, double c) {
    double angle = 2 * Math.PI * frequencies.get(index) * (a + b - c) / p;
    return amplitudes.get(index) * Math.cos(angle);
  }

  private double[] sum() {
    return IntStream.range(0, p)
        .mapToDouble(c -> IntStream.range(0, frequencies.size()).mapToDouble(i -> wave(i, c)).sum())
        .toArray();
  }

  @Override
  public Figure figure() {
    String sum = a + " + " + b + " ≡ " + answer() + " mod " + p;
    Declaration figure = Figure.declare("Waves that agree on " + sum, description());
    List<Attributes> titles = new ArrayList<>();
    titles.add(PanelPairs.title(0, "<b>their sum</b>"));
    for (int i = 0; i < frequencies.size(); i++) {
      figure.trace(line(i)).trace(dots(i));
      String wave = Digits.text("k = %d, α = %.3g", frequencies.get(i), amplitudes.get(i));
      titles.add(PanelPairs.title(i + 1, wave));
    }
    // the sum has the first axes, since it names the answers for all panels
    titles.forEach(title -> title.set("xref", "x domain"));
    figure
        .trace(bars("sum at the other answers", false))
        .trace(bars("at the right answer, " + answer(), true));
    logits.ifPresent(model -> figure.trace(model(model)));
    return strips(figure)
        .set("annotations", titles)
        .set("shapes", List.of(crest()))
        .narrow("margin", HouseStyle.narrowMargin(logits.isPresent() ? 3 : 2))
        .narrow("title.text", sum)
        .figure();
  }

  /** A line through all panels at the right answer, behind everything. */
  private Attributes crest() {
    return Attributes.of("type", "line")
        .set("layer", "below")
        .set("x0", answer())
        .set("x1", answer())
        .set("yref", "paper")
        .set("y0", 0)
        .set("y1", 1)
        .set("line", Map.of("dash", "dash", "width", 1.5, "color", HouseStyle.TEST));
  }

  private Attributes line(int index) {
    double[] y = new double[(p - 1) * FINE + 1];
    for (int i = 0; i < y.length; i++) {
      y[i] = wave(index, (double) i / FINE);
    }
    return strip(index, "lines")
        .set("x0", 0)
        .set("dx", 1.0 / FINE)
        .set("y", Digits.fixed(y, 3))
        .set("line", Map.of("color", colour(index), "width", 1))
        .set("opacity", 0.6)
        .set("hoverinfo", "skip");
  }

  private Attributes dots(int index) {
    double[] y = IntStream.range(0, p).mapToDouble(c -> wave(index, c)).toArray();
    return strip(index, "markers")
        .set("y", Digits.fixed(y, 4))
        .set("marker", Map.of("color", colour(index), "size", 4))
        .set(
            "hovertemplate",
            "k = " + frequencies.get(index) + "<br>c = %{x}: %{y:.3g}<extra></extra>");
  }

  private static Attributes strip(int index, String mode) {
    return Attributes.scatter(mode).on(index + 1).set("xaxis", "x").set("showlegend", false);
  }

  private static String colour(int index) {
    return index % 2 == 0 ? HouseStyle.TRAIN : HouseStyle.COLOURS.get(0);
  }

  private Attributes bars(String name, boolean right) {
    double[] sum = sum();
    List<Integer> answers =
        IntStream.range(0, p).filter(c -> (c == answer()) == right).boxed().toList();
    double[] heights = answers.stream().mapToDouble(c -> sum[c]).toArray();
    return Attributes.bars()
        .set("name", name)
        .xy(answers, Digits.fixed(heights, 4))
        .set("marker.color", right ? HouseStyle.TEST : HouseStyle.CONTEXT)
        .set("hovertemplate", "c = %{x}<br>sum %{y:.4g}<extra></extra>");
  }

  private static Attributes model(INDArray said) {
    return Attributes.scatter("markers")
        .set("name", "the model's logits, less their mean")
        .set("y", Digits.fixed(centred(said), 4))
        .set("marker", Map.of("color", "#000000", "size", 4, "symbol", "circle"))
        .set("hovertemplate", "c = %{x}<br>model %{y:.4g}<extra></extra>");
  }

  private static double[] centred(INDArray logits) {
    return logits.sub(logits.meanNumber()).toDoubleVector();
  }

  /** The sum below and a strip a wave above it. */
  private Declaration strips(Declaration figure) {
    int strips = frequencies.size();
    double height = strips * STRIP + SUM;
    double reach = 1.15 * amplitudes.stream().mapToDouble(Math::abs).max().orElse(1);
    int second = logits.isPresent() ? LEGEND_ROW : 0; // of the legend
    figure
        .set("height", (int) height + MARGINS + second)
        .set("margin.t", TOP + second)
        .set("barmode", "overlay")
        .set("bargap", 0.25)
        .set("legend.y", 1 + 30 / height)
        .set("xaxis.title.text", "answer c")
        .set("xaxis.range", List.of(-0.8, p - 0.2))
        .set("xaxis.showgrid", false)
        .set("yaxis.title.text", "logit")
        .set("yaxis.domain", domain(0, (SUM - 30) / height));
    for (int i = 0; i < strips; i++) {
      double top = 1 - i * STRIP / height;
      figure.set(
          PanelPairs.axis("y", i + 1),
          Attributes.of("domain", domain(top - (STRIP - 22) / height, top))
              .set("range", List.of(-reach, reach))
              .set("zeroline", true)
              .set("zerolinecolor", "#E5E5E5")
              .set("showgrid", false)
              .set("nticks", 3)
              .set("tickfont.size", 11));
    }
    return figure;
  }

  private static List<Double> domain(double bottom, double top) {
    return List.of(Digits.significant(bottom, 5), Digits.significant(top, 5));
  }

  private String description() {
    double[] sum = sum();
    String said =
        logits
            .map(model -> Digits.text("; the model's own lead is %.3g", lead(centred(model))))
            .orElse("");
    return Digits.text(
        "%d waves over the answers to %d + %d mod %d add up to %.3g at the right answer %d, which is"
            + " %.3g more than at any other%s",
        frequencies.size(), a, b, p, sum[answer()], answer(), lead(sum), said);
  }

  /** By how much the right answer exceeds the best other one. */
  private double lead(double[] values) {
    double best =
        IntStream.range(0, p)
            .filter(c -> c != answer())
            .mapToDouble(c -> values[c])
            .max()
            .orElseThrow();
    return values[answer()] - best;
  }
}
