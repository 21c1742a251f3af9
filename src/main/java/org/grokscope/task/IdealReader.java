package org.grokscope.task;

import java.util.Arrays;
import java.util.Objects;
import java.util.SortedSet;

/**
 * Bayes' reader: knows how documents come about, sees the tokens up to a position, and says how
 * likely it is that the next word does not fit. No model can expect to decide more rightly.
 *
 * <p><b>What a prefix reveals of the width k.</b> The words are drawn without regard to k, so they
 * say nothing; where lines end says all. After a word with count c, whose successors all have l
 * characters, the next word fits if c + 1 + l ≤ k. Then the line ends with probability e (an early
 * end) and goes on with 1 − e; if it does not fit, the line ends surely. So with a uniform prior
 * over the widths
 *
 * <pre>
 *   P(k | prefix) ∝ Π over earlier words of
 *       line went on:  (1 − e)·[c + 1 + l ≤ k]
 *       line ended:    e if c + 1 + l ≤ k, else 1
 * </pre>
 *
 * and [c ≤ k] for what stands on the line. Without early ends this is an interval: k is at least
 * the longest line so far, and less than count + 1 + next length at the end of every finished line;
 * every width in it is equally likely. A pad r after count c leaves k = c + r only. An odd token of
 * m characters, put with probability d after a word where the line goes on and c + 1 + m ≤ k, adds
 * the factor d·[c + 1 + m ≤ k] where it stands, and 1 − d·[c + 1 + m ≤ k] where it does not; after
 * it the line ends if and only if the next word does not fit.
 *
 * <p><b>The decision.</b> q = P(k &lt; c + 1 + l | prefix). Saying "break" when q &gt; ½ is right
 * with probability max(q, 1 − q), and no rule that sees the prefix alone is right more often; the
 * ceiling is the mean over all decisions of the documents. It is exact for their text; only which
 * texts were drawn is chance. Where the width is given, drawn as a ruler, or named by a pad, the
 * ceiling is 1.
 */
public final class IdealReader {
  private final SortedSet<Integer> believed;

  private IdealReader(SortedSet<Integer> believed) {
    this.believed = believed;
  }

  /** A reader who believes in the widths of training documents, each as likely as any other. */
  public static IdealReader of(LineBreaking task) {
    return new IdealReader(task.widths().trained());
  }

  /**
   * A reader who believes in every width of the range: the one to hold a model against on held-out
   * widths, which the other reader thinks impossible.
   */
  public static IdealReader ofAllWidths(LineBreaking task) {
    return new IdealReader(task.widths().all());
  }

  /**
   * The probability that the next word does not fit, [B·T]: q at decisions, NaN elsewhere.
   *
   * @throws IllegalArgumentException if a document's width is none that the reader believes in
   */
  public double[] breakProbabilities(LineBatch batch) {
    double[] q = new double[batch.size() * batch.length()];
    Arrays.fill(q, Double.NaN);
    read(
        batch,
        (i, t, widths, belief) -> q[i * batch.length() + t] = notFitting(batch, i, t, belief));
    return q;
  }

  /**
   * The ceiling of the decisions in these documents.
   *
   * @throws IllegalArgumentException if a document's width is none that the reader believes in
   */
  public BreakCeiling ceiling(LineBatch batch) {
    Tally tally = new Tally(batch);
    read(batch, tally);
    return tally.ceiling();
  }

  /** What is asked at each decision. */
  private interface Decision {
    /** The belief in width w at entry w, adding up to 1. */
    void at(int i, int t, int[] widths, double[] belief);
  }

  private void read(LineBatch batch, Decision decision) {
    Objects.requireNonNull(batch, "batch");
    for (int i = 0; i < batch.size(); i++) {
      int width = batch.fact(LineFact.WIDTH, i, 0);
      boolean given = batch.task().widths().source() != WidthSource.INFERRED;
      if (!given && !believed.contains(width)) {
        throw new IllegalArgumentException(
            "ideal reader: got a document of width "
                + width
                + ", expected one of the widths it believes in, "
                + believed
                + "; for held-out widths use ofAllWidths");
      }
      int[] widths =
          given ? new int[] {width} : believed.stream().mapToInt(Integer::intValue).toArray();
      double[] belief = new double[batch.task().widths().widest() + 1];
      for (int w : widths) {
        belief[w] = 1.0 / widths.length;
      }
      for (int t = 0; t < batch.length(); t++) {
        if (batch.fact(LineFact.DECISION, i, t) == 1) {
          decision.at(i, t, widths, belief.clone());
        }
        learn(batch, i, t, belief);
      }
    }
  }

