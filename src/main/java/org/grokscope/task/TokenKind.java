package org.grokscope.task;

/** What a token of a line-breaking document is. */
public enum TokenKind {
  /** The first token where it names no width. */
  START,
  /** The first token where the width is given. */
  WIDTH,
  /** Some dashes of the ruler above the text. */
  DASHES,
  /** Ends the ruler. */
  RULER_END,
  /** Ends a line. */
  NEWLINE,
  /** Names the blanks left on the line, before the newline. */
  PAD,
  /** A word of 1 to 12 characters. */
  WORD,
  /** Points up at the header from the column after the last word; takes no room. */
  CARET,
  /** A label: in the header row it takes room, after a caret it takes none. */
  LABEL,
  /** An odd token, such as {@code @@}, that takes the room of a word. */
  DISTRACTOR
}
