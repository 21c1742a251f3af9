package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.task.OperationTable;
import org.junit.jupiter.api.Test;

class AbsorptionTest {
  private static final int P = 7;

  /** Every answer is 0, and the model says 0 with a logit of so much, all others 0. */
  private static Checkpoint sureOf(double logit) {
    OperationTable zero = OperationTable.of("always 0", P, (a, b, p) -> 0);
    ModelConfig config = new ModelConfig(SmallModel.SHAPE, P + 1, P, 3);
    Parameters weights = Parameters.zeros(config.layout());
    ParameterLayout layout = config.layout();
    weights.values()[layout.slot("b_out").offset()] = 1;
    weights.values()[layout.slot("W_U").offset()] = (float) logit;
    return Checkpoint.of(zero.split(0.4, 0), config, weights, 0, "{}");
  }

  /** The other six probabilities are lost in 1 where 6 e^-z is below half its last place, 2^-24. */
  @Test
  void a_question_is_absorbed_where_float32_loses_all_other_answers() {
    double edge = Math.log(6) + 24 * Math.log(2);
    assertEquals(Map.of("absorbed[train]", 0.0), new Absorption().measure(sureOf(0)));
    assertEquals(0, new Absorption().measure(sureOf(edge - 2.5)).get("absorbed[train]"));
    assertEquals(1, new Absorption().measure(sureOf(edge + 0.1)).get("absorbed[train]"));
    assertEquals(1, new Absorption().measure(sureOf(200)).get("absorbed[train]"));
  }

  @Test
  void a_sure_model_that_is_wrong_is_not_absorbed() {
    Checkpoint wrong = sureOf(-200); // all others tie
    assertEquals(0, new Absorption().measure(wrong).get("absorbed[train]"));
  }

  @Test
  void has_an_identity_of_its_own() {
    assertTrue(new Absorption().identity().orElseThrow().endsWith("version 1"));
  }
}
