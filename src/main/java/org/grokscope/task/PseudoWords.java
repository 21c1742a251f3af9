package org.grokscope.task;

/**
 * The words that lines are made of.
 *
 * @param words how many there are
 * @param successors different words that may follow each; all of one length, so that the text is
 *     random while the length of the next word is certain
 * @param longest characters of the longest word, up to {@value #LONGEST}
 * @param seed of spellings and successors
 */
public record PseudoWords(int words, int successors, int longest, long seed) {
  /** The longest word that the length distribution knows. */
  public static final int LONGEST = 12;

  public PseudoWords {
    if (words < 1) {
      throw new IllegalArgumentException(
          "pseudo-words: got an empty vocabulary of "
              + words
              + " words, expected at least 1; try 120");
    }
    if (longest < 1 || longest > LONGEST) {
      throw new IllegalArgumentException(
          "pseudo-words: got a longest word of "
              + longest
              + " characters, expected 1 to "
              + LONGEST
              + " (the lengths that the distribution of English is given for)");
    }
    if (successors < 1) {
      throw new IllegalArgumentException(
          "pseudo-words: got " + successors + " successors a word, expected at least 1");
    }
    if (words < longest * successors) {
      throw new IllegalArgumentException(
          "pseudo-words: got "
              + words
              + " words, expected at least "
              + longest * successors
              + ", "
              + successors
              + " of each length up to "
              + longest
              + ", so that a word has as many successors of one length; use more words, or"
              + " fewer successors or lengths");
    }
  }
}
