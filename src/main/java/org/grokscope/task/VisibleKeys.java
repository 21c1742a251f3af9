package org.grokscope.task;

import java.util.Arrays;

/**
 * Who sees whom in the documents of a batch, as lists: position t of document i sees the positions
 * {@code keys[starts[i·T + t]] … keys[starts[i·T + t + 1] − 1]} of the same document, ascending,
 * itself among them but in {@link View#END_BEFORE}. {@link Batch#visible} makes it.
 *
 * @param starts [B·T + 1]
 * @param keys positions in a document
 */
public record VisibleKeys(int[] starts, int[] keys) {

  /**
   * Everybody sees what ended the line before.
   *
   * @param length of a document, T
   * @param lines [B·T], the line that each position belongs to, an end to the line that it ends
   * @param ends [B·T], which positions end a line
   */
  static VisibleKeys endsBefore(int length, int[] lines, boolean[] ends) {
    int[] starts = new int[lines.length + 1];
    int[] keys = new int[lines.length];
    int count = 0;
    int last = -1; // the last end
    for (int position = 0; position < lines.length; position++) {
      last = position % length == 0 ? -1 : last;
      if (last >= 0 && lines[last] == lines[position] - 1) {
        keys[count++] = last % length;
      }
      last = ends[position] ? position : last;
      starts[position + 1] = count;
    }
    return new VisibleKeys(starts, Arrays.copyOf(keys, count));
  }

  /**
   * Everybody sees itself and what stands before it on its own line, but never the first token.
   *
   * @param length of a document, T
   * @param lines [B·T], the line that each position belongs to
   */
  static VisibleKeys ownLine(int length, int[] lines) {
    int[] starts = new int[lines.length + 1];
    int[] keys = new int[lines.length * (length + 1) / 2];
    int count = 0;
    for (int position = 0; position < lines.length; position++) {
      int t = position % length;
      for (int to = Math.min(1, t); to <= t; to++) {
        if (to == t || lines[position - t + to] == lines[position]) {
          keys[count++] = to;
        }
      }
      starts[position + 1] = count;
    }
    return new VisibleKeys(starts, Arrays.copyOf(keys, count));
  }
}
