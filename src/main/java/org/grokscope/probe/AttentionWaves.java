package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grokscope.fourier.FourierBasis;
import org.grokscope.series.Reading;

/** Attention of '=' over all questions: how far it is one wave of a and of b. */
final class AttentionWaves {
  private static final double ROUNDING = 1e-24; // of a sum of squared float64 errors

  private AttentionWaves() {}

  /**
   * For each head, attention to a and to b: the share of its centred variance explained by const +
   * cos, sin of w_k a + cos, sin of w_k b for the best single k.
   */
  static List<Reading> explained(String metric, AllPairs all) {
    CirclePairs pairs = all.onCircle();
    List<Reading> readings = new ArrayList<>();
    for (int head = 0; head < all.checkpoint().config().shape().heads(); head++) {
      for (int t = 0; t < 2; t++) {
        double share = explained(pairs.basis(), pairs.attention(head, t));
        readings.add(new Reading(metric, "", head + (t == 0 ? ".a" : ".b"), share));
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
  static List<Reading> toEquals(String metric, AllPairs all) {
    double[] attention = all.attentionValues();
    int n = all.p() * all.p();
    List<Reading> readings = new ArrayList<>();
    for (int head = 0; head < attention.length / n / 3; head++) {
      double sum = 0;
      for (int r = 0; r < n; r++) {
        sum += attention[(head * n + r) * 3 + 2];
      }
      readings.add(new Reading(metric, "", "" + head, sum / n));
    }
    return readings;
  }
}
