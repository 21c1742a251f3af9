package org.grokscope.task;

import java.util.Arrays;
import java.util.Objects;

/**
 * A batch of token sequences of one length, each with the label that its last position has to
 * predict.
 */
public final class TokenSequences {
  private final int contextLength;
  private final int[] tokens; // [n · contextLength], row-major
  private final int[] labels; // [n]

  /**
   * @param contextLength tokens a sequence
   * @param tokens [n · contextLength], sequence after sequence
   * @param labels [n], what follows the last token of each sequence
   * @throws IllegalArgumentException if the lengths do not fit or a token or label is negative
   */
  public TokenSequences(int contextLength, int[] tokens, int[] labels) {
    if (contextLength < 1 || tokens.length != labels.length * contextLength) {
      throw new IllegalArgumentException(
          "token sequences: got "
              + tokens.length
              + " tokens and "
              + labels.length
              + " labels, expected "
              + contextLength
              + " tokens for each label");
    }
    requireNonNegative(tokens, "token");
    requireNonNegative(labels, "label");
    this.contextLength = contextLength;
    this.tokens = tokens.clone();
    this.labels = labels.clone();
  }

  /** Number of sequences. */
  public int size() {
    return labels.length;
  }

  /** Tokens a sequence. */
  public int contextLength() {
    return contextLength;
  }

  /** Token {@code t} of sequence {@code i}. */
  public int token(int i, int t) {
    return tokens[i * contextLength + Objects.checkIndex(t, contextLength)];
  }

  /** The label of sequence {@code i}. */
  public int label(int i) {
    return labels[i];
  }

  /** All labels, [n]; a copy. */
  public int[] labels() {
    return labels.clone();
  }

  /** The largest token, or −1 if there is none. */
  public int largestToken() {
    return Arrays.stream(tokens).max().orElse(-1);
  }

  /** The largest label, or −1 if there is none. */
  public int largestLabel() {
    return Arrays.stream(labels).max().orElse(-1);
  }

  /** The sequences at the given indices, in the order given. */
  public TokenSequences select(int[] indices) {
    int[] chosen = new int[indices.length * contextLength];
    int[] chosenLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(
          tokens, indices[i] * contextLength, chosen, i * contextLength, contextLength);
      chosenLabels[i] = labels[indices[i]];
    }
    return new TokenSequences(contextLength, chosen, chosenLabels);
  }

  private static void requireNonNegative(int[] values, String what) {
    for (int value : values) {
      if (value < 0) {
        throw new IllegalArgumentException(
            "token sequences: got the " + what + " " + value + ", expected none below 0");
      }
    }
  }
}
