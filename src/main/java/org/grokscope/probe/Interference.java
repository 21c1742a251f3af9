package org.grokscope.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Reading;

/**
 * The logit wave of one frequency, W = P_{k} L, at the right answer and at the others, averaged
 * over all questions that have an answer: at the right one all waves peak together, at the others
 * they cancel. The right answer is the checkpoint's own, whatever the circle.
 *
 * <p>Where that is the sum, averaged over all questions, all that {@link LogitFit} leaves out of W
 * is gone: the mean at the right answer is α_k, and, since W has no mean over the questions, at the
 * others −α_k/(m−1).
 */
final class Interference {
  static final List<Metric> METRICS =
      List.of(
          Metric.of(
              "wave.right",
              1,
              "mean over all questions of (P_{k} L)[r,y], for each key k",
              Metric.OWN,
              Set.of(Need.SUM, Need.KEYS),
              subject -> readings(subject, true)),
          Metric.of(
              "wave.wrong",
              1,
              "mean over all questions and c ≠ y of (P_{k} L)[r,c], for each key k",
              Metric.OWN,
              Set.of(Need.SUM, Need.KEYS),
              subject -> readings(subject, false)));

  private Interference() {}

  private static List<Reading> readings(Subject subject, boolean right) {
    CirclePairs pairs = subject.onCircle();
    int m = pairs.places();
    SumWaves waves = SumWaves.ofLogits(pairs);
    double[] shares = shares(pairs);
    List<Reading> readings = new ArrayList<>();
    for (int k : subject.keys().frequencies()) {
      double[] table = waves.projection(List.of(k)); // a row for each sum
      double atRight = 0;
      double everywhere = 0;
      for (int s = 0; s < m; s++) {
        double ofSum = 0;
        for (int c = 0; c < m; c++) {
          atRight += table[s * m + c] * shares[s * m + c] / m;
          ofSum += shares[s * m + c];
        }
        for (int c = 0; c < m; c++) {
          everywhere += table[s * m + c] * ofSum / m;
        }
      }
      double value = right ? atRight : (everywhere - atRight) / (m - 1);
      readings.add(subject.reading("", "" + k, value));
    }
    return readings;
  }

  /** m times the share of questions of each sum and answer, [m · m]; 1 where both are the same. */
  private static double[] shares(CirclePairs pairs) {
    int m = pairs.places();
    Questions questions = pairs.questions();
    double[] shares = new double[m * m];
    double answered = 0;
    for (int r = 0; r < questions.size(); r++) {
      if (questions.isIn(Part.ALL, r)) {
        shares[pairs.sum(r) * m + questions.label(r)]++;
        answered++;
      }
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] = shares[i] * m / answered;
    }
    return shares;
  }
}
