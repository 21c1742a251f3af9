package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.grokscope.model.StandardLoss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossEntropyTest {
  @ParameterizedTest(name = "logits of size {0}")
  @ValueSource(doubles = {1e-9, 0.1, 1, 5, 30, 300, 3_000})
  void is_that_of_the_readable_loss(double size) {
    Random random = new Random(1);
    CrossEntropy loss = new CrossEntropy(17);
    for (int row = 0; row < 500; row++) {
      double[] z = random.doubles(17, -size, size).toArray();
      int label = random.nextInt(17);
      double expected = StandardLoss.CROSS_ENTROPY.of(z, label, new double[17]);
      assertClose("row " + row, expected, loss.of(z, 0, label), 2e-15, 0);
    }
  }

  @Test
  void reads_its_stretch_of_many_rows_and_changes_nothing() {
    double[] rows = {9, 9, 9, 0, 1, 2, 9, 9, 9};
    double[] before = rows.clone();
    double expected = Math.log(1 + Math.exp(1) + Math.exp(2)) - 1;
    assertClose("middle row", expected, new CrossEntropy(3).of(rows, 3, 1), 1e-15, 0);
    assertClose("rows", before, rows, 0, 0);
  }

  @Test
  void a_very_confident_row_keeps_its_digits() {
    // Σ exp(z_c − z_y) = 2·exp(−60): naive 1 − softmax would give 0
    assertClose("loss", 2 * Math.exp(-60), of(1, 0, 60, 0), 1e-14, 0);
    assertClose("loss", 2 * Math.exp(-740), of(1, 0, 740, 0), 1e-14, 0);
  }

  @Test
  void a_hopeless_row_does_not_overflow() {
    assertClose("loss", 5000, of(0, 0, 5000), 1e-15, 0);
  }

  @Test
  void a_class_that_is_ruled_out_weighs_nothing() {
    assertClose("loss", Math.log(2), of(0, 3, 3, Double.NEGATIVE_INFINITY), 1e-15, 0);
    assertEquals(Double.POSITIVE_INFINITY, of(2, 3, 3, Double.NEGATIVE_INFINITY));
  }

  @Test
  void what_is_not_a_number_stays_so() {
    assertTrue(Double.isNaN(of(0, 1, Double.NaN, 2)));
    assertTrue(Double.isNaN(of(0, Double.POSITIVE_INFINITY, 1)));
  }

  private double of(int label, double... z) {
    return new CrossEntropy(z.length).of(z, 0, label);
  }
}
