package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grokscope.model.Activation;
import org.grokscope.model.FactorisedTransformer;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.model.PytorchFixture;
import org.junit.jupiter.api.Test;

class AdamWTest {
  /** One width of everything: eleven parameters, each of few entries. */
  private static final ParameterLayout LAYOUT =
      new ModelConfig(ModelShape.uniform(1, 1, 1, 1, 1, Activation.RELU, false, true), 2, 2, 2)
          .layout();

  private static float[] filled(float value) {
    float[] values = new float[LAYOUT.size()];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void one_update_by_hand() {
    TrainingConfig config = TrainingConfig.nanda2023();
    float[] theta = filled(2);
    Map<String, float[]> state = Map.of("mean", filled(0), "square", filled(0));
    update(LAYOUT, config, theta, filled(0.5f), state, 1); // rate 0: only the moments move
    assertEquals(2f, theta[0]);
    assertEquals(0.05f, state.get("mean")[0], 1e-8f);
    assertEquals(0.005f, state.get("square")[0], 1e-9f);
    update(LAYOUT, config, theta, filled(-0.25f), state, 2);
    double m = 0.9 * 0.05 + 0.1 * -0.25;
    double v = 0.98 * 0.005 + 0.02 * 0.0625;
    double rate = 1e-4;
    double corrected = m / (1 - 0.81) / (Math.sqrt(v / (1 - 0.9604)) + 1e-8);
    for (float value : theta) {
      assertEquals(2 * (1 - rate) - rate * corrected, value, 1e-7);
    }
  }

  @Test
  void ten_updates_give_pytorchs_losses_and_weights() {
    PytorchFixture fixture = PytorchFixture.read("one_layer");
    TrainingConfig config = TrainingConfig.nanda2023();
    assertEquals(config.learningRate(), fixture.trainingSetting("learningRate"));
    assertEquals(config.weightDecay(), fixture.trainingSetting("weightDecay"));
    assertEquals(config.schedule().warmupSteps(), fixture.trainingSetting("warmUp"));
    assertEquals(AdamW.USUAL.beta1(), fixture.trainingSetting("beta1"));
    assertEquals(AdamW.USUAL.beta2(), fixture.trainingSetting("beta2"));
    assertEquals(AdamW.USUAL.epsilon(), fixture.trainingSetting("epsilon"));
    Parameters weights = fixture.weights();
    Map<String, float[]> state = new HashMap<>();
    AdamW.USUAL.state().forEach(name -> state.put(name, new float[weights.layout().size()]));
    long number = 0;
    try (var model = FactorisedTransformer.of(fixture.config(), weights, 1)) {
      for (double expected : fixture.trainingLosses()) {
        // float32 against float64: rounding of some 1e-7, ten updates long
        assertEquals(expected, model.lossAndGradients(fixture.batch()).loss(), 2e-6 * expected);
        update(
            weights.layout(),
            config,
            weights.values(),
            model.gradients().values(),
            state,
            ++number);
      }
    }
    double[] expected = fixture.finalWeights();
    for (int i = 0; i < expected.length; i++) {
      // an update is at most about the learning rate; a gradient near 0 may round to the other side
      assertEquals(expected[i], weights.values()[i], 2e-5, "weight " + i);
    }
  }

  @Test
  void parameters_decay_each_by_its_own() {
    float[] theta = filled(2);
    Map<String, float[]> state = Map.of("mean", filled(0), "square", filled(0));
    AdamW.USUAL.update(
        new Update(
            LAYOUT, theta, filled(0), state, 1, 0.1, slot -> slot.name().equals("W_in") ? 0.5 : 0));
    for (ParameterLayout.Slot slot : LAYOUT.slots()) {
      double kept = slot.name().equals("W_in") ? 2 * (1 - 0.05) : 2;
      assertEquals(kept, theta[slot.offset()], 1e-6, slot.name());
    }
  }

  @Test
  void is_known_by_its_label_and_settings() {
    AdamW other = new AdamW(0.8, 0.999, 1e-6);
    assertEquals(List.of("mean", "square"), other.state());
    assertEquals(List.of("beta1", "beta2", "epsilon"), List.copyOf(other.settings().keySet()));
    assertEquals(other, Optimiser.of(other.label(), other.settings()));
    assertEquals(AdamW.USUAL, Optimiser.of("adamw", Map.of()));
    assertEquals(new AdamW(0.5, 0.98, 1e-8), Optimiser.of("adamw", Map.of("beta1", 0.5)));
    assertNull(AdamW.USUAL.settings().get("learningRate"));
  }

  @Test
  void refuses_what_it_has_not_and_betas_out_of_range() {
    assertMessage("optimiser: got 'adam', expected adamw, sgd, muon or grokfast", "adam", Map.of());
    assertMessage(
        "optimiser adamw: got the setting 'momentum', expected some of [beta1, beta2, epsilon]",
        "adamw",
        Map.of("momentum", 0.9));
    assertMessage(
        "training: got beta1 = 1.0, expected 0 ≤ beta1 < 1", "adamw", Map.of("beta1", 1.0));
    assertMessage(
        "training: got beta2 = -0.1, expected 0 ≤ beta2 < 1", "adamw", Map.of("beta2", -0.1));
    assertMessage(
        "training: got epsilon = NaN, expected 0 < epsilon < 1",
        "adamw",
        Map.of("epsilon", Double.NaN));
  }

  private static void assertMessage(String expected, String label, Map<String, Double> settings) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> Optimiser.of(label, settings));
    assertEquals(expected, error.getMessage());
  }

  private static void update(
      ParameterLayout layout,
      TrainingConfig config,
      float[] theta,
      float[] gradients,
      Map<String, float[]> state,
      long number) {
    config
        .optimiser()
        .update(
            new Update(
                layout,
                theta,
                gradients,
                state,
                number,
                config.learningRateAt(number - 1),
                slot -> config.decays().of(slot, config.weightDecay())));
  }
}
