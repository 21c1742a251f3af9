package org.grokscope.task;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Documents of one task, B of them with T tokens each, with what each position has to predict, how
 * much that weighs, and what is true there.
 *
 * <p>Arrays over all positions have B·T entries in row-major order; position t of document i is
 * entry i·T + t.
 */
public final class LineBatch {
  private final LineBreaking task;
  private final LineVocabulary vocabulary;
  private final int length; // T
  private final int[] tokens; // [B · (T + 1)], the last one only a target
  private final double[] weights; // [B · T]
  private final Map<LineFact, int[]> facts; // [B · T] each

  LineBatch(
      LineBreaking task,
      LineVocabulary vocabulary,
      int[] tokens,
      double[] weights,
      Map<LineFact, int[]> facts) {
    this.task = task;
    this.vocabulary = vocabulary;
    length = task.length();
    this.tokens = tokens;
    this.weights = weights;
    this.facts = facts;
  }

  /** The task. */
  public LineBreaking task() {
    return task;
  }

  /** The tokens that the documents are made of. */
  public LineVocabulary vocabulary() {
    return vocabulary;
  }

  /** Number of documents, B. */
  public int size() {
    return weights.length / length;
  }

  /** Tokens of a document that a model reads, T. */
  public int length() {
    return length;
  }

  /** The token at position t of document i. */
  public int token(int i, int t) {
    position(i, t);
    return tokens[i * (length + 1) + t];
  }

  /** What position t of document i has to predict: the token after it. */
  public int target(int i, int t) {
    position(i, t);
    return tokens[i * (length + 1) + t + 1];
  }

  /** Weight of this position in the loss: 0 where nothing announces the target. */
  public double weight(int i, int t) {
    return weights[position(i, t)];
  }

  /** What the token at position t of document i is. */
  public TokenKind kind(int i, int t) {
    return vocabulary.kind(token(i, t));
  }

  /** What is true at position t of document i. */
  public int fact(LineFact fact, int i, int t) {
    return facts.get(fact)[position(i, t)];
  }

  /** All tokens, [B·T]. */
  public int[] tokens() {
    return window(0);
  }

  /** All targets, [B·T]. */
  public int[] targets() {
    return window(1);
  }

  /** All weights in the loss, [B·T]. */
  public double[] weights() {
    return weights.clone();
  }

  /** A fact at all positions, [B·T]. */
  public int[] facts(LineFact fact) {
    return facts.get(fact).clone();
  }

  /** A fact at the given positions, in the order given. */
  public int[] facts(LineFact fact, int[] positions) {
    int[] values = facts.get(fact);
    return IntStream.of(positions).map(position -> values[position]).toArray();
  }

  /** The positions i·T + t where a break is asked for, ascending. */
  public int[] decisions() {
    return where(position -> facts.get(LineFact.DECISION)[position] == 1);
  }

  /** The positions i·T + t of a kind of token, ascending; those of the header row included. */
  public int[] positionsOf(TokenKind kind) {
    int[] all = tokens();
    return where(position -> vocabulary.kind(all[position]) == kind);
  }

  /** The positions i·T + t for which a condition holds, ascending. */
  public int[] where(IntPredicate condition) {
    return IntStream.range(0, weights.length).filter(condition).toArray();
  }

  /**
   * Whether position {@code from} of document i may attend to position {@code to}: never to a later
   * one, always to itself, and otherwise as the view says.
   */
  public boolean sees(LineView view, int i, int from, int to) {
    position(i, from);
    position(i, to);
    if (to >= from) {
      return to == from;
    }
    int lineOfFrom = fact(LineFact.LINE, i, from);
    int lineOfTo = fact(LineFact.LINE, i, to);
    boolean own = lineOfFrom == lineOfTo && to > 0;
    return switch (view) {
      case EVERYTHING -> true;
      case OWN_LINE -> own;
      case OPENED_LINE ->
          own
              || (lineOfFrom == 0 && to == 0)
              || (kind(i, to) == TokenKind.NEWLINE && lineOfTo == lineOfFrom - 1);
      case LINE_ENDS -> to == 0 || kind(i, to) == TokenKind.NEWLINE;
      case HEADER ->
          to == 0 || (fact(LineFact.HEADER, i, to) == 1 && kind(i, to) == TokenKind.LABEL);
    };
  }

