package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.fourier.Spectrum;
import org.grokscope.probe.AllPairs;
import org.grokscope.probe.KeyFrequencies;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A slider over the checkpoints of a training. At one side the Fourier spectrum of the embedding,
 * which sharpens; at the other the tokens in the plane of one key frequency, where their circle
 * forms. It needs no kernel, only a page.
 *
 * <p>How to read the circle: a line leads through the tokens in the order of their angle in the
 * clock of that frequency, 2πkt/p, and the colour is that angle. Before the model understands, the
 * line is a tangle; at the end it is a circle in rainbow order. Tokens 0, 1 and 2 are named: adding
 * 1 turns by 2πk/p. The axes stay the same over all checkpoints.
 *
 * <p>Of more than {@value #MOST_FRAMES} checkpoints those are drawn between which the spectrum
 * changes: half of them spread over the checkpoints, half over the path of the spectrum. The first
 * and the last always stay.
 *
 * @param epochs one a checkpoint, ascending
 * @param norms (checkpoints, m): the length of both rows of a frequency 1 … m together
 * @param coordinates (checkpoints, p, 2): each token's embedding along the cosine and the sine
 *     direction of {@code frequency}; take the same two directions for all checkpoints, since each
 *     checkpoint's own ones look like a circle already in random numbers
 * @param frequency of the circle, one of the keys
 * @param keys the frequencies that stand out in the spectrum
 */
public record CheckpointSlider(
    List<Long> epochs, INDArray norms, INDArray coordinates, int frequency, List<Integer> keys)
    implements Chart {
  private static final String OPERATION = "checkpoint slider";

  /** So many positions of the slider at the most. */
  static final int MOST_FRAMES = 40;

  private static final List<Integer> NAMED_TOKENS = List.of(0, 1, 2);

  /**
   * @throws IllegalArgumentException if the shapes do not agree, epochs do not ascend, a key is not
   *     in 1 … m, or the circle's frequency is no key
   */
  public CheckpointSlider {
    epochs = List.copyOf(epochs);
    int n = epochs.size();
    Inputs.ascending(OPERATION, "epoch", epochs);
    if (n < 2) {
      throw new IllegalArgumentException(
          OPERATION + ": got " + n + " checkpoints, expected at least two to slide between");
    }
    Inputs.shape(OPERATION, "norms", norms, n, Inputs.ANY);
    Inputs.shape(OPERATION, "coordinates", coordinates, n, Inputs.ANY, 2);
    if (coordinates.size(1) < NAMED_TOKENS.size()) {
      throw new IllegalArgumentException(
          OPERATION + ": got " + coordinates.size(1) + " tokens, expected at least three");
    }
    Inputs.frequencies(OPERATION, keys, norms.size(1));
    if (!keys.contains(frequency)) {
      throw new IllegalArgumentException(
          OPERATION
              + ": got the circle of frequency "
              + frequency
              + ", expected one of the keys "
              + keys);
    }
    norms = norms.dup();
    coordinates = coordinates.dup();
    keys = keys.stream().sorted().toList();
  }

  /**
   * The embeddings of some checkpoints of one run, seen along the two directions that the last of
   * them has for a frequency: the cosine and the sine row of F·W_E, made orthonormal.
   *
   * @param checkpoints by ascending epoch
   * @param frequency of the circle, one of the keys
   */
  public static CheckpointSlider of(
      List<Checkpoint> checkpoints, KeyFrequencies keys, int frequency) {
    List<INDArray> embeddings =
        checkpoints.stream().map(checkpoint -> AllPairs.of(checkpoint).embedding()).toList();
    INDArray plane = KeyPlane.of(embeddings.get(embeddings.size() - 1), frequency);
    int frequencies = (keys.p() - 1) / 2;
    INDArray norms = Nd4j.zeros(DataType.DOUBLE, checkpoints.size(), frequencies);
    INDArray coordinates = Nd4j.zeros(DataType.DOUBLE, checkpoints.size(), keys.p(), 2);
    for (int i = 0; i < checkpoints.size(); i++) {
      Spectrum spectrum = Spectrum.of(embeddings.get(i));
      for (int k = 1; k <= frequencies; k++) {
        norms.putScalar(i, k - 1, spectrum.norm(k));
      }
      coordinates.get(NDArrayIndex.point(i)).assign(embeddings.get(i).mmul(plane));
    }
    List<Long> epochs =
        checkpoints.stream().map(checkpoint -> checkpoint.epoch().orElseThrow()).toList();
    return new CheckpointSlider(epochs, norms, coordinates, frequency, keys.frequencies());
  }

  @Override
  public Figure figure() {
    List<Integer> shown = shown();
    double height = Digits.significant(1.1 * largest(norms), 4);
    double reach = 1.15 * largest(coordinates);
    List<Integer> others = frequencies(k -> !keys.contains(k));
    Attributes plane =
        Attributes.of("range", List.of(-reach, reach)).set("constrain", "domain").set("nticks", 6);
    return Figure.declare("From noise to a clock", description())
        .moving(bars("others", others, HouseStyle.CONTEXT), i -> lengths(shown.get(i), others))
        .moving(keyBars(), i -> lengths(shown.get(i), keys))
        .moving(circle(), i -> places(shown.get(i), order()))
        .moving(named(), i -> places(shown.get(i), NAMED_TOKENS))
        .slider(Slider.ofEpochs(shown.stream().map(epochs::get).toList()))
        .set("height", 615)
        .set("margin", Map.of("t", 110, "b", 175))
        .set("barmode", "overlay")
        .set("bargap", 0.15)
        .set("xaxis.title.text", "frequency k")
        .set("xaxis.domain", List.of(0, 0.52))
        .set("xaxis.range", List.of(0.2, norms.size(1) + 0.8))
        .set("xaxis.showgrid", false)
        .set("yaxis.title.text", "length in the embedding")
        .set("yaxis.range", List.of(0, height))
        .set("xaxis2", plane)
        .set("xaxis2.title.text", "along cos of k = " + frequency)
        .set("xaxis2.domain", List.of(0.62, 1))
        .set("xaxis2.anchor", "y2")
        .set("yaxis2", plane)
        .set("yaxis2.title", Map.of("text", "along sin", "standoff", 4))
        .set("yaxis2.anchor", "x2")
        .set("yaxis2.scaleanchor", "x2")
        // on a phone, one above the other
        .narrow("height", 830)
        .narrow("margin", HouseStyle.narrowMargin(1))
        .stacked(0.66, 0.5)
        .figure();
  }

  /** The checkpoints that are drawn, as indices. */
  private List<Integer> shown() {
    int n = epochs.size();
    double[] path = new double[n];
    for (int i = 1; i < n; i++) {
      double step = norms.getRow(i).distance2(norms.getRow(i - 1));
      path[i] = path[i - 1] + (Double.isFinite(step) ? step : 0);
    }
    return EvenSteps.along(path, 0.5, MOST_FRAMES);
  }

  private static Attributes bars(String name, List<Integer> frequencies, String colour) {
    return Attributes.bars()
        .set("name", name)
        .set("x", frequencies)
        .set("width", 0.85)
        .set("marker.color", colour)
        .set("hovertemplate", "k = %{x}<br>%{y:.4g}<extra></extra>");
  }

  private Attributes keyBars() {
    return bars("key frequencies", keys, HouseStyle.TRAIN)
        .set("text", keys.stream().map(String::valueOf).toList())
        .set("textposition", "outside")
        .set("textfont", Map.of("size", 13, "color", HouseStyle.TRAIN))
        .set("constraintext", "none")
        .set("cliponaxis", false);
  }

  private List<Integer> frequencies(IntPredicate drawn) {
    return IntStream.rangeClosed(1, (int) norms.size(1)).filter(drawn).boxed().toList();
  }

  private Attributes lengths(int index, List<Integer> frequencies) {
    double[] lengths =
        frequencies.stream().mapToDouble(k -> norms.getDouble(index, k - 1)).toArray();
    return Attributes.of("y", Digits.significant(lengths, 4));
  }

  /** The tokens in the order of their angle, the first one again at the end. */
  private List<Integer> order() {
    int p = (int) coordinates.size(1);
    List<Integer> order =
        new ArrayList<>(
            IntStream.range(0, p)
                .boxed()
                .sorted(Comparator.comparingLong(token -> (long) frequency * token % p))
                .toList());
    order.add(order.get(0));
    return order;
  }

  private Attributes places(int index, List<Integer> tokens) {
    return Attributes.none().xy(along(index, 0, tokens), along(index, 1, tokens));
  }

  private List<Number> along(int index, int direction, List<Integer> tokens) {
    return Digits.significant(
        tokens.stream().mapToDouble(t -> coordinates.getDouble(index, t, direction)).toArray(), 4);
  }

  private Attributes circle() {
    int p = (int) coordinates.size(1);
    List<Integer> order = order();
    return Attributes.scatter("lines+markers")
        .on(1)
        .set("name", "tokens")
        .set("showlegend", false)
        .set("customdata", order)
        .set("line", Map.of("color", HouseStyle.PALE, "width", 1))
        .set("marker.size", 9)
        .set("marker.color", order.stream().map(token -> (long) frequency * token % p).toList())
        .set("marker.cmin", 0)
        .set("marker.cmax", p)
        .set("marker.colorscale", HouseStyle.CYCLIC)
        .set("marker.line", Map.of("color", "#FFFFFF", "width", 1))
        .set("hovertemplate", "token %{customdata}<br>cos %{x:.3g}, sin %{y:.3g}<extra></extra>");
  }

  /** The first tokens, by their number. */
  private static Attributes named() {
    return Attributes.scatter("markers+text")
        .on(1)
        .set("showlegend", false)
        .set("text", NAMED_TOKENS.stream().map(token -> "<b>" + token + "</b>").toList())
        .set("textposition", "middle center")
        .set("textfont", Map.of("size", 12, "color", HouseStyle.INK))
        .set("marker.size", 18)
        .set("marker.color", "#FFFFFF")
        .set("marker.line", Map.of("color", HouseStyle.INK, "width", 1.5))
        .set("hoverinfo", "skip");
  }

  private static double largest(INDArray values) {
    double[] all = values.ravel().toDoubleVector();
    double most = Arrays.stream(all).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    return most > 0 ? most : 1;
  }

  private String description() {
    int last = epochs.size() - 1;
    return Digits.text(
        "a slider from epoch %,d to %,d: the key frequencies hold %.0f %% of the embedding's energy"
            + " at its beginning and %.0f %% at its end, where the tokens' distance from the centre"
            + " of the circle of frequency %d is %.3g with a spread of %.0f %%",
        epochs.get(0),
        epochs.get(last),
        100 * share(0),
        100 * share(last),
        frequency,
        radius(last)[0],
        100 * radius(last)[1] / radius(last)[0]);
  }

  private double share(int index) {
    double key = 0;
    double all = 0;
    for (int k = 1; k <= norms.size(1); k++) {
      double energy = Math.pow(norms.getDouble(index, k - 1), 2);
      all += energy;
      key += keys.contains(k) ? energy : 0;
    }
    return key / all;
  }

  /** Mean and standard deviation of the distances from the tokens' centre. */
  private double[] radius(int index) {
    INDArray points = coordinates.slice(index); // (p, 2)
    INDArray distances = points.subRowVector(points.mean(0)).norm2(1);
    return new double[] {
      distances.meanNumber().doubleValue(), distances.stdNumber(false).doubleValue()
    };
  }
}
