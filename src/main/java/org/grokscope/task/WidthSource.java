package org.grokscope.task;

/** How a reader of a line-breaking document learns the width. */
public enum WidthSource {
  /** The first token names it. */
  GIVEN,
  /** Nothing names it: it has to be read off the lines that are already broken. */
  INFERRED,
  /** A ruler of dashes above the text is exactly as long. */
  RULED
}
