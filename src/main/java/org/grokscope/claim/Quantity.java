package org.grokscope.claim;

/**
 * One line of the ledger: something that is measured to judge a claim, and what was predicted of it
 * before the runs that judge it.
 *
 * @param claim the claim's name, such as {@code C2}
 * @param name of the quantity, with its unit where it has one
 * @param metric how it is measured, in words
 * @param published the published value, or a dash
 * @param source of the published value, or a dash
 * @param at when in the training it is measured
 * @param scale on which seeds are averaged
 * @param rule the condition under which it supports the claim
 * @param expected the verdict that we predict
 * @param prediction what we predict, in words
 * @param refutedIf what would refute the claim, or a dash where it is only reported
 */
public record Quantity(
    String claim,
    String name,
    String metric,
    String published,
    String source,
    String at,
    Scale scale,
    Rule rule,
    Verdict expected,
    String prediction,
    String refutedIf) {
  private static final String NONE = "–";

  /** The published value with its source, or a dash. */
  public String publishedWithSource() {
    return published.equals(NONE) ? NONE : published + " (" + source + ")";
  }
}
