package org.grokscope.plot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    List<Map<String, ?>> traces = new ArrayList<>();
    List<Map<String, Object>> titles = new ArrayList<>();
    titles.add(PanelPairs.title(0, "<b>their sum</b>"));
    for (int i = 0; i < frequencies.size(); i++) {
      traces.add(line(i));
      traces.add(dots(i));
      titles.add(
          PanelPairs.title(
              i + 1,
              String.format(
                  Locale.ROOT, "k = %d, α = %.3g", frequencies.get(i), amplitudes.get(i))));
    }
    // the sum has the first axes, since it names the answers for all panels
    for (Map<String, Object> title : titles) {
      title.put("xref", "x domain");
    }
    traces.add(bars("sum at the other answers", false));
    traces.add(bars("at the right answer, " + answer(), true));
    logits.ifPresent(model -> traces.add(model(model)));
    Map<String, Object> layout = layout();
    layout.put("annotations", titles);
    layout.put("shapes", List.of(crest()));
    return Figure.of(description(), traces, layout)
        .withTitle("Waves that agree on " + a + " + " + b + " ≡ " + answer() + " mod " + p)
        .withNarrow(
            Map.of(
                "margin", HouseStyle.narrowMargin(logits.isPresent() ? 3 : 2),
                "title", Map.of("text", a + " + " + b + " ≡ " + answer() + " mod " + p)));
  }

  /** A line through all panels at the right answer, behind everything. */
  private Map<String, Object> crest() {
    return Map.of(
        "type",
        "line",
        "layer",
        "below",
        "x0",
        answer(),
        "x1",
        answer(),
        "yref",
        "paper",
        "y0",
        0,
        "y1",
        1,
        "line",
        Map.of("dash", "dash", "width", 1.5, "color", HouseStyle.TEST));
  }

  private Map<String, Object> line(int index) {
    double[] y = new double[(p - 1) * FINE + 1];
    for (int i = 0; i < y.length; i++) {
      y[i] = wave(index, (double) i / FINE);
    }
    Map<String, Object> trace = strip(index, "lines");
    trace.put("x0", 0);
    trace.put("dx", 1.0 / FINE);
    trace.put("y", Digits.fixed(y, 3));
    trace.put("line", Map.of("color", colour(index), "width", 1));
    trace.put("opacity", 0.6);
    trace.put("hoverinfo", "skip");
    return trace;
  }

  private Map<String, Object> dots(int index) {
    Map<String, Object> trace = strip(index, "markers");
    double[] y = IntStream.range(0, p).mapToDouble(c -> wave(index, c)).toArray();
    trace.put("y", Digits.fixed(y, 4));
    trace.put("marker", Map.of("color", colour(index), "size", 4));
    trace.put(
        "hovertemplate", "k = " + frequencies.get(index) + "<br>c = %{x}: %{y:.3g}<extra></extra>");
    return trace;
  }

  private static Map<String, Object> strip(int index, String mode) {
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", mode);
    trace.put("xaxis", "x");
    trace.put("yaxis", PanelPairs.reference("y", index + 1));
    trace.put("showlegend", false);
    return trace;
  }

  private static String colour(int index) {
    return index % 2 == 0 ? HouseStyle.TRAIN : HouseStyle.COLOURS.get(0);
  }

  private Map<String, Object> bars(String name, boolean right) {
    double[] sum = sum();
    List<Integer> answers =
        IntStream.range(0, p).filter(c -> (c == answer()) == right).boxed().toList();
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "bar");
    trace.put("name", name);
    trace.put("x", answers);
    trace.put("y", Digits.fixed(answers.stream().mapToDouble(c -> sum[c]).toArray(), 4));
    trace.put("marker", Map.of("color", right ? HouseStyle.TEST : HouseStyle.CONTEXT));
    trace.put("hovertemplate", "c = %{x}<br>sum %{y:.4g}<extra></extra>");
    return trace;
  }

  private Map<String, Object> model(INDArray said) {
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "markers");
    trace.put("name", "the model's logits, less their mean");
    trace.put("y", Digits.fixed(centred(said), 4));
    trace.put("marker", Map.of("color", "#000000", "size", 4, "symbol", "circle"));
    trace.put("hovertemplate", "c = %{x}<br>model %{y:.4g}<extra></extra>");
    return trace;
  }

  private static double[] centred(INDArray logits) {
    return logits.sub(logits.meanNumber()).toDoubleVector();
  }

  private Map<String, Object> layout() {
    int strips = frequencies.size();
    double height = strips * STRIP + SUM;
    double reach = 1.15 * amplitudes.stream().mapToDouble(Math::abs).max().orElse(1);
    Map<String, Object> layout = new LinkedHashMap<>();
    int second = logits.isPresent() ? LEGEND_ROW : 0; // of the legend
    layout.put("height", (int) height + MARGINS + second);
    layout.put("margin", Map.of("t", TOP + second));
    layout.put("barmode", "overlay");
    layout.put("bargap", 0.25);
    layout.put("legend", Map.of("y", 1 + 30 / height));
    layout.put(
        "xaxis",
        Map.of(
            "title",
            Map.of("text", "answer c"),
            "range",
            List.of(-0.8, p - 0.2),
            "showgrid",
            false));
    layout.put(
        "yaxis",
        Map.of(
            "title",
            Map.of("text", "logit"),
            "domain",
            List.of(0, Digits.significant((SUM - 30) / height, 5))));
    for (int i = 0; i < strips; i++) {
      double top = 1 - i * STRIP / height;
      layout.put(
          PanelPairs.axis("y", i + 1),
          Map.of(
              "domain",
              List.of(
                  Digits.significant(top - (STRIP - 22) / height, 5), Digits.significant(top, 5)),
              "range",
              List.of(-reach, reach),
              "zeroline",
              true,
              "zerolinecolor",
              "#E5E5E5",
              "showgrid",
              false,
              "nticks",
              3,
              "tickfont",
              Map.of("size", 11)));
    }
    return layout;
  }

  private String description() {
    double[] sum = sum();
    String said =
        logits
            .map(
                model ->
                    String.format(
                        Locale.ROOT, "; the model's own lead is %.3g", lead(centred(model))))
            .orElse("");
    return String.format(
        Locale.ROOT,
        "%d waves over the answers to %d + %d mod %d add up to %.3g at the right answer %d, which is"
            + " %.3g more than at any other%s",
        frequencies.size(),
        a,
        b,
        p,
        sum[answer()],
        answer(),
        lead(sum),
        said);
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
