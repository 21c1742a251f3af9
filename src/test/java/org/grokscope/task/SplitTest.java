package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

  @Nested
  class MirrorsTogether {
    static List<OperationTable> tables() {
      return List.of(
          ModularAddition.mod(13),
          OperationTable.of(Operation.DIVIDE, 7),
          Group.symmetric(3).table(),
          OperationTable.sum(3, 5),
          Parity.of(2, 6));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void no_unknown_question_is_the_image_of_a_known_one(OperationTable table) {
      Split split = table.splitMirrorsTogether(0.4, 3);
      Set<List<Integer>> known = images(table, split.trainRows());
      Set<List<Integer>> unknown = images(table, split.testRows());
      assertTrue(known.stream().noneMatch(unknown::contains));
      assertEquals(table.all().size(), split.train().size() + split.test().size());
      // the last images that are known are known whole
      int wanted = (int) (0.4 * table.all().size());
      int largest = table.arity() == 2 ? 2 : 20; // images of a question: 6!/(3!·3!) of six bits
      assertTrue(split.train().size() >= wanted, split.toString());
      assertTrue(split.train().size() < wanted + largest, split.toString());
    }

    private static Set<List<Integer>> images(OperationTable table, int[] rows) {
      return IntStream.of(rows)
          .mapToObj(row -> IntStream.of(table.operands(row)).sorted().boxed().toList())
          .collect(Collectors.toSet());
    }

    @Test
    void so_commutativity_answers_nothing_that_is_asked() {
      OperationTable table = ModularAddition.mod(31);
      Split together = table.splitMirrorsTogether(0.3, 0);
      assertEquals(0, together.testWithKnownMirror().size());
      assertEquals(together.test().size(), together.testWithoutKnownMirror().size());
      assertTrue(table.split(0.3, 0).testWithKnownMirror().size() > 100);
    }

    @Test
    void the_split_is_fixed_by_the_seed_and_says_what_it_is() {
      OperationTable table = ModularAddition.mod(13);
      Split split = table.splitMirrorsTogether(0.4, 3);
      assertArrayEquals(split.trainRows(), table.splitMirrorsTogether(0.4, 3).trainRows());
      assertFalse(Arrays.equals(split.trainRows(), table.splitMirrorsTogether(0.4, 4).trainRows()));
      assertTrue(split.toString().endsWith(", mirror images together)"), split.toString());
      assertEquals("together", split.settings().get("mirrors"));
      assertFalse(table.split(0.4, 3).settings().containsKey("mirrors"));
    }

    @Test
    void there_have_to_be_images() {
      OperationTable not = OperationTable.of("not", List.of("0", "1"), 1, x -> 1 - x[0]);
      String message =
          assertThrows(IllegalArgumentException.class, () -> not.splitMirrorsTogether(0.5, 0))
              .getMessage();
      assertTrue(message.contains("one operand and no mirror image; use split"), message);
      Split three = OperationTable.sum(3, 5).split(0.4, 0);
      String two =
          assertThrows(IllegalArgumentException.class, three::testWithKnownMirror).getMessage();
      assertTrue(two.startsWith("mirror: got a+b+c mod 5 of 3 operands, expected two"), two);
    }
  }

  @Nested
  class LargeTables {
    @Test
    void are_tested_on_a_sample_that_is_always_the_same() {
      OperationTable table = Parity.of(3, 19);
      Split split = table.split(0.1, 5);
      assertEquals(52_428, split.train().size());
      assertEquals((1 << 19) - 52_428, split.testRows().length);
      assertEquals(20_000, split.test().size());
      Batch again = table.split(0.1, 5).test();
      assertArrayEquals(again.tokens(), split.test().tokens());
      int last = -1;
      int[] unknown = split.testRows();
      Batch sample = split.test();
      for (int i = 0; i < 20_000; i++) {
        int row = row(sample, i);
        assertTrue(row > last, "ascending, each once");
        assertTrue(Arrays.binarySearch(unknown, row) >= 0, "unknown");
        last = row;
      }
      Batch other = Split.ofRows(table, 0.1, 6, false, split.trainRows()).test();
      assertFalse(Arrays.equals(other.tokens(), again.tokens()), "another seed, another sample");
    }

    private static int row(Batch batch, int i) {
      return IntStream.range(0, batch.length() - 1)
          .map(t -> batch.token(i, t))
          .reduce(0, (r, b) -> 2 * r + b);
    }

    @Test
    void of_2_to_the_18_questions_are_tested_whole() {
      Split split = Parity.of(3, 18).split(0.1, 5);
      assertEquals(split.testRows().length, split.test().size());
    }
  }

  @Nested
  class KnownFromElsewhere {
    private final OperationTable table = ModularAddition.mod(5);
    private final Split split = table.split(0.3, 7);

    @Test
    void is_the_same_division() {
      int[] shuffled = {23, 6, 8, 14, 16, 20, 21};
      Split again = Split.ofRows(table, 0.3, 7, false, shuffled);
      assertArrayEquals(split.trainRows(), again.trainRows());
      assertArrayEquals(split.testRows(), again.testRows());
      assertEquals(split.settings(), again.settings());
      assertEquals(23, shuffled[0], "the rows given stay as they are");
    }

    @Test
    void rows_that_are_there_twice_or_have_no_answer_are_refused() {
      String twice =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Split.ofRows(table, 0.3, 7, false, new int[] {8, 6, 8}))
              .getMessage();
      assertEquals("split: got the known question (1, 3) twice, expected each once", twice);
      OperationTable quotients = OperationTable.of(Operation.DIVIDE, 5);
      assertThrows(
          IllegalArgumentException.class,
          () -> Split.ofRows(quotients, 0.3, 7, false, new int[] {5}));
    }
  }
}
