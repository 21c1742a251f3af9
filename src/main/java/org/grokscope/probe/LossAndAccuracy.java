package org.grokscope.probe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;

/**
 * Mean cross-entropy and share of right answers on the training questions, on the test questions
 * and on all, of the p residues alone: the column of '=' is dropped, so a model trained on p+1
 * answers has a slightly smaller loss here than in its training. Works for any model and operation.
 */
public record LossAndAccuracy() implements Probe {

  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    return Metric.columns(checkpoint, List.of(Metric.named("loss"), Metric.named("accuracy")));
  }

  @Override
  public Optional<String> identity() {
    return Optional.of("accuracy and " + Metric.named("loss").identity());
  }

  static List<Reading> loss(String metric, AllPairs pairs) {
    Questions questions = pairs.questions();
    return questions.means(metric, "", questions.losses(logits(pairs)));
  }

  static List<Reading> accuracy(String metric, AllPairs pairs) {
    Questions questions = pairs.questions();
    return questions.means(metric, "", questions.hits(logits(pairs)));
  }

  private static Questions.Logits logits(AllPairs pairs) {
    double[] logits = pairs.logitValues();
    return (row, z) -> System.arraycopy(logits, row * z.length, z, 0, z.length);
  }
}
