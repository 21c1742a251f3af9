package org.grokscope.series;

import java.util.Objects;

/**
 * One number that was read off a model: a row of {@code grokscope probe}.
 *
 * @param metric its name, such as {@code excluded.single}
 * @param part the questions it was measured on, {@code train}, {@code test} or {@code all}, or
 *     empty
 * @param key what else tells it apart, a frequency, a tensor or a head, or empty
 * @param value the number
 */
public record Reading(String metric, String part, String key, double value) {

  public Reading {
    Objects.requireNonNull(part, "part");
    Objects.requireNonNull(key, "key");
    if (metric.isBlank()) {
      throw new IllegalArgumentException("reading: got a blank metric, expected its name");
    }
  }

  /**
   * The name of its column in a table: the metric, then the part and the key in brackets where
   * there are any, such as {@code excluded.single[train][14]}.
   */
  public String column() {
    return metric + bracketed(part) + bracketed(key);
  }

  private static String bracketed(String text) {
    return text.isEmpty() ? "" : "[" + text + "]";
  }
}
