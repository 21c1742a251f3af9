package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.grokscope.geometry.CirculantEmbedding;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Capacity against resolution, without any training: a slider over the dimensions that n places on
 * a ring may use. At one side how alike two places are by their distance, beside what is wanted; at
 * the other the places along the first three dimensions.
 *
 * <p>How to read it: with two dimensions the places are a circle, and far ones are as alike as they
 * can be unlike; every further pair of dimensions makes the peak narrower and the trough and the
 * rebound after it flatter.
 *
 * @param n places
 * @param reach lags that should be alike
 * @param dimensions one a position of the slider, ascending, even
 * @param measured what to compare with: a similarity by lag, or empty
 * @param measuredName its name in the legend
 */
public record EmbeddingSlider(
    int n, int reach, List<Integer> dimensions, List<Double> measured, String measuredName)
    implements Chart {
  private static final String OPERATION = "embedding slider";

  /**
   * @throws IllegalArgumentException if there are fewer than two positions, they do not ascend, or
   *     one is no dimension that {@link CirculantEmbedding} knows
   */
  public EmbeddingSlider {
    dimensions = List.copyOf(dimensions);
    measured = List.copyOf(measured);
    Inputs.count(OPERATION, "dimensions", dimensions.size(), 2, 40);
    for (int i = 0; i < dimensions.size(); i++) {
      if (i > 0 && dimensions.get(i - 1) >= dimensions.get(i)) {
        throw new IllegalArgumentException(
            OPERATION + ": got the dimensions " + dimensions + ", expected ascending ones");
      }
      CirculantEmbedding.triangle(n, reach, dimensions.get(i)); // says what is wrong with them
    }
  }

  /** Dimensions 2, 4 … 24 for a triangle of similarity, as in {@link CirculantEmbedding}. */
  public static EmbeddingSlider triangle(int n, int reach) {
    return new EmbeddingSlider(
        n,
        reach,
        IntStream.rangeClosed(1, 12).map(half -> 2 * half).boxed().toList(),
        List.of(),
        "");
  }

  /**
   * The same beside a measured similarity.
   *
   * @param name in the legend, such as "model"
   * @param profile by lag from 0, such as the mean cosines of a manifold
   */
  public EmbeddingSlider withMeasured(String name, INDArray profile) {
    Inputs.shape(OPERATION, "profile", profile, Inputs.ANY);
    return new EmbeddingSlider(
        n, reach, dimensions, Arrays.stream(profile.toDoubleVector()).boxed().toList(), name);
  }

  @Override
  public Figure figure() {
    int active = Math.max(0, dimensions.indexOf(6));
    List<Map<String, Object>> traces = new ArrayList<>();
    traces.add(line("wanted", wanted(), HouseStyle.REFERENCE, "dot"));
    if (!measured.isEmpty()) {
      traces.add(
          line(
              measuredName,
              measured.stream().mapToDouble(Double::doubleValue).toArray(),
              HouseStyle.TEST,
              "solid"));
    }
    CirculantEmbedding seen = embedding(active);
    int first = traces.size();
    traces.add(
        line("best embedding", seen.similarity().toDoubleVector(), HouseStyle.TRAIN, "solid"));
    traces.add(marks(seen));
    List<Integer> places = IntStream.rangeClosed(0, n).boxed().toList();
    traces.add(Scene.curve(0, "place", places, ring(seen)));
    List<Map<String, Object>> frames = new ArrayList<>();
    for (int i = 0; i < dimensions.size(); i++) {
      frames.add(frame(i, first));
    }
    return Figure.of(description(), traces, layout(active))
        .withTitle("Many places, few dimensions")
        .withFrames(frames)
        .withNarrow(narrow());
  }

  private CirculantEmbedding embedding(int index) {
    return CirculantEmbedding.triangle(n, reach, dimensions.get(index));
  }

  private double[] wanted() {
    return IntStream.rangeClosed(0, n / 2)
        .mapToDouble(lag -> Math.max(0, 1 - lag / (reach + 1.0)))
        .toArray();
  }

  /** The places along the first three dimensions, the first again at the end, (n + 1, 3). */
  private INDArray ring(CirculantEmbedding embedding) {
    INDArray points = embedding.points();
    int known = (int) Math.min(3, points.size(1));
    INDArray ring = Nd4j.zeros(DataType.DOUBLE, n + 1, 3);
    INDArray part = points.get(NDArrayIndex.all(), NDArrayIndex.interval(0, known));
    ring.get(NDArrayIndex.interval(0, n), NDArrayIndex.interval(0, known)).assign(part);
    for (int j = 0; j < known; j++) {
      ring.putScalar(n, j, points.getDouble(0, j));
    }
    return ring;
  }

  private static Map<String, Object> line(
      String name, double[] values, String colour, String dash) {
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "lines");
    trace.put("name", name);
    trace.put("x", IntStream.range(0, values.length).boxed().toList());
    trace.put("y", Digits.fixed(values, 4));
    trace.put("line", Map.of("color", colour, "dash", dash, "width", 2.5));
    trace.put("hovertemplate", "%{x} apart: %{y:.3f}<extra></extra>");
    return trace;
  }

  /** Where the similarity has fallen to a half, and where it is lowest before it rises again. */
  private Map<String, Object> marks(CirculantEmbedding embedding) {
    Map<String, Object> trace = new LinkedHashMap<>(markPlaces(embedding));
    trace.put("type", "scatter");
    trace.put("mode", "markers+text");
    trace.put("textposition", List.of("middle right", "bottom center"));
    trace.put("cliponaxis", false);
    trace.put("marker", Map.of("color", HouseStyle.INK, "size", 8));
    trace.put("showlegend", false);
    trace.put("hoverinfo", "skip");
    return trace;
  }

  private static Map<String, Object> markPlaces(CirculantEmbedding embedding) {
    int half = embedding.halfWidth();
    double atHalf = embedding.similarity().getDouble(half);
    return Map.of(
        "x",
        List.of(half, embedding.troughLag()),
        "y",
        Digits.fixed(new double[] {atHalf, embedding.trough()}, 4),
        "text",
        List.of(" half at " + half, String.format(Locale.ROOT, "trough %.2f", embedding.trough())));
  }

  private Map<String, Object> frame(int index, int first) {
    CirculantEmbedding embedding = embedding(index);
    return Map.of(
        "name",
        String.valueOf(dimensions.get(index)),
        "traces",
        List.of(first, first + 1, first + 2),
        "data",
        List.of(
            Map.of("y", Digits.fixed(embedding.similarity().toDoubleVector(), 4)),
            markPlaces(embedding),
            Scene.coordinates(ring(embedding))));
  }

  private Map<String, Object> layout(int active) {
    Map<String, Object> layout = new LinkedHashMap<>();
    layout.put("height", 600);
    layout.put("margin", Map.of("t", 110, "b", 165));
    layout.put(
        "xaxis",
        Map.of(
            "title",
            Map.of("text", "how far apart"),
            "domain",
            List.of(0, 0.5),
            "range",
            List.of(0, n / 2)));
    layout.put(
        "yaxis",
        Map.of(
            "title",
            Map.of("text", "similarity"),
            "range",
            List.of(-1.15, 1.1),
            "zeroline",
            true,
            "zerolinecolor",
            "#BBBBBB"));
    INDArray corners = Nd4j.createFromArray(new double[][] {{-1, -1, -1}, {1, 1, 1}});
    layout.put("scene", Scene.space(List.of("1st", "2nd", "3rd"), corners, 0.54, 1));
    List<String> names = dimensions.stream().map(String::valueOf).toList();
    layout.put("sliders", List.of(FrameSlider.slider(names, names, "dimensions: ", active)));
    layout.put("updatemenus", List.of(FrameSlider.buttons(700)));
    return layout;
  }

  private Map<String, Object> narrow() {
    return Map.of(
        "height",
        860,
        "margin",
        HouseStyle.narrowMargin(measured.isEmpty() ? 2 : 3),
        "xaxis",
        Map.of("domain", List.of(0, 1)),
        "yaxis",
        Map.of("domain", List.of(0.62, 1)),
        "scene",
        Map.of("domain", Scene.domain(0, 1, 0, 0.5)));
  }

  private String description() {
    CirculantEmbedding least = embedding(0);
    CirculantEmbedding most = embedding(dimensions.size() - 1);
    return String.format(
        Locale.ROOT,
        "a slider from %d to %d dimensions: similarity falls to a half within %d to %d places, its"
            + " trough goes from %.2f to %.2f",
        dimensions.get(0),
        dimensions.get(dimensions.size() - 1),
        least.halfWidth(),
        most.halfWidth(),
        least.trough(),
        most.trough());
  }
}
