package org.grokscope.task;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Texts in lines, n of them with T tokens each, with what each position has to predict, how much
 * that weighs, and what is true there.
 *
 * <p>Arrays over all positions have n·T entries in row-major order; position t of text i is entry
 * i·T + t.
 */
public abstract class LinedBatch extends Batch {
  private final int[] texts; // [n · (T + 1)], the last token of each only a target
  private final Map<LineFact, int[]> facts; // [n · T] each

  LinedBatch(int length, int[] texts, double[] weights, Map<LineFact, int[]> facts) {
    super(length, window(texts, length, 0), window(texts, length, 1), weights);
    this.texts = texts;
    this.facts = facts;
  }

  /** What stands at positions shift … shift + T − 1 of texts of T + 1 tokens. */
  static int[] window(int[] texts, int length, int shift) {
    int[] window = new int[texts.length / (length + 1) * length];
    for (int at = 0; at < window.length; at += length) {
      System.arraycopy(texts, at / length * (length + 1) + shift, window, at, length);
    }
    return window;
  }

  /** Such texts of the same task. */
  abstract LinedBatch of(int[] newTexts, double[] weights, Map<LineFact, int[]> newFacts);

  /** Whether the token at a position i·T + t is the last of its row, as a newline is. */
  abstract boolean closesRow(int position);

  /** Whether the token at a position says something of what is below, for the view HEADER. */
  abstract boolean tellsBelow(int position);

  /** All tokens and the one after the last, [n · (T + 1)]; a copy. */
  final int[] texts() {
    return texts.clone();
  }

  /** All facts; a copy of the map, not of what it holds. */
  final Map<LineFact, int[]> facts() {
    return new EnumMap<>(facts);
  }

  private int[] known(LineFact fact) {
    int[] values = facts.get(fact);
    if (values == null) {
      throw new IllegalArgumentException(
          "lines: got the fact "
              + fact
              + ", expected one of "
              + facts.keySet()
              + ", which these texts know");
    }
    return values;
  }

  /** What is true at position t of text i. */
  public final int fact(LineFact fact, int i, int t) {
    return known(fact)[position(i, t)];
  }

  /** A fact at all positions, [n·T]. */
  public final int[] facts(LineFact fact) {
    return known(fact).clone();
  }

  /** A fact at the given positions, in the order given. */
  public final int[] facts(LineFact fact, int[] positions) {
    int[] values = known(fact);
    return IntStream.of(positions).map(position -> values[position]).toArray();
  }

  /** The positions i·T + t where a break is asked for, ascending. */
  public final int[] decisions() {
    int[] asked = known(LineFact.DECISION);
    return where(position -> asked[position] == 1);
  }

  /** The positions i·T + t for which a condition holds, ascending. */
  public final int[] where(IntPredicate condition) {
    return IntStream.range(0, size() * length()).filter(condition).toArray();
  }

  /**
   * Whether position {@code from} of text i may attend to position {@code to}: never to a later one
   * unless the view goes both ways, always to itself, and otherwise as the view says.
   */
  public final boolean sees(View view, int i, int from, int to) {
    position(i, from);
    int target = position(i, to);
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
          own || (lineOfFrom == 0 && to == 0) || (closesRow(target) && lineOfTo == lineOfFrom - 1);
      case LINE_ENDS -> to == 0 || closesRow(target);
      case HEADER -> to == 0 || tellsBelow(target);
      case END_BEFORE -> closesRow(target) && lineOfTo == lineOfFrom - 1;
    };
  }

  @Override
  public final VisibleKeys visible(View view) {
    if (view == View.EVERYTHING || view == View.BOTH_WAYS) {
      return super.visible(view);
    }
    int[] lines = known(LineFact.LINE);
    boolean[] marked = marked(view);
    if (view == View.END_BEFORE) {
      return VisibleKeys.endsBefore(length(), lines, marked);
    }
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

  /** The positions that a view shows to all later ones; of a view of lines, what ended them. */
  private boolean[] marked(View view) {
    boolean[] marked = new boolean[size() * length()];
    for (int position = 0; position < marked.length; position++) {
      boolean first = position % length() == 0;
      marked[position] =
          switch (view) {
            case EVERYTHING, BOTH_WAYS -> true;
            case OWN_LINE, OPENED_LINE, END_BEFORE -> closesRow(position);
            case LINE_ENDS -> first || closesRow(position);
            case HEADER -> first || tellsBelow(position);
          };
    }
    return marked;
  }

  /** Who sees whom in text i, [T·T], entry from·T + to. */
  public final boolean[] mask(View view, int i) {
    boolean[] mask = new boolean[length() * length()];
    for (int from = 0; from < length(); from++) {
      for (int to = 0; to < length(); to++) {
        mask[from * length() + to] = sees(view, i, from, to);
      }
    }
    return mask;
  }

  @Override
  public LinedBatch select(int[] indices) {
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
    return of(chosen, weights, chosenFacts);
  }

  final boolean sameTexts(LinedBatch other) {
    return Arrays.equals(texts, other.texts);
  }

  final int textsHash() {
    return Arrays.hashCode(texts);
  }
}
