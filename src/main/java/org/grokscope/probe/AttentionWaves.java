package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
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
              AttentionWaves::explained),
          Metric.of(
              "attention_to_equals",
              1,
              "per head, mean weight on '='",
              Metric.OWN,
              Set.of(Need.ATTENTION),
              AttentionWaves::toEquals));

  private AttentionWaves() {}

  /**
   * For each head, attention to a and to b: the share of its centred variance explained by const +
   * cos, sin of w_k a + cos, sin of w_k b for the best single k.
   */
  private static List<Reading> explained(Subject subject) {
    CirclePairs pairs = subject.onCircle();
    List<Reading> readings = new ArrayList<>();
    for (int head = 0; head < subject.checkpoint().config().shape().heads(); head++) {
      for (int t = 0; t < 2; t++) {
        double share = explained(pairs.basis(), pairs.attention(head, t));
        readings.add(subject.reading("", head + (t == 0 ? ".a" : ".b"), share));
      }
    }
    return readings;
  }

  /** The best share of one frequency, for values [m²]; 1 if they are the same up to rounding. */
  static double explained(FourierBasis basis, double[] values) {
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
    double best = 0;
    for (int k = 1; k <= basis.frequencies(); k++) {
      double energy = 0;
      for (int row : basis.rowsOf(k)) {
        energy += (ofA[row] * ofA[row] + ofB[row] * ofB[row]) / m;
      }
      best = Math.max(best, energy);
    }
    return total <= ROUNDING * squares ? 1 : best / total;
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
