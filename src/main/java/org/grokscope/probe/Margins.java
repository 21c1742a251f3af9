package org.grokscope.probe;

import java.util.List;
import java.util.Set;

/** Logit margins, L[r, y] − max over c ≠ y of L[r, c], over all questions that have an answer. */
record Margins(double smallest, double mean) {
  static final List<Metric> METRICS =
      List.of(
          Metric.number(
              "margin.min",
              1,
              "smallest L[r,y] − max_{c≠y} L[r,c] over all questions",
              Metric.OWN,
              Set.of(Need.TABLE),
              subject -> of(subject.pairs()).smallest()),
          Metric.number(
              "margin.mean",
              1,
              "mean of L[r,y] − max_{c≠y} L[r,c] over all questions",
              Metric.OWN,
              Set.of(Need.TABLE),
              subject -> of(subject.pairs()).mean()),
          Metric.number(
              "margin.ideal",
              1,
              "Σα_k − max_{d≠0} Σα_k cos w_k d: the margin of the fitted logits",
              Metric.OWN,
              Set.of(Need.SUM, Need.KEYS),
              subject -> LogitFit.of(subject).idealMargin()));

  static Margins of(AllPairs pairs) {
    return of(pairs.questions(), pairs.logitValues(), pairs.p());
  }

  static Margins of(Questions questions, double[] logits, int classes) {
    double smallest = Double.POSITIVE_INFINITY;
    double sum = 0;
    int count = 0;
    for (int r = 0; r < questions.size(); r++) {
      if (questions.isIn(Part.ALL, r)) {
        double margin = margin(logits, r * classes, classes, questions.label(r));
        smallest = Math.min(smallest, margin);
        sum += margin;
        count++;
      }
    }
    return new Margins(smallest, sum / count);
  }

  static double margin(double[] z, int from, int classes, int label) {
    double other = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      other = c == label ? other : Math.max(other, z[from + c]);
    }
    return z[from + label] - other;
  }
}
