package org.grokscope.probe;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.series.Reading;

/**
 * The logit wave of one frequency, W = P_{k} L, at the right answer and at the others, averaged
 * over all questions: at the right one all waves peak together, at the others they cancel.
 *
 * <p>Averaged over all questions, all that {@link LogitFit} leaves out of W is gone: the mean at
 * the right answer is α_k, and, since W has no mean over the questions, at the others −α_k/(m−1).
 */
final class Interference {
  private Interference() {}

  /** mean_r W[r, y_r] for each key. */
  static List<Reading> right(String metric, AllPairs all, KeyFrequencies keys) {
    return readings(metric, all, keys, true);
  }

  /** mean_r of the mean over c ≠ y_r of W[r, c] for each key. */
  static List<Reading> wrong(String metric, AllPairs all, KeyFrequencies keys) {
    return readings(metric, all, keys, false);
  }

  private static List<Reading> readings(
      String metric, AllPairs all, KeyFrequencies keys, boolean right) {
    CirclePairs pairs = all.onCircle();
    int m = pairs.places();
    SumWaves waves = SumWaves.ofLogits(pairs);
    List<Reading> readings = new ArrayList<>();
    for (int k : keys.frequencies()) {
      double[] table = waves.projection(List.of(k)); // each sum belongs to m questions
      double atRight = 0;
      double everywhere = 0;
      for (int s = 0; s < m; s++) {
        atRight += table[s * m + s] / m;
        for (int c = 0; c < m; c++) {
          everywhere += table[s * m + c] / m;
        }
      }
      double value = right ? atRight : (everywhere - atRight) / (m - 1);
      readings.add(new Reading(metric, "", "" + k, value));
    }
    return readings;
  }
}
