package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Test;

class GradientFilterTest {
  private static final ModelConfig MODEL =
      new ModelConfig(ModelShape.uniform(2, 4, 2, 2, 6, Activation.RELU, true, true), 5, 5, 3);

  private static double product(float[] a, float[] b, ParameterLayout.Slot slot) {
    double sum = 0;
    for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static float[] gradients() {
    RandomStream random = RandomStream.of(2, "gradients");
    float[] gradients = new float[MODEL.layout().size()];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = (float) random.nextGaussian();
    }
    return gradients;
  }

  @Test
  void by_hand_in_two_dimensions() {
    ParameterLayout layout =
        new ModelConfig(ModelShape.uniform(1, 2, 1, 1, 1, Activation.RELU, false, true), 2, 2, 2)
            .layout();
    ParameterLayout.Slot bias = layout.slot("b_out"); // two entries
    float[] theta = new float[layout.size()];
    float[] gradients = new float[layout.size()];
    theta[bias.offset()] = 3;
    gradients[bias.offset()] = 3;
    gradients[bias.offset() + 1] = 4;
    GradientFilter.PERPENDICULAR.apply(layout, theta, gradients);
    assertEquals(0, gradients[bias.offset()], 1e-7); // (3, 4) less its part along (3, 0) …
    assertEquals(5, gradients[bias.offset() + 1], 1e-6); // … and as long as before
  }

  @Test
  void ends_perpendicular_to_each_parameter_and_as_long_as_before() {
    Parameters theta = Parameters.initial(MODEL, 3);
    float[] before = gradients();
    float[] after = before.clone();
    GradientFilter.PERPENDICULAR.apply(MODEL.layout(), theta.values(), after);
    for (ParameterLayout.Slot slot : MODEL.layout().slots()) {
      double length = Math.sqrt(product(before, before, slot));
      double weight = Math.sqrt(product(theta.values(), theta.values(), slot));
      // float32 entries: rounding of some 1e-7 of the lengths
      assertEquals(length, Math.sqrt(product(after, after, slot)), 1e-5 * length, slot.name());
      double along = product(theta.values(), after, slot);
      assertEquals(0, along, 1e-5 * length * weight, slot.name());
      if (weight > 0) {
        assertTrue(Math.abs(product(theta.values(), before, slot)) > 1e-3 * length * weight);
      } else {
        for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
          assertEquals(before[i], after[i], 1e-6, slot.name()); // nothing to be perpendicular to
        }
      }
    }
  }

  @Test
  void a_gradient_along_the_weights_is_taken_out_and_none_is_left_none() {
    Parameters theta = Parameters.initial(MODEL, 3);
    float[] none = new float[theta.values().length];
    GradientFilter.PERPENDICULAR.apply(MODEL.layout(), theta.values(), none);
    assertArrayEquals(new float[none.length], none);
  }

  @Test
  void none_changes_nothing() {
    float[] gradients = gradients();
    GradientFilter.NONE.apply(MODEL.layout(), Parameters.initial(MODEL, 0).values(), gradients);
    assertArrayEquals(gradients(), gradients);
  }

  @Test
  void a_training_with_it_learns_and_moves_across_its_weights() {
    TrainingConfig config =
        TrainingConfig.nanda2023()
            .withShape(ModelShape.nanda2023().withDModel(32).withHeads(2).withDMlp(48))
            .withWeightDecay(0)
            .withOptimiser(new Sgd(0))
            .withLearningRate(0.3)
            .withFilter(GradientFilter.PERPENDICULAR);
    try (Training training = Trainer.of(config).start(ModularAddition.mod(11).split(0.5, 1))) {
      training.step(); // of rate 0
      double norm = training.model().parameters().squaredNorm();
      double loss = training.step().loss();
      double step = 0;
      for (float gradient : training.model().gradients().values()) {
        step += (double) gradient * gradient;
      }
      // |θ − ηg|² = |θ|² + η² |g|² where g is perpendicular to θ; the rate is .03 here
      double expected = norm + 0.03 * 0.03 * step;
      assertEquals(expected, training.model().parameters().squaredNorm(), 1e-6 * expected);
      for (int i = 0; i < 40; i++) {
        training.step();
      }
      assertTrue(training.step().loss() < loss - 0.2);
    }
  }

  @Test
  void is_known_by_its_label() {
    for (GradientFilter filter : GradientFilter.values()) {
      assertEquals(filter, GradientFilter.of(filter.label()));
    }
    assertEquals(
        "gradient filter: got 'across', expected one of none, perpendicular",
        assertThrows(IllegalArgumentException.class, () -> GradientFilter.of("across"))
            .getMessage());
  }
}
