package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThrows(
            IllegalArgumentException.class, () -> OperationTable.of(Operation.DIVIDE, 114));
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

  @ParameterizedTest
  @CsvSource({
    "a+b, 7, a+b mod 7, 2, 7",
    "divide, 7, a/b mod 7, 2, 7",
    "a+b+c, 5, a+b+c mod 5, 3, 5",
    "a+b+c+d, 3, a+b+c+d mod 3, 4, 3",
    "S4, 113, S4, 2, 24",
    "D5, 113, D5, 2, 10"
  })
  void a_text_names_a_table(String text, int p, String title, int arity, int size) {
    OperationTable table = Operation.table(text, p);
    assertEquals(title, table.title());
    assertEquals(arity, table.arity());
    assertEquals(size, table.size());
  }

  @Test
  void a_text_names_a_parity() {
    OperationTable table = Operation.table("parity:2/6", 113);
    assertEquals(6, table.arity());
    assertEquals(Parity.of(2, 6).title(), table.title());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a**b", "a+b+", "a+c+b", "S", "T4", "parity:3", "D1000", ""})
  void a_text_that_names_none_is_refused_with_what_there_is(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Operation.table(text, 7)).getMessage();
    assertTrue(message.startsWith("operation: got '" + text + "', expected one of a+b"), message);
    assertTrue(message.endsWith(", a+b+c, S3 … S6, D3 …, parity:3/20"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "S7, 'group: got S7, expected S2 … S6'",
    "D2, 'group: got D2, expected D3 … D200'",
    "parity:9/8, 'parity: got 9 of 8 bits'",
    "a/b, 'division modulo p needs a prime p'"
  })
  void a_table_that_there_is_not_is_refused_by_whoever_makes_it(String text, String expected) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Operation.table(text, 8)).getMessage();
    assertTrue(message.startsWith(expected), message);
  }
}
