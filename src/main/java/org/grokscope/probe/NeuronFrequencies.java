package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.fourier.FourierBasis;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Reading;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How much of each neuron is a wave of one frequency.
 *
 * <p>For neuron j, A = N<sub>j</sub> − its mean, as a matrix over (a, b);
 *
 * <pre>
 *   f_k = Σ (F A Fᵀ)[i, i']² over i, i' in {const, cos_k, sin_k}  /  Σ A²
 * </pre>
 *
 * <p>A neuron that is the same on all questions is dead; its f<sub>k</sub> are 0. Source: Nanda et
 * al. (2023), section 4.2 and the published code.
 */
public final class NeuronFrequencies {
  /** The share of its energy in one frequency from which a neuron counts as explained. */
  public static final double EXPLAINED = 0.85;

  static final List<Metric> METRICS =
      List.of(
          Metric.number(
              "neuron_fraction_85",
              1,
              "share of all neurons with max_k f_k > .85, f_k = energy of F A Fᵀ in {1, cos_k,"
                  + " sin_k}² / total, A = N − mean",
              Metric.PAPER + ", section 4.2",
              Set.of(Need.PLACES, Need.NEURONS),
              subject -> subject.onCircle().neuronFrequencies().share(EXPLAINED)),
          Metric.number(
              "neuron_energy_85",
              1,
              "share of Σ_j Σ (N_j − mean N_j)² in the neurons j with max_k f_k > .85",
              Metric.OWN,
              Set.of(Need.PLACES, Need.NEURONS),
              subject -> subject.onCircle().neuronFrequencies().energyShare(EXPLAINED)),
          Metric.of(
              "neuron_fraction.quantile",
              1,
              "quantiles of max_k f_k over all neurons, key in percent, linear between sorted"
                  + " values",
              Metric.OWN,
              Set.of(Need.PLACES, Need.NEURONS),
              NeuronFrequencies::quantiles));

  private final int neurons;
  private final int frequencies;
  private final double[] fractions; // [neurons · frequencies], f_k at k − 1
  private final double[] means; // [neurons]
  private final double[] energies; // Σ A², [neurons]

  private NeuronFrequencies(
      int frequencies, double[] fractions, double[] means, double[] energies) {
    this.neurons = energies.length;
    this.frequencies = frequencies;
    this.fractions = fractions;
    this.means = means;
    this.energies = energies;
  }

  /**
   * The neurons of a checkpoint, on the places of its own circle or, where its labels are of none,
   * on the residues in their order.
   *
   * @throws IllegalArgumentException if the model is not one layer of ReLU neurons, or p is even
   */
  public static NeuronFrequencies of(Checkpoint checkpoint) {
    Need.require("neuron frequencies", Set.of(Need.PLACES, Need.NEURONS), checkpoint, Circle.OWN);
    return AllPairs.of(checkpoint).onCircle(Circle.OWN).neuronFrequencies();
  }

  /** Of neurons given as they are, [m² · neurons]. */
  static NeuronFrequencies compute(FourierBasis basis, double[] values) {
    int n = basis.size() * basis.size();
    int neurons = values.length / n;
    int frequencies = basis.frequencies();
    double[] means = means(values, n);
    double[] totals = centredEnergies(values, means);
    PairWaves waves =
        new PairWaves(basis, values, IntStream.range(0, basis.size()).boxed().toList());
    double[] fractions = new double[neurons * frequencies];
    for (int k = 1; k <= frequencies; k++) {
      double[] energies = energies(waves, basis.rowsOf(k), neurons);
      for (int j = 0; j < neurons; j++) {
        fractions[j * frequencies + k - 1] = totals[j] <= 0 ? 0 : energies[j] / totals[j];
      }
    }
    return new NeuronFrequencies(frequencies, fractions, means, totals);
  }

  private static List<Reading> quantiles(Subject subject) {
    NeuronFrequencies neurons = subject.onCircle().neuronFrequencies();
    return Stream.of(10, 25, 50, 75, 90)
        .map(percent -> subject.reading("", "" + percent, neurons.quantile(percent / 100.0)))
        .toList();
  }

  /** The mean of each column over n rows. */
  private static double[] means(double[] values, int n) {
    int width = values.length / n;
    double[] means = new double[width];
    for (int from = 0; from < values.length; from += width) {
      for (int j = 0; j < width; j++) {
        means[j] += values[from + j];
      }
    }
    for (int j = 0; j < width; j++) {
      means[j] /= n;
    }
    return means;
  }

  /** Σ (x − mean x)² of each column over n rows. */
  static double[] centredEnergies(double[] values, int n) {
    return centredEnergies(values, means(values, n));
  }

  private static double[] centredEnergies(double[] values, double[] means) {
    int width = means.length;
    double[] energies = new double[width];
    for (int from = 0; from < values.length; from += width) {
      for (int j = 0; j < width; j++) {
        double centred = values[from + j] - means[j];
        energies[j] += centred * centred;
      }
    }
    return energies;
  }

  /** Energy in {const, cos_k, sin_k}² but (const, const), which centring removes, [neurons]. */
  private static double[] energies(PairWaves waves, List<Integer> rows, int neurons) {
    List<Integer> withConstant = new ArrayList<>(rows);
    withConstant.add(0);
    double[] energies = new double[neurons];
    for (int overA : withConstant) {
      for (int overB : withConstant) {
        if (overA == 0 && overB == 0) {
          continue;
        }
        double[] coefficients = waves.coefficients(overA, overB);
        for (int j = 0; j < neurons; j++) {
          energies[j] += coefficients[j] * coefficients[j];
        }
      }
    }
    return energies;
  }

  /** The mean of each neuron over all questions, [neurons]; live. */
  double[] means() {
    return means;
  }

  /** Number of neurons, dead ones counted. */
  public int size() {
    return neurons;
  }

  /** The highest frequency. */
  public int frequencies() {
    return frequencies;
  }

  /** f<sub>k</sub> of every neuron, (neurons, frequencies), column k−1 for frequency k. */
  public INDArray fractions() {
    return Nd4j.create(fractions.clone(), new long[] {neurons, frequencies}, 'c');
  }

  /** f<sub>k</sub> of a neuron. */
  public double fraction(int neuron, int k) {
    Objects.checkIndex(k - 1, frequencies);
    return fractions[Objects.checkIndex(neuron, neurons) * frequencies + k - 1];
  }

  /** The largest f<sub>k</sub> of a neuron; 0 if it is dead. */
  public double largest(int neuron) {
    return isDead(neuron) ? 0 : fraction(neuron, strongest(neuron));
  }

  /** The frequency of the largest f<sub>k</sub> of a neuron; 0 if it is dead. */
  public int strongest(int neuron) {
    return strongestBelow(neuron, frequencies + 1);
  }

  /** The same among the frequencies below a bound; 0 if there is none. */
  int strongestBelow(int neuron, int bound) {
    int best = 0;
    for (int k = 1; k < bound && !isDead(neuron); k++) {
      best = best == 0 || fraction(neuron, k) > fraction(neuron, best) ? k : best;
    }
    return best;
  }

  /**
   * The neuron that is most purely a wave of a frequency.
   *
   * @throws IllegalArgumentException if no neuron has its strongest frequency there
   */
  public int clearest(int k) {
    return IntStream.range(0, neurons)
        .filter(j -> strongest(j) == k)
        .boxed()
        .max(Comparator.comparingDouble(this::largest))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "neurons: none has its strongest frequency at "
                        + k
                        + "; choose a key frequency of this checkpoint"));
  }

  /** Whether a neuron is the same on all questions. */
  public boolean isDead(int neuron) {
    return energies[Objects.checkIndex(neuron, neurons)] <= 0;
  }

  /**
   * The share of all neurons, dead ones counted, whose largest f<sub>k</sub> is above a threshold.
   */
  public double share(double threshold) {
    long above = IntStream.range(0, neurons).filter(j -> largest(j) > threshold).count();
    return (double) above / neurons;
  }

  /**
   * The share of the centred energy of all neurons that is in those whose largest f<sub>k</sub> is
   * above a threshold; 0 if all are dead.
   */
  public double energyShare(double threshold) {
    double total = Arrays.stream(energies).sum();
    double above =
        IntStream.range(0, neurons)
            .filter(j -> largest(j) > threshold)
            .mapToDouble(j -> energies[j])
            .sum();
    return total <= 0 ? 0 : above / total;
  }

  /**
   * The quantile of the largest f<sub>k</sub> over all neurons, by linear interpolation between the
   * sorted values at (neurons − 1)·q.
   *
   * @param q from 0 to 1
   */
  public double quantile(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("quantile: got " + q + ", expected 0 to 1");
    }
    double[] sorted = IntStream.range(0, neurons).mapToDouble(this::largest).sorted().toArray();
    double at = (neurons - 1) * q;
    int below = (int) at;
    int above = Math.min(below + 1, neurons - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
