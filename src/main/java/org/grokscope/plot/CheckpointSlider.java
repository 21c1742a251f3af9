package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.fourier.FourierBasis;
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
    for (int i = 1; i < n; i++) {
      if (epochs.get(i - 1) >= epochs.get(i)) {
        throw new IllegalArgumentException(
            OPERATION
                + ": got epoch "
                + epochs.get(i)
                + " after "
                + epochs.get(i - 1)
                + ", expected ascending epochs");
      }
    }
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
    INDArray plane = plane(embeddings.get(embeddings.size() - 1), frequency);
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

  /** The two directions of a frequency in an embedding (p, d), as columns (d, 2). */
  private static INDArray plane(INDArray embedding, int frequency) {
    FourierBasis basis = FourierBasis.of(Math.toIntExact(embedding.size(0)));
    INDArray waves = basis.matrix().mmul(embedding); // (p, d)
    List<Integer> rows = basis.rowsOf(frequency);
    INDArray cosine = waves.getRow(rows.get(0)).dup();
    INDArray sine = waves.getRow(rows.get(1)).dup();
    cosine.divi(cosine.norm2Number());
    sine.subi(cosine.mul(Nd4j.getBlasWrapper().dot(cosine, sine)));
    sine.divi(sine.norm2Number());
    return Nd4j.vstack(cosine.reshape(1, cosine.length()), sine.reshape(1, sine.length()))
        .transpose();
  }

  @Override
  public Figure figure() {
    List<Integer> shown = shown();
    int last = shown.get(shown.size() - 1);
    List<Map<String, ?>> traces = new ArrayList<>();
    traces.add(bars("others", last, k -> !keys.contains(k), HouseStyle.CONTEXT));
    traces.add(keyBars(last));
    traces.add(circle(last));
    traces.add(named(last));
    return Figure.of(description(), traces, layout(shown))
        .withTitle("From noise to a clock")
        .withFrames(shown.stream().map(this::frame).toList())
        .withNarrow(narrow());
  }

  /** The checkpoints that are drawn, as indices. */
  private List<Integer> shown() {
    int n = epochs.size();
    if (n <= MOST_FRAMES) {
      return IntStream.range(0, n).boxed().toList();
    }
    double[] path = new double[n];
    for (int i = 1; i < n; i++) {
      double step = norms.getRow(i).distance2(norms.getRow(i - 1));
      path[i] = path[i - 1] + (Double.isFinite(step) ? step : 0);
    }
    double whole = path[n - 1] > 0 ? path[n - 1] : 1;
    List<Integer> shown = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double place = 0.5 * i / (n - 1) + 0.5 * path[i] / whole;
      if (place >= shown.size() / (MOST_FRAMES - 1.0) || i == n - 1) {
        shown.add(i);
      }
    }
    return shown;
  }

  private Map<String, Object> bars(String name, int index, IntPredicate drawn, String colour) {
    List<Integer> frequencies = frequencies(drawn);
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "bar");
    trace.put("name", name);
    trace.put("x", frequencies);
    trace.put("y", lengths(index, frequencies));
    trace.put("width", 0.85);
    trace.put("marker", Map.of("color", colour));
    trace.put("hovertemplate", "k = %{x}<br>%{y:.4g}<extra></extra>");
    return trace;
  }

  private Map<String, Object> keyBars(int index) {
    Map<String, Object> trace = bars("key frequencies", index, keys::contains, HouseStyle.TRAIN);
    trace.put("text", keys.stream().map(String::valueOf).toList());
    trace.put("textposition", "outside");
    trace.put("textfont", Map.of("size", 13, "color", HouseStyle.TRAIN));
    trace.put("constraintext", "none");
    trace.put("cliponaxis", false);
    return trace;
  }

  private List<Integer> frequencies(IntPredicate drawn) {
    return IntStream.rangeClosed(1, (int) norms.size(1)).filter(drawn).boxed().toList();
  }

  private List<Number> lengths(int index, List<Integer> frequencies) {
    return Digits.significant(
        frequencies.stream().mapToDouble(k -> norms.getDouble(index, k - 1)).toArray(), 4);
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

  private List<Number> along(int index, int direction, List<Integer> tokens) {
    return Digits.significant(
        tokens.stream()
            .mapToDouble(token -> coordinates.getDouble(index, token, direction))
            .toArray(),
        4);
  }

  private Map<String, Object> circle(int index) {
    int p = (int) coordinates.size(1);
    List<Integer> order = order();
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("name", "tokens");
    trace.put("showlegend", false);
    trace.put("mode", "lines+markers");
    trace.put("xaxis", "x2");
    trace.put("yaxis", "y2");
    trace.put("x", along(index, 0, order));
    trace.put("y", along(index, 1, order));
    trace.put("customdata", order);
    trace.put("line", Map.of("color", "#C4C4C4", "width", 1));
    trace.put(
        "marker",
        Map.of(
            "size",
            9,
            "color",
            order.stream().map(token -> (long) frequency * token % p).toList(),
            "cmin",
            0,
            "cmax",
            p,
            "colorscale",
            HouseStyle.CYCLIC,
            "line",
            Map.of("color", "#FFFFFF", "width", 1)));
    trace.put("hovertemplate", "token %{customdata}<br>cos %{x:.3g}, sin %{y:.3g}<extra></extra>");
    return trace;
  }

  /** The first tokens, by their number. */
  private Map<String, Object> named(int index) {
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("showlegend", false);
    trace.put("mode", "markers+text");
    trace.put("xaxis", "x2");
    trace.put("yaxis", "y2");
    trace.put("x", along(index, 0, NAMED_TOKENS));
    trace.put("y", along(index, 1, NAMED_TOKENS));
    trace.put("text", NAMED_TOKENS.stream().map(token -> "<b>" + token + "</b>").toList());
    trace.put("textposition", "middle center");
    trace.put("textfont", Map.of("size", 12, "color", HouseStyle.INK));
    trace.put(
        "marker",
        Map.of(
            "size", 18, "color", "#FFFFFF", "line", Map.of("color", HouseStyle.INK, "width", 1.5)));
    trace.put("hoverinfo", "skip");
    return trace;
  }

  private Map<String, Object> frame(int index) {
    return Map.of(
        "name",
        EpochSlider.frame(epochs.get(index)),
        "traces",
        List.of(0, 1, 2, 3),
        "data",
        List.of(
            Map.of("y", lengths(index, frequencies(k -> !keys.contains(k)))),
            Map.of("y", lengths(index, frequencies(keys::contains))),
            Map.of("x", along(index, 0, order()), "y", along(index, 1, order())),
            Map.of("x", along(index, 0, NAMED_TOKENS), "y", along(index, 1, NAMED_TOKENS))));
  }

  private Map<String, Object> layout(List<Integer> shown) {
    double height = 1.1 * largest(norms);
    double reach = 1.15 * largest(coordinates);
    Map<String, Object> layout = new LinkedHashMap<>();
    layout.put("height", 615);
    layout.put("margin", Map.of("t", 110, "b", 175));
    layout.put("barmode", "overlay");
    layout.put("bargap", 0.15);
    layout.put(
        "xaxis",
        Map.of(
            "title",
            Map.of("text", "frequency k"),
            "domain",
            List.of(0, 0.52),
            "range",
            List.of(0.2, norms.size(1) + 0.8),
            "showgrid",
            false));
    layout.put(
        "yaxis",
        Map.of(
            "title",
            Map.of("text", "length in the embedding"),
            "range",
            List.of(0, Digits.significant(height, 4))));
    Map<String, Object> plane =
        Map.of("range", List.of(-reach, reach), "constrain", "domain", "nticks", 6);
    Map<String, Object> across = new LinkedHashMap<>(plane);
    across.put("title", Map.of("text", "along cos of k = " + frequency));
    across.put("domain", List.of(0.62, 1));
    across.put("anchor", "y2");
    Map<String, Object> up = new LinkedHashMap<>(plane);
    up.put("title", Map.of("text", "along sin", "standoff", 4));
    up.put("anchor", "x2");
    up.put("scaleanchor", "x2");
    layout.put("xaxis2", across);
    layout.put("yaxis2", up);
    layout.put("sliders", List.of(EpochSlider.slider(shown.stream().map(epochs::get).toList())));
    layout.put("updatemenus", List.of(EpochSlider.buttons()));
    return layout;
  }

  private static double largest(INDArray values) {
    double[] all = values.ravel().toDoubleVector();
    double most = Arrays.stream(all).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    return most > 0 ? most : 1;
  }

  /** On a phone, one above the other. */
  private static Map<String, Object> narrow() {
    return Map.of(
        "height",
        830,
        "margin",
        HouseStyle.narrowMargin(1),
        "xaxis",
        Map.of("domain", List.of(0, 1)),
        "yaxis",
        Map.of("domain", List.of(0.66, 1)),
        "xaxis2",
        Map.of("domain", List.of(0, 1)),
        "yaxis2",
        Map.of("domain", List.of(0, 0.5)));
  }

  private String description() {
    int last = epochs.size() - 1;
    return String.format(
        Locale.ROOT,
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
