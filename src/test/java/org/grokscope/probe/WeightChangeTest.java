package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Parameters;
import org.grokscope.task.Operation;
import org.junit.jupiter.api.Test;

class WeightChangeTest {
  private final Checkpoint before = SmallModel.of(Operation.ADD);

  /** The same with W_U doubled. */
  private Checkpoint doubled() {
    Parameters weights = before.parameters();
    weights.set("W_U", weights.get("W_U").mul(2));
    return before.withParameters(weights);
  }

  @Test
  void a_doubled_matrix_moved_by_its_own_length_and_is_all_of_the_change() {
    WeightChange change = WeightChange.between(before, doubled());
    assertEquals(1, change.relative().get("W_U"), 1e-6);
    assertEquals(0, change.relative().get("W_E"));
    assertEquals(1, change.share().get("W_U"), 1e-12);
    assertEquals(1, change.table().doubleColumn("share of the change").sum(), 1e-12);
  }

  @Test
  void a_transplant_of_what_changed_is_the_changed_model() {
    Parameters mixed = before.parameters().with(doubled().parameters(), "W_U");
    assertEquals(doubled().parameters().squaredNorm(), mixed.squaredNorm());
    assertThrows(
        IllegalArgumentException.class, () -> before.parameters().with(mixed, "W_nowhere"));
  }

  @Test
  void the_control_moves_each_parameter_as_far_in_another_direction() {
    WeightChange change = WeightChange.between(before, doubled());
    Parameters random = change.atRandom(before, 0);
    WeightChange control = WeightChange.between(before, before.withParameters(random));
    assertEquals(1, control.relative().get("W_U"), 1e-5);
    assertEquals(0, control.relative().get("W_E"));
    assertNotEquals(doubled().parameters().squaredNorm(), random.squaredNorm());
  }

  @Test
  void refuses_two_times_the_same() {
    assertThrows(IllegalArgumentException.class, () -> WeightChange.between(before, before));
  }
}
