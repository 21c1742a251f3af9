package org.grokscope.compression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DigitStringTest {
  @Test
  void counts_from_one() {
    assertEquals("123456789101112", DigitString.counting(12).digits());
    assertEquals(38_894, DigitString.counting(10_000).length());
  }

  @Test
  void random_digits_repeat_for_a_seed_and_are_all_about_as_frequent() {
    DigitString string = DigitString.random(10_000, 3);
    assertEquals(string, DigitString.random(10_000, 3));
    assertNotEquals(string, DigitString.random(10_000, 4));
    for (char digit = '0'; digit <= '9'; digit++) {
      char wanted = digit;
      long count = string.digits().chars().filter(c -> c == wanted).count();
      assertEquals(1_000, count, 150); // five standard deviations of 30
    }
  }

  @Test
  void the_floor_is_the_logarithm_of_all_strings_of_that_length() {
    assertEquals(Math.log(1000) / Math.log(2), new DigitString("x", "007").floorBits(), 1e-12);
  }

  @Test
  void refuses_what_is_no_digit() {
    assertThrows(IllegalArgumentException.class, () -> new DigitString("x", ""));
    var error = assertThrows(IllegalArgumentException.class, () -> new DigitString("x", "12a"));
    assertTrue(error.getMessage().startsWith("digit string: got '12a'"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> DigitString.counting(0));
  }
}
