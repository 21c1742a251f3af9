package org.grokscope.probe;

import java.util.Arrays;
import java.util.Locale;

/** Which questions a loss is the mean of. */
public enum Part {
  /** Those trained on. */
  TRAIN,
  /** Those that have an answer and were not trained on. */
  TEST,
  /** All that have an answer. */
  ALL;

  /** The part as it stands in tables, such as {@code train}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The part of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Part named(String label) {
    return Arrays.stream(values())
        .filter(part -> part.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "part: got '" + label + "', expected train, test or all"));
  }
}
