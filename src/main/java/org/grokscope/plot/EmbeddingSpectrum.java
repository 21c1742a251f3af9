package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.fourier.Spectrum;
import org.grokscope.probe.AllPairs;
import org.grokscope.probe.KeyFrequencies;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * How much of a matrix lies on each frequency: two bars a frequency, the lengths of its cosine row
 * and its sine row after the Fourier transform. Key frequencies stand out in blue with their number
 * above them, all others are grey.
 *
 * <p>How to read it: at initialisation all bars are about equal; a model that has understood keeps
 * a few.
 *
 * @param quantity what the bars measure, such as "length of the Fourier row of W_E"
 * @param cosine (m): the lengths of the cosine rows of the frequencies 1 … m, m = (p−1)/2
 * @param sine (m): the lengths of the sine rows
 * @param keys the frequencies that stand out, from 1 to m; may be empty
 */
public record EmbeddingSpectrum(String quantity, INDArray cosine, INDArray sine, List<Integer> keys)
    implements Chart {
  private static final String OPERATION = "embedding spectrum";

  /**
   * @throws IllegalArgumentException if the two are no vectors of one length, or a key is not in 1
   *     … m or stands there twice
   */
  public EmbeddingSpectrum {
    Inputs.shape(OPERATION, "cosine norms", cosine, Inputs.ANY);
    Inputs.shape(OPERATION, "sine norms", sine, cosine.length());
    Inputs.frequencies(OPERATION, keys, cosine.length());
    cosine = cosine.dup();
    sine = sine.dup();
    keys = keys.stream().sorted().toList();
  }

  /**
   * The spectrum of the lengths of all rows.
   *
   * @param quantity what they measure
   * @param rows (p) in the order of the orthonormal basis: const, cos 1, sin 1, cos 2, sin 2 …, of
   *     which the first is not drawn
   * @param keys the frequencies that stand out
   * @throws IllegalArgumentException if there are not 3, 5, 7 … rows
   */
  public static EmbeddingSpectrum ofRows(String quantity, INDArray rows, List<Integer> keys) {
    Inputs.shape(OPERATION, "row norms", rows, Inputs.ANY);
    if (rows.length() < 3 || rows.length() % 2 == 0) {
      throw new IllegalArgumentException(
          OPERATION
              + ": got "
              + rows.length()
              + " row norms, expected an odd number from 3: const, cos 1, sin 1 …");
    }
    return new EmbeddingSpectrum(
        quantity,
        rows.get(NDArrayIndex.interval(1, 2, rows.length())),
        rows.get(NDArrayIndex.interval(2, 2, rows.length())),
        keys);
  }

  /** The spectrum of the embedding of a checkpoint. */
  public static EmbeddingSpectrum of(Checkpoint checkpoint, KeyFrequencies keys) {
    Spectrum spectrum = Spectrum.of(AllPairs.of(checkpoint).embedding());
    return ofRows(
        "length of the Fourier row of W_E", Nd4j.create(spectrum.norms()), keys.frequencies());
  }

  @Override
  public Figure figure() {
    IntPredicate isKey = keys::contains;
    List<Attributes> traces = new ArrayList<>();
    traces.add(bars("cosine, others", cosine, isKey.negate(), HouseStyle.CONTEXT));
    traces.add(bars("sine, others", sine, isKey.negate(), HouseStyle.PALE));
    if (!keys.isEmpty()) {
      traces.add(bars("cosine, key frequencies", cosine, isKey, HouseStyle.TRAIN));
      traces.add(bars("sine, key frequencies", sine, isKey, HouseStyle.COLOURS.get(3)));
    }
    return Figure.declare("Fourier spectrum", description())
        .traces(traces)
        .set("barmode", "group")
        .set("bargap", 0.15)
        .set("xaxis.title.text", "frequency k")
        .set("xaxis.range", List.of(0.2, cosine.length() + 0.8))
        .set("xaxis.showgrid", false)
        .set("yaxis.title.text", quantity)
        .set("yaxis.rangemode", "tozero")
        .set("annotations", keys.stream().map(this::name).toList())
        .narrow("margin", HouseStyle.narrowMargin(traces.size()))
        .narrow("height", 520)
        .figure();
  }

  private static Attributes bars(String name, INDArray lengths, IntPredicate drawn, String colour) {
    List<Integer> frequencies =
        IntStream.rangeClosed(1, (int) lengths.length()).filter(drawn).boxed().toList();
    double[] values = frequencies.stream().mapToDouble(k -> lengths.getDouble(k - 1)).toArray();
    String wave = name.substring(0, name.indexOf(','));
    return Attributes.bars()
        .set("name", name)
        .set("offsetgroup", wave)
        .xy(frequencies, Digits.significant(values, 4))
        .set("marker.color", colour)
        .set("hovertemplate", "k = %{x}, " + wave + "<br>%{y:.4g}<extra></extra>");
  }

  /** The number of a key frequency above its bars. */
  private Attributes name(int k) {
    double height = Math.max(cosine.getDouble(k - 1), sine.getDouble(k - 1));
    return Attributes.note("<b>" + k + "</b>", k, Double.isFinite(height) ? height : 0)
        .set("yanchor", "bottom")
        .set("font", Map.of("color", HouseStyle.TRAIN, "size", 13));
  }

  private String description() {
    double all = energy(k -> true);
    String share =
        keys.isEmpty() || !(all > 0)
            ? ""
            : Digits.text(
                "; the key frequencies %s hold %.1f %% of the energy without the constant",
                keys.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                100 * energy(keys::contains) / all);
    int strongest =
        IntStream.rangeClosed(1, (int) cosine.length())
            .boxed()
            .max(Comparator.comparingDouble(this::energy))
            .orElseThrow();
    return Digits.text(
        "%s, frequencies 1 to %d: the strongest is %d%s",
        quantity, cosine.length(), strongest, share);
  }

  private double energy(IntPredicate which) {
    return IntStream.rangeClosed(1, (int) cosine.length())
        .filter(which)
        .mapToDouble(this::energy)
        .sum();
  }

  /** The energy of one frequency; nothing where a length is not finite. */
  private double energy(int k) {
    double c = cosine.getDouble(k - 1);
    double s = sine.getDouble(k - 1);
    return Double.isFinite(c) && Double.isFinite(s) ? c * c + s * s : 0;
  }
}
