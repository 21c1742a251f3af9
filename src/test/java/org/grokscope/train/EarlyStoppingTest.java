package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
  /** A history every ten epochs with these test losses. */
  private static History history(double... testLosses) {
    List<History.Row> rows = new ArrayList<>();
    for (int i = 0; i < testLosses.length; i++) {
      rows.add(History.Row.of(10L * i, 1, testLosses[i], 0, i / 100.0, 1, 0));
    }
    return new History(rows);
  }

  private final History doubleDescent = history(5, 4, 6, 7, 8, 9, 3, 0.001);

  @Test
  void keeps_the_first_minimum_and_stops_when_patience_is_spent() {
    EarlyStopping rule = EarlyStopping.of(doubleDescent, 30);
    assertEquals(10, rule.chosen().epoch());
    assertEquals(OptionalLong.of(40), rule.stopped());
    assertEquals(4000, rule.lossOverLast(), 1e-9);
    assertTrue(
        rule.toString().startsWith("patience 30: keeps epoch 10 (test loss 4.00, 1.0 % right)"));
  }

  @Test
  void waits_for_the_second_descent_with_the_patience_needed_and_with_no_less() {
    long needed = EarlyStopping.patienceNeeded(doubleDescent);
    assertEquals(41, needed);
    assertEquals(70, EarlyStopping.of(doubleDescent, needed).chosen().epoch());
    assertEquals(10, EarlyStopping.of(doubleDescent, needed - 1).chosen().epoch());
  }

  @Test
  void never_stops_a_loss_that_only_falls() {
    EarlyStopping rule = EarlyStopping.of(history(5, 4, 3), 10);
    assertEquals(OptionalLong.empty(), rule.stopped());
    assertEquals(1, rule.lossOverLast());
    assertEquals(1, EarlyStopping.patienceNeeded(history(5, 4, 3)));
  }

  @Test
  void refuses_no_patience_and_no_history() {
    assertThrows(IllegalArgumentException.class, () -> EarlyStopping.of(doubleDescent, 0));
    assertThrows(IllegalArgumentException.class, () -> EarlyStopping.of(history(), 10));
    assertThrows(IllegalArgumentException.class, () -> EarlyStopping.patienceNeeded(history()));
  }
}
