package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModularTaskTest {

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
}
