package org.grokscope.task;

/** What is true at a position of a line-breaking document: the labels of its probes. */
public enum LineFact {
  /**
   * Characters on the line up to the end of this token; 0 at a newline, at the end of a ruler and
   * at the first token.
   */
  COUNT,
  /** Characters on the line before this token and before the space in front of it. */
  COUNT_BEFORE,
  /** The width of the document, also where it has to be inferred. */
  WIDTH,
  /** Width − count. */
  REMAINING,
  /** Length of the next word, or −1 where a reader cannot know it yet. */
  NEXT_LENGTH,
  /**
   * Newlines before this token, the end of a ruler among them; each belongs to the line that it
   * ends.
   */
  LINE,
  /** 1 where a break is asked for: at a word of the text. */
  DECISION,
  /** 1 at a decision whose next word does not fit: count + 1 + next length &gt; width. */
  MUST_BREAK,
  /**
   * 1 at a decision with at most longest word + 1 characters remaining: elsewhere every word fits
   * and nothing has to be decided.
   */
  NEAR_EDGE,
  /** Index in the header row of the label above the next column, or −1. */
  HEADER_LABEL,
  /** 1 in what stands above the text: the header row or the ruler, their end included. */
  HEADER
}
