package org.grokscope.task;

/**
 * A row of labels above a box, at which carets in the text point.
 *
 * @param labels in the row, separated by single spaces; 0 for no header
 * @param known different labels to choose from
 * @param shortest characters of the shortest label
 * @param longest characters of the longest label
 * @param caretShare share of the words, where the line goes on, that are followed by a caret and
 *     the label above the next column
 */
public record LineHeader(int labels, int known, int shortest, int longest, double caretShare) {
  /** No header and no carets. */
  public static final LineHeader NONE = new LineHeader(0, 0, 1, 1, 0);

  public LineHeader {
    if (labels < 0 || known < 0 || (labels > 0) != (known > 0)) {
      throw new IllegalArgumentException(
          "line header: got a row of "
              + labels
              + " out of "
              + known
              + " labels, expected both positive, or both 0 for no header");
    }
    if (shortest < 1 || longest < shortest) {
      throw new IllegalArgumentException(
          "line header: got labels of "
              + shortest
              + " to "
              + longest
              + " characters, expected 1 ≤ shortest ≤ longest");
    }
    if (!(caretShare >= 0 && caretShare < 1) || (labels == 0 && caretShare > 0)) {
      throw new IllegalArgumentException(
          "line header: got a caret share of "
              + caretShare
              + " with "
              + labels
              + " labels, expected 0 ≤ share < 1, and 0 without a header");
    }
  }

  /** Whether there is a row of labels. */
  public boolean present() {
    return labels > 0;
  }
}