  /** Who sees whom in all documents. */
  public VisibleKeys visible(LineView view) {
    int[] lines = facts.get(LineFact.LINE);
    boolean[] marked = marked(view);
    int[] starts = new int[weights.length + 1];
    int[] keys = new int[weights.length * (length + 1) / 2];
    int count = 0;
    for (int position = 0; position < weights.length; position++) {
      int t = position % length;
      int first = position - t;
      int line = lines[position];
      boolean ownLine = view == LineView.OWN_LINE || view == LineView.OPENED_LINE;
      boolean opener = view == LineView.OPENED_LINE;
      for (int to = 0; to < t; to++) {
        boolean seen =
            ownLine
                ? (lines[first + to] == line && to > 0)
                    || (opener && marked[first + to] && lines[first + to] == line - 1)
                    || (opener && line == 0 && to == 0)
                : marked[first + to];
        if (seen) {
          keys[count++] = to;
        }
      }
      keys[count++] = t;
      starts[position + 1] = count;
    }
    return new VisibleKeys(starts, Arrays.copyOf(keys, count));
  }

  /** The positions that a view shows to all later ones; of a view of lines, the newlines. */
  private boolean[] marked(LineView view) {
    boolean[] marked = new boolean[weights.length];
    for (int position = 0; position < marked.length; position++) {
      int i = position / length;
      int t = position % length;
      marked[position] =
          switch (view) {
            case EVERYTHING -> true;
            case OWN_LINE, OPENED_LINE -> kind(i, t) == TokenKind.NEWLINE;
            case LINE_ENDS -> t == 0 || kind(i, t) == TokenKind.NEWLINE;
            case HEADER ->
                t == 0 || (fact(LineFact.HEADER, i, t) == 1 && kind(i, t) == TokenKind.LABEL);
          };
    }
    return marked;
  }

  /** Who sees whom in document i, [T·T], entry from·T + to. */
  public boolean[] mask(LineView view, int i) {
    boolean[] mask = new boolean[length * length];
    for (int from = 0; from < length; from++) {
      for (int to = 0; to <= from; to++) {
        mask[from * length + to] = sees(view, i, from, to);
      }
    }
    return mask;
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
    if (facts.get(LineFact.DECISION)[position] != 1
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
    int[] changed = tokens.clone();
    changed[i * (length + 1) + t] = token;
    Map<LineFact, int[]> changedFacts = new EnumMap<>(facts);
    for (LineFact fact :
        new LineFact[] {LineFact.DECISION, LineFact.MUST_BREAK, LineFact.NEAR_EDGE}) {
      changedFacts.computeIfPresent(fact, (key, values) -> with(values, position, 0));
    }
    changedFacts.computeIfPresent(
        LineFact.NEXT_LENGTH, (key, values) -> with(values, position, -1));
    return new LineBatch(task, vocabulary, changed, weights, changedFacts);
  }

  private static int[] with(int[] values, int at, int value) {
    int[] changed = values.clone();
    changed[at] = value;
    return changed;
  }

  /**
   * The documents {@code from} to {@code to} − 1.
   *
   * @throws IndexOutOfBoundsException if there are not so many
   */
  public LineBatch documents(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    Map<LineFact, int[]> part = new EnumMap<>(LineFact.class);
    facts.forEach(
        (fact, values) -> part.put(fact, Arrays.copyOfRange(values, from * length, to * length)));
    return new LineBatch(
        task,
        vocabulary,
        Arrays.copyOfRange(tokens, from * (length + 1), to * (length + 1)),
        Arrays.copyOfRange(weights, from * length, to * length),
        part);
  }

  /** Document i, to be read. */
  public LineDocument document(int i) {
    return new LineDocument(this, Objects.checkIndex(i, size()));
  }

  private int[] window(int shift) {
    int[] window = new int[weights.length];
    for (int i = 0; i < size(); i++) {
      System.arraycopy(tokens, i * (length + 1) + shift, window, i * length, length);
    }
    return window;
  }

  private int position(int i, int t) {
    return Objects.checkIndex(i, size()) * length + Objects.checkIndex(t, length);
  }

  /** Equal tasks and tokens. */
  @Override
  public boolean equals(Object other) {
    return other instanceof LineBatch batch
        && task.equals(batch.task)
        && Arrays.equals(tokens, batch.tokens);
  }

  @Override
  public int hashCode() {
    return 31 * task.hashCode() + Arrays.hashCode(tokens);
  }

  @Override
  public String toString() {
    return size() + " documents of " + length + " tokens: " + task;
  }
}
