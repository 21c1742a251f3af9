package org.grokscope.claim;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What round two says of a quantity, or of a claim by its primary quantities. */
public enum Decision {
  /**
   * The whole 95 % interval is inside the rule, and the null passes in at most 5 % of its draws.
   */
  HOLDS("holds", "holds"),
  /** The whole interval is outside the rule. */
  FAILS("fails", "does not hold"),
  /**
   * The interval holds a bound of the rule, there are too few seeds, or the null passes as well.
   */
  UNDECIDED("undecided", "undecided"),
  /** One seed: told, and no support for anything. */
  ONE_RUN("one run", "undecided"),
  /** Measured and told without a rule. */
  REPORTED("reported", "reported");

  /**
   * Fewer seeds decide nothing, however clear they look: as many were registered for whatever is
   * judged, and a verdict that is given before all are in depends on when one looks.
   */
  static final int LEAST_SEEDS = 8;

  private final String ofQuantity;
  private final String ofClaim;

  Decision(String ofQuantity, String ofClaim) {
    this.ofQuantity = ofQuantity;
    this.ofClaim = ofClaim;
  }

  /** In words, of a quantity. */
  public String text() {
    return ofQuantity;
  }

  /** In words, of a claim. */
  public String textOfClaim() {
    return ofClaim;
  }

  /**
   * The decision that a text means.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Decision named(String text) {
    return Arrays.stream(values())
        .filter(decision -> decision.ofQuantity.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "decision: got '"
                        + text
                        + "', expected one of "
                        + Arrays.stream(values())
                            .map(Decision::text)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * What a claim's primary quantities say together.
   *
   * @param any whether one that holds is enough, as for a claim that something may be
   * @throws IllegalArgumentException if there are none
   */
  static Decision of(Collection<Decision> primaries, boolean any) {
    if (primaries.isEmpty()) {
      throw new IllegalArgumentException(
          "decision: got no primary quantity, expected at least one that decides the claim");
    }
    List<Decision> distinct = primaries.stream().distinct().toList();
    Decision enough = any ? HOLDS : FAILS;
    if (distinct.contains(enough)) {
      return enough;
    }
    return distinct.size() == 1 ? distinct.get(0) : UNDECIDED;
  }
}
