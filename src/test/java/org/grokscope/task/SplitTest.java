package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {

  @Test
  void the_published_setting_has_3830_questions_to_train_on_the_same_for_ever() {
    Split split = ModularAddition.mod(113).split(0.30, 0);
    // the same shuffle made by an independent program
    assertEquals(3830, split.train().size());
    assertEquals(8939, split.test().size());
    assertArrayEquals(new int[] {2, 3, 4, 10, 22, 24, 26, 29}, Arrays.copyOf(split.trainRows(), 8));
    assertEquals(24_466_674, Arrays.stream(split.trainRows()).sum());
    assertArrayEquals(
        new int[] {6, 8, 14, 16, 20, 21, 23}, ModularAddition.mod(5).split(0.30, 7).trainRows());
  }

  @Test
  void both_sides_together_are_all_questions_once() {
    Split split = ModularAddition.mod(31).split(0.4, 5);
    int[] both =
        IntStream.concat(Arrays.stream(split.trainRows()), Arrays.stream(split.testRows()))
            .sorted()
            .toArray();
    assertArrayEquals(IntStream.range(0, 31 * 31).toArray(), both);
  }

  @Test
  void a_known_mirror_tells_the_unknown_questions_apart() {
    Split split =
        ModularAddition.mod(5).split(0.30, 7); // knows (1,1) (1,3) (2,4) (3,1) (4,0) (4,1) (4,3)
    Batch mirrored = split.testWithKnownMirror();
    List<String> pairs =
        IntStream.range(0, mirrored.size())
            .mapToObj(i -> mirrored.token(i, 0) + "," + mirrored.token(i, 1))
            .toList();
    assertEquals(List.of("0,4", "1,4", "3,4", "4,2"), pairs);
    assertEquals(split.test().size(), mirrored.size() + split.testWithoutKnownMirror().size());
  }

  @Test
  void another_seed_is_another_split() {
    OperationTable task = ModularAddition.mod(31);
    assertFalse(Arrays.equals(task.split(0.4, 5).trainRows(), task.split(0.4, 6).trainRows()));
  }

  @Test
  void undefined_questions_are_on_neither_side() {
    Split split = OperationTable.of(Operation.DIVIDE, 5).split(0.5, 0);
    assertEquals(20, split.train().size() + split.test().size());
    assertTrue(Arrays.stream(split.trainRows()).noneMatch(row -> row % 5 == 0));
    assertTrue(Arrays.stream(split.testRows()).noneMatch(row -> row % 5 == 0));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
  void a_fraction_outside_zero_and_one_is_refused(double fraction) {
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> ModularAddition.mod(7).split(fraction, 0));
    assertEquals(
        "split: got fraction = "
            + fraction
            + ", expected a share strictly between 0 and 1, such as 0.30",
        error.getMessage());
  }

  @Test
  void a_fraction_that_leaves_one_side_empty_is_refused() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> ModularAddition.mod(3).split(0.1, 0));
    assertTrue(error.getMessage().contains("leaves none to train on"), error.getMessage());
  }
}
