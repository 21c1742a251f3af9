package org.grokscope.notebook;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.grokscope.claim.Claim;
import org.grokscope.claim.FirstRound;
import org.grokscope.claim.Ledger;
import org.grokscope.claim.LedgerTable;
import org.grokscope.claim.Outcome;
import org.grokscope.claim.Quantity;
import org.grokscope.claim.Verdict;

/**
 * The closing table of a notebook, claim by claim. Beside what is seen, its output carries the
 * records as JSON: stored with the notebook, they are what the site and verdicts.md collect.
 */
final class LedgerView {
  /** Records in a notebook's output; hosts that do not know the type show the HTML. */
  static final String TYPE = FirstRound.RECORDS;

  private static final List<String> HEADS =
      List.of("quantity", "published", "measured", "tolerance", "verdict");

  private static final Set<Quantity> SHIPPED =
      Ledger.open(false).claims().stream()
          .flatMap(claim -> claim.quantities().stream())
          .collect(Collectors.toUnmodifiableSet());

  private LedgerView() {}

  static MimeBundle of(LedgerTable table) {
    return new MimeBundle(
        Map.of(
            TYPE,
            Map.of("records", table.outcomes().stream().map(LedgerView::record).toList()),
            MimeBundle.HTML,
            html(table),
            MimeBundle.TEXT,
            text(table)));
  }

  /** What is needed to judge anew, and to notice a ledger that was changed after the run. */
  private static Map<String, Object> record(Outcome outcome) {
    Quantity quantity = outcome.quantity();
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("claim", quantity.claim());
    record.put("quantity", quantity.name());
    record.put("prediction", quantity.prediction());
    record.put("rule", quantity.rule().toString());
    record.put("scale", quantity.scale().toString());
    record.put("tolerance", quantity.rule().tolerance());
    record.put("values", outcome.measurement().values());
    record.put("measured", outcome.measured());
    record.put("verdict", outcome.verdict().text());
    record.put("verdict_in_words", outcome.verdictInWords());
    if (!SHIPPED.contains(quantity)) {
      record.put("own", true); // of the notebook alone: the site's ledger leaves it out
    }
    return record;
  }

  private static List<String> cells(Outcome outcome) {
    return List.of(
        outcome.quantity().name(),
        outcome.quantity().publishedWithSource(),
        outcome.measured(),
        outcome.quantity().rule().tolerance(),
        outcome.verdictInWords());
  }

  private static String html(LedgerTable table) {
    StringBuilder html =
        new StringBuilder("<div style=\"overflow-x:auto\"><table class=\"ledger\"><thead><tr>");
    for (String head : HEADS) {
      html.append("<th scope=\"col\" style=\"text-align:left\">").append(head).append("</th>");
    }
    html.append("</tr></thead>");
    table
        .byClaim()
        .forEach(
            (claim, outcomes) -> {
              html.append("<tbody>").append(heading(claim, LedgerTable.verdict(outcomes)));
              outcomes.forEach(outcome -> html.append(row(outcome)));
              html.append("</tbody>");
            });
    return html.append("</table></div>").toString();
  }

  private static String heading(Claim claim, Verdict verdict) {
    return "<tr><th scope=\"rowgroup\" colspan=\"4\" style=\"text-align:left\">"
        + Html.escape(claim.id() + " · " + claim.statement())
        + "</th><th style=\"text-align:left\">"
        + badge(verdict, verdict.text())
        + "</th></tr>";
  }

  private static String row(Outcome outcome) {
    StringBuilder row = new StringBuilder("<tr>");
    List<String> cells = cells(outcome);
    for (String cell : cells.subList(0, cells.size() - 1)) {
      row.append("<td style=\"text-align:left;font-variant-numeric:tabular-nums\">")
          .append(Html.escape(cell))
          .append("</td>");
    }
    return row.append("<td style=\"text-align:left\">")
        .append(badge(outcome.verdict(), outcome.verdictInWords()))
        .append("</td></tr>")
        .toString();
  }

  private static String badge(Verdict verdict, String words) {
    return "<span class=\"verdict "
        + verdict.name().toLowerCase(Locale.ROOT).replace('_', '-')
        + "\">"
        + Html.escape(words)
        + "</span>";
  }

  private static String text(LedgerTable table) {
    StringBuilder text = new StringBuilder("published against measured");
    table
        .byClaim()
        .forEach(
            (claim, outcomes) -> {
              text.append("\n").append(claim.id()).append(" · ").append(claim.statement());
              text.append(": ").append(LedgerTable.verdict(outcomes).text());
              outcomes.forEach(
                  outcome -> text.append("\n  ").append(String.join(" | ", cells(outcome))));
            });
    return text.toString();
  }
}
