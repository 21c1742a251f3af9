package org.grokscope.task;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Documents of one task, B of them with T tokens each, with what each position has to predict, how
 * much that weighs, and what is true there.
 *
 * <p>Arrays over all positions have B·T entries in row-major order; position t of document i is
 * entry i·T + t.
 */
public final class LineBatch extends Batch {
  private final LineBreaking task;
  private final LineVocabulary vocabulary;
  private final int[] texts; // [B · (T + 1)], the last token of each only a target
  private final Map<LineFact, int[]> facts; // [B · T] each

  LineBatch(
      LineBreaking task,
      LineVocabulary vocabulary,
      int[] texts,
      double[] weights,
      Map<LineFact, int[]> facts) {
    super(task.length(), window(texts, task.length(), 0), window(texts, task.length(), 1), weights);
    this.task = task;
    this.vocabulary = vocabulary;
    this.texts = texts;
    this.facts = facts;
  }

  private static int[] window(int[] texts, int length, int shift) {
    int[] window = new int[texts.length / (length + 1) * length];
    for (int at = 0; at < window.length; at += length) {
      System.arraycopy(texts, at / length * (length + 1) + shift, window, at, length);
    }
    return window;
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

  /** What is true at position t of document i. */
  public int fact(LineFact fact, int i, int t) {
    return facts.get(fact)[position(i, t)];
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
    return where(position -> kind(position / length(), position % length()) == kind);
  }

  /** The positions i·T + t for which a condition holds, ascending. */
  public int[] where(IntPredicate condition) {
    return IntStream.range(0, size() * length()).filter(condition).toArray();
  }

  /**
   * Whether position {@code from} of document i may attend to position {@code to}: never to a later
   * one unless the view goes both ways, always to itself, and otherwise as the view says.
   */
  public boolean sees(View view, int i, int from, int to) {
    position(i, from);
    position(i, to);
    if (to >= from) {
      return (to == from && view != View.END_BEFORE) || view == View.BOTH_WAYS;
    }
    int lineOfFrom = fact(LineFact.LINE, i, from);
    int lineOfTo = fact(LineFact.LINE, i, to);
    boolean own = lineOfFrom == lineOfTo && to > 0;
    return switch (view) {
      case EVERYTHING, BOTH_WAYS -> true;
      case OWN_LINE -> own;
      case OPENED_LINE ->
          own || (lineOfFrom == 0 && to == 0) || (closesRow(i, to) && lineOfTo == lineOfFrom - 1);
      case LINE_ENDS -> to == 0 || closesRow(i, to);
      case HEADER -> to == 0 || telling(i, to);
      case END_BEFORE -> closesRow(i, to) && lineOfTo == lineOfFrom - 1;
    };
  }

  @Override
  public VisibleKeys visible(View view) {
    if (view == View.EVERYTHING || view == View.BOTH_WAYS) {
      return super.visible(view);
    }
    if (view == View.END_BEFORE) {
      return VisibleKeys.endsBefore(length(), facts.get(LineFact.LINE), marked(view));
    }
    int[] lines = facts.get(LineFact.LINE);
    boolean[] marked = marked(view);
    int[] starts = new int[size() * length() + 1];
    int[] keys = new int[size() * length() * (length() + 1) / 2];
    int count = 0;
    for (int position = 0; position < size() * length(); position++) {
      int t = position % length();
      int first = position - t;
      int line = lines[position];
      boolean ownLine = view == View.OWN_LINE || view == View.OPENED_LINE;
      boolean opener = view == View.OPENED_LINE;
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

  private boolean closesRow(int i, int t) {
    return vocabulary.closesRow(token(i, t));
  }

  /** Whether it says something of what is below: a label of the header row, or a ruler's end. */
  private boolean telling(int i, int t) {
    return kind(i, t) == TokenKind.RULER_END
        || (kind(i, t) == TokenKind.LABEL && fact(LineFact.HEADER, i, t) == 1);
  }

  /** The positions that a view shows to all later ones; of a view of lines, what ended them. */
  private boolean[] marked(View view) {
    boolean[] marked = new boolean[size() * length()];
    for (int position = 0; position < marked.length; position++) {
      int i = position / length();
      int t = position % length();
      marked[position] =
          switch (view) {
            case EVERYTHING, BOTH_WAYS -> true;
            case OWN_LINE, OPENED_LINE, END_BEFORE -> closesRow(i, t);
            case LINE_ENDS -> t == 0 || closesRow(i, t);
            case HEADER -> t == 0 || telling(i, t);
          };
    }
    return marked;
  }

  /** Who sees whom in document i, [T·T], entry from·T + to. */
  public boolean[] mask(View view, int i) {
    boolean[] mask = new boolean[length() * length()];
    for (int from = 0; from < length(); from++) {
      for (int to = 0; to < length(); to++) {
        mask[from * length() + to] = sees(view, i, from, to);
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
    int[] changed = texts.clone();
    changed[i * (length() + 1) + t] = token;
    Map<LineFact, int[]> changedFacts = new EnumMap<>(facts);
    for (LineFact fact :
        new LineFact[] {LineFact.DECISION, LineFact.MUST_BREAK, LineFact.NEAR_EDGE}) {
      changedFacts.computeIfPresent(fact, (key, values) -> with(values, position, 0));
    }
    changedFacts.computeIfPresent(
        LineFact.NEXT_LENGTH, (key, values) -> with(values, position, -1));
    return new LineBatch(task, vocabulary, changed, weights(), changedFacts);
  }

  private static int[] with(int[] values, int at, int value) {
    int[] changed = values.clone();
    changed[at] = value;
    return changed;
  }

  @Override
  public LineBatch select(int[] indices) {
    int width = length() + 1;
    int[] chosen = new int[indices.length * width];
    double[] all = weights();
    double[] weights = new double[indices.length * length()];
    Map<LineFact, int[]> chosenFacts = new EnumMap<>(LineFact.class);
    facts.keySet().forEach(fact -> chosenFacts.put(fact, new int[weights.length]));
    for (int i = 0; i < indices.length; i++) {
      int from = Objects.checkIndex(indices[i], size()) * length();
      int to = i * length();
      System.arraycopy(texts, indices[i] * width, chosen, i * width, width);
      System.arraycopy(all, from, weights, to, length());
      chosenFacts.forEach(
          (fact, values) -> System.arraycopy(facts.get(fact), from, values, to, length()));
    }
    return new LineBatch(task, vocabulary, chosen, weights, chosenFacts);
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
    return other instanceof LineBatch batch
        && task.equals(batch.task)
        && Arrays.equals(texts, batch.texts);
  }

  @Override
  public int hashCode() {
    return 31 * task.hashCode() + Arrays.hashCode(texts);
  }

  @Override
  public String toString() {
    return size() + " documents of " + length() + " tokens: " + task;
  }
}
