package org.grokscope.task;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Documents of one task, B of them with T tokens each, with what each position has to predict, how
 * much that weighs, and what is true there.
 *
 * <p>Arrays over all positions have B·T entries in row-major order; position t of document i is
 * entry i·T + t.
 */
public final class LineBatch extends LinedBatch {
  private final LineBreaking task;
  private final LineVocabulary vocabulary;

  LineBatch(
      LineBreaking task,
      LineVocabulary vocabulary,
      int[] texts,
      double[] weights,
      Map<LineFact, int[]> facts) {
    super(task.length(), texts, weights, facts);
    this.task = task;
    this.vocabulary = vocabulary;
  }

  @Override
  LineBatch of(int[] newTexts, double[] weights, Map<LineFact, int[]> newFacts) {
    return new LineBatch(task, vocabulary, newTexts, weights, newFacts);
  }

  @Override
  boolean closesRow(int position) {
    return vocabulary.closesRow(token(position / length(), position % length()));
  }

  /** A label of the header row, or a ruler's end. */
  @Override
  boolean tellsBelow(int position) {
    int i = position / length();
    int t = position % length();
    return kind(i, t) == TokenKind.RULER_END
        || (kind(i, t) == TokenKind.LABEL && fact(LineFact.HEADER, i, t) == 1);
  }

  /** The task. */
  public LineBreaking task() {
    return task;
  }

  /** The tokens that the documents are made of. */
  public LineVocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public OptionalInt knownTokens() {
    return OptionalInt.of(vocabulary.size());
  }

  /** What the token at position t of document i is. */
  public TokenKind kind(int i, int t) {
    return vocabulary.kind(token(i, t));
  }

  /** The positions i·T + t of a kind of token, ascending; those of the header row included. */
  public int[] positionsOf(TokenKind kind) {
    return where(position -> kind(position / length(), position % length()) == kind);
  }

  /**
   * The same documents with one word exchanged for another word or a distractor of the same length,
   * so that every count, and every decision after it, stays as it was. The position itself is no
   * decision any more.
   *
   * @throws IllegalArgumentException if position t holds no word of the text, or the lengths differ
   */
  public LineBatch withReplaced(int i, int t, int token) {
    int position = position(i, t);
    TokenKind kind = vocabulary.kind(token);
    if (fact(LineFact.DECISION, i, t) != 1
        || (kind != TokenKind.WORD && kind != TokenKind.DISTRACTOR)
        || vocabulary.length(token) != vocabulary.length(token(i, t))) {
      throw new IllegalArgumentException(
          "replace: got '"
              + vocabulary.text(token)
              + "' for '"
              + vocabulary.text(token(i, t))
              + "' at position "
              + t
              + " of document "
              + i
              + ", expected a word or distractor for a word of the same length");
    }
    int[] changed = texts();
    changed[i * (length() + 1) + t] = token;
    Map<LineFact, int[]> changedFacts = facts();
    for (LineFact fact :
        new LineFact[] {LineFact.DECISION, LineFact.MUST_BREAK, LineFact.NEAR_EDGE}) {
      changedFacts.computeIfPresent(fact, (key, values) -> with(values, position, 0));
    }
    changedFacts.computeIfPresent(
        LineFact.NEXT_LENGTH, (key, values) -> with(values, position, -1));
    return of(changed, weights(), changedFacts);
  }

  private static int[] with(int[] values, int at, int value) {
    int[] changed = values.clone();
    changed[at] = value;
    return changed;
  }

  @Override
  public LineBatch select(int[] indices) {
    return (LineBatch) super.select(indices);
  }

  @Override
  public LineBatch part(int from, int to) {
    return (LineBatch) super.part(from, to); // which selects
  }

  /** Document i, to be read. */
  public LineDocument document(int i) {
    return new LineDocument(this, Objects.checkIndex(i, size()));
  }

  /** Equal tasks and tokens. */
  @Override
  public boolean equals(Object other) {
    return other instanceof LineBatch batch && task.equals(batch.task) && sameTexts(batch);
  }

  @Override
  public int hashCode() {
    return 31 * task.hashCode() + textsHash();
  }

  @Override
  public String toString() {
    return size() + " documents of " + length() + " tokens: " + task;
  }
}
