package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationTest {

  @ParameterizedTest
  @CsvSource({"a+b, 3, 5, 1", "a-b, 3, 5, 5", "a*b, 3, 5, 1", "a/b, 3, 5, 2", "a^2+b^2, 3, 5, 6"})
  void answers_by_hand_modulo_seven(String symbol, int a, int b, int expected) {
    assertEquals(expected, OperationTable.of(Operation.named(symbol), 7).label(a, b));
  }

  @Test
  void division_undoes_multiplication_and_leaves_out_division_by_zero() {
    OperationTable quotient = OperationTable.of(Operation.DIVIDE, 11);
    for (int a = 0; a < 11; a++) {
      assertEquals(OperationTable.UNDEFINED, quotient.label(a, 0));
      for (int b = 1; b < 11; b++) {
        assertEquals(a, quotient.label(a, b) * b % 11);
      }
    }
    assertEquals(11 * 10, quotient.all().size());
  }

  @Test
  void division_needs_a_prime_and_names_the_next_one() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> OperationTable.of(Operation.DIVIDE, 114));
    assertEquals(
        "division modulo p needs a prime p (other moduli leave quotients undefined), got p = 114;"
            + " try 127",
        error.getMessage());
  }

  @Test
  void is_found_by_symbol_and_by_word_and_lists_what_there_is() {
    assertEquals(Operation.SUM_OF_SQUARES, Operation.named("sum-of-squares"));
    assertEquals(Operation.ADD, Operation.named("a+b"));
    var error = assertThrows(IllegalArgumentException.class, () -> Operation.named("a**b"));
    assertTrue(error.getMessage().startsWith("operation: got 'a**b', expected one of a+b (add)"));
  }
}
