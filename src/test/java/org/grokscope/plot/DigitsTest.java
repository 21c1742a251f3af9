package org.grokscope.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class DigitsTest {
  @Test
  void significant_digits_of_each_number() {
    double[] values = {1.23456e-7, 123456, 0, -0.99996, Double.NaN};
    assertEquals(List.of(1.235e-7, 123500L, 0L, -1L, Double.NaN), Digits.significant(values, 4));
  }

  @Test
  void the_same_decimals_for_all_by_the_largest_number() {
    double[] values = {2.34567, -0.00049, 0.0006, Double.POSITIVE_INFINITY};
    assertEquals(List.of(2.346, 0L, 0.001, Double.POSITIVE_INFINITY), Digits.fixed(values, 4));
    assertEquals(List.of(12300L, 100L), Digits.fixed(new double[] {12345, 96}, 3));
    assertEquals(List.of(0L, 0L), Digits.fixed(new double[2], 3));
  }

  @Test
  void a_matrix_shares_its_decimals() {
    var rows = Digits.fixed(Nd4j.createFromArray(new double[][] {{9.87654, 0.111}, {0, 1}}), 2);
    assertEquals(List.of(List.of(9.9, 0.1), List.of(0L, 1L)), rows);
  }
}
