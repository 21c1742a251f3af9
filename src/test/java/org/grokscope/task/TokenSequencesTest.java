package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TokenSequencesTest {
  private final Batch two =
      new Batch(3, new int[] {0, 1, 5, 2, 3, 5}, new int[] {1, 4});

  @Test
  void selects_in_the_order_given() {
    Batch swapped = two.select(new int[] {1, 0});
    assertEquals(2, swapped.token(0, 0));
    assertArrayEquals(new int[] {4, 1}, swapped.labels());
  }

  @Test
  void knows_its_largest_token_and_label() {
    assertEquals(5, two.largestToken());
    assertEquals(4, two.largestLabel());
    assertEquals(-1, two.select(new int[0]).largestToken());
  }

  @Test
  void refuses_lengths_that_do_not_fit() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Batch(3, new int[] {1, 2}, new int[] {1}));
    assertEquals(
        "token sequences: got 2 tokens and 1 labels, expected 3 tokens for each label",
        error.getMessage());
  }

  @Test
  void refuses_negative_tokens_and_labels() {
    assertThrows(
        IllegalArgumentException.class, () -> new Batch(1, new int[] {-1}, new int[] {0}));
    assertThrows(
        IllegalArgumentException.class, () -> new Batch(1, new int[] {0}, new int[] {-1}));
  }
}
