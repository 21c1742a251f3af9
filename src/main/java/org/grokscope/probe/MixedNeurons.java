package org.grokscope.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.grokscope.model.DoubleProducts;
import org.grokscope.model.DoubleProducts.Place;
import org.grokscope.series.Reading;

/**
 * The neurons that are no wave of a single frequency: what sets them apart, and whether the model
 * needs them.
 *
 * <p>A live neuron is single if its largest f<sub>k</sub> (see {@link NeuronFrequencies}) is above
 * .85, else mixed. A group G is removed by putting the mean of each of its neurons in the place of
 * what it says: L − (N<sub>G</sub> − mean N<sub>G</sub>) W<sub>L,G</sub>. Beside all mixed neurons
 * stand ten groups of as many single ones, as the order of neurons means nothing: those from number
 * ⌊i·s/10⌋ on, i = 0 … 9, of the s single neurons in their order, the first following the last.
 */
final class MixedNeurons {
  private static final int GROUPS = 10;

  private final CirclePairs pairs;
  private final double[] neurons; // [n · d_mlp]
  private final int width;
  private final List<Integer> single = new ArrayList<>();
  private final List<Integer> mixed = new ArrayList<>();

  private MixedNeurons(AllPairs all) {
    pairs = all.onCircle();
    neurons = pairs.neurons();
    NeuronFrequencies frequencies = all.neuronFrequencies();
    width = frequencies.size();
    for (int j = 0; j < width; j++) {
      if (!frequencies.isDead(j)) {
        (frequencies.largest(j) > NeuronFrequencies.EXPLAINED ? single : mixed).add(j);
      }
    }
  }

  static MixedNeurons of(AllPairs all) {
    return new MixedNeurons(all);
  }

  /** For each group that has neurons, their mean share of questions with N &gt; 0. */
  List<Reading> on(String metric) {
    List<Reading> readings = new ArrayList<>();
    if (!single.isEmpty()) {
      readings.add(new Reading(metric, "", "single", shareOn(single)));
    }
    if (!mixed.isEmpty()) {
      readings.add(new Reading(metric, "", "mixed", shareOn(mixed)));
    }
    return readings;
  }

  /** The loss without the mixed neurons; nothing if there are none. */
  List<Reading> removed(String metric) {
    return mixed.isEmpty() ? List.of() : without(metric, "", mixed);
  }

  /** The loss without as many single neurons, of ten groups; all of them where they are fewer. */
  List<Reading> singleRemoved(String metric) {
    List<Reading> readings = new ArrayList<>();
    int size = Math.min(mixed.size(), single.size());
    for (int i = 0; i < GROUPS && size > 0; i++) {
      int from = i * single.size() / GROUPS;
      List<Integer> group =
          IntStream.range(from, from + size).mapToObj(j -> single.get(j % single.size())).toList();
      readings.addAll(without(metric, "" + i, group));
    }
    return readings;
  }

  private double shareOn(List<Integer> group) {
    long on = 0;
    for (int from = 0; from < neurons.length; from += width) {
      for (int j : group) {
        on += neurons[from + j] > 0 ? 1 : 0;
      }
    }
    return (double) on / group.size() * width / neurons.length;
  }

  private List<Reading> without(String metric, String name, List<Integer> group) {
    int m = pairs.places();
    int n = neurons.length / width;
    double[] said = centred(group, n);
    double[] rows = new double[group.size() * m];
    for (int j = 0; j < group.size(); j++) {
      System.arraycopy(pairs.wL(), group.get(j) * m, rows, j * m, m);
    }
    double[] change;
    try (DoubleProducts products = new DoubleProducts()) {
      change = products.product(said, Place.of(n, group.size()), rows, Place.of(group.size(), m));
    }
    double[] logits = pairs.logits();
    double[] losses =
        pairs
            .questions()
            .losses(
                (row, z) -> {
                  for (int c = 0; c < m; c++) {
                    z[c] = logits[row * m + c] - change[row * m + c];
                  }
                });
    return pairs.questions().means(metric, name, losses);
  }

  /** N_G − mean N_G, [n · |G|]. */
  private double[] centred(List<Integer> group, int n) {
    int size = group.size();
    double[] values = new double[n * size];
    for (int j = 0; j < size; j++) {
      double sum = 0;
      for (int r = 0; r < n; r++) {
        sum += neurons[r * width + group.get(j)];
      }
      for (int r = 0; r < n; r++) {
        values[r * size + j] = neurons[r * width + group.get(j)] - sum / n;
      }
    }
    return values;
  }
}
