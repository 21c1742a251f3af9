package org.grokscope.plot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThinningTest {
  private static double[] straight(int n) {
    return IntStream.range(0, n).asDoubleStream().toArray();
  }

  @Test
  void keeps_everything_that_fits() {
    assertArrayEquals(new int[] {0, 1, 2}, Thinning.keep(straight(3), straight(3), 1, 4));
    assertArrayEquals(new int[] {}, Thinning.keep(straight(0), straight(0), 1, 4));
    assertArrayEquals(new int[] {0, 1, 2, 3}, Thinning.keep(straight(4), straight(4), 1, 4));
  }

  @Test
  void keeps_the_early_points_and_the_ends_in_ascending_order() {
    for (int n : new int[] {31, 32, 57, 1000, 8191}) {
      int[] kept = Thinning.keep(straight(n), straight(n), 10, 30);
      assertEquals(30, kept.length);
      assertEquals(n - 1, kept[29]);
      for (int i = 0; i < 10; i++) {
        assertEquals(i, kept[i]);
      }
      for (int i = 1; i < kept.length; i++) {
        assertTrue(kept[i] > kept[i - 1], n + ": " + Arrays.toString(kept));
      }
    }
  }

  @Test
  void a_lone_spike_survives() {
    double[] y = new double[5000];
    y[3217] = 1;
    int[] kept = Thinning.keep(straight(5000), y, 5, 50);
    assertTrue(Arrays.stream(kept).anyMatch(i -> i == 3217));
  }

  @Test
  void a_gap_survives() {
    double[] y = straight(5000);
    y[1234] = Double.NaN;
    int[] kept = Thinning.keep(straight(5000), y, 0, 50);
    assertTrue(Arrays.stream(kept).anyMatch(i -> i == 1234));
  }

  @Test
  void asks_for_room() {
    assertThrows(
        IllegalArgumentException.class, () -> Thinning.keep(straight(3), straight(3), 10, 12));
  }
}
