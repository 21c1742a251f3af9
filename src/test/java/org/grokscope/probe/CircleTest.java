package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CircleTest {
  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUBTRACT", "MULTIPLY"})
  void places_of_operands_add_up_to_the_place_of_the_answer(Operation operation) {
    Checkpoint checkpoint = SmallModel.of(operation);
    Circle circle = Circle.recognised(checkpoint).orElseThrow();
    assertEquals(Circle.named(operation.symbol()), circle);
    Places places = Places.of(circle, 7);
    int m = places.size();
    assertEquals(operation == Operation.MULTIPLY ? 6 : 7, m);
    assertEquals(operation == Operation.ADD, places.isPlain());
    int[] labels = checkpoint.labels();
    boolean[] seen = new boolean[49];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        int row = places.row(i, j);
        assertFalse(seen[row]);
        seen[row] = true;
        assertEquals(places.answer((i + j) % m), labels[row]);
        assertEquals((i + j) % m, places.placeOf(labels[row]));
      }
    }
    assertEquals(operation == Operation.MULTIPLY ? -1 : 0, places.placeOf(0));
    assertEquals(-1, places.placeOf(OperationTable.UNDEFINED));
  }

  @Test
  void known_questions_stay_known_on_the_circle() {
    Checkpoint checkpoint = SmallModel.of(Operation.MULTIPLY);
    Questions questions = AllPairs.of(checkpoint).onCircle(Circle.OWN).questions();
    assertEquals(36, questions.size());
    int train = 0;
    for (int r = 0; r < questions.size(); r++) {
      train += questions.isIn(Part.TRAIN, r) ? 1 : 0;
    }
    long withoutZero =
        Arrays.stream(checkpoint.trainRows()).filter(r -> r / 7 > 0 && r % 7 > 0).count();
    assertEquals(withoutZero, train);
  }

  @Test
  void answers_stay_the_checkpoint_s_own_on_a_named_circle() {
    Checkpoint control =
        SmallModel.of(SmallModel.SHAPE, OperationTable.of(Operation.ADD, 7).withRandomLabels(3));
    int[] labels = control.labels();
    AllPairs pairs = AllPairs.of(control);
    assertEquals(Optional.empty(), pairs.recognised());
    assertSame(pairs.onCircle(Circle.OWN), pairs.onCircle(Circle.SUM));
    CirclePairs difference = pairs.onCircle(Circle.DIFFERENCE);
    for (int r = 0; r < 49; r++) {
      int place = r / 7 * 7 + (7 - r % 7) % 7; // b stands at −b
      assertEquals(labels[r], difference.questions().label(place));
      assertEquals(Math.floorMod(r / 7 - r % 7, 7), difference.sum(place));
    }
    CirclePairs product = pairs.onCircle(Circle.PRODUCT);
    int[] powers = {1, 3, 2, 6, 4, 5};
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        int label = product.questions().label(i * 6 + j);
        assertEquals(labels[powers[i] * 7 + powers[j]], label < 0 ? 0 : powers[label]);
      }
    }
  }

  @Test
  void circles_have_the_names_of_operations() {
    assertEquals(Circle.SUM, Circle.named("a+b"));
    assertEquals("a-b", Circle.DIFFERENCE.label());
    for (String none : List.of("a/b", "own", "sum")) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Circle.named(none)).getMessage();
      assertEquals("circle: got '" + none + "', expected one of a+b, a-b, a*b", message);
    }
    assertEquals(Optional.empty(), Circle.SUM.refusal(9));
    assertTrue(Circle.PRODUCT.refusal(9).orElseThrow().contains("expected a prime"));
    assertTrue(Circle.OWN.refusal(8).orElseThrow().contains("expected an odd p"));
  }

  @ParameterizedTest
  @CsvSource({"3, 2", "5, 2", "7, 3", "13, 2", "23, 5", "41, 6", "59, 2", "113, 3"})
  void the_smallest_primitive_root_is_that_of_the_tables(int p, int root) {
    int[] powers = Places.powersOfSmallestPrimitiveRoot(p);
    assertEquals(root, powers[1 % powers.length]);
    assertEquals(p - 1, Arrays.stream(powers).distinct().count());
    assertEquals(1, powers[0]);
  }

  @Test
  void powers_of_three_modulo_seven() {
    assertArrayEquals(new int[] {1, 3, 2, 6, 4, 5}, Places.powersOfSmallestPrimitiveRoot(7));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> Places.powersOfSmallestPrimitiveRoot(9 * 7))
            .getMessage()
            .contains("p = 63"));
  }
}
