package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.DoubleStream;
import org.grokscope.fourier.FourierBasis;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Reading;

/** Attention of '=' over all questions: how far it is one wave of a and of b. */
final class AttentionWaves {
  private static final double ROUNDING = 1e-24; // of a sum of squared float64 errors

  static final List<Metric> METRICS =
      List.of(
          Metric.of(
              "attention_fve",
              1,
              "per head, attention to a (b): centred share explained by 1, cos, sin w_k a, cos, sin"
                  + " w_k b for the best k",
              Metric.PAPER,
              Set.of(Need.PLACES, Need.ATTENTION),
              subject -> explained(subject, AttentionWaves::explained)),
          Metric.of(
              "attention_fve.keys",
              1,
              "the same share by cos, sin w_k a and cos, sin w_k b of all k in K together",
              Metric.OWN,
              Set.of(Need.PLACES, Need.ATTENTION, Need.KEYS),
              subject ->
                  explained(
                      subject,
                      (basis, values) -> explained(basis, values, subject.keys().frequencies()))),
          Metric.of(
              "attention_to_equals",
              1,
              "per head, mean weight on '='",
              Metric.OWN,
              Set.of(Need.ATTENTION),
              AttentionWaves::toEquals));

  private AttentionWaves() {}

  /**
   * For each head, attention to a and to b: the share of its centred variance that waves explain.
   *
   * @param share of a basis and values [m²]
   */
  private static List<Reading> explained(
      Subject subject, ToDoubleBiFunction<FourierBasis, double[]> share) {
    CirclePairs pairs = subject.onCircle();
    List<Reading> readings = new ArrayList<>();
    for (int head = 0; head < subject.checkpoint().config().shape().heads(); head++) {
      for (int t = 0; t < 2; t++) {
        double explained = share.applyAsDouble(pairs.basis(), pairs.attention(head, t));
        readings.add(subject.reading("", head + (t == 0 ? ".a" : ".b"), explained));
      }
    }
    return readings;
  }

  /** The best share of one frequency, for values [m²]; 1 if they are the same up to rounding. */
  static double explained(FourierBasis basis, double[] values) {
    return DoubleStream.of(shares(basis, values)).max().orElseThrow();
  }

  /** The share of some frequencies together; at most 1, and 1 as above. */
  private static double explained(FourierBasis basis, double[] values, List<Integer> frequencies) {
    double[] shares = shares(basis, values);
    return Math.min(1, frequencies.stream().mapToDouble(k -> shares[k - 1]).sum());
  }

  /**
   * The share of the centred variance of values [m²] in cos, sin w_k a and cos, sin w_k b, for each
   * frequency k at k − 1; all 1 if the values are the same up to rounding.
   */
  private static double[] shares(FourierBasis basis, double[] values) {
    int m = basis.size();
    double[] overA = new double[m]; // Σ over b
    double[] overB = new double[m]; // Σ over a
    for (int r = 0; r < values.length; r++) {
      overA[r / m] += values[r];
      overB[r % m] += values[r];
    }
    // the unit vector over both is the wave over one, divided by √m
    double[] ofA = basis.transform(overA);
    double[] ofB = basis.transform(overB);
    double total = NeuronFrequencies.centredEnergies(values, values.length)[0];
    double squares = Arrays.stream(values).map(value -> value * value).sum();
    double[] shares = new double[basis.frequencies()];
    for (int k = 1; k <= shares.length; k++) {
      double energy = 0;
      for (int row : basis.rowsOf(k)) {
        energy += (ofA[row] * ofA[row] + ofB[row] * ofB[row]) / m;
      }
      shares[k - 1] = total <= ROUNDING * squares ? 1 : energy / total;
    }
    return shares;
  }

  /** Mean weight on '=' per head, over all p² questions. */
  private static List<Reading> toEquals(Subject subject) {
    double[] attention = subject.pairs().attentionValues();
    int n = subject.pairs().questions().size();
    List<Reading> readings = new ArrayList<>();
    for (int head = 0; head < attention.length / n / 3; head++) {
      double sum = 0;
      for (int r = 0; r < n; r++) {
        sum += attention[(head * n + r) * 3 + 2];
      }
      readings.add(subject.reading("", "" + head, sum / n));
    }
    return readings;
  }
}
