package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationTableTest {

  @Test
  void the_smallest_table_by_hand() {
    OperationTable task = ModularAddition.mod(3);
    assertArrayEquals(new int[] {0, 1, 2, 1, 2, 0, 2, 0, 1}, task.labels());
    assertEquals(4, task.vocabulary());
    assertEquals(3, task.equalsToken());
    assertEquals("a+b mod 3", task.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1, 0, -5})
  void a_modulus_below_three_is_refused(int p) {
    var error = assertThrows(IllegalArgumentException.class, () -> ModularAddition.mod(p));
    assertEquals(
        "modulus: got p = " + p + ", expected p ≥ 3 (tried often: 59, 97, 113)",
        error.getMessage());
  }

  @Test
  void a_modulus_whose_table_would_not_fit_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> ModularAddition.mod(20_001));
  }

  @Test
  void a_lambda_is_an_operation_and_its_negative_values_are_reduced() {
    OperationTable lambda = OperationTable.of("a-b", 5, (a, b, p) -> a - b);
    assertArrayEquals(OperationTable.of(Operation.SUBTRACT, 5).labels(), lambda.labels());
  }

  @Test
  void a_lambda_may_leave_questions_out() {
    OperationTable halves =
        OperationTable.of("a if a>b", 4, (a, b, p) -> a > b ? a : BinaryOperation.NO_ANSWER);
    assertEquals(6, halves.all().size());
    assertEquals(OperationTable.UNDEFINED, halves.label(1, 2));
    var error = assertThrows(IllegalArgumentException.class, () -> halves.questions(new int[] {6}));
    assertEquals("question (1, 2) has no answer under a if a>b", error.getMessage());
  }

  @Test
  void an_operation_without_any_answer_is_refused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> OperationTable.of("nothing", 4, (a, b, p) -> BinaryOperation.NO_ANSWER));
  }

  @Test
  void a_question_is_three_tokens_that_end_on_equals() {
    Batch all = ModularAddition.mod(5).all();
    assertEquals(25, all.size());
    for (int r = 0; r < 25; r++) {
      assertEquals(r / 5, all.token(r, 0));
      assertEquals(r % 5, all.token(r, 1));
      assertEquals(5, all.token(r, 2));
      assertEquals((r / 5 + r % 5) % 5, all.label(r));
    }
  }

  @Test
  void random_labels_are_fixed_by_the_seed_for_ever() {
    // the same draw made by an independent program
    assertArrayEquals(GOLDEN_LABELS, ModularAddition.mod(5).withRandomLabels(3).labels());
    assertNotEquals(
        Arrays.toString(ModularAddition.mod(5).withRandomLabels(4).labels()),
        Arrays.toString(GOLDEN_LABELS));
    assertEquals(3, ModularAddition.mod(5).withRandomLabels(3).labelSeed().getAsLong());
  }

  @Test
  void random_labels_keep_undefined_questions_and_use_every_answer() {
    OperationTable task = OperationTable.of(Operation.DIVIDE, 7).withRandomLabels(0);
    for (int a = 0; a < 7; a++) {
      assertEquals(OperationTable.UNDEFINED, task.label(a, 0));
    }
    assertEquals(7, Arrays.stream(task.labels()).filter(label -> label >= 0).distinct().count());
  }

  private static final int[] GOLDEN_LABELS = {
    2, 2, 4, 1, 3, 4, 0, 3, 1, 1, 4, 0, 0, 4, 0, 0, 0, 3, 4, 4, 0, 0, 3, 3, 1
  };

  @Test
  void refuses_whoever_asks_with_a_forbidden_residue_and_answers_the_others_as_before() {
    OperationTable task = ModularAddition.mod(5).withRefusals(1, 3);
    assertEquals(5, task.label(1, 4));
    assertEquals(5, task.label(0, 3));
    assertEquals(1, task.label(2, 4));
    assertEquals("a+b refusing [1, 3] mod 5", task.toString());
    assertThrows(IllegalArgumentException.class, () -> ModularAddition.mod(5).withRefusals());
    assertThrows(IllegalArgumentException.class, () -> ModularAddition.mod(5).withRefusals(5));
  }

  @Test
  void renames_every_answer_and_leaves_refusals() {
    int[] next = {1, 2, 3, 4, 0};
    OperationTable task = ModularAddition.mod(5).withRefusals(1).withAnswers("a+b+1", next);
    assertEquals(0, task.label(2, 2));
    assertEquals(5, task.label(1, 2));
    assertThrows(
        IllegalArgumentException.class,
        () -> ModularAddition.mod(5).withAnswers("twice", new int[] {0, 1, 1, 2, 3}));
  }

  @Test
  void a_sum_is_symmetric_a_difference_and_random_labels_are_not() {
    assertTrue(OperationTable.of(Operation.ADD, 7).isSymmetric());
    assertTrue(OperationTable.of(Operation.MULTIPLY, 7).isSymmetric());
    assertFalse(OperationTable.of(Operation.SUBTRACT, 7).isSymmetric());
    assertFalse(OperationTable.of(Operation.ADD, 7).withRandomLabels(0).isSymmetric());
  }

  @Nested
  class ThreeOperands {
    private final OperationTable sum = OperationTable.sum(3, 5);

    @Test
    void are_added_and_read_as_four_tokens() {
      assertEquals("a+b+c mod 5", sum.title());
      assertEquals("a+b+c", sum.operation());
      assertEquals(
          List.of(3, 5, 4, 6), List.of(sum.arity(), sum.p(), sum.length(), sum.vocabulary()));
      assertEquals(4, sum.label(4, 3, 2));
      assertEquals(38, sum.row(1, 2, 3)); // 1·25 + 2·5 + 3
      assertArrayEquals(new int[] {1, 2, 3}, sum.operands(38));
      Batch questions = sum.questions(new int[] {38, 0, 124});
      assertEquals(4, questions.length());
      assertArrayEquals(new int[] {1, 2, 3, 5, 0, 0, 0, 5, 4, 4, 4, 5}, questions.tokens());
      assertArrayEquals(new int[] {1, 0, 2}, questions.labels());
      assertEquals(125, sum.all().size());
    }

    @Test
    void may_change_places_in_a_sum_but_not_in_every_operation() {
      assertTrue(sum.isSymmetric());
      OperationTable mixed =
          OperationTable.of("a-b+c", digits(4), 3, x -> (x[0] - x[1] + x[2] + 4) % 4);
      assertFalse(mixed.isSymmetric());
    }

    @Test
    void can_be_refused_renamed_and_drawn_at_random() {
      assertEquals(sum.refusal(), sum.withRefusals(2).label(0, 0, 2));
      assertEquals(0, sum.withAnswers("a+b+c+1", new int[] {1, 2, 3, 4, 0}).label(4, 0, 0));
      assertEquals("a+b+c mod 5, random labels of seed 1", sum.withRandomLabels(1).title());
      assertEquals(5, Arrays.stream(sum.withRandomLabels(1).labels()).distinct().count());
    }

    @Test
    void too_few_or_too_many_are_refused_and_so_are_tables_that_would_not_fit() {
      assertRefused("got 1 operands, expected 2 to 8", () -> OperationTable.sum(1, 5));
      assertRefused("got 9 operands, expected 2 to 8", () -> OperationTable.sum(9, 5));
      assertRefused("modulus: got p = 2", () -> OperationTable.sum(3, 2));
      assertRefused("at most 400000000 questions", () -> OperationTable.sum(3, 1000));
      assertRefused("got 2 operands, expected 3", () -> sum.label(1, 2));
      assertThrows(IndexOutOfBoundsException.class, () -> sum.label(1, 2, 5));
    }
  }

  @Nested
  class NamedElements {
    private final OperationTable games =
        OperationTable.of(
            "who wins",
            List.of("rock", "paper", "scissors"),
            2,
            x ->
                (x[0] - x[1] + 3) % 3 == 1 ? x[0] : x[0] == x[1] ? OperationTable.UNDEFINED : x[1]);

    @Test
    void stand_in_titles_and_messages() {
      assertEquals("who wins", games.title());
      assertEquals("paper", games.element(games.label(0, 1)));
      assertEquals("scissors", games.element(games.label(1, 2)));
      assertEquals(6, games.all().size());
      assertRefused(
          "question (paper, paper) has no answer under who wins",
          () -> games.questions(new int[] {4}));
      assertThrows(IndexOutOfBoundsException.class, () -> games.element(3));
      assertEquals("who wins refusing [1]", games.withRefusals(1).title());
      assertEquals("4", ModularAddition.mod(5).element(4));
    }

    @Test
    void that_do_not_fit_the_table_are_refused() {
      assertRefused(
          "twice: got the elements [a, b, a], expected at least two names, each once",
          () -> OperationTable.of("twice", List.of("a", "b", "a"), 2, x -> 0));
      assertRefused(
          "one: got the elements [a]", () -> OperationTable.of("one", List.of("a"), 2, x -> 0));
      assertRefused(
          "outside: got the answer 2, expected 0 … 1, or -1",
          () -> OperationTable.of("outside", digits(2), 2, x -> x[0] + x[1]));
      assertRefused(
          "below: got the answer -2", () -> OperationTable.of("below", digits(2), 2, x -> -2));
      assertRefused(
          "none: got 0 operands on 2 elements",
          () -> OperationTable.of("none", digits(2), 0, x -> 0));
    }

    @Test
    void of_questions_without_any_answer_are_refused() {
      assertRefused(
          "operation 'mute' answers none of the 4 questions",
          () -> OperationTable.of("mute", digits(2), 2, x -> OperationTable.UNDEFINED));
    }

    @Test
    void of_one_operand_make_a_table_too() {
      OperationTable not = OperationTable.of("not", List.of("no", "yes"), 1, x -> 1 - x[0]);
      assertArrayEquals(new int[] {0, 2, 1, 2}, not.all().tokens());
      assertArrayEquals(new int[] {1, 0}, not.all().labels());
    }
  }

  @Nested
  class KnownAnswers {
    private final int[] labels = {0, 1, 1, OperationTable.UNDEFINED};

    @Test
    void make_the_table_that_they_are_of() {
      OperationTable table =
          OperationTable.ofLabels("or", "or, of a file", 2, 2, OptionalLong.empty(), labels);
      labels[0] = 1; // a copy was taken
      assertArrayEquals(new int[] {0, 1, 1, -1}, table.labels());
      assertEquals(List.of("or", "or, of a file"), List.of(table.operation(), table.title()));
      assertEquals(3, table.all().size());
      assertEquals(
          2,
          OperationTable.ofLabels("or", "or", 2, 1, OptionalLong.empty(), new int[] {2, 0})
              .label(0));
    }

    @Test
    void that_do_not_fit_are_refused() {
      assertRefused(
          "t: got 4 answers, expected 8, one for each question",
          () -> OperationTable.ofLabels("o", "t", 2, 3, OptionalLong.empty(), labels));
      labels[2] = 3; // 2 would be a refusal
      assertRefused(
          "t: got the answer 3, expected 0 … 2",
          () -> OperationTable.ofLabels("o", "t", 2, 2, OptionalLong.empty(), labels));
      labels[2] = -2;
      assertRefused(
          "t: got the answer -2",
          () -> OperationTable.ofLabels("o", "t", 2, 2, OptionalLong.empty(), labels));
      Arrays.fill(labels, OperationTable.UNDEFINED);
      assertRefused(
          "answers none",
          () -> OperationTable.ofLabels("o", "t", 2, 2, OptionalLong.empty(), labels));
      assertRefused(
          "t: got 2 operands on 1 elements",
          () -> OperationTable.ofLabels("o", "t", 1, 2, OptionalLong.empty(), new int[1]));
    }
  }

  private static List<String> digits(int n) {
    return IntStream.range(0, n).mapToObj(Integer::toString).toList();
  }

  private static void assertRefused(String expected, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(expected), message);
  }
}
