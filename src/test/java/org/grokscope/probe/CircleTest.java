package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.task.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CircleTest {
  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUBTRACT", "MULTIPLY"})
  void places_of_operands_add_up_to_the_place_of_the_answer(Operation operation) {
    Checkpoint checkpoint = SmallModel.of(operation);
    Circle circle = Circle.of(checkpoint);
    assertEquals(operation, circle.operation());
    int m = circle.size();
    assertEquals(operation == Operation.MULTIPLY ? 6 : 7, m);
    assertEquals(operation == Operation.ADD, circle.isPlain());
    int[] labels = checkpoint.labels();
    boolean[] seen = new boolean[49];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        int row = circle.row(i, j, 7);
        assertFalse(seen[row]);
        seen[row] = true;
        assertEquals(circle.answer((i + j) % m), labels[row]);
      }
    }
  }

  @Test
  void known_questions_stay_known_on_the_circle() {
    Checkpoint checkpoint = SmallModel.of(Operation.MULTIPLY);
    Questions questions = AllPairs.of(checkpoint).onCircle().questions();
    assertEquals(36, questions.size());
    int train = 0;
    for (int r = 0; r < questions.size(); r++) {
      train += questions.isIn(Part.TRAIN, r) ? 1 : 0;
    }
    long withoutZero =
        Arrays.stream(checkpoint.trainRows()).filter(r -> r / 7 > 0 && r % 7 > 0).count();
    assertEquals(withoutZero, train);
  }

  @ParameterizedTest
  @CsvSource({"3, 2", "5, 2", "7, 3", "13, 2", "23, 5", "41, 6", "59, 2", "113, 3"})
  void the_smallest_primitive_root_is_that_of_the_tables(int p, int root) {
    int[] powers = Circle.powersOfSmallestPrimitiveRoot(p);
    assertEquals(root, powers[1 % powers.length]);
    assertEquals(p - 1, Arrays.stream(powers).distinct().count());
    assertEquals(1, powers[0]);
  }

  @Test
  void powers_of_three_modulo_seven() {
    assertArrayEquals(new int[] {1, 3, 2, 6, 4, 5}, Circle.powersOfSmallestPrimitiveRoot(7));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> Circle.powersOfSmallestPrimitiveRoot(9 * 7))
            .getMessage()
            .contains("p = 63"));
  }
}
