package org.grokscope.claim;

import java.util.Optional;

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
 * @param binding where it is read in the evidence; empty for what a page computes itself
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
    String refutedIf,
    Optional<Binding> binding) {
  static final String NONE = "–";

  /**
   * A line of a reader's own, with its prediction in the rule alone.
   *
   * @param claim the claim's name, one of the ledger's or a new one
   * @param name of the quantity
   * @param rule as {@link Rule} is written, such as {@code at least 0.8}
   * @throws IllegalArgumentException if there is no such rule
   */
  public static Quantity of(String claim, String name, String rule) {
    Rule parsed = Rule.of(rule);
    Verdict expected =
        parsed instanceof Rule.Reported
            ? Verdict.REPORTED
            : parsed instanceof Rule.NotTestable ? Verdict.NOT_TESTABLE_HERE : Verdict.SUPPORTED;
    String refutedIf = expected == Verdict.SUPPORTED ? "not " + rule : NONE;
    return new Quantity(
        claim,
        name,
        NONE,
        NONE,
        NONE,
        NONE,
        Scale.LINEAR,
        parsed,
        expected,
        rule,
        refutedIf,
        Optional.empty());
  }

  /** The same, read in the evidence. */
  public Quantity readIn(Binding binding) {
    return new Quantity(
        claim,
        name,
        metric,
        published,
        source,
        at,
        scale,
        rule,
        expected,
        prediction,
        refutedIf,
        Optional.of(binding));
  }

  /** The published value with its source, or a dash. */
  public String publishedWithSource() {
    return published.equals(NONE) ? NONE : published + " (" + source + ")";
  }
}
