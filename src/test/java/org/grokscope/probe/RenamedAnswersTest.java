package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Parameters;
import org.grokscope.task.Operation;
import org.junit.jupiter.api.Test;

class RenamedAnswersTest {
  private final Checkpoint original = SmallModel.of(Operation.ADD);
  private final int[] next = {1, 2, 3, 4, 5, 6, 0};

  @Test
  void a_model_whose_unembedding_was_turned_by_one_answer_is_the_old_model_again() {
    Parameters turned = original.parameters();
    var columns = turned.get("W_U");
    for (int c = 0; c < 7; c++) {
      columns.putColumn(next[c], original.parameters().get("W_U").getColumn(c));
    }
    turned.set("W_U", columns);
    LossAndAccuracy probe = new LossAndAccuracy();
    assertNotEquals(
        probe.measure(original).get("loss[all]"),
        probe.measure(original.withParameters(turned)).get("loss[all]"));
    assertEquals(
        probe.measure(original), probe.measure(RenamedAnswers.readBack(original, turned, next)));
  }

  @Test
  void refuses_names_that_are_given_twice() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            RenamedAnswers.readBack(
                original, original.parameters(), new int[] {0, 0, 1, 2, 3, 4, 5}));
  }
}
