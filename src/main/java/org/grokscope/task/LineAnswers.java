package org.grokscope.task;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/**
 * What a model says at every position of a batch: whether the line ends, which column it names,
 * which label it expects.
 */
public final class LineAnswers {
  private final LineBatch batch;
  private final double[][] logits; // (B·T, vocabulary)

  private LineAnswers(LineBatch batch, double[][] logits) {
    this.batch = batch;
    this.logits = logits;
  }

  /**
   * What logits say.
   *
   * @param logits [B · T · vocabulary], row-major
   * @throws IllegalArgumentException if they are not those of the batch
   */
  public static LineAnswers of(LineBatch batch, double[] logits) {
    int tokens = batch.vocabulary().size();
    int positions = batch.size() * batch.length();
    if (logits.length != positions * tokens) {
      throw new IllegalArgumentException(
          "line answers: got "
              + logits.length
              + " logits, expected "
              + positions
              + " positions of "
              + tokens
              + " tokens, those of the batch");
    }
    double[][] rows = new double[positions][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(logits, i * tokens, (i + 1) * tokens);
    }
    return new LineAnswers(batch, rows);
  }

  /** The batch that was read. */
  public LineBatch batch() {
    return batch;
  }

  /** The probability that the line ends after a position i·T + t: the sum over all such tokens. */
  public double endProbability(int position) {
    return probability(position, batch.vocabulary()::endsLine);
  }

  /** Whether the model ends the line: the probability exceeds the task's threshold. */
  public boolean ends(int position) {
    return endProbability(position) > batch.task().breakThreshold();
  }

  private double probability(int position, IntPredicate token) {
    double[] row = logits[position];
    double highest = Arrays.stream(row).max().orElseThrow();
    double all = 0;
    double some = 0;
    for (int i = 0; i < row.length; i++) {
      double weight = Math.exp(row[i] - highest);
      all += weight;
      some += token.test(i) ? weight : 0;
    }
    return some / all;
  }

  /** The likeliest token of a kind at a position. */
  public int likeliest(int position, TokenKind kind) {
    LineVocabulary vocabulary = batch.vocabulary();
    double[] row = logits[position];
    return IntStream.range(0, row.length)
        .filter(token -> vocabulary.kind(token) == kind)
        .reduce((best, token) -> row[token] > row[best] ? token : best)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "line answers: got no token of the kind "
                        + kind
                        + " in this task, expected one to choose from"));
  }

  /** −ln of the probability of the target among the tokens of its kind. */
  public double lossWithinKind(int position) {
    return -Math.log(shareWithinKind(position, target(position)));
  }

  /** The probability of a token among the tokens of its kind. */
  public double shareWithinKind(int position, int token) {
    LineVocabulary vocabulary = batch.vocabulary();
    TokenKind kind = vocabulary.kind(token);
    double[] row = logits[position];
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < row.length; i++) {
      highest = vocabulary.kind(i) == kind ? Math.max(highest, row[i]) : highest;
    }
    double all = 0;
    for (int i = 0; i < row.length; i++) {
      all += vocabulary.kind(i) == kind ? Math.exp(row[i] - highest) : 0;
    }
    return Math.exp(row[token] - highest) / all;
  }

  /** The token after a position. */
  public int target(int position) {
    return batch.target(position / batch.length(), position % batch.length());
  }

  /**
   * The share of decisions that are right among those for which a condition holds.
   *
   * @throws IllegalArgumentException if there are none
   */
  public double breakAccuracy(IntPredicate condition) {
    return breaks().accuracy(condition);
  }

  private Breaks breaks() {
    return new Breaks(batch, this::ends);
  }

  /**
   * How often the likeliest of the tokens that name the blanks left is the right one, where one of
   * them comes next: whether the model knows the exact column. Empty for a task that has none.
   */
  public OptionalDouble columnAccuracy() {
    return accuracyAmong(TokenKind.PAD);
  }

  /** The same for the labels that answer a caret. Empty for a task without a header. */
  public OptionalDouble labelAccuracy() {
    return accuracyAmong(TokenKind.LABEL);
  }

  private OptionalDouble accuracyAmong(TokenKind kind) {
    int[] header = batch.facts(LineFact.HEADER);
    return IntStream.range(0, logits.length)
        .filter(position -> batch.vocabulary().kind(target(position)) == kind)
        .filter(position -> header[position] == 0 && weight(position) > 0)
        .map(position -> likeliest(position, kind) == target(position) ? 1 : 0)
        .average();
  }

  private double weight(int position) {
    return batch.weight(position / batch.length(), position % batch.length());
  }

  /** The share of right decisions near the edge. */
  public double nearEdgeAccuracy() {
    return breaks().nearEdgeAccuracy();
  }

  /**
   * Right decisions by distance from the edge: spare = width − count − 1 − next length, the
   * characters that would be left after the next word; below 0 it does not fit (E1).
   *
   * @return a row a distance: {@code spare}, {@code decisions}, {@code right}
   */
  public Table byDistance() {
    return breaks().byDistance();
  }
}
