package org.grokscope.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Texts of prose, n of them with T tokens each, with what is true at each position.
 *
 * <p>A decision stands at every token that ends a word. The length of the next word is noted there
 * and at newlines: what does come, which a reader of the text cannot know.
 */
public final class ProseBatch extends LinedBatch {
  private static final char BREAK = '¶';
  private static final String MISSED = "✗";

  private final Prose task;
  private final ProseVocabulary vocabulary;

  ProseBatch(Prose task, int[] texts, double[] weights, Map<LineFact, int[]> facts) {
    super(task.length(), texts, weights, facts);
    this.task = task;
    this.vocabulary = task.tokens();
  }

  @Override
  ProseBatch of(int[] newTexts, double[] weights, Map<LineFact, int[]> newFacts) {
    return new ProseBatch(task, newTexts, weights, newFacts);
  }

  @Override
  boolean closesRow(int position) {
    return token(position / length(), position % length()) == vocabulary.newline();
  }

  @Override
  boolean tellsBelow(int position) {
    throw new IllegalArgumentException(
        "prose: got the view HEADER of texts without one, expected another; give the layer LINE_ENDS"
            + " or EVERYTHING");
  }

  /** The task. */
  public Prose task() {
    return task;
  }

  /** The tokens that the texts are made of. */
  public ProseVocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public OptionalInt knownTokens() {
    return OptionalInt.of(vocabulary.size());
  }

  /** The word that position t of text i stands in, up to and with its token; empty between. */
  public String word(int i, int t) {
    StringBuilder word = new StringBuilder();
    for (int at = t; vocabulary.isPiece(token(i, at)); at--) {
      word.insert(0, vocabulary.text(token(i, at)));
      if (vocabulary.begins(token(i, at))) {
        break;
      }
    }
    return word.toString();
  }

  @Override
  public ProseBatch select(int[] indices) {
    return (ProseBatch) super.select(indices);
  }

  @Override
  public ProseBatch part(int from, int to) {
    return (ProseBatch) super.part(from, to); // which selects
  }

  /**
   * Text i to be read: its width, then its lines up to their border; {@code ¶} stands behind a line
   * after which the newline has to be predicted.
   */
  public String text(int i) {
    return text(i, t -> fact(LineFact.MUST_BREAK, i, t) == 1);
  }

  /**
   * Text i with a model's line breaks: {@code ¶} where it breaks, {@code ✗} at the end of a line
   * that it would have run over. A {@code ¶} inside a line is a break too early.
   *
   * @param breaks for each position t with a decision, whether the model ends the line after it
   */
  public String text(int i, IntPredicate breaks) {
    Objects.checkIndex(i, size());
    List<String> rows = new ArrayList<>();
    int width = fact(LineFact.WIDTH, i, 0);
    rows.add("width " + width + ", to be inferred");
    for (int t = 1; t < length(); t++) {
      StringBuilder row = new StringBuilder();
      int count = 0;
      String verdict = " …";
      StringBuilder early = new StringBuilder(" ".repeat(width + 1));
      for (; t < length() && token(i, t) != vocabulary.newline(); t++) {
        boolean spaced = vocabulary.begins(token(i, t)) && count > 0;
        row.append(spaced ? " " : "").append(vocabulary.text(token(i, t)));
        count = fact(LineFact.COUNT, i, t);
        if (fact(LineFact.DECISION, i, t) == 1) {
          boolean here = breaks.test(t);
          if (fact(LineFact.MUST_BREAK, i, t) == 1) {
            verdict = " " + (here ? BREAK : MISSED);
          } else if (here) {
            early.setCharAt(count, BREAK);
          }
        }
      }
      row.append(" ".repeat(width - count));
      for (int column = 0; column < width; column++) {
        if (early.charAt(column) == BREAK) {
          row.setCharAt(column, BREAK);
        }
      }
      rows.add(row + "│" + verdict);
    }
    return String.join("\n", rows);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ProseBatch batch && task.equals(batch.task) && sameTexts(batch);
  }

  @Override
  public int hashCode() {
    return 31 * task.hashCode() + textsHash();
  }

  @Override
  public String toString() {
    return size() + " texts of " + length() + " tokens: " + task.title();
  }
}
