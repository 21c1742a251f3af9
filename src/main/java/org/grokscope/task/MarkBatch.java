package org.grokscope.task;

import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Texts of a task of marks, n of them with T tokens each, all asked with weight 1, with what is
 * true at each position. A position is named i·T + t: token t of text i.
 */
public final class MarkBatch extends Batch {
  private static final char STOP = '¶';
  private static final char MISSED = '✗';

  private final MarkCounting task;
  private final MarkVocabulary vocabulary;
  private final int[] texts; // [n · (T + 1)], the last token of each only a target
  private final int[] counts; // [n · T], and so the next two
  private final int[] wanted;
  private final int[] lines;

  MarkBatch(
      MarkCounting task,
      MarkVocabulary vocabulary,
      int[] texts,
      int[] counts,
      int[] wanted,
      int[] lines) {
    super(
        task.length(),
        LinedBatch.window(texts, task.length(), 0),
        LinedBatch.window(texts, task.length(), 1),
        ones(counts.length));
    this.task = task;
    this.vocabulary = vocabulary;
    this.texts = texts;
    this.counts = counts;
    this.wanted = wanted;
    this.lines = lines;
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The task. */
  public MarkCounting task() {
    return task;
  }

  /** The tokens that the texts are made of. */
  public MarkVocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public OptionalInt knownTokens() {
    return OptionalInt.of(vocabulary.size());
  }

  /** What the token at a position is. */
  public MarkVocabulary.Kind kind(int position) {
    return vocabulary.kind(token(position / length(), position % length()));
  }

  /** Characters or marks on the line up to the end of the token at a position, its end included. */
  public int count(int position) {
    return counts[position];
  }

  /** Marks that there are to be, at marks and at what says how many; 0 elsewhere. */
  public int wanted(int position) {
    return wanted[position];
  }

  /** The positions of a kind of token, ascending. */
  public int[] positionsOf(MarkVocabulary.Kind kind) {
    return where(position -> kind(position) == kind);
  }

  /** The positions for which a condition holds, ascending. */
  public int[] where(IntPredicate condition) {
    return IntStream.range(0, size() * length()).filter(condition).toArray();
  }

  /** The positions that say how many marks are to come: ends of headings, or numbers. */
  public int[] tellings() {
    return where(p -> wanted[p] > 0 && kind(p) != MarkVocabulary.Kind.MARKS);
  }

  @Override
  public VisibleKeys visible(View view) {
    return switch (view) {
      case EVERYTHING, BOTH_WAYS -> super.visible(view);
      case OWN_LINE -> VisibleKeys.ownLine(length(), lines);
      case END_BEFORE -> VisibleKeys.endsBefore(length(), lines, ends());
      default ->
          throw new IllegalArgumentException(
              "marks: got the view "
                  + view
                  + ", expected EVERYTHING, BOTH_WAYS, OWN_LINE or END_BEFORE; give the layer one of"
                  + " these");
    };
  }

  private boolean[] ends() {
    boolean[] ends = new boolean[lines.length];
    for (int position = 0; position < ends.length; position++) {
      MarkVocabulary.Kind kind = kind(position);
      ends[position] =
          kind != MarkVocabulary.Kind.START
              && kind != MarkVocabulary.Kind.WORD
              && kind != MarkVocabulary.Kind.MARKS;
    }
    return ends;
  }

  @Override
  public MarkBatch select(int[] indices) {
    int[] positions =
        IntStream.of(indices)
            .map(i -> Objects.checkIndex(i, size()) * length())
            .flatMap(from -> IntStream.range(from, from + length()))
            .toArray();
    int[] chosen = new int[indices.length * (length() + 1)];
    for (int i = 0; i < indices.length; i++) {
      int width = length() + 1;
      System.arraycopy(texts, indices[i] * width, chosen, i * width, width);
    }
    return new MarkBatch(
        task,
        vocabulary,
        chosen,
        at(counts, positions),
        at(wanted, positions),
        at(lines, positions));
  }

  private static int[] at(int[] values, int[] positions) {
    return IntStream.of(positions).map(position -> values[position]).toArray();
  }

  @Override
  public MarkBatch part(int from, int to) {
    return (MarkBatch) super.part(from, to); // which selects
  }

  /**
   * What the best possible reader would get on these texts: it knows how they are made, and at
   * every position the exact probability of every next token.
   *
   * @param loss its mean loss to be expected, in nats
   * @param accuracy the share of the next tokens that it is to be expected to guess
   * @param stopAccuracy the share of the marks after which it knows whether there are enough: 1,
   *     since they can be counted
   */
  public record Best(double loss, double accuracy, double stopAccuracy) {}

  /** What the best possible reader would get. */
  public Best best() {
    double loss = 0;
    double accuracy = 0;
    for (int position = 0; position < counts.length; position++) {
      for (double share : next(position)) {
        loss -= share == 0 ? 0 : share * Math.log(share);
      }
      accuracy += Arrays.stream(next(position)).max().orElseThrow();
    }
    return new Best(loss / counts.length, accuracy / counts.length, 1);
  }

  /**
   * The probability of every next token at a position, [vocabulary], for one who knows how texts
   * are made and has read this one up to there.
   */
  public double[] next(int position) {
    double[] shares = new double[vocabulary.size()];
    MarkVocabulary.Kind kind = kind(position);
    switch (kind) {
      case START, END -> {
        for (int i = 0; i < vocabulary.sayings(); i++) {
          shares[vocabulary.saying(i)] = 1.0 / vocabulary.sayings();
        }
      }
      case WORD -> {
        int word = token(position / length(), position % length());
        double ends = headingEnds(counts[position], vocabulary.nextLength(word));
        shares[vocabulary.headingEnd()] = ends;
        for (int successor : vocabulary.successors(word)) {
          shares[successor] += (1 - ends) / vocabulary.successors(word).size();
        }
      }
      case HEADING_END, NUMBER -> addChunks(shares, wanted[position]);
      case MARKS -> {
        int left = wanted[position] - counts[position];
        if (left == 0) {
          shares[vocabulary.end()] = 1;
        } else {
          addChunks(shares, left);
        }
      }
    }
    return shares;
  }

  private void addChunks(double[] shares, int left) {
    for (int chunk : task.fitting(left)) {
      shares[vocabulary.chunk(chunk)] = 1.0 / task.fitting(left).size();
    }
  }

  /** P(limit &lt; count + 1 + next | limit ≥ count), all limits of the task being alike. */
  private double headingEnds(int count, int next) {
    int from = Math.max(count, task.shortest());
    int tooSmall = Math.min(count + next, task.longest()) - from + 1;
    return Math.max(0, tooSmall) / (double) (task.longest() - from + 1);
  }

  /**
   * Text i to be read: a heading and the rule below it, or a number and its bar; {@code ¶} stands
   * where the marks have to end, which is what has to be predicted.
   */
  public String text(int i) {
    return text(i, t -> counts[i * length() + t] == wanted[i * length() + t]);
  }

  /**
   * Text i with a model's ends: {@code ¶} where it would end the marks, {@code ✗} at an end that it
   * would have run over. A {@code ¶} between marks is an end too early.
   *
   * @param stops for each position t of marks, whether the model ends them after it
   */
  public String text(int i, IntPredicate stops) {
    StringBuilder text = new StringBuilder();
    for (int t = 1; t < length(); t++) {
      int position = i * length() + t;
      String token = vocabulary.text(token(i, t));
      boolean begun = !text.isEmpty() && text.charAt(text.length() - 1) != '\n';
      switch (kind(position)) {
        case WORD -> text.append(begun ? " " : "").append(token);
        case NUMBER -> text.append(token).append(' ');
        case MARKS -> {
          boolean enough = counts[position] == wanted[position];
          text.append(token).append(stops.test(t) ? "" + STOP : enough ? "" + MISSED : "");
        }
        case HEADING_END, END, START -> text.append('\n');
      }
    }
    return text.toString().stripTrailing();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MarkBatch batch
        && task.equals(batch.task)
        && Arrays.equals(texts, batch.texts);
  }

  @Override
  public int hashCode() {
    return 31 * task.hashCode() + Arrays.hashCode(texts);
  }

  @Override
  public String toString() {
    return size() + " texts of " + length() + " tokens: " + task.title();
  }
}
