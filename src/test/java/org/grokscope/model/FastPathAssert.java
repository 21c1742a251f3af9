package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.grokscope.task.Batch;
import org.grokscope.task.BatchLoss;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Holds a fast path to the reference in double. */
final class FastPathAssert {
  private FastPathAssert() {}

  /**
   * Compares losses, right answers, logits and every gradient.
   *
   * @param ofLoss relative
   * @param ofGradients relative to the largest entry of each tensor
   * @param ofLogits relative to the largest of them, if that is above 1
   */
  static void assertAgrees(
      Transformer fast,
      Loss loss,
      Batch batch,
      double ofLoss,
      double ofGradients,
      double ofLogits) {
    ModelConfig config = fast.config();
    try (ReferenceTransformer exact =
        ReferenceTransformer.of(config, fast.parameters(), DataType.DOUBLE, loss)) {
      BatchLoss expected = exact.lossAndGradients(batch);
      BatchLoss actual = fast.lossAndGradients(batch);
      assertClose("loss", expected.loss(), actual.loss(), ofLoss, 0);
      assertClose("loss, forward only", expected.loss(), fast.loss(batch).loss(), ofLoss, 0);
      assertClose("loss, exact", expected.loss(), exact.loss(batch).loss(), 1e-12, 0);
      assertEquals(expected.correct(), actual.correct());
      assertEquals(expected.size(), actual.size());
      double[] gradients = exact.gradientsInDouble();
      double[] got = doubles(fast.gradients().values());
      for (ParameterLayout.Slot slot : config.layout().slots()) {
        int to = slot.offset() + slot.length();
        double[] part = Arrays.copyOfRange(gradients, slot.offset(), to);
        double largest = Arrays.stream(part).map(Math::abs).max().orElseThrow();
        assertTrue(largest > 0, slot.name() + " has no gradient");
        double[] own = Arrays.copyOfRange(got, slot.offset(), to);
        assertClose(slot.name(), part, own, 0, ofGradients * largest);
      }
      INDArray logits = exact.logits(batch);
      double scale = Math.max(1, logits.amaxNumber().doubleValue());
      INDArray own = fast.logits(batch).castTo(DataType.DOUBLE);
      assertClose("logits", logits, own, 0, ofLogits * scale);
    }
  }
}
