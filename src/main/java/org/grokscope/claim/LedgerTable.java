package org.grokscope.claim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Published against measured, with a verdict on each quantity and on each claim. In a notebook it
 * shows itself, and its output carries the values, so that the site and verdicts.md take their
 * verdicts from there.
 *
 * @param claims of the ledger, in its order
 * @param outcomes what was recorded, in the order of the ledger
 */
public record LedgerTable(List<Claim> claims, List<Outcome> outcomes) {

  public LedgerTable {
    claims = List.copyOf(claims);
    outcomes = List.copyOf(outcomes);
  }

  /** The outcomes of each claim of which something was recorded. */
  public Map<Claim, List<Outcome>> byClaim() {
    Map<Claim, List<Outcome>> groups = new LinkedHashMap<>();
    for (Claim claim : claims) {
      List<Outcome> own =
          outcomes.stream()
              .filter(outcome -> outcome.quantity().claim().equals(claim.id()))
              .toList();
      if (!own.isEmpty()) {
        groups.put(claim, own);
      }
    }
    return groups;
  }

  /** The verdict on each claim of which something was recorded, by its name. */
  public Map<String, Verdict> verdicts() {
    return byClaim().entrySet().stream()
        .collect(
            Collectors.toMap(
                group -> group.getKey().id(),
                group -> verdict(group.getValue()),
                (a, b) -> a,
                LinkedHashMap::new));
  }

  /** The verdict on a claim with these outcomes. */
  public static Verdict verdict(List<Outcome> outcomes) {
    return Verdict.of(outcomes.stream().map(Outcome::verdict).toList());
  }

  /** As a plain table: claim, quantity, published, measured, tolerance, verdict. */
  public Table toTable() {
    return Table.create(
        "published against measured",
        column("claim", outcome -> outcome.quantity().claim()),
        column("quantity", outcome -> outcome.quantity().name()),
        column("published", outcome -> outcome.quantity().publishedWithSource()),
        column("measured", Outcome::measured),
        column("tolerance", outcome -> outcome.quantity().rule().tolerance()),
        column("verdict", Outcome::verdictInWords));
  }

  private StringColumn column(String name, Function<Outcome, String> cell) {
    return StringColumn.create(name, outcomes.stream().map(cell).toList());
  }
}
