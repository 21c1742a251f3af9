package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.grokscope.TensorAssert;
import org.grokscope.task.BatchLoss;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LossOfLogitsTest {
  /** A few roundings of double. */
  private static final double EXACT = 1e-15;

  @Test
  void knows_the_loss_and_gradient_of_a_hand_computed_row() {
    // softmax of (ln 1, ln 2, ln 5) is (1, 2, 5)/8
    LossOfLogits loss = rows(new double[][] {{0, Math.log(2), Math.log(5)}}, 1);

    assertClose("loss", Math.log(4), loss.loss(), EXACT, 0);
    assertClose("gradient", new double[] {0.125, -0.75, 0.625}, gradient(loss), 3 * EXACT, 0);
    assertEquals(0, loss.correct());
  }

  @Test
  void averages_over_the_rows() {
    LossOfLogits loss = rows(new double[][] {{0, 0, 0, 0}, {0, 0, 0, Math.log(5)}}, 2, 3);

    assertClose("loss", (Math.log(4) + Math.log(8.0 / 5)) / 2, loss.loss(), EXACT, 0);
    double[] expected = {
      0.125, 0.125, -0.375, 0.125, 1 / 16.0, 1 / 16.0, 1 / 16.0, -3 / 16.0,
    };
    assertClose("gradient", expected, gradient(loss), 3 * EXACT, 0);
    assertEquals(new BatchLoss(loss.loss(), 1, 2), loss.batchLoss());
  }

  @Test
  void rows_weigh_as_they_are_told_to_and_not_at_all_with_weight_0() {
    INDArray logits =
        Nd4j.createFromArray(new double[][] {{0, Math.log(3)}, {0, 0}, {Double.NaN, 0}});
    LossOfLogits loss =
        LossOfLogits.of(
            logits, new int[] {1, 0, 0}, new double[] {3, 1, 0}, 8, StandardLoss.CROSS_ENTROPY);

    // (3 ln 4/3 + ln 2)/8; gradients 3/8·(1/4, −1/4), 1/8·(−1/2, 1/2), nothing
    assertClose("loss", (3 * Math.log(4 / 3.0) + Math.log(2)) / 8, loss.loss(), 2 * EXACT, 0);
    double[] expected = {3 / 32.0, -3 / 32.0, -1 / 16.0, 1 / 16.0, 0, 0};
    assertClose("gradient", expected, gradient(loss), 3 * EXACT, 0);
    assertEquals(new BatchLoss(loss.loss(), 2, 2), loss.batchLoss());
  }

  @Test
  void keeps_every_digit_of_a_confident_row() {
    // log(1 + 2e-22) ≈ 2e-22 to 44 digits; 1 − softmax would be 0
    LossOfLogits loss = rows(new double[][] {{0, 50, 0}}, 1);
    double other = Math.exp(-50);

    assertClose("loss", 2 * other, loss.loss(), EXACT, 0);
    assertClose("gradient", new double[] {other, -2 * other, other}, gradient(loss), 3 * EXACT, 0);
    assertEquals(1, loss.correct());
  }

  @Test
  void keeps_every_digit_of_a_row_that_is_just_right() {
    // log(1 + e^-1), from the same formula on the other side of confidence
    LossOfLogits loss = rows(new double[][] {{3, 2}}, 0);

    assertClose("loss", Math.log1p(Math.exp(-1)), loss.loss(), EXACT, 0);
  }

  @Test
  void survives_logits_that_overflow_the_exponential() {
    LossOfLogits loss = rows(new double[][] {{0, 2000}, {-2000, 0}}, 0, 1);

    assertClose("loss", 1000, loss.loss(), EXACT, 0);
    assertClose("gradient", new double[] {-0.5, 0.5, 0, 0}, gradient(loss), EXACT, 0);
  }

  @Test
  void does_not_depend_on_what_is_added_to_all_logits() {
    LossOfLogits plain = rows(new double[][] {{1, 2, 4}}, 0);
    LossOfLogits shifted = rows(new double[][] {{1025, 1026, 1028}}, 0);

    assertEquals(plain.loss(), shifted.loss());
  }

  @Test
  void counts_the_first_of_equal_maxima() {
    assertEquals(1, rows(new double[][] {{1, 7, 7}}, 1).correct());
    assertEquals(0, rows(new double[][] {{1, 7, 7}}, 2).correct());
  }

  @Test
  void never_hides_a_logit_that_is_not_finite() {
    double inf = Double.POSITIVE_INFINITY;
    for (double bad : new double[] {Double.NaN, inf}) {
      for (int place = 0; place < 3; place++) {
        double[] row = {0, 0, 0};
        row[place] = bad;
        LossOfLogits loss = rows(new double[][] {row}, 0);
        assertTrue(Double.isNaN(loss.loss()) || loss.loss() == inf, bad + " at " + place);
        assertEquals(0, loss.correct(), bad + " at " + place);
      }
    }
  }

  @Test
  void computes_on_float_logits_in_double() {
    INDArray logits = Nd4j.createFromArray(new float[][] {{0.1f, 30f}});
    LossOfLogits loss = LossOfLogits.of(logits, new int[] {1});

    assertClose("loss", Math.log1p(Math.exp(0.1f - 30.0)), loss.loss(), EXACT, 0);
    assertEquals(DataType.DOUBLE, loss.gradient().dataType());
  }

  @Test
  void reads_a_transposed_view_in_its_own_order() {
    INDArray view = Nd4j.createFromArray(new double[][] {{0, 0}, {Math.log(3), 0}}).transpose();

    LossOfLogits loss = LossOfLogits.of(view, new int[] {1, 0});

    assertClose("loss", (Math.log(4.0 / 3) + Math.log(2)) / 2, loss.loss(), EXACT, 0);
  }

  @Test
  void leaves_the_logits_as_they_were() {
    INDArray logits = Nd4j.createFromArray(new double[][] {{1, 2}});

    LossOfLogits.of(logits, new int[] {0}).gradient();

    assertClose("logits", new double[] {1, 2}, TensorAssert.doubles(logits), 0, 0);
  }

  @Test
  void says_what_does_not_fit() {
    INDArray logits = Nd4j.zeros(2, 3);
    assertRefused("2 labels", Nd4j.zeros(3, 3), 0, 1);
    assertRefused("0 labels", logits);
    assertRefused("label 3", logits, 0, 3);
    assertRefused("label -1", logits, -1, 0);
    assertRefused("[2, 3, 1]", Nd4j.zeros(2, 3, 1), 0, 0);
  }

  private static void assertRefused(String expected, INDArray logits, int... labels) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> LossOfLogits.of(logits, labels))
            .getMessage();
    assertTrue(message.contains(expected), message);
  }

  private static LossOfLogits rows(double[][] logits, int... labels) {
    return LossOfLogits.of(Nd4j.createFromArray(logits), labels);
  }

  private static double[] gradient(LossOfLogits loss) {
    return TensorAssert.doubles(loss.gradient());
  }
}
