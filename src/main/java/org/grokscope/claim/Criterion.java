package org.grokscope.claim;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of round two: a quantity that judges a claim, or stands beside it, with the rule, the
 * null and the prediction that were written before the runs that judge it.
 *
 * @param claim the claim's name, such as {@code C2}
 * @param any whether one primary quantity that holds is enough for the claim; else all have to
 * @param name of the quantity, with its unit where it has one
 * @param primary whether it decides; else it is context
 * @param metric how it is measured, in words
 * @param nullInWords what it is where nothing was understood, or a dash
 * @param published the published value, or a dash
 * @param source of the published value, or a dash
 * @param at when in the training it is measured
 * @param scale on which seeds are averaged
 * @param rule bounds of what holds, or {@code reported}
 * @param expected what we predict
 * @param prediction the same in words
 * @param registered when the line was written
 * @param binding where it is read in the evidence
 * @param nullBinding where its null is read, one number a draw; empty where it has none
 */
public record Criterion(
    String claim,
    boolean any,
    String name,
    boolean primary,
    String metric,
    String nullInWords,
    String published,
    String source,
    String at,
    Scale scale,
    Rule rule,
    Decision expected,
    String prediction,
    Instant registered,
    Binding binding,
    Optional<Binding> nullBinding) {

  /**
   * @throws IllegalArgumentException if a line that decides has no bounds or no null, or one that
   *     does not has bounds
   */
  public Criterion {
    boolean bounded = rule instanceof Rule.Bounds;
    if (bounded != primary || primary && nullBinding.isEmpty()) {
      throw new IllegalArgumentException(
          "got the rule '"
              + rule
              + "' for a "
              + (primary ? "primary quantity" : "quantity of context")
              + (nullBinding.isEmpty() ? " without a null" : "")
              + ", expected bounds and a null for what decides, 'reported' for what does not");
    }
    if (primary == (expected == Decision.REPORTED)) {
      throw new IllegalArgumentException(
          "got '" + expected.text() + "' as what is expected by the rule '" + rule + "'");
    }
  }

  /** Whether the files are there that it and its null are read in. */
  boolean isIn(EvidenceFolder folder) {
    return binding.isIn(folder) && nullBinding.map(draws -> draws.isIn(folder)).orElse(true);
  }

  /** The published value with its source, or a dash. */
  public String publishedWithSource() {
    return published.equals(Quantity.NONE) ? published : published + " (" + source + ")";
  }

  @Override
  public String toString() {
    return claim + " '" + name + "'";
  }
}
