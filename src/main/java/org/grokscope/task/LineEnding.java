package org.grokscope.task;

/** What stands at the end of a line. */
public enum LineEnding {
  /** A newline token. */
  NEWLINE,
  /**
   * A token PAD<sub>r</sub> that names the r blanks left up to the border, r = width − count, then
   * a newline: the right wall of a box has to stand in one column.
   */
  PADDED
}