  /** Turns the belief before the token after position t into the belief after it. */
  private static void learn(LineBatch batch, int i, int t, double[] belief) {
    Step step = Step.of(batch, i, t);
    double sum = 0;
    for (int k = 0; k < belief.length; k++) {
      belief[k] *= step.likelihood(k);
      sum += belief[k];
    }
    for (int k = 0; k < belief.length; k++) {
      belief[k] /= sum;
    }
  }

  /** What happened after a position: the line ended, an odd token came, or the text went on. */
  private record Step(
      boolean telling, // whether the width had a part in it
      int count,
      int next, // length of the next word
      boolean ended,
      boolean oddCame,
      int blanks, // named by a pad, or −1
      double early, // share of early ends here
      double odd, // share of odd tokens here
      int oddLength) {

    static Step of(LineBatch batch, int i, int t) {
      boolean word = batch.fact(LineFact.DECISION, i, t) == 1;
      int next = batch.fact(LineFact.NEXT_LENGTH, i, t);
      int target = batch.target(i, t);
      TokenKind targetKind = batch.vocabulary().kind(target);
      return new Step(
          word || (batch.kind(i, t) == TokenKind.DISTRACTOR && next >= 0),
          batch.fact(LineFact.COUNT, i, t),
          next,
          batch.vocabulary().endsLine(target),
          targetKind == TokenKind.DISTRACTOR,
          targetKind == TokenKind.PAD ? batch.vocabulary().blanks(target) : -1,
          word ? batch.task().earlyEnds() : 0,
          word ? batch.task().distractors().share() : 0,
          batch.task().distractors().length());
    }

    /** The probability of what happened if the width is k, but for factors that no k changes. */
    double likelihood(int k) {
      if (blanks >= 0 && k != count + blanks) {
        return 0;
      }
      if (!telling) {
        return 1;
      }
      boolean fits = count + 1 + next <= k;
      if (ended) {
        return fits ? early : 1;
      }
      double oddHere = fits && count + 1 + oddLength <= k ? odd : 0;
      return fits ? (1 - early) * (oddCame ? oddHere : 1 - oddHere) : 0;
    }
  }

  private static double notFitting(LineBatch batch, int i, int t, double[] belief) {
    int needed = batch.fact(LineFact.COUNT, i, t) + 1 + batch.fact(LineFact.NEXT_LENGTH, i, t);
    double q = 0;
    for (int k = 0; k < Math.min(needed, belief.length); k++) {
      q += belief[k];
    }
    return q;
  }

  /** Counts how the decisions go. */
  private static final class Tally implements Decision {
    private final LineBatch batch;
    private int decisions;
    private int nearEdge;
    private int right;
    private int rightNearEdge;
    private double expectedRight;
    private double expectedNearEdge;
    private double expectedRightNearEdge;

    Tally(LineBatch batch) {
      this.batch = batch;
    }

    @Override
    public void at(int i, int t, int[] widths, double[] belief) {
      int count = batch.fact(LineFact.COUNT, i, t);
      int next = batch.fact(LineFact.NEXT_LENGTH, i, t);
      boolean breaks = notFitting(batch, i, t, belief) > 0.5;
      boolean rightly = breaks == (batch.fact(LineFact.MUST_BREAK, i, t) == 1);
      boolean near = batch.fact(LineFact.NEAR_EDGE, i, t) == 1;
      decisions++;
      nearEdge += near ? 1 : 0;
      right += rightly ? 1 : 0;
      rightNearEdge += near && rightly ? 1 : 0;
      for (int k : widths) {
        boolean nearThis = k - count <= batch.task().words().longest() + 1;
        boolean rightThis = breaks == (count + 1 + next > k);
        expectedRight += rightThis ? belief[k] : 0;
        expectedNearEdge += nearThis ? belief[k] : 0;
        expectedRightNearEdge += nearThis && rightThis ? belief[k] : 0;
      }
    }

    BreakCeiling ceiling() {
      return new BreakCeiling(
          decisions,
          expectedRight / decisions,
          expectedRightNearEdge / expectedNearEdge,
          (double) right / decisions,
          (double) rightNearEdge / nearEdge);
    }
  }
}
