package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.grokscope.model.FactorisedTransformer;
import org.grokscope.model.Parameters;
import org.grokscope.model.PytorchFixture;
import org.junit.jupiter.api.Test;

class AdamWTest {

  @Test
  void one_update_by_hand() {
    TrainingConfig config = TrainingConfig.nanda2023();
    AdamW optimiser = of(config, 1);
    float[] theta = {2f};
    update(optimiser, config, theta, new float[] {0.5f}); // rate 0: only the moments move
    assertEquals(2f, theta[0]);
    assertEquals(0.05f, optimiser.mean()[0], 1e-8f);
    assertEquals(0.005f, optimiser.square()[0], 1e-9f);
    update(optimiser, config, theta, new float[] {-0.25f});
    double m = 0.9 * 0.05 + 0.1 * -0.25;
    double v = 0.98 * 0.005 + 0.02 * 0.0625;
    double rate = 1e-4;
    double corrected = m / (1 - 0.81) / (Math.sqrt(v / (1 - 0.9604)) + 1e-8);
    assertEquals(2 * (1 - rate) - rate * corrected, theta[0], 1e-7);
    assertEquals(2, optimiser.updates());
  }

  @Test
  void ten_updates_give_pytorchs_losses_and_weights() {
    PytorchFixture fixture = PytorchFixture.read("one_layer");
    TrainingConfig config = TrainingConfig.nanda2023();
    assertEquals(config.learningRate(), fixture.trainingSetting("learningRate"));
    assertEquals(config.weightDecay(), fixture.trainingSetting("weightDecay"));
    assertEquals(config.warmupSteps(), fixture.trainingSetting("warmUp"));
    Parameters weights = fixture.weights();
    AdamW optimiser = of(config, weights.values().length);
    try (var model = FactorisedTransformer.of(fixture.config(), weights, 1)) {
      for (double expected : fixture.trainingLosses()) {
        // float32 against float64: rounding of some 1e-7, ten updates long
        assertEquals(expected, model.lossAndGradients(fixture.batch()).loss(), 2e-6 * expected);
        update(optimiser, config, weights.values(), model.gradients().values());
      }
    }
    double[] expected = fixture.finalWeights();
    for (int i = 0; i < expected.length; i++) {
      // an update is at most about the learning rate; a gradient near 0 may round to the other side
      assertEquals(expected[i], weights.values()[i], 2e-5, "weight " + i);
    }
  }

  @Test
  void groups_decay_each_by_its_own() {
    AdamW optimiser = new AdamW(0.9, 0.98, 1e-8, 3);
    float[] theta = {2f, 2f, 2f};
    optimiser.update(
        theta, new float[3], 0.1, List.of(new AdamW.Group(0, 1, 0.5), new AdamW.Group(1, 3, 0)));
    assertEquals(2 * (1 - 0.05), theta[0], 1e-6);
    assertEquals(2f, theta[1]);
    assertEquals(2f, theta[2]);
  }

  private static AdamW of(TrainingConfig config, int size) {
    return new AdamW(config.beta1(), config.beta2(), config.epsilon(), size);
  }

  private static void update(
      AdamW optimiser, TrainingConfig config, float[] theta, float[] gradients) {
    optimiser.update(
        theta,
        gradients,
        config.learningRateAt(optimiser.updates()),
        List.of(new AdamW.Group(0, theta.length, config.weightDecay())));
  }
}
