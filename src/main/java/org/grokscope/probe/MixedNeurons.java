package org.grokscope.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.grokscope.model.DoubleProducts;
import org.grokscope.model.DoubleProducts.Place;
import org.grokscope.probe.Metric.Subject;
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

  static final List<Metric> METRICS =
      List.of(
          Metric.of(
              "neuron_on",
              1,
              "share of all questions with N > 0, mean over the single neurons (max_k f_k > .85)"
                  + " and over the mixed (other live) ones",
              Metric.OWN,
              Set.of(Need.PLACES, Need.NEURONS),
              subject -> new MixedNeurons(subject).on()),
          Metric.of(
              "neuron_removed.mixed",
              1,
              "loss of L − (N_G − mean N_G) W_L,G for G = all mixed neurons",
              Metric.OWN,
              Set.of(Need.PLACES, Need.NEURONS),
              subject -> new MixedNeurons(subject).removed()),
          Metric.of(
              "neuron_removed.single",
              1,
              "the same for ten groups G of as many single neurons, from number ⌊i·s/10⌋ on of s",
              Metric.OWN,
              Set.of(Need.PLACES, Need.NEURONS),
              subject -> new MixedNeurons(subject).singleRemoved()));

  private final Subject subject;
  private final CirclePairs pairs;
  private final double[] neurons; // [n · d_mlp]
  private final int width;
  private final double[] means; // of each neuron, [d_mlp]
  private final List<Integer> single = new ArrayList<>();
  private final List<Integer> mixed = new ArrayList<>();

  private MixedNeurons(Subject subject) {
    this.subject = subject;
    pairs = subject.onCircle();
    neurons = pairs.neurons();
    NeuronFrequencies frequencies = pairs.neuronFrequencies();
    width = frequencies.size();
    means = frequencies.means();
    for (int j = 0; j < width; j++) {
      if (!frequencies.isDead(j)) {
        (frequencies.largest(j) > NeuronFrequencies.EXPLAINED ? single : mixed).add(j);
      }
    }
  }

  /** For each group that has neurons, their mean share of questions with N &gt; 0. */
  private List<Reading> on() {
    List<Reading> readings = new ArrayList<>();
    if (!single.isEmpty()) {
      readings.add(subject.reading("", "single", shareOn(single)));
    }
    if (!mixed.isEmpty()) {
      readings.add(subject.reading("", "mixed", shareOn(mixed)));
    }
    return readings;
  }

  /** The loss without the mixed neurons; nothing if there are none. */
  private List<Reading> removed() {
    return mixed.isEmpty() ? List.of() : without("", mixed);
  }

  /** The loss without as many single neurons, of ten groups; all of them where they are fewer. */
  private List<Reading> singleRemoved() {
    List<Reading> readings = new ArrayList<>();
    int size = Math.min(mixed.size(), single.size());
    for (int i = 0; i < GROUPS && size > 0; i++) {
      int from = i * single.size() / GROUPS;
      List<Integer> group =
          IntStream.range(from, from + size).mapToObj(j -> single.get(j % single.size())).toList();
      readings.addAll(without("" + i, group));
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

  private List<Reading> without(String name, List<Integer> group) {
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
    return pairs.questions().means(subject.metric(), name, losses);
  }

  /** N_G − mean N_G, [n · |G|]; pieces of rows are shared out to threads. */
  private double[] centred(List<Integer> group, int n) {
    int[] members = group.stream().mapToInt(Integer::intValue).toArray();
    int size = members.length;
    double[] values = new double[n * size];
    IntStream.range(0, n)
        .parallel()
        .forEach(
            r -> {
              for (int j = 0; j < size; j++) {
                values[r * size + j] = neurons[r * width + members[j]] - means[members[j]];
              }
            });
    return values;
  }
}
