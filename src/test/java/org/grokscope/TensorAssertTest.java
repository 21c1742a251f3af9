package org.grokscope;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import org.opentest4j.AssertionFailedError;

class TensorAssertTest {
  @Test
  void accepts_what_the_tolerances_allow() {
    assertClose("relative", 1000, 1000.9, 1e-3, 0);
    assertClose("absolute", 0, 1e-9, 0, 1e-9);
  }

  @Test
  void rejects_what_exceeds_them_and_names_the_entry() {
    AssertionFailedError error =
        assertThrows(
            AssertionFailedError.class,
            () -> assertClose("w", new double[] {1, 2}, new double[] {1, 2.1}, 1e-3, 0));
    assertTrue(error.getMessage().startsWith("w, entry 1"), error.getMessage());
  }

  @Test
  void rejects_what_is_not_finite_on_either_side_even_if_equal() {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(AssertionFailedError.class, () -> assertClose("v", value, value, 1, 1));
      assertThrows(AssertionFailedError.class, () -> assertClose("v", 1, value, 1, 1));
      assertThrows(AssertionFailedError.class, () -> assertClose("v", value, 1, 1, 1));
    }
  }

  @Test
  void rejects_other_shapes() {
    assertThrows(
        AssertionFailedError.class,
        () -> assertClose("m", Nd4j.zeros(2, 3), Nd4j.zeros(3, 2), 0, 0));
  }
}
