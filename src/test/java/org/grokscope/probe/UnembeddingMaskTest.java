package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.grokscope.probe.UnembeddingMask.Thinness;
import org.grokscope.task.Operation;
import org.junit.jupiter.api.Test;

class UnembeddingMaskTest {
  private static final int P = 13;
  private static final double ROUNDING = 1e-12;

  private static int[] turn(int s) {
    return IntStream.range(0, P).map(c -> (c + s) % P).toArray();
  }

  private static UnembeddingMask clock(Integer... keys) {
    List<Integer> all = List.of(keys);
    return UnembeddingMask.of(
        new ClockModel(Operation.ADD, P, all, all.stream().map(k -> 1.0).toList()).checkpoint);
  }

  /** One circle has two dimensions, and every turn of it takes both. */
  @Test
  void a_clock_of_one_key_is_turned_by_two_ranks_and_not_by_one() {
    for (int s = 1; s < P; s++) {
      Thinness thin = clock(2).renamed(turn(s), 1);
      assertEquals(2, thin.rank(), "c + " + s);
      assertTrue(thin.one() < 1, thin::toString);
    }
  }

  @Test
  void any_names_take_at_most_two_ranks_for_each_key() {
    int[] mixed = {5, 3, 11, 0, 9, 1, 12, 7, 2, 10, 4, 8, 6};
    assertTrue(clock(1, 3).renamed(mixed, 1).rank() <= 4);
  }

  /**
   * Columns are waves of one length, turned by w_2 s: |D|² = Σ_c |w(c) − w(c − s)|² = 2 (1 − cos
   * w_2 s) |W_U|².
   */
  @Test
  void the_change_is_as_long_as_the_turn_says() {
    double expected = Math.sqrt(2 - 2 * Math.cos(2 * Math.PI * 2 * 4 / P));
    double rounded = 1e-3; // the model's waves are multiples of 2⁻¹²
    assertClose("c + 4", expected, clock(2).renamed(turn(4), 1).change(), rounded, 0);
  }

  @Test
  void the_same_names_take_no_change() {
    Thinness none = clock(2).renamed(turn(0), 1);
    assertEquals(0, none.rank());
    assertClose("moved", 1, none.one(), ROUNDING, 0);
    assertClose("change", 0, none.change(), ROUNDING, 0);
  }

  /** Whatever it answers. */
  @Test
  void all_ranks_move_every_answer_of_a_model_that_knows_nothing() {
    UnembeddingMask mask = UnembeddingMask.of(SmallModel.of(Operation.ADD));
    Thinness thin = mask.renamed(new int[] {1, 2, 3, 4, 5, 6, 0}, 1);
    assertTrue(thin.rank() > 0 && thin.rank() <= 7, thin::toString);
  }

  @Test
  void refuses_names_that_are_given_twice_and_a_share_of_nothing() {
    UnembeddingMask mask = clock(2);
    assertThrows(IllegalArgumentException.class, () -> mask.renamed(new int[P], 1));
    assertThrows(IllegalArgumentException.class, () -> mask.renamed(turn(1), 0));
  }
}
