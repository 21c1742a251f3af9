package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunHomeTest {
  @Test
  void without_a_number_of_seconds_a_training_does_not_wait() {
    assertEquals(0, RunHome.patience(null));
    assertEquals(0, RunHome.patience(" "));
    assertEquals(600, RunHome.patience(" 600 "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "10m", "1.5", "10000000000"})
  void anything_else_is_refused(String seconds) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> RunHome.patience(seconds)).getMessage();
    assertEquals(
        "GROKSCOPE_PATIENCE: got '"
            + seconds
            + "', expected whole seconds, such as 600, or nothing",
        message);
  }
}
