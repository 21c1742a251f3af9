package org.grokscope.plot;

import java.util.Arrays;
import java.util.List;
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
    Inputs.ascending(OPERATION, "dimension", dimensions);
    for (int d : dimensions) {
      CirculantEmbedding.triangle(n, reach, d); // says what is wrong with them
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
    INDArray corners = Nd4j.createFromArray(new double[][] {{-1, -1, -1}, {1, 1, 1}});
    Declaration figure = Figure.declare("Many places, few dimensions", description());
    figure.trace(line("wanted", n / 2 + 1, HouseStyle.REFERENCE, "dot").lay(heights(wanted())));
    if (!measured.isEmpty()) {
      figure.trace(
          line(measuredName, measured.size(), HouseStyle.TEST, "solid")
              .lay(heights(measured.stream().mapToDouble(Double::doubleValue).toArray())));
    }
    List<Integer> places = IntStream.rangeClosed(0, n).boxed().toList();
    int lags = (int) embedding(active).similarity().length();
    return figure
        .moving(
            line("best embedding", lags, HouseStyle.TRAIN, "solid"),
            i -> heights(embedding(i).similarity().toDoubleVector()))
        .moving(marks(), i -> markPlaces(embedding(i)))
        .moving(Scene.curve(0, "place", places), i -> Scene.coordinates(ring(embedding(i))))
        .slider(Slider.of("dimensions: ", dimensions, active, 700))
        .set("height", 600)
        .set("margin", Map.of("t", 110, "b", 165))
        .set("xaxis.title.text", "how far apart")
        .set("xaxis.domain", List.of(0, 0.5))
        .set("xaxis.range", List.of(0, n / 2))
        .set("yaxis.title.text", "similarity")
        .set("yaxis.range", List.of(-1.15, 1.1))
        .set("yaxis.zeroline", true)
        .set("yaxis.zerolinecolor", "#BBBBBB")
        .set("scene", Scene.space(List.of("1st", "2nd", "3rd"), corners, 0.54, 1))
        .narrow("height", 860)
        .narrow("margin", HouseStyle.narrowMargin(measured.isEmpty() ? 2 : 3))
        .narrow("xaxis.domain", List.of(0, 1))
        .narrow("yaxis.domain", List.of(0.62, 1))
        .narrow("scene.domain", Scene.domain(0, 1, 0, 0.5))
        .figure();
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

  private static Attributes line(String name, int lags, String colour, String dash) {
    return Attributes.scatter("lines")
        .set("name", name)
        .set("x", IntStream.range(0, lags).boxed().toList())
        .set("line", Map.of("color", colour, "dash", dash, "width", 2.5))
        .set("hovertemplate", "%{x} apart: %{y:.3f}<extra></extra>");
  }

  private static Attributes heights(double[] values) {
    return Attributes.of("y", Digits.fixed(values, 4));
  }

  /** Where the similarity has fallen to a half, and where it is lowest before it rises again. */
  private static Attributes marks() {
    return Attributes.scatter("markers+text")
        .set("textposition", List.of("middle right", "bottom center"))
        .set("cliponaxis", false)
        .set("marker", Map.of("color", HouseStyle.INK, "size", 8))
        .set("showlegend", false)
        .set("hoverinfo", "skip");
  }

  private static Attributes markPlaces(CirculantEmbedding embedding) {
    int half = embedding.halfWidth();
    double[] heights = {embedding.similarity().getDouble(half), embedding.trough()};
    return Attributes.none()
        .xy(List.of(half, embedding.troughLag()), Digits.fixed(heights, 4))
        .set("text", List.of(" half at " + half, Digits.text("trough %.2f", embedding.trough())));
  }

  private String description() {
    CirculantEmbedding least = embedding(0);
    CirculantEmbedding most = embedding(dimensions.size() - 1);
    return Digits.text(
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
