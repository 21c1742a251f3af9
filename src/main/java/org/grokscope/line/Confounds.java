package org.grokscope.line;

/** What varies beside a fact and is taken out of its means, or not: a choice that shows. */
public enum Confounds {
  /** Plain means. */
  KEPT,
  /**
   * The additive effect of every token is fitted together with the fact and taken out: a count that
   * only some words reach would otherwise carry those words' directions, dimensions that are none
   * of its own.
   */
  TOKENS_REMOVED,
  /** The additive effect of the count is taken out, for facts that a token decides by itself. */
  COUNT_REMOVED
}
