package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.grokscope.TensorAssert;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

/** What fast paths make of a loss, row by row, beside its definition. */
class RowLossTest {
  private static final int OUTPUTS = 23;

  static List<Loss> losses() {
    return SmallModels.losses();
  }

  @ParameterizedTest
  @MethodSource("losses")
  void a_plain_row_is_what_the_loss_of_a_batch_of_one_is(Loss loss) {
    RandomStream random = RandomStream.of(2, "rows");
    RowLoss rows = new RowLoss.Plain(loss, OUTPUTS);
    for (int draw = 0; draw < 50; draw++) {
      float[] logits = new float[OUTPUTS];
      for (int j = 0; j < OUTPUTS; j++) {
        logits[j] = (float) (random.nextGaussian() * draw / 5);
      }
      int label = random.nextInt(OUTPUTS);
      logits[label] += draw % 2 == 0 ? draw : 0;
      LossOfLogits expected =
          LossOfLogits.of(
              Nd4j.create(new float[][] {logits}), new int[] {label}, new double[] {1}, 1, loss);
      assertEquals(expected.loss(), rows.loss(logits, label), loss.label());
      assertEquals(expected.correct() == 1, rows.correct());
      double[] gradient = TensorAssert.doubles(expected.gradient());
      rows.gradient(logits, label, 0.25);
      double[] scaled = IntStream.range(0, OUTPUTS).mapToDouble(j -> 0.25 * gradient[j]).toArray();
      // rounded to float32, whose smallest number is 1e-45
      assertClose(loss.label(), scaled, TensorAssert.doubles(logits), 6e-8, 1e-44);
    }
  }

  @Test
  void every_loss_but_the_cross_entropy_is_computed_by_its_definition() {
    assertInstanceOf(CrossEntropyRows.class, StandardLoss.CROSS_ENTROPY.rows(3));
    assertInstanceOf(RowLoss.Plain.class, StandardLoss.CROSS_ENTROPY_FLOAT32.rows(3));
    assertInstanceOf(RowLoss.Plain.class, StandardLoss.STABLEMAX.rows(3));
    assertInstanceOf(RowLoss.Plain.class, SmallModels.SQUARED_ERROR.rows(3));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void of_equal_largest_logits_the_first_is_the_answer(Loss loss) {
    RowLoss rows = loss.rows(3);
    rows.loss(new float[] {1, 2, 2}, 1);
    assertTrue(rows.correct());
    rows.loss(new float[] {1, 2, 2}, 2);
    assertFalse(rows.correct());
  }

  @ParameterizedTest
  @MethodSource("losses")
  void a_row_that_is_not_a_number_is_never_right(Loss loss) {
    for (int place = 0; place < 3; place++) {
      for (int label = 0; label < 3; label++) {
        float[] logits = {0, 0, 0};
        logits[place] = Float.NaN;
        RowLoss rows = loss.rows(3);
        assertTrue(Double.isNaN(rows.loss(logits, label)), loss.label() + " hides NaN");
        assertFalse(rows.correct(), loss.label() + ", NaN at " + place + ", label " + label);
      }
    }
  }
}
