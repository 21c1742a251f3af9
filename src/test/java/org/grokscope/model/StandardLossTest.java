package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandardLossTest {
  /** A few roundings of double. */
  private static final double EXACT = 1e-15;

  @ParameterizedTest
  @EnumSource
  void the_gradient_is_the_slope_of_the_loss(StandardLoss loss) {
    boolean narrow = loss == StandardLoss.CROSS_ENTROPY_FLOAT32;
    // Central differences leave out step²/6 times a third derivative below 1; a loss of about 4 is
    // rounded at 4e-7 in float32 and 1e-15 in double, over twice the step.
    double step = narrow ? 0x1p-6 : 0x1p-17;
    double tolerance = narrow ? 8e-5 : 1e-9;
    RandomStream random = RandomStream.of(4, "logits of a loss");
    double[] gradient = new double[7];
    double[] unused = new double[7];
    for (int draw = 0; draw < 20; draw++) {
      double[] z = new double[7];
      Arrays.setAll(z, c -> (float) (2 * random.nextGaussian()));
      double[] kept = z.clone();
      int label = random.nextInt(7);
      loss.of(z, label, gradient);
      assertClose("logits stay", kept, z, 0, 0);
      for (int c = 0; c < 7; c++) {
        z[c] = kept[c] + step;
        double ahead = loss.of(z, label, unused);
        z[c] = kept[c] - step;
        double behind = loss.of(z, label, unused);
        z[c] = kept[c];
        assertClose(
            loss + ", logit " + c, (ahead - behind) / (2 * step), gradient[c], 0, tolerance);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void has_a_name_by_which_it_is_found(StandardLoss loss) {
    assertEquals(loss, StandardLoss.of(loss.label()));
  }

  @Test
  void an_unknown_name_is_refused_with_those_there_are() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> StandardLoss.of("hinge")).getMessage();
    assertEquals(
        "loss: got 'hinge', expected one of cross-entropy, cross-entropy-float32, stablemax",
        message);
  }

  @Nested
  class CrossEntropyInFloat32 {
    @Test
    void is_the_cross_entropy_but_for_rounding() {
      double[] z = {0.5, -1.25, 2, 0.75};
      double[] narrow = new double[4];
      double[] wide = new double[4];
      double expected = StandardLoss.CROSS_ENTROPY.of(z, 3, wide);
      // some roundings of float32 at 6e-8
      assertClose("loss", expected, StandardLoss.CROSS_ENTROPY_FLOAT32.of(z, 3, narrow), 5e-7, 0);
      assertClose("gradient", wide, narrow, 0, 3e-7);
    }

    @Test
    void collapses_to_exactly_nothing_where_a_row_is_confident() {
      double[] z = {0, 18, 0};
      double[] gradient = new double[3];
      assertEquals(0.0, StandardLoss.CROSS_ENTROPY_FLOAT32.of(z, 1, gradient));
      assertEquals(0.0, gradient[1], "the label's gradient");
      assertTrue(gradient[0] > 0 && gradient[2] > 0, "that of the others does not");

      double loss = StandardLoss.CROSS_ENTROPY.of(z, 1, gradient);
      assertClose("float64", Math.log1p(2 * Math.exp(-18)), loss, EXACT, 0);
      assertTrue(gradient[1] < 0);
    }

    @Test
    void does_not_collapse_below_the_rounding_of_one() {
      // e^-15 = 3e-7 is five steps of float32 at 1
      double[] gradient = new double[3];
      assertTrue(StandardLoss.CROSS_ENTROPY_FLOAT32.of(new double[] {0, 15, 0}, 1, gradient) > 0);
      assertTrue(gradient[1] < 0);
    }
  }

  @Nested
  class StableMax {
    @Test
    void divides_stretched_logits_by_their_sum() {
      // s(0, 1, −1) = (1, 2, ½), s′ = (1, 1, ¼)
      double[] gradient = new double[3];
      double loss = StandardLoss.STABLEMAX.of(new double[] {0, 1, -1}, 1, gradient);
      assertClose("loss", Math.log(3.5 / 2), loss, EXACT, 0);
      double[] expected = {1 / 3.5, 1 / 3.5 - 1 / 2.0, 0.25 / 3.5};
      assertClose("gradient", expected, gradient, 2 * EXACT, 0);

      loss = StandardLoss.STABLEMAX.of(new double[] {0, 1, -1}, 2, gradient);
      assertClose("loss of a negative logit", Math.log(7), loss, EXACT, 0);
      double[] ofNegative = {1 / 3.5, 1 / 3.5, 0.25 / 3.5 - 0.25 / 0.5};
      assertClose("its gradient", ofNegative, gradient, 2 * EXACT, 0);
    }

    @Test
    void absorbs_nothing_however_confident_a_row() {
      double[] gradient = new double[3];
      double loss = StandardLoss.STABLEMAX.of(new double[] {0, 1000, 0}, 1, gradient);
      assertClose("loss", Math.log(1003 / 1001.0), loss, 1e-12, 0); // of a difference of logarithms
      assertClose("gradient", 1 / 1003.0 - 1 / 1001.0, gradient[1], 1e-12, 0);
    }
  }
}
