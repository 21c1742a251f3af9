package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.AllPairs;
import org.grokscope.probe.KeyFrequencies;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A clock that adds: one dial a frequency, on which the number t stands at the angle 2πkt/p. The
 * blue hand turns to a, the vermillion one goes on by b, and every answer lights up on every dial
 * by the wave of that frequency in the logits. Below, the sum of the waves over all answers.
 *
 * <p>How to read it: on each dial many answers near the hand are bright. Only one answer is bright
 * on all of them, and there the sum towers. The slider first turns a, then adds b.
 *
 * @param a the first number, 0 … p−1
 * @param b the second number, 0 … p−1
 * @param frequencies 1 to 6 of 1 … (p−1)/2, a dial each
 * @param places (dials, p, 2): where each number stands on each dial, cosine and sine; any scale
 * @param logits (steps, p): what is said to each of {@link #steps(int, int)}
 */
public record ClockDials(int a, int b, List<Integer> frequencies, INDArray places, INDArray logits)
    implements Chart {
  private static final String OPERATION = "clock";
  private static final int MOST = 6;
  private static final int STEPS_OF_A = 3;
  private static final int STEPS_OF_B = 7;
  private static final double REACH = 1.25;
  private static final double SUM = 220; // pixels, height of the sum
  private static final double TITLE = 26; // pixels above a row of dials
  private static final double ABOVE = 112;
  private static final double BELOW = 165;
  private static final String LEGEND_A = "hand of a";

  /** Unlit to lit; both ends are seen on white and on a dark ground. */
  private static final List<List<Object>> LIGHT =
      List.of(List.of(0, HouseStyle.CONTEXT), List.of(0.5, "#E69F00"), List.of(1, HouseStyle.TEST));

  /** One question, a + b. */
  public record Sum(int a, int b) {
    @Override
    public String toString() {
      return a + " + " + b;
    }
  }

  /**
   * The questions that the slider leads through: first 0 + 0 to a + 0, then to a + b.
   *
   * @param a the first number
   * @param b the second number
   */
  public static List<Sum> steps(int a, int b) {
    List<Sum> steps = new ArrayList<>();
    for (int i = 0; i < STEPS_OF_A; i++) {
      steps.add(new Sum(Math.round((float) i * a / STEPS_OF_A), 0));
    }
    for (int i = 0; i <= STEPS_OF_B; i++) {
      steps.add(new Sum(a, Math.round((float) i * b / STEPS_OF_B)));
    }
    return steps.stream().distinct().toList();
  }

  /**
   * @throws IllegalArgumentException if a number is out of range, there is not one step at least,
   *     there are no or too many dials, or the shapes do not agree
   */
  public ClockDials {
    frequencies = List.copyOf(frequencies);
    Inputs.count(OPERATION, "frequencies", frequencies.size(), 1, MOST);
    Inputs.shape(OPERATION, "places", places, frequencies.size(), Inputs.ANY, 2);
    int p = (int) places.size(1);
    numbers(a, b, p);
    Inputs.frequencies(OPERATION, frequencies, (p - 1) / 2);
    Inputs.shape(OPERATION, "logits", logits, steps(a, b).size(), p);
    places = places.dup();
    logits = logits.dup();
  }

  private static void numbers(int a, int b, int p) {
    if (a < 0 || a >= p || b < 0 || b >= p || a + b == 0) {
      throw new IllegalArgumentException(
          String.format(
              "%s: got %d + %d, expected numbers from 0 to %d, not both 0",
              OPERATION, a, b, p - 1));
    }
  }

  /**
   * The clock in a model: dials are the planes of its keys in its embedding, lights are its logits.
   *
   * @param model trained on a + b mod p
   * @param keys its frequencies; of more than six the first six are drawn
   * @param a the first number
   * @param b the second number
   */
  public static ClockDials of(Checkpoint model, KeyFrequencies keys, int a, int b) {
    AllPairs pairs = AllPairs.of(model);
    List<Integer> dials = keys.frequencies().stream().limit(MOST).toList();
    INDArray places = Nd4j.create(DataType.DOUBLE, dials.size(), keys.p(), 2);
    INDArray embedding = pairs.embedding();
    for (int i = 0; i < dials.size(); i++) {
      places
          .get(NDArrayIndex.point(i))
          .assign(embedding.mmul(KeyPlane.of(embedding, dials.get(i))));
    }
    return new ClockDials(a, b, dials, places, asked(pairs.logits(), keys.p(), a, b));
  }

  /**
   * The clock drawn by hand: perfect circles, and given scores.
   *
   * @param p the number of numbers, odd
   * @param frequencies of the dials
   * @param scores (p·p, p) of the answers to every question, in row a·p + b
   */
  public static ClockDials byHand(int p, List<Integer> frequencies, INDArray scores, int a, int b) {
    Inputs.count(OPERATION, "frequencies", frequencies.size(), 1, MOST);
    INDArray places = Nd4j.create(DataType.DOUBLE, frequencies.size(), p, 2);
    for (int i = 0; i < frequencies.size(); i++) {
      for (int t = 0; t < p; t++) {
        double angle = 2 * Math.PI * ((long) frequencies.get(i) * t % p) / p;
        places.putScalar(new int[] {i, t, 0}, Math.cos(angle));
        places.putScalar(new int[] {i, t, 1}, Math.sin(angle));
      }
    }
    return new ClockDials(a, b, frequencies, places, asked(scores, p, a, b));
  }

  private static INDArray asked(INDArray logits, int p, int a, int b) {
    numbers(a, b, p);
    Inputs.shape(OPERATION, "logits of all questions", logits, (long) p * p, p);
    int[] rows = steps(a, b).stream().mapToInt(sum -> sum.a() * p + sum.b()).toArray();
    return logits.getRows(rows);
  }

  private int p() {
    return (int) places.size(1);
  }

  private int answer(int step) {
    Sum sum = steps(a, b).get(step);
    return (sum.a() + sum.b()) % p();
  }

  /** The part of the logits of a step that is a wave of a dial's frequency, [p]. */
  double[] wave(int dial, int step) {
    int p = p();
    double cosine = 0;
    double sine = 0;
    for (int c = 0; c < p; c++) {
      double angle = angle(dial, c);
      cosine += logits.getDouble(step, c) * Math.cos(angle) * 2 / p;
      sine += logits.getDouble(step, c) * Math.sin(angle) * 2 / p;
    }
    double along = cosine;
    double across = sine;
    return IntStream.range(0, p)
        .mapToDouble(c -> along * Math.cos(angle(dial, c)) + across * Math.sin(angle(dial, c)))
        .toArray();
  }

  private double angle(int dial, int number) {
    return 2 * Math.PI * ((long) frequencies.get(dial) * number % p()) / p();
  }

  private double[] sum(int step) {
    double[] sum = new double[p()];
    for (int dial = 0; dial < frequencies.size(); dial++) {
      double[] wave = wave(dial, step);
      Arrays.setAll(sum, c -> sum[c] + wave[c]);
    }
    return sum;
  }

  @Override
  public Figure figure() {
    int n = frequencies.size();
    List<Sum> steps = steps(a, b);
    List<String> names = steps.stream().map(Sum::toString).toList();
    Declaration figure = Figure.declare(title(), description());
    for (int i = 0; i < n; i++) {
      int dial = i;
      figure
          .moving(ticks(dial, dial + 1), step -> lights(dial, step))
          .moving(hand(dial + 1, LEGEND_A, HouseStyle.TRAIN, i == 0), step -> handOfA(dial, step))
          .moving(
              hand(dial + 1, "b is added", HouseStyle.TEST, i == 0), step -> handOfSum(dial, step));
    }
    figure
        .moving(
            bars(0, "sum of the waves", HouseStyle.CONTEXT, true).set("x", numbers()), this::others)
        .moving(bars(0, "at the right answer", HouseStyle.TEST, true), this::right)
        .slider(new Slider("", names, names, names.size() - 1, 450))
        .set("annotations", IntStream.range(0, n).mapToObj(i -> dialTitle(i, i + 1)).toList())
        .set("barmode", "overlay")
        .set("xaxis", answers())
        .set("yaxis", heights(0))
        .set("margin", Map.of("l", 60, "r", 20, "t", ABOVE, "b", BELOW))
        .layout(places(new PanelGrid(n, n, PanelPairs.WIDE, 1, 12, TITLE)))
        .narrow(places(new PanelGrid(n, Math.min(3, n), PanelPairs.NARROW, 1, 10, TITLE)))
        .narrow("margin", Map.of("l", 50, "r", 10, "t", ABOVE + 50))
        .narrow("legend.y", 1.05) // four rows between the title and those of the dials
        .still(still());
    axes(figure, n, 1);
    return figure.figure();
  }

  private String title() {
    return "A clock with "
        + frequencies.size()
        + (frequencies.size() == 1 ? " dial" : " dials")
        + " adds "
        + a
        + " and "
        + b;
  }

  /** Dials above, the sum below. */
  private static Attributes places(PanelGrid dials) {
    double whole = dials.height() + SUM + 60;
    Attributes layout = Attributes.of("height", Math.round(whole + ABOVE + BELOW));
    for (int i = 0; i < dials.panels(); i++) {
      dials.place(layout, i + 1, i, whole, 0);
    }
    return layout.set("yaxis.domain", PanelGrid.domain(0, SUM / whole));
  }

  private static void axes(Declaration figure, int dials, int first) {
    for (int panel = first; panel < first + dials; panel++) {
      figure
          .layout(Map.of(PanelPairs.axis("x", panel), PanelGrid.bare("x", panel, REACH)))
          .layout(Map.of(PanelPairs.axis("y", panel), PanelGrid.bare("y", panel, REACH)));
    }
  }

  private Attributes answers() {
    return Attributes.of("title.text", "answer c")
        .set("range", List.of(-0.8, p() - 0.2))
        .set("showgrid", false);
  }

  private Attributes heights(int first) {
    double most = 0;
    double least = 0;
    for (int step = first; step < logits.size(0); step++) {
      double[] sum = sum(step);
      most = Math.max(most, Arrays.stream(sum).max().orElse(0));
      least = Math.min(least, Arrays.stream(sum).min().orElse(0));
    }
    return Attributes.of("title.text", "sum of the waves")
        .set("range", Digits.significant(new double[] {1.08 * least, 1.08 * most}, 4))
        .set("nticks", 5)
        .set("zeroline", true)
        .set("zerolinecolor", "#BBBBBB");
  }

  private Attributes dialTitle(int dial, int panel) {
    return PanelPairs.title(panel, "k = " + frequencies.get(dial))
        .set("x", 0.5)
        .set("xanchor", "center");
  }

  /** Where the numbers stand on a dial, at a mean distance of 1. */
  private double[][] tickPlaces(int dial) {
    double[][] xy = places.slice(dial).transpose().dup('c').toDoubleMatrix();
    double radius =
        IntStream.range(0, p())
            .mapToDouble(t -> Math.hypot(xy[0][t], xy[1][t]))
            .average()
            .orElse(1);
    double scale = radius > 0 ? 1 / radius : 1;
    for (double[] row : xy) {
      Arrays.setAll(row, t -> row[t] * scale);
    }
    return xy;
  }

  private Attributes ticks(int dial, int panel) {
    double[][] xy = tickPlaces(dial);
    return Attributes.scatter("markers")
        .on(panel)
        .set("showlegend", false)
        .xy(Digits.fixed(xy[0], 3), Digits.fixed(xy[1], 3))
        .set("marker.cmin", 0)
        .set("marker.cmax", 1)
        .set("marker.colorscale", LIGHT)
        .set("marker.line.width", 0)
        .set("marker.opacity", 1)
        .set("hovertemplate", "answer %{pointNumber}: light %{marker.color}<extra></extra>");
  }

  /** Every tick's light, from 0 to 1: the wave over its amplitude, dark where it is below 0. */
  private Attributes lights(int dial, int step) {
    double[] wave = wave(dial, step);
    double crest = Arrays.stream(wave).map(Math::abs).max().orElse(0);
    double whole = crest > 0 ? crest : 1;
    List<Number> lights = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (double height : wave) {
      double light = Math.max(0, height / whole);
      lights.add(Digits.significant(Math.round(100 * light) / 100.0, 2));
      sizes.add(3 + (int) Math.round(5 * Math.pow(light, 4)));
    }
    return Attributes.of("marker.color", lights).set("marker.size", sizes);
  }

  private static Attributes hand(int panel, String name, String colour, boolean named) {
    return Attributes.scatter("lines")
        .on(panel)
        .set("name", name)
        .set("legendgroup", name)
        .set("showlegend", named)
        .set("line", Map.of("color", colour, "width", 3))
        .set("hoverinfo", "skip");
  }

  private Attributes handOfA(int dial, int step) {
    double[][] xy = tickPlaces(dial);
    int number = steps(a, b).get(step).a();
    return Attributes.none()
        .xy(
            Digits.fixed(new double[] {0, 0.85 * xy[0][number]}, 3),
            Digits.fixed(new double[] {0, 0.85 * xy[1][number]}, 3));
  }

  /** An arc from a's angle on by b's, the shorter way round, and a hand to the sum. */
  private Attributes handOfSum(int dial, int step) {
    Sum sum = steps(a, b).get(step);
    double from = angle(dial, sum.a());
    double turn = Math.IEEEremainder(angle(dial, sum.b()), 2 * Math.PI);
    int points = 13;
    double[] x = new double[points + 2];
    double[] y = new double[points + 2];
    for (int i = 0; i < points; i++) {
      double angle = from + turn * i / (points - 1);
      x[i] = 0.5 * Math.cos(angle);
      y[i] = 0.5 * Math.sin(angle);
    }
    x[points] = 0.85 * Math.cos(from + turn);
    y[points] = 0.85 * Math.sin(from + turn);
    return sum.b() == 0
        ? Attributes.none().xy(List.of(0), List.of(0))
        : Attributes.none().xy(Digits.fixed(x, 3), Digits.fixed(y, 3));
  }

  private static Attributes bars(int panel, String name, String colour, boolean named) {
    return Attributes.bars()
        .on(panel)
        .set("name", name)
        .set("showlegend", named)
        .set("marker.color", colour)
        .set("marker.line.width", 0)
        .set("hovertemplate", "answer %{x}: %{y:.3g}<extra></extra>");
  }

  private Attributes others(int step) {
    return Attributes.of("y", Digits.fixed(sum(step), 3));
  }

  private List<Integer> numbers() {
    return IntStream.range(0, p()).boxed().toList();
  }

  private Attributes right(int step) {
    int answer = answer(step);
    return Attributes.none().xy(List.of(answer), Digits.fixed(new double[] {sum(step)[answer]}, 3));
  }

  /** Three moments, one below the other: a, half of b, all of it. */
  private Chart still() {
    int last = (int) logits.size(0) - 1;
    int alone = steps(a, b).indexOf(new Sum(a, 0));
    int[] moments = {alone, (alone + last) / 2, last};
    int n = frequencies.size();
    double width = PanelPairs.WIDE;
    double dial = Math.min(130, (width - 240) / n - 8);
    double row = dial + 50;
    double whole = 3 * row - 24;
    Declaration strip = Figure.declare(title(), description());
    List<Attributes> notes = new ArrayList<>();
    for (int m = 0; m < moments.length; m++) {
      int step = moments[m];
      double top = 1 - m * row / whole;
      double bottom = top - dial / whole;
      for (int i = 0; i < n; i++) {
        int panel = m * (n + 1) + i;
        double left = i * (dial + 8) / width;
        strip
            .trace(ticks(i, panel).lay(lights(i, step)))
            .trace(hand(panel, LEGEND_A, HouseStyle.TRAIN, panel == 0).lay(handOfA(i, step)))
            .trace(hand(panel, "b is added", HouseStyle.TEST, panel == 0).lay(handOfSum(i, step)))
            .set(
                PanelPairs.axis("x", panel) + ".domain",
                PanelGrid.domain(left, left + dial / width))
            .set(PanelPairs.axis("y", panel) + ".domain", PanelGrid.domain(bottom, top));
        if (m == 0) {
          notes.add(dialTitle(i, panel));
        }
      }
      axes(strip, n, m * (n + 1));
      int panel = m * (n + 1) + n;
      notes.add(PanelPairs.title(panel, "<b>" + steps(a, b).get(step) + "</b>, mod " + p()));
      strip
          .trace(bars(panel, "", HouseStyle.CONTEXT, false).set("x", numbers()).lay(others(step)))
          .trace(bars(panel, "", HouseStyle.TEST, false).lay(right(step)))
          .layout(Map.of(PanelPairs.axis("x", panel), answers()))
          .layout(Map.of(PanelPairs.axis("y", panel), heights(alone)))
          .set(PanelPairs.axis("x", panel) + ".anchor", PanelPairs.reference("y", panel))
          .set(PanelPairs.axis("y", panel) + ".anchor", PanelPairs.reference("x", panel))
          .set(PanelPairs.axis("y", panel) + ".title.text", "")
          .set(PanelPairs.axis("x", panel) + ".title.text", m == 2 ? "answer c" : "")
          .set(
              PanelPairs.axis("x", panel) + ".domain",
              PanelGrid.domain(n * (dial + 8) / width + 0.05, 1))
          .set(PanelPairs.axis("y", panel) + ".domain", PanelGrid.domain(bottom, top));
    }
    return strip
        .set("annotations", notes)
        .set("barmode", "overlay")
        .set("margin", Map.of("l", 10, "r", 15, "t", ABOVE, "b", 60))
        .set("width", 900)
        .set("height", Math.round(whole + ABOVE + 60));
  }

  private String description() {
    int last = (int) logits.size(0) - 1;
    double[] sum = sum(last);
    int right = answer(last);
    double other =
        IntStream.range(0, p()).filter(c -> c != right).mapToDouble(c -> sum[c]).max().orElse(0);
    return Digits.text(
        "a slider that turns the hands to %d and then on by %d mod %d on %d dials, of frequencies"
            + " %s; at the end the waves of all dials together are %.3g at the right answer %d,"
            + " which is %.3g more than at any other",
        a,
        b,
        p(),
        frequencies.size(),
        frequencies.stream().map(String::valueOf).collect(Collectors.joining(", ")),
        sum[right],
        right,
        sum[right] - other);
  }
}
