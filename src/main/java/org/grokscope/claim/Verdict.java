package org.grokscope.claim;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What measurements say of a quantity, or of a claim with all its quantities. */
public enum Verdict {
  /** The mean and its whole 95 % interval keep the rule; with one seed, its value does. */
  SUPPORTED("supported"),
  /** The mean keeps the rule, its interval does not; or some quantities of a claim do. */
  PARTLY("partly"),
  /** The mean does not keep the rule. */
  REFUTED("refuted"),
  /** Nothing that can be measured here would decide it. */
  NOT_TESTABLE_HERE("not testable here"),
  /** Measured and told without a rule. */
  REPORTED("reported"),
  /** Trainings were cut short, which tells nothing. */
  NOT_GIVEN("quick mode: no verdict");

  private static final Set<Verdict> JUDGED = EnumSet.of(SUPPORTED, PARTLY, REFUTED);

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  /** In words, as tables show it. */
  public String text() {
    return text;
  }

  /**
   * The verdict that a text means.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Verdict named(String text) {
    return Arrays.stream(values())
        .filter(verdict -> verdict.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "verdict: got '"
                        + text
                        + "', expected one of "
                        + Arrays.stream(values())
                            .map(Verdict::text)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * The verdict on a claim whose quantities have these verdicts: supported if all judged ones are,
   * refuted if all judged ones are, otherwise partly. Without a judged one it is that of the
   * others, and no verdict is given as soon as one of them was cut short.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Verdict of(Collection<Verdict> quantities) {
    if (quantities.isEmpty()) {
      throw new IllegalArgumentException(
          "verdict: got no quantities, expected at least one; record a measurement first");
    }
    if (quantities.contains(NOT_GIVEN)) {
      return NOT_GIVEN;
    }
    Set<Verdict> judged = EnumSet.copyOf(quantities);
    judged.retainAll(JUDGED);
    if (judged.isEmpty()) {
      return quantities.contains(REPORTED) ? REPORTED : NOT_TESTABLE_HERE;
    }
    return judged.size() == 1 ? judged.iterator().next() : PARTLY;
  }
}
