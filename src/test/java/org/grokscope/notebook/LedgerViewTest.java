package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.grokscope.claim.Claim;
import org.grokscope.claim.Ledger;
import org.grokscope.claim.Quantity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerViewTest {
  private Map<String, Object> shown;

  @BeforeEach
  void record_two_claims() {
    Ledger ledger = Ledger.open(false);
    ledger.record("C2", "neuron_fraction_85 at 40,000", 0.7, 0.7, 0.7);
    ledger.record("C7", "restricted loss over loss at the end", 0.5);
    shown = LedgerView.of(ledger.table()).data();
  }

  @Test
  void the_records_are_stored_with_what_is_needed_to_judge_them_anew() {
    Map<?, ?> json = (Map<?, ?>) shown.get("application/vnd.grokscope.ledger.v1+json");
    List<?> records = (List<?>) json.get("records");
    assertEquals(2, records.size());
    Map<?, ?> first = (Map<?, ?>) records.get(0);
    assertEquals("C2", first.get("claim"));
    assertEquals("neuron_fraction_85 at 40,000", first.get("quantity"));
    assertEquals("at least 0.8", first.get("rule"));
    assertEquals("linear", first.get("scale"));
    assertEquals(List.of(0.7, 0.7, 0.7), first.get("values"));
    assertEquals("refuted", first.get("verdict"));
  }

  @Test
  void a_line_that_the_notebook_added_says_so_and_the_ledgers_own_do_not() {
    Ledger ledger =
        Ledger.open(false)
            .with(Claim.of("X1", "mine", Quantity.of("X1", "my metric", "at least 1")));
    ledger.record("C2", "neuron_fraction_85 at 40,000", 0.7);
    ledger.record("X1", "my metric", 2);
    List<?> records =
        (List<?>)
            ((Map<?, ?>) LedgerView.of(ledger.table()).data().get(LedgerView.TYPE)).get("records");
    assertFalse(((Map<?, ?>) records.get(0)).containsKey("own"));
    assertEquals(true, ((Map<?, ?>) records.get(1)).get("own"));
  }

  @Test
  void the_text_has_a_claim_with_its_verdict_and_its_quantities_below() {
    assertEquals(
        """
        published against measured
        C2 · Neurons are sinusoids of one frequency: refuted
          neuron_fraction_85 at 40,000 | 433 of 512 = 0.846 (Nanda et al. 2023) | 0.7 (0.7 to 0.7), 3 seeds | ≥ 0.8 | refuted
        C7 · The restricted loss falls while the circuit forms, long before the test loss does: supported
          restricted loss over loss at the end | below 1 (Nanda et al. 2023) | 0.5, one seed | < 1 | supported""",
        shown.get("text/plain"));
  }

  @Test
  void the_html_is_one_table_with_a_body_for_each_claim_and_escapes_its_texts() {
    String html = shown.get("text/html").toString();
    assertEquals(2, html.split("<tbody>").length - 1);
    assertEquals(2, html.split("<span class=\"verdict refuted\">refuted</span>").length - 1);
    assertTrue(
        html.contains(
            "<td style=\"text-align:left;font-variant-numeric:tabular-nums\">&lt; 1</td>"));
  }
}
