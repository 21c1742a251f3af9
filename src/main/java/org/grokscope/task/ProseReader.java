package org.grokscope.task;

import java.util.Arrays;
import java.util.SortedSet;

/**
 * A reader of prose who counts without a mistake and knows how long words are that follow a word,
 * but not which will: what a model that knows no more of the language can decide.
 *
 * <p><b>The width.</b> It believes equally in every trained width k that what it has read allows:
 * the longest line so far ≤ k, and k &lt; count + 1 + first word of the next line for every line
 * that ended. Or it is {@linkplain #knowingTheWidth told} the width.
 *
 * <p><b>The next word.</b> From the text that is trained on it knows how often words of l
 * characters follow a word w, c(w, l), and backs off to how often they stand anywhere, by Witten
 * and Bell (1991): P(l | w) = (c(w, l) + T(w) · P(l)) / (Σ c(w, ·) + T(w)), T(w) being the number
 * of different lengths that follow w.
 *
 * <p><b>The decision.</b> It ends the line where P(next word does not fit) &gt; ½. A model that
 * knows more of the language, such as what a sentence is about, can be right more often.
 */
public final class ProseReader {
  private final ProseWords words;
  private final SortedSet<Integer> believed;
  private final boolean told;
  private final int[][] following; // [words][longest + 1], null of a word that never was followed
  private final double[] anywhere; // [longest + 1]

  private ProseReader(Prose task, SortedSet<Integer> believed, boolean told) {
    this.words = task.words();
    this.believed = believed;
    this.told = told;
    following = new int[words.size()][];
    anywhere = new double[words.longest() + 1];
    int[] text = words.training();
    for (int at = 0; at < text.length; at++) {
      int next = words.length(text[(at + 1) % text.length]);
      if (following[text[at]] == null) {
        following[text[at]] = new int[words.longest() + 1];
      }
      following[text[at]][next]++;
      anywhere[next] += 1.0 / text.length;
    }
  }

  /** A reader who infers the width, and believes in those of training texts. */
  public static ProseReader of(Prose task) {
    return new ProseReader(task, task.widths().trained(), false);
  }

  /** A reader who infers the width, and believes in every one of the range. */
  public static ProseReader ofAllWidths(Prose task) {
    return new ProseReader(task, task.widths().all(), false);
  }

  /** A reader who is told the width. */
  public static ProseReader knowingTheWidth(Prose task) {
    return new ProseReader(task, task.widths().all(), true);
  }

  /**
   * The probability that the next word does not fit, [n·T]: q at decisions, NaN elsewhere.
   *
   * @throws IllegalArgumentException if a text's width is none that the reader believes in
   */
  public double[] breakProbabilities(ProseBatch batch) {
    double[] q = new double[batch.size() * batch.length()];
    Arrays.fill(q, Double.NaN);
    for (int i = 0; i < batch.size(); i++) {
      int width = batch.fact(LineFact.WIDTH, i, 0);
      if (!believed.contains(width)) {
        throw new IllegalArgumentException(
            "prose reader: got a text of width "
                + width
                + ", expected one of the widths it believes in, "
                + believed
                + "; for held-out widths use ofAllWidths");
      }
      int least = told ? width : believed.first();
      int most = told ? width : believed.last();
      for (int t = 0; t < batch.length(); t++) {
        if (batch.fact(LineFact.DECISION, i, t) == 0) {
          continue;
        }
        int count = batch.fact(LineFact.COUNT, i, t);
        least = Math.max(least, count);
        int word = words.number(batch.word(i, t));
        q[i * batch.length() + t] = notFitting(count, tail(word), least, most);
        int needed = count + 1 + batch.fact(LineFact.NEXT_LENGTH, i, t);
        if (batch.fact(LineFact.MUST_BREAK, i, t) == 1) {
          most = Math.min(most, needed - 1);
        } else {
          least = Math.max(least, needed);
        }
      }
    }
    return q;
  }

  /** P(next word longer than k − count − 1), the mean over the widths k that are possible. */
  private double notFitting(int count, double[] tail, int least, int most) {
    double sum = 0;
    int possible = 0;
    for (int k : believed.subSet(least, most + 1)) {
      int room = Math.max(0, k - count - 1);
      sum += room < tail.length ? tail[room] : 0;
      possible++;
    }
    return sum / possible;
  }

  /** P(next word longer than x | word), [longest + 1]. */
  private double[] tail(int word) {
    int[] counts = following[word];
    double different = counts == null ? 1 : Arrays.stream(counts).filter(c -> c > 0).count();
    double total = counts == null ? 1 : Arrays.stream(counts).sum() + different;
    double[] tail = new double[anywhere.length];
    double longer = 0;
    for (int length = tail.length - 1; length >= 0; length--) {
      tail[length] = longer;
      int count = counts == null ? 0 : counts[length];
      longer += (count + different * anywhere[length]) / total;
    }
    return tail;
  }

  /** The share of decisions that it makes rightly. */
  public double accuracy(ProseBatch batch) {
    return breaks(batch).accuracy(position -> true);
  }

  /** The same near the edge. */
  public double nearEdgeAccuracy(ProseBatch batch) {
    return breaks(batch).nearEdgeAccuracy();
  }

  private Breaks breaks(ProseBatch batch) {
    double[] q = breakProbabilities(batch);
    return new Breaks(batch, position -> q[position] > 0.5);
  }
}
