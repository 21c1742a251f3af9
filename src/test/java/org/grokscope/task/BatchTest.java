package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BatchTest {

  @Nested
  class Questions {
    private final Batch two = Batch.ofQuestions(3, new int[] {0, 1, 5, 2, 3, 5}, new int[] {1, 4});

    @Test
    void are_asked_at_their_last_position_with_weight_1() {
      assertTrue(two.asksQuestions());
      assertEquals(2, two.size());
      assertEquals(3, two.length());
      assertEquals(3, two.token(1, 1));
      assertEquals(4, two.label(1));
      assertArrayEquals(new int[] {0, 0, 1, 0, 0, 4}, two.targets());
      assertArrayEquals(new double[] {0, 0, 1, 0, 0, 1}, two.weights());
      assertEquals(1, two.weight(0, 2));
      assertEquals(0, two.weight(0, 1));
      assertEquals(4, two.target(1, 2));
      assertEquals(0, two.target(1, 0));
      assertEquals(2, two.totalWeight());
      assertTrue(two.knownTokens().isEmpty());
    }

    @Test
    void are_selected_in_the_order_given() {
      Batch swapped = two.select(new int[] {1, 0, 1});
      assertTrue(swapped.asksQuestions());
      assertArrayEquals(new int[] {2, 3, 5, 0, 1, 5, 2, 3, 5}, swapped.tokens());
      assertArrayEquals(new int[] {4, 1, 4}, swapped.labels());
      assertThrows(IndexOutOfBoundsException.class, () -> two.select(new int[] {2}));
      assertThrows(IndexOutOfBoundsException.class, () -> two.select(new int[] {-1}));
    }

    @Test
    void know_their_largest_token_and_answer() {
      assertEquals(5, two.largestToken());
      assertEquals(4, two.largestTarget());
      assertEquals(-1, two.select(new int[0]).largestToken());
      assertEquals(-1, two.select(new int[0]).largestTarget());
    }

    @Test
    void stay_as_they_are_whatever_becomes_of_the_arrays() {
      int[] tokens = {0, 1};
      Batch batch = Batch.ofQuestions(2, tokens, new int[] {1});
      tokens[0] = 7;
      batch.tokens()[0] = 8;
      batch.labels()[0] = 9;
      assertEquals(0, batch.token(0, 0));
      assertEquals(1, batch.label(0));
    }

    @Test
    void whose_numbers_do_not_fit_are_refused() {
      assertRefused(
          "batch: got 2 tokens and 1 labels, expected 3 tokens a sequence and a label for each"
              + " sequence",
          () -> Batch.ofQuestions(3, new int[] {1, 2}, new int[] {1}));
      assertRefused(
          "batch: got 0 tokens and 0 labels, expected 0 tokens a sequence and a label for each"
              + " sequence",
          () -> Batch.ofQuestions(0, new int[0], new int[0]));
      assertRefused(
          "batch: got the token -1, expected none below 0",
          () -> Batch.ofQuestions(1, new int[] {-1}, new int[] {0}));
      assertRefused(
          "batch: got the label -1, expected none below 0",
          () -> Batch.ofQuestions(1, new int[] {0}, new int[] {-1}));
    }
  }

  @Nested
  class Weighted {
    private final Batch two =
        new Batch(
            3,
            new int[] {0, 1, 2, 3, 4, 5},
            new int[] {1, 2, 3, 4, 5, 0},
            new double[] {0, 1, 2, 0.5, 0, 3});

    @Test
    void are_asked_where_they_weigh() {
      assertFalse(two.asksQuestions());
      assertEquals(2, two.size());
      assertEquals(5, two.target(1, 1));
      assertEquals(0.5, two.weight(1, 0));
      assertEquals(6.5, two.totalWeight());
      assertEquals(0, two.label(1)); // of the last position
      assertArrayEquals(new int[] {3, 0}, two.labels());
      assertEquals(5, two.largestTarget());
      assertEquals(5, two.largestToken());
    }

    @Test
    void keep_targets_and_weights_where_they_are_selected() {
      Batch other = two.select(new int[] {1, 1});
      assertFalse(other.asksQuestions());
      assertArrayEquals(new int[] {3, 4, 5, 3, 4, 5}, other.tokens());
      assertArrayEquals(new int[] {4, 5, 0, 4, 5, 0}, other.targets());
      assertArrayEquals(new double[] {0.5, 0, 3, 0.5, 0, 3}, other.weights());
    }

    @Test
    void can_be_parted() {
      Batch last = two.part(1, 2);
      assertEquals(1, last.size());
      assertArrayEquals(new int[] {3, 4, 5}, last.tokens());
      assertArrayEquals(new int[] {4, 5, 0}, last.targets());
      assertArrayEquals(new double[] {0.5, 0, 3}, last.weights());
      assertEquals(0, two.part(1, 1).size());
      assertThrows(IndexOutOfBoundsException.class, () -> two.part(1, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> two.part(2, 1));
    }

    @Test
    void positions_outside_are_refused() {
      assertThrows(IndexOutOfBoundsException.class, () -> two.token(0, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> two.target(2, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> two.weight(0, -1));
    }

    @Test
    void whose_numbers_do_not_fit_are_refused() {
      int[] tokens = {0, 1};
      assertRefused(
          "batch: got 2 tokens and 1 targets, expected 2 tokens a sequence and a target for each"
              + " token",
          () -> new Batch(2, tokens, new int[1], new double[2]));
      assertRefused(
          "batch: got 3 weights for 2 positions, expected one each",
          () -> new Batch(2, tokens, tokens, new double[3]));
      assertRefused(
          "batch: got the target -3, expected none below 0",
          () -> new Batch(2, tokens, new int[] {0, -3}, new double[2]));
      assertRefused(
          "batch: got 3 tokens and 3 targets, expected 2 tokens",
          () -> new Batch(2, new int[3], new int[3], new double[3]));
      for (double weight : new double[] {-0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
        assertRefused(
            "batch: got the weight " + weight + ", expected finite ones, none below 0",
            () -> new Batch(2, tokens, tokens, new double[] {1, weight}));
      }
    }
  }

  @Nested
  class Views {
    private final Batch batch = Batch.ofQuestions(3, new int[6], new int[2]);

    @Test
    void of_everything_show_what_came_before() {
      VisibleKeys visible = batch.visible(View.EVERYTHING);
      assertArrayEquals(new int[] {0, 1, 3, 6, 7, 9, 12}, visible.starts());
      assertArrayEquals(new int[] {0, 0, 1, 0, 1, 2, 0, 0, 1, 0, 1, 2}, visible.keys());
    }

    @Test
    void both_ways_show_what_is_to_come_too() {
      VisibleKeys visible = batch.visible(View.BOTH_WAYS);
      assertArrayEquals(new int[] {0, 3, 6, 9, 12, 15, 18}, visible.starts());
      assertArrayEquals(
          new int[] {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}, visible.keys());
    }

    @Test
    void of_lines_are_refused_where_there_are_none() {
      for (View view : new View[] {View.OWN_LINE, View.OPENED_LINE, View.LINE_ENDS, View.HEADER}) {
        assertRefused(
            "batch: got the view " + view + " of sequences without lines",
            () -> batch.visible(view));
      }
    }
  }

  private static void assertRefused(String expected, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(expected), message);
  }
}
