package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void does_every_piece_once_in_round_after_round(int threads) {
    try (Workers workers = Workers.of(threads)) {
      assertEquals(threads, workers.count());
      int[] done = new int[97];
      for (int round = 0; round < 500; round++) {
        workers.forEach(
            97,
            (index, worker) -> {
              assertTrue(worker >= 0 && worker < threads);
              done[index]++;
            });
      }
      int[] expected = new int[97];
      Arrays.fill(expected, 500);
      assertArrayEquals(expected, done);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void hands_on_what_a_piece_throws_and_works_on(int threads) {
    try (Workers workers = Workers.of(threads)) {
      var error =
          assertThrows(
              IllegalStateException.class,
              () ->
                  workers.forEach(
                      20,
                      (index, worker) -> {
                        if (index == 13) {
                          throw new IllegalStateException("piece 13");
                        }
                      }));
      assertEquals("piece 13", error.getMessage());
      int[] done = new int[20];
      workers.forEach(20, (index, worker) -> done[index] = 1);
      assertEquals(20, Arrays.stream(done).sum());
    }
  }

  @Test
  void refuses_less_than_one_thread() {
    assertThrows(IllegalArgumentException.class, () -> Workers.of(0));
  }
}
