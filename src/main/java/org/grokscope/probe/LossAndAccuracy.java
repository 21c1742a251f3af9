package org.grokscope.probe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;

/**
 * Mean cross-entropy and share of right answers on the training questions, on the test questions
 * and on all, of the p residues alone: the column of '=' is dropped, so a model trained on p+1
 * answers has a slightly smaller loss here than in its training. Works for any model and operation.
 */
public record LossAndAccuracy() implements Probe {
  static final List<Metric> METRICS =
      List.of(
          Metric.of(
              "loss",
              1,
              "mean over the part of −log softmax(L)[y], p classes",
              Metric.COMMON,
              Set.of(Need.TABLE),
              LossAndAccuracy::loss),
          Metric.of(
              "accuracy",
              1,
              "share of the part whose largest of p logits is y's",
              Metric.COMMON,
              Set.of(Need.TABLE),
              LossAndAccuracy::accuracy),
          Metric.of(
              "accuracy.strangers",
              1,
              "share right of the test questions (a, b) whose mirror image (b, a) is no training"
                  + " question; nothing where there is none",
              Metric.OWN,
              Set.of(Need.PLACES),
              LossAndAccuracy::strangers));

  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    return Metric.columns(checkpoint, METRICS.subList(0, 2));
  }

  @Override
  public Optional<String> identity() {
    return Optional.of(METRICS.get(1).identity() + " and " + METRICS.get(0).identity());
  }

  private static List<Reading> loss(Subject subject) {
    Questions questions = subject.pairs().questions();
    return questions.means(subject.metric(), "", questions.losses(logits(subject.pairs())));
  }

  private static List<Reading> accuracy(Subject subject) {
    Questions questions = subject.pairs().questions();
    return questions.means(subject.metric(), "", questions.hits(logits(subject.pairs())));
  }

  private static List<Reading> strangers(Subject subject) {
    Questions questions = subject.pairs().questions();
    int p = subject.pairs().p();
    double[] hits = questions.hits(logits(subject.pairs()));
    OptionalDouble share =
        IntStream.range(0, hits.length)
            .filter(
                row ->
                    questions.isIn(Part.TEST, row)
                        && !questions.isIn(Part.TRAIN, row % p * p + row / p))
            .mapToDouble(row -> hits[row])
            .average();
    return share.isEmpty() ? List.of() : List.of(subject.reading("", "", share.getAsDouble()));
  }

  private static Questions.Logits logits(AllPairs pairs) {
    double[] logits = pairs.logitValues();
    return (row, z) -> System.arraycopy(logits, row * z.length, z, 0, z.length);
  }
}
