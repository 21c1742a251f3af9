package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.OneLayerPass;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferencePass;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Models built by hand, of which both numbers are known; trained ones are compared with NumPy. */
class ClockAndPizzaTest {
  /**
   * What harmonics of J directions leave of the pizza's right logit, and float32 of its weights.
   */
  private static final double HARMONICS = 1e-3;

  private static double value(String metric, Checkpoint checkpoint) {
    return Metric.named(metric).readings(checkpoint).get(0).value();
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"ADD", "SUBTRACT"})
  void the_right_logit_of_a_clock_depends_on_the_sum_alone(Operation operation) {
    // what rounding its waves leaves in the right logit is of the sum, so at every distance of an
    // odd number of places it is spread as it is over all
    Checkpoint clock = ClockModel.of(operation).checkpoint;
    assertClose("q", 1, value("distance_irrelevance", clock), 1e-9, 0);
  }

  @Test
  void the_operands_of_the_clock_that_reads_them_apart_act_at_right_angles() {
    // one head reads place(a) from a coordinate of its own, the other place(b) from another
    assertClose(
        "s", 0, value("gradient_symmetricity", ClockModel.of(Operation.ADD).checkpoint), 0, 1e-12);
  }

  @Test
  void the_pizza_is_one() {
    Checkpoint pizza = PizzaModel.checkpoint();
    INDArray logits = AllPairs.of(pizza).logits();
    for (int a = 0; a < PizzaModel.P; a++) {
      for (int b = 0; b < PizzaModel.P; b++) {
        double right = logits.getDouble(a * PizzaModel.P + b, (a + b) % PizzaModel.P);
        assertClose(a + "+" + b, PizzaModel.right(a, b), right, HARMONICS, 1e-4);
      }
    }
    assertEquals(1.0, Metric.named("accuracy").readings(pizza).get(2).value());
  }

  @Test
  void the_right_logit_of_a_pizza_depends_on_the_distance_alone() {
    assertClose("q", 0, value("distance_irrelevance", PizzaModel.checkpoint()), 0, HARMONICS);
  }

  @Test
  void the_operands_of_a_pizza_act_alike() {
    assertClose("s", 1, value("gradient_symmetricity", PizzaModel.checkpoint()), 1e-12, 0);
  }

  @Test
  void gradients_are_those_of_finite_differences() {
    Checkpoint model = SmallModel.of(Operation.ADD);
    int[] classes = new int[49];
    for (int r = 0; r < classes.length; r++) {
      classes[r] = r % 7;
    }
    double[][] gradients =
        new OneLayerPass(model.config(), model.parameters()).operandGradients(classes);
    float step = 0x1p-9f;
    int width = model.config().shape().dModel();
    for (int t = 0; t < 2; t++) {
      for (int i = 0; i < width; i++) {
        double[] above = shifted(model, t, i, step);
        double[] below = shifted(model, t, i, -step);
        int beside = 0;
        for (int r = 0; r < classes.length; r++) {
          double difference = (above[r * 7 + classes[r]] - below[r * 7 + classes[r]]) / 2 / step;
          // a neuron may switch within a step; of smooth ones the third derivative is left
          beside += Math.abs(difference - gradients[t][r * width + i]) > 1e-4 ? 1 : 0;
        }
        assertTrue(beside <= 3, beside + " of 49 differ");
      }
    }
  }

  /** The logits where every x_t is moved along one axis. */
  private static double[] shifted(Checkpoint model, int t, int i, float step) {
    Parameters moved = model.parameters();
    int width = model.config().shape().dModel();
    moved.values()[moved.layout().slot("W_pos").offset() + t * width + i] += step;
    return new OneLayerPass(model.config(), moved).logits();
  }

  @Test
  void the_backward_pass_of_any_model_gives_the_same_gradients() {
    Checkpoint model = SmallModel.of(Operation.ADD);
    int[] classes = new int[49];
    for (int r = 0; r < classes.length; r++) {
      classes[r] = 3 * r % 7;
    }
    double[][] fast =
        new OneLayerPass(model.config(), model.parameters()).operandGradients(classes);
    double[][] slow = ReferencePass.operandGradients(model.config(), model.parameters(), classes);
    for (int t = 0; t < 2; t++) {
      assertClose("operand " + t, slow[t], fast[t], 1e-6, 1e-6); // gradients are kept in float32
    }
  }

  @Test
  void labels_of_no_circle_have_no_distance() {
    Checkpoint three = SmallModel.of(SmallModel.SHAPE, OperationTable.sum(3, 5));
    assertTrue(
        Metric.named("gradient_symmetricity")
            .refusal(three)
            .orElseThrow()
            .startsWith("got a table of 3 operands"));
    Checkpoint random =
        SmallModel.of(SmallModel.SHAPE, OperationTable.of(Operation.ADD, 7).withRandomLabels(0));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Metric.named("distance_irrelevance").readings(random))
            .getMessage();
    assertTrue(message.startsWith("distance_irrelevance: got labels of no circle"), message);
  }
}
