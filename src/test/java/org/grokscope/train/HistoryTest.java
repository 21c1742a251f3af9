package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grokscope.checkpoint.AtomicFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  @TempDir Path folder;

  private static History.Row row(long epoch, double trainAccuracy, double testAccuracy) {
    return History.Row.of(epoch, 1.0 / 3, 1e-300, trainAccuracy, testAccuracy, 0.1, epoch * 2.5);
  }

  private final History history =
      new History(List.of(row(0, 0, 0), row(10, 0.5, 0.25), row(20, 1, 0.75)));

  @Test
  void becomes_a_table_with_the_columns_of_the_file() {
    var table = history.table();
    assertEquals(History.COLUMNS, table.columnNames());
    assertEquals(3, table.rowCount());
    assertEquals(20, table.longColumn("epoch").get(2));
    assertEquals(0.75, table.doubleColumn("test_accuracy").get(2));
    assertEquals(50, table.doubleColumn("seconds").get(2));
  }

  @Test
  void survives_the_round_trip_through_its_file_bit_for_bit() throws IOException {
    Path file = folder.resolve("history.csv");
    AtomicFile.writeText(file, HistoryFile.text(history));
    assertEquals(history.rows(), HistoryFile.read(file, History.COLUMNS));
    assertEquals(
        "epoch,train_loss,test_loss,train_accuracy,test_accuracy,squared_norm,seconds",
        Files.readAllLines(file).get(0));
  }

  @Test
  void names_the_file_and_the_line_that_cannot_be_read() throws IOException {
    Path file = folder.resolve("history.csv");
    AtomicFile.writeText(file, HistoryFile.text(history));
    Files.writeString(file, Files.readString(file) + "30,1,2\n");
    var error =
        assertThrows(IllegalArgumentException.class, () -> HistoryFile.read(file, History.COLUMNS));
    assertEquals(file + ", line 5: got '30,1,2', expected 7 numbers", error.getMessage());
    Files.writeString(file, "epoch,loss\n");
    var header =
        assertThrows(IllegalArgumentException.class, () -> HistoryFile.read(file, History.COLUMNS));
    assertTrue(header.getMessage().contains("got the first line 'epoch,loss'"));
  }

  @Test
  void finds_the_first_epoch_of_a_condition() {
    assertEquals(10, history.firstEpoch(row -> row.testAccuracy() > 0.2).getAsLong());
    assertTrue(history.firstEpoch(row -> row.testAccuracy() > 0.9).isEmpty());
    assertEquals(2, history.until(15).rows().size());
    assertEquals(20, history.last().epoch());
  }

  @Test
  void refuses_epochs_out_of_order_and_has_no_last_row_when_empty() {
    assertThrows(
        IllegalArgumentException.class, () -> new History(List.of(row(10, 0, 0), row(10, 0, 0))));
    assertThrows(IllegalStateException.class, () -> new History(List.of()).last());
  }

  @Test
  void a_stop_rule_counts_from_the_first_epoch_at_the_level() {
    StopRule rule = StopRule.epochsPastTestAccuracy(10, 0.25);
    assertTrue(rule.stop(history));
    assertEquals(false, rule.stop(history.until(10)));
    assertEquals(false, StopRule.never().stop(history));
    assertThrows(IllegalArgumentException.class, () -> StopRule.epochsPastTestAccuracy(-1, 0.5));
    assertThrows(IllegalArgumentException.class, () -> StopRule.epochsPastTestAccuracy(1, 0));
  }

  @Test
  void is_read_again_from_its_table_with_or_without_the_seconds() {
    History one =
        new History(
            List.of(
                History.Row.of(0, 4.8, 4.9, 0.01, 0.02, 1781.5, 0.5),
                History.Row.of(10, 3.5, 5.5, 0.25, 0.03, 1700, 1.5)));
    assertEquals(one.rows(), History.of(one.table()).rows());
    History again = History.of(one.table().removeColumns("seconds"));
    assertEquals(0, again.last().seconds());
    assertEquals(5.5, again.last().testLoss());
    assertThrows(
        IllegalArgumentException.class, () -> History.of(one.table().removeColumns("epoch")));
  }
}
