package org.grokscope.task;

import java.util.Objects;

/**
 * The tokens that prose is written in: the newline, the start, then {@link Subwords} in their
 * order.
 */
public final class ProseVocabulary {
  private static final int NEWLINE = 0;
  private static final int START = 1;
  private static final int FIRST = 2; // the first piece

  private final Subwords subwords;

  ProseVocabulary(Subwords subwords) {
    this.subwords = subwords;
  }

  /** The pieces of words. */
  public Subwords subwords() {
    return subwords;
  }

  /** Number of tokens. */
  public int size() {
    return FIRST + subwords.size();
  }

  /** The token that ends a line. */
  public int newline() {
    return NEWLINE;
  }

  /** The token that opens every text. */
  public int start() {
    return START;
  }

  /** Whether a token is a piece of a word. */
  public boolean isPiece(int token) {
    return Objects.checkIndex(token, size()) >= FIRST;
  }

  /** Whether a token begins a word. */
  public boolean begins(int token) {
    return isPiece(token) && subwords.begins(token - FIRST);
  }

  /** How a token is written, such as {@code ing}, without the blank before a word. */
  public String text(int token) {
    return isPiece(token) ? subwords.text(token - FIRST) : token == NEWLINE ? "⏎" : "start";
  }

  /** Characters that a token takes, without the blank before a word. */
  public int length(int token) {
    return isPiece(token) ? text(token).length() : 0;
  }

  /** The tokens of a word. */
  public int[] tokens(String word) {
    int[] tokens = subwords.pieces(word);
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] += FIRST;
    }
    return tokens;
  }
}
