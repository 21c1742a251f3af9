package org.grokscope.task;

import java.util.function.Function;
import java.util.function.IntPredicate;
import tech.tablesaw.api.Table;

/**
 * What the logits of a model say of prose: after which words it would end the line.
 *
 * <p>It is asked where a word has ended, so that only a newline or the beginning of a word can
 * follow; its probabilities are taken among these.
 */
public final class ProseAnswers {
  private static final int AT_ONCE = 10; // texts whose logits are kept at one time

  private final ProseBatch batch;
  private final boolean[] ends; // [n · T]

  private ProseAnswers(ProseBatch batch, boolean[] ends) {
    this.batch = batch;
    this.ends = ends;
  }

  /**
   * What logits say.
   *
   * @param logits [n · T · vocabulary]
   * @throws IllegalArgumentException if there are not as many
   */
  public static ProseAnswers of(ProseBatch batch, float[] logits) {
    boolean[] ends = new boolean[batch.size() * batch.length()];
    read(batch, logits, ends, 0);
    return new ProseAnswers(batch, ends);
  }

  /**
   * What a model says, asked for a few texts at a time, since its logits are many.
   *
   * @param logits of some of the texts, [n · T · vocabulary]
   */
  public static ProseAnswers of(ProseBatch batch, Function<ProseBatch, float[]> logits) {
    boolean[] ends = new boolean[batch.size() * batch.length()];
    for (int from = 0; from < batch.size(); from += AT_ONCE) {
      ProseBatch part = batch.part(from, Math.min(from + AT_ONCE, batch.size()));
      read(part, logits.apply(part), ends, from * batch.length());
    }
    return new ProseAnswers(batch, ends);
  }

  private static void read(ProseBatch batch, float[] logits, boolean[] ends, int offset) {
    ProseVocabulary vocabulary = batch.vocabulary();
    int positions = batch.size() * batch.length();
    if (logits.length != positions * vocabulary.size()) {
      throw new IllegalArgumentException(
          "prose: got "
              + logits.length
              + " logits, expected "
              + positions
              + " positions · "
              + vocabulary.size()
              + " tokens");
    }
    double threshold = batch.task().breakThreshold();
    for (int position : batch.decisions()) {
      int row = position * vocabulary.size();
      double others = 0; // Σ exp(z − z_newline)
      for (int token = 0; token < vocabulary.size(); token++) {
        others +=
            vocabulary.begins(token)
                ? Math.exp((double) logits[row + token] - logits[row + vocabulary.newline()])
                : 0;
      }
      ends[offset + position] = 1 / (1 + others) > threshold;
    }
  }

  /** Whether the model would end the line after a position i·T + t at which a word ends. */
  public boolean ends(int position) {
    return ends[position];
  }

  private Breaks breaks() {
    return new Breaks(batch, this::ends);
  }

  /**
   * The share of decisions that are right among those for which a condition holds.
   *
   * @throws IllegalArgumentException if there are none
   */
  public double breakAccuracy(IntPredicate condition) {
    return breaks().accuracy(condition);
  }

  /** The share of right decisions near the edge. */
  public double nearEdgeAccuracy() {
    return breaks().nearEdgeAccuracy();
  }

  /** Right decisions by distance from the edge, as {@link LineAnswers#byDistance} gives them. */
  public Table byDistance() {
    return breaks().byDistance();
  }

  /** Text i with the model's line breaks. */
  public String text(int i) {
    return batch.text(i, t -> ends[i * batch.length() + t]);
  }
}
