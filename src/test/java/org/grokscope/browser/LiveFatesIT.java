package org.grokscope.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What live.html promises: of the settings it opens with, and of those that it says to try. */
class LiveFatesIT {
  private static final int UPDATES = 1_600;

  /** The row of accuracies, of known pairs and of strangers, after some updates. */
  private static double[] after(int updates, double share, double decay, boolean randomLabels) {
    LiveTraining training =
        new LiveTraining(
            Live.split(31, share, 0, randomLabels), Live.config(0, 3e-3, decay, 64, 64));
    for (int i = 0; i < updates; i++) {
      training.step();
    }
    double[] row = training.evaluate();
    return new double[] {row[3], row[4]};
  }

  @Test
  void the_first_settings_are_known_by_heart_and_then_understood() {
    double[] early = after(300, 0.8, 1, false);
    assertTrue(early[0] >= 0.999 && early[1] < 0.1, early[0] + " and " + early[1]);
    double[] late = after(UPDATES, 0.8, 1, false);
    assertTrue(late[1] >= 0.99, "strangers: " + late[1]);
  }

  @ParameterizedTest
  @CsvSource({"0.8, 0, false", "0.3, 1, false", "0.8, 1, true"})
  void what_it_says_to_try_stays_by_heart(double share, double decay, boolean randomLabels) {
    double[] late = after(UPDATES, share, decay, randomLabels);
    assertTrue(late[0] >= 0.999 && late[1] < 0.1, late[0] + " and " + late[1]);
  }
}
