package org.grokscope.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** One document as a reader sees it: lines up to the border, the box, the header, the carets. */
public final class LineDocument {
  private static final char BREAK = '¶';
  private static final String MISSED = "✗";

  private final LineBatch batch;
  private final int index;

  LineDocument(LineBatch batch, int index) {
    this.batch = batch;
    this.index = index;
  }

  /** The width that its lines are broken at. */
  public int width() {
    return batch.fact(LineFact.WIDTH, index, 0);
  }

  /**
   * The text: a line each line, its border at the width, the ruler above it where there is one, a
   * right wall and the blanks left in a box; carets stand below the line that they are in, each
   * under its column and followed by the label that answers it.
   */
  public String text() {
    return text(position -> false, false);
  }

  /**
   * The text with a model's line breaks: {@code ¶} where it breaks, {@code ✗} at the end of a line
   * that it would have run over. A {@code ¶} inside a line is a break too early.
   *
   * @param breaks for each position t with a decision, whether the model ends the line after it
   */
  public String text(IntPredicate breaks) {
    return text(breaks, true);
  }

  private String text(IntPredicate breaks, boolean marked) {
    List<String> rows = new ArrayList<>();
    rows.add("width " + width() + told());
    StringBuilder header = new StringBuilder();
    StringBuilder ruler = new StringBuilder();
    int t = 1;
    while (t < batch.length() && batch.fact(LineFact.HEADER, index, t) == 1) {
      if (batch.kind(index, t) == TokenKind.LABEL) {
        append(header, word(t));
      } else if (batch.kind(index, t) == TokenKind.DASHES) {
        ruler.append(word(t));
      }
      t++;
    }
    boolean boxed = batch.task().ending() == LineEnding.PADDED;
    if (!header.isEmpty()) {
      rows.add((boxed ? " " : "") + header);
    }
    if (!ruler.isEmpty()) {
      rows.add((boxed ? " " : "") + ruler + "│");
    }
    if (boxed) {
      rows.add("┌" + "─".repeat(width()) + "┐");
    }
    while (t < batch.length()) {
      int from = t;
      while (t < batch.length() && batch.kind(index, t) != TokenKind.NEWLINE) {
        t++;
      }
      addLine(rows, from, t, breaks, marked);
      t++;
    }
    if (boxed && batch.kind(index, batch.length() - 1) == TokenKind.NEWLINE) {
      rows.add("└" + "─".repeat(width()) + "┘");
    }
    return String.join("\n", rows);
  }

  /** How a reader learns the width. */
  private String told() {
    return switch (batch.task().widths().source()) {
      case GIVEN -> "";
      case INFERRED -> ", to be inferred";
      case RULED -> ", as long as the ruler";
    };
  }

  /** The line of positions from … to − 1; at {@code to} stands its newline, or nothing any more. */
  private void addLine(List<String> rows, int from, int to, IntPredicate breaks, boolean marked) {
    StringBuilder line = new StringBuilder();
    List<StringBuilder> below = new ArrayList<>();
    String end = to < batch.length() ? "" : " …";
    for (int t = from; t < to; t++) {
      switch (batch.kind(index, t)) {
        case WORD, DISTRACTOR -> append(line, word(t));
        case CARET ->
            point(below, batch.fact(LineFact.COUNT, index, t), t + 1 < to ? word(t + 1) : "");
        case PAD -> end = " " + word(t);
        default -> {
          // a label, written with its caret
        }
      }
    }
    StringBuilder row = padded(line);
    String verdict = "";
    for (int t = from; marked && t < to; t++) {
      if (batch.fact(LineFact.DECISION, index, t) == 0) {
        continue;
      }
      boolean last = endsHere(t);
      boolean breaksHere = breaks.test(t);
      boolean mustBreak = batch.fact(LineFact.MUST_BREAK, index, t) == 1;
      if (last) {
        verdict = breaksHere ? " " + BREAK : mustBreak ? " " + MISSED : " early";
      } else if (breaksHere) {
        row.setCharAt(batch.fact(LineFact.COUNT, index, t), BREAK);
      }
    }
    boolean boxed = batch.task().ending() == LineEnding.PADDED;
    rows.add((boxed ? "│" : "") + row + "│" + end + verdict);
    for (StringBuilder pointers : below) {
      rows.add((boxed ? " " : "") + pointers);
    }
  }

  /** The line filled with blanks up to the border; a break mark may stand at the border. */
  private StringBuilder padded(StringBuilder line) {
    char[] blanks = new char[width() - line.length()];
    Arrays.fill(blanks, ' ');
    return new StringBuilder(line).append(blanks);
  }

  private boolean endsHere(int t) {
    return batch.vocabulary().endsLine(batch.target(index, t));
  }

  /** Writes a caret and its label under a column, in the first row where there is room. */
  private static void point(List<StringBuilder> below, int column, String label) {
    StringBuilder row = null;
    for (StringBuilder candidate : below) {
      if (row == null && candidate.length() < column) {
        row = candidate;
      }
    }
    if (row == null) {
      row = new StringBuilder();
      below.add(row);
    }
    row.append(" ".repeat(column - row.length())).append('^').append(label);
  }

  private String word(int t) {
    return batch.vocabulary().text(batch.token(index, t));
  }

  private static void append(StringBuilder line, String word) {
    line.append(line.isEmpty() ? "" : " ").append(word);
  }

  @Override
  public String toString() {
    return text();
  }
}
