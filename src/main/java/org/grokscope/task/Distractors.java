package org.grokscope.task;

import java.util.List;

/**
 * Odd tokens that take the room of a short word: those of the illusion of Claude 3.5 Haiku, which
 * breaks a line less surely where {@code @@} stands in it.
 *
 * @param texts how they are written, all of one length; each is one token
 * @param share of the words that are followed by one in training and fresh documents; with 0 they
 *     are in the vocabulary and a model never sees one until a probe puts it there
 */
public record Distractors(List<String> texts, double share) {
  /** None. */
  public static final Distractors NONE = new Distractors(List.of(), 0);

  public Distractors {
    texts = List.copyOf(texts);
    if (texts.stream().mapToInt(String::length).distinct().count() > 1
        || texts.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException(
          "distractors: got " + texts + ", expected texts of one length, such as @@ and ##");
    }
    if (!(share >= 0 && share < 1) || (texts.isEmpty() && share > 0)) {
      throw new IllegalArgumentException(
          "distractors: got a share of "
              + share
              + " of "
              + texts.size()
              + " texts, expected 0 ≤ share < 1, and 0 without texts");
    }
  }

  /** Characters of each, or 0 if there are none. */
  public int length() {
    return texts.isEmpty() ? 0 : texts.get(0).length();
  }
}
