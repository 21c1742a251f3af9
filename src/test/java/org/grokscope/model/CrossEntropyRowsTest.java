package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** The fast path's loss of a row beside the readable one. */
class CrossEntropyRowsTest {
  private static final int OUTPUTS = 114;

  @Test
  void agrees_with_the_cross_entropy_of_a_batch_of_one() {
    RandomStream random = RandomStream.of(1, "logits");
    RowLoss rowLoss = new CrossEntropyRows(OUTPUTS);
    for (int row = 0; row < 50; row++) {
      float[] logits = new float[OUTPUTS];
      for (int j = 0; j < OUTPUTS; j++) {
        logits[j] = (float) (random.nextGaussian() * row);
      }
      int label = random.nextInt(OUTPUTS);
      if (row % 2 == 0) {
        logits[label] += 60; // a right answer, most of them
      }
      LossOfLogits expected =
          LossOfLogits.of(Nd4j.create(new float[][] {logits}), new int[] {label});
      double loss = rowLoss.loss(logits, label);
      // exponentials to 1e-12, of which none is below exp(−80)
      assertEquals(expected.loss(), loss, 1e-11 * expected.loss() + OUTPUTS * Math.exp(-80));
      assertEquals(expected.correct() == 1, rowLoss.correct());
      rowLoss.gradient(logits, label, 0.5);
      for (int j = 0; j < OUTPUTS; j++) {
        double gradient = 0.5 * expected.gradient().getDouble(0, j);
        // float32, and nothing below 1e-30
        assertEquals(gradient, logits[j], 1e-7 * Math.abs(gradient) + 1e-30, "logit " + j);
      }
    }
  }

  @Test
  void of_equal_largest_logits_the_first_is_the_answer() {
    RowLoss rowLoss = new CrossEntropyRows(3);
    assertEquals(Math.log(2 + Math.exp(-1)), rowLoss.loss(new float[] {1, 2, 2}, 1), 1e-12);
    assertEquals(true, rowLoss.correct());
    assertEquals(Math.log(2 + Math.exp(-1)), rowLoss.loss(new float[] {1, 2, 2}, 2), 1e-12);
    assertEquals(false, rowLoss.correct());
  }
}
