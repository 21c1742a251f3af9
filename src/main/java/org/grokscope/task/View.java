package org.grokscope.task;

/** Which tokens a position may attend to; in all views but the last every position sees itself. */
public enum View {
  /** Everything before. */
  EVERYTHING,
  /** Everything, before and after. */
  BOTH_WAYS,
  /** Its own line, a newline belonging to the line that it ends; never the first token. */
  OWN_LINE,
  /** Its own line and what opened it: the newline before, or the first token. */
  OPENED_LINE,
  /**
   * The first token and what ended a line, a newline or a ruler's end, so that what they have
   * gathered is all there is to read.
   */
  LINE_ENDS,
  /** The first token and the labels of the header row, or the end of the ruler. */
  HEADER,
  /** What ended the line before, and nothing else, not even itself: the layer needs a sink. */
  END_BEFORE
}
