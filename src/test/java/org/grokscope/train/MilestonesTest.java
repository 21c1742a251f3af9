package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MilestonesTest {
  private static History.Row row(long epoch, double train, double test, double testLoss) {
    return History.Row.of(epoch, 0, testLoss, train, test, 0, 0);
  }

  private final History grokking =
      new History(
          List.of(
              row(0, 0.01, 0.12, 4.7), // above ten percent by luck, before memorising
              row(100, 0.99, 0.02, 20),
              row(200, 1, 0.04, 22),
              row(1100, 1, 0.10, 15),
              row(1200, 1, 0.50, 5),
              row(1350, 1, 0.92, 1),
              row(2000, 1, 0.995, 0.1)));

  @Test
  void tells_when_a_training_memorised_and_when_it_understood() {
    Milestones milestones = Milestones.of(grokking);
    assertEquals(100, milestones.memorised().getAsLong());
    assertEquals(1100, milestones.tenPercent().getAsLong());
    assertEquals(1350, milestones.ninetyPercent().getAsLong());
    assertEquals(2000, milestones.understood().getAsLong());
    assertEquals(1000, milestones.plateauEpochs().getAsLong());
    assertEquals(250, milestones.jumpEpochs().getAsLong());
    assertEquals(0.25, milestones.suddenness().getAsDouble(), 1e-15);
    assertEquals(20, milestones.delay().getAsDouble(), 1e-15);
    assertEquals(0.03, milestones.plateauAccuracy().getAsDouble(), 1e-15);
    assertEquals(22, milestones.worstTestLoss());
  }

  @Test
  void leaves_empty_what_was_not_reached() {
    Milestones milestones = Milestones.of(grokking.until(200));
    assertTrue(milestones.understood().isEmpty());
    assertTrue(milestones.delay().isEmpty());
    assertTrue(milestones.suddenness().isEmpty());
    assertEquals(0.03, milestones.plateauAccuracy().getAsDouble(), 1e-15);
    assertTrue(Milestones.of(grokking.until(0)).plateauAccuracy().isEmpty());
  }

  @Test
  void is_a_table_that_says_what_was_not_reached() {
    var table = Milestones.of(grokking.until(200)).table();
    assertEquals("100", table.stringColumn("value").get(0));
    assertEquals("not reached", table.stringColumn("value").get(3));
    assertEquals(10, table.rowCount());
  }
}
