package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.grokscope.TensorAssert;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.probe.NormAtMargin.Statistic;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NormAtMarginTest {
  private static final int P = 7;

  /** Float32 weights and logits, and a bisection of margins known to some parts in 10⁶. */
  private static final double FLOAT32 = 1e-4;

  private final Parameters weights = linear();
  private final double[][] logits = logits(weights);
  private final Checkpoint knowing =
      Checkpoint.of(
          OperationTable.of("own", P, (a, b, p) -> largest(logits[(int) (a * P + b)]))
              .split(0.4, 0),
          config(),
          weights,
          3,
          "{}");

  private static ModelConfig config() {
    return new ModelConfig(SmallModel.SHAPE, P + 1, P + 1, 3);
  }

  /**
   * A model whose logits are (W_E[a] + W_E[b]) W_V W_O W_U / 3, summed over heads: homogeneous of
   * degree 4 in its weights.
   */
  private static Parameters linear() {
    Parameters weights = SmallModel.of(Operation.ADD).parameters();
    for (String name : new String[] {"W_pos", "W_Q", "W_in", "b_in", "W_out", "b_out"}) {
      weights.set(name, Nd4j.zeros(DataType.FLOAT, weights.get(name).shape()));
    }
    INDArray embedding = weights.get("W_E");
    embedding.getRow(P).assign(0); // '='
    weights.set("W_E", embedding);
    return weights;
  }

  /** [p²][p], by hand. */
  private static double[][] logits(Parameters weights) {
    INDArray read = Nd4j.zeros(DataType.DOUBLE, 8, 8);
    INDArray values = weights.get("W_V").castTo(DataType.DOUBLE); // (heads, d_model, d_head)
    INDArray outputs = weights.get("W_O").castTo(DataType.DOUBLE); // (heads, d_head, d_model)
    for (int h = 0; h < 2; h++) {
      read.addi(values.slice(h).mmul(outputs.slice(h)));
    }
    INDArray map = read.mmul(weights.get("W_U").castTo(DataType.DOUBLE)).div(3);
    INDArray ofToken = weights.get("W_E").castTo(DataType.DOUBLE).mmul(map);
    double[][] logits = new double[P * P][P];
    for (int r = 0; r < P * P; r++) {
      for (int c = 0; c < P; c++) {
        logits[r][c] = ofToken.getDouble(r / P, c) + ofToken.getDouble(r % P, c);
      }
    }
    return logits;
  }

  private static int largest(double[] z) {
    int at = 0;
    for (int c = 1; c < z.length; c++) {
      at = z[c] > z[at] ? c : at;
    }
    return at;
  }

  /** The margins of the training questions, the statistic asked for. */
  private double margin(Statistic statistic) {
    double sum = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (int r : knowing.trainRows()) {
      int own = largest(logits[r]);
      double other = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < P; c++) {
        other = c == own ? other : Math.max(other, logits[r][c]);
      }
      sum += logits[r][own] - other;
      smallest = Math.min(smallest, logits[r][own] - other);
    }
    return statistic == Statistic.MEAN ? sum / knowing.trainRows().length : smallest;
  }

  @ParameterizedTest
  @EnumSource(Statistic.class)
  void weights_of_a_homogeneous_model_are_scaled_by_a_root_of_the_margins(Statistic statistic) {
    for (double wanted : new double[] {0.5, 4}) {
      Map<String, Double> cost = new NormAtMargin(Part.TRAIN, statistic, wanted).measure(knowing);
      double scale = Math.pow(wanted / margin(statistic), 0.25);
      TensorAssert.assertClose("scale", scale, cost.get("scale[train]"), FLOAT32, 0);
      TensorAssert.assertClose(
          "norm",
          scale * scale * weights.squaredNorm(),
          cost.get("squared_norm[train]"),
          2 * FLOAT32,
          0);
      TensorAssert.assertClose("degree", 4, cost.get("degree[train]"), 10 * FLOAT32, 0);
    }
  }

  @Test
  void a_model_that_does_not_know_the_answers_has_no_price() {
    Map<String, Double> cost =
        new NormAtMargin(Part.TRAIN, Statistic.MEAN, 1).measure(SmallModel.of(Operation.ADD));
    assertTrue(Double.isNaN(cost.get("squared_norm[train]")), cost.toString());
    assertTrue(Double.isNaN(cost.get("degree[train]")), cost.toString());
  }

  @Test
  void each_part_statistic_and_margin_is_a_measure_of_its_own() {
    NormAtMargin one = new NormAtMargin(Part.TRAIN, Statistic.MEAN, 1);
    assertEquals(one.identity(), new NormAtMargin(Part.TRAIN, Statistic.MEAN, 1).identity());
    assertNotEquals(one.identity(), new NormAtMargin(Part.TEST, Statistic.MEAN, 1).identity());
    assertNotEquals(one.identity(), new NormAtMargin(Part.TRAIN, Statistic.MEAN, 2).identity());
    assertNotEquals(one.identity(), new NormAtMargin(Part.TRAIN, Statistic.SMALLEST, 1).identity());
  }

  @Test
  void all_questions_and_no_margin_are_refused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new NormAtMargin(Part.ALL, Statistic.MEAN, 1));
    assertEquals(
        "norm at margin: got the part all and the margin 1.0, expected train or test and a margin"
            + " above 0",
        e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new NormAtMargin(Part.TRAIN, Statistic.MEAN, 0));
  }
}
