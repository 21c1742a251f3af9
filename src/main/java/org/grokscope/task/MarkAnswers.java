package org.grokscope.task;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What the logits of a model say of texts of marks: after which marks it would end them. */
public final class MarkAnswers {
  private static final int NEAR = 2; // marks left at which a decision is near

  private final MarkBatch batch;
  private final boolean[] stops; // [n · T], P(end) > ½

  private MarkAnswers(MarkBatch batch, boolean[] stops) {
    this.batch = batch;
    this.stops = stops;
  }

  /**
   * What logits say.
   *
   * @param logits [n · T · vocabulary]
   * @throws IllegalArgumentException if there are not as many
   */
  public static MarkAnswers of(MarkBatch batch, float[] logits) {
    int positions = batch.size() * batch.length();
    int vocabulary = batch.vocabulary().size();
    if (logits.length != positions * vocabulary) {
      throw new IllegalArgumentException(
          "marks: got "
              + logits.length
              + " logits, expected "
              + positions
              + " positions · "
              + vocabulary
              + " tokens");
    }
    boolean[] stops = new boolean[positions];
    for (int p = 0; p < positions; p++) {
      double end = logits[p * vocabulary + batch.vocabulary().end()];
      double others = 0; // Σ exp(z − z_end)
      for (int token = 0; token < vocabulary; token++) {
        others +=
            token == batch.vocabulary().end() ? 0 : Math.exp(logits[p * vocabulary + token] - end);
      }
      stops[p] = others < 1;
    }
    return new MarkAnswers(batch, stops);
  }

  /** Whether the model would end the marks after a position, P(end) &gt; ½. */
  public boolean stops(int position) {
    return stops[position];
  }

  /** Share of the marks after which it is right about whether there are enough. */
  public double stopAccuracy() {
    return share(position -> true);
  }

  /** The same where at most two marks are left. */
  public double nearStopAccuracy() {
    return share(position -> batch.wanted(position) - batch.count(position) <= NEAR);
  }

  /** The same where a condition holds. */
  public double share(IntPredicate condition) {
    return IntStream.of(batch.positionsOf(MarkVocabulary.Kind.MARKS))
        .filter(condition)
        .mapToDouble(p -> stops[p] == (batch.wanted(p) == batch.count(p)) ? 1 : 0)
        .average()
        .orElse(Double.NaN);
  }

  /** Text i with the model's ends, as {@link MarkBatch#text(int, IntPredicate)} shows them. */
  public String text(int i) {
    return batch.text(i, t -> stops[i * batch.length() + t]);
  }
}
