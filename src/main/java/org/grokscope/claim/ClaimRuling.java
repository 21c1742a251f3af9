package org.grokscope.claim;

import java.util.Comparator;
import java.util.List;

/**
 * What round two says of a claim: what became of the essay's or paper's statement, and, apart from
 * it, of our predictions.
 *
 * @param claim its name
 * @param primaries the quantities that decide, in the ledger's order
 */
public record ClaimRuling(String claim, List<Ruling> primaries) {

  public ClaimRuling {
    primaries = List.copyOf(primaries);
  }

  /** By all primary quantities, or any of them, as the claim was registered. */
  public Decision decision() {
    return Decision.of(
        primaries.stream().map(Ruling::decision).toList(),
        primaries.stream().anyMatch(ruling -> ruling.criterion().any()));
  }

  /** Such as {@code 1 of 2 came true}, or {@code 1 of 2 came true, 1 open}. */
  public String predictions() {
    long came = primaries.stream().filter(ruling -> ruling.cameTrue().orElse(false)).count();
    long open = primaries.stream().filter(ruling -> ruling.cameTrue().isEmpty()).count();
    return came
        + " of "
        + primaries.size()
        + " came true"
        + (open == 0 ? "" : ", " + open + " open");
  }

  /** Whether every primary quantity is older than the runs that judge it. */
  public boolean registered() {
    return primaries.stream().allMatch(Ruling::registered);
  }

  /** The fewest seeds of a primary quantity. */
  public int seeds() {
    return primaries.stream()
        .map(ruling -> ruling.measurement().seeds())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** What an undecided claim needs, such as {@code 21 seeds would decide it}; else nothing. */
  public String needs() {
    List<Ruling> open =
        decision() == Decision.UNDECIDED
            ? primaries.stream().filter(ruling -> ruling.decision() == Decision.UNDECIDED).toList()
            : List.of();
    if (open.isEmpty()) {
      return "";
    }
    if (open.stream().anyMatch(ruling -> ruling.seedsToDecide().isEmpty())) {
      return "more seeds would not decide it: its mean lies at the bound, or its null passes as well";
    }
    int most =
        open.stream().mapToInt(ruling -> ruling.seedsToDecide().getAsInt()).max().orElseThrow();
    return most + " seeds would decide it";
  }
}
