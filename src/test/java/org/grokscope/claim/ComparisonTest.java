package org.grokscope.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  @Test
  void says_of_each_prediction_whether_it_came_out_true() {
    Comparison comparison =
        Comparison.of(false)
            .row("B1", "epochs", "–", "< 10", 7, true)
            .row("A4", "accuracy", "0.5", "near 1/p", "0.2", false);
    var table = comparison.table();
    assertEquals(
        List.of("claim", "quantity", "published", "predicted", "measured", "holds here"),
        table.columnNames());
    assertEquals(List.of("yes", "no"), table.stringColumn("holds here").asList());
    assertEquals("7", table.stringColumn("measured").get(0));
    assertEquals(1, comparison.refuted());
  }

  @Test
  void writes_numbers_to_four_digits_and_what_was_not_reached_as_such() {
    var measured =
        Comparison.of(false)
            .row("", "", "", "", 12_345L, true)
            .row("", "", "", "", 1.0 / 3, true)
            .row("", "", "", "", OptionalLong.empty(), false)
            .row("", "", "", "", OptionalDouble.of(1e-7), true)
            .table()
            .stringColumn("measured");
    assertEquals(List.of("12,345", "0.3333", "not reached", "1.000e-07"), measured.asList());
  }

  @Test
  void gives_no_verdict_in_quick_mode() {
    Comparison quick = Comparison.of(true).row("B1", "epochs", "–", "< 10", 70, false);
    assertEquals("quick mode: no verdict", quick.table().stringColumn("holds here").get(0));
    assertEquals(0, quick.refuted());
  }

  @Test
  void a_longer_comparison_leaves_the_shorter_one_as_it_was() {
    Comparison one = Comparison.of(false).row("B1", "epochs", "–", "< 10", 7, true);
    one.row("B2", "epochs", "–", "< 10", 7, true);
    assertEquals(1, one.table().rowCount());
  }
}
