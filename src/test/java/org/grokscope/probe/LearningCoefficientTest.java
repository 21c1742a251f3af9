package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.LearningCoefficient.Estimate;
import org.grokscope.probe.LearningCoefficient.Landscape;
import org.junit.jupiter.api.Test;

/** Losses whose coefficient is known by theory, each to be met within a tenth. */
class LearningCoefficientTest {
  private static final long QUESTIONS = 150_000; // n β ≈ 12,600
  private static final double A_TENTH = 0.1;

  private static Estimate estimate(
      Landscape landscape, float[] start, double step, double localisation, int steps) {
    return new LearningCoefficient(step, localisation, steps / 10, steps, 2, 0)
        .estimate(landscape, start, QUESTIONS);
  }

  /** ½ Σ h_i (w_i − 1)², h from 1 to 3. */
  private static Landscape quadratic(int d) {
    return (w, gradient) -> {
      double loss = 0;
      for (int i = 0; i < d; i++) {
        double h = 1 + 2.0 * i / d;
        gradient[i] = (float) (h * (w[i] - 1));
        loss += h / 2 * (w[i] - 1) * (w[i] - 1);
      }
      return loss;
    };
  }

  @Test
  void of_a_regular_minimum_it_is_half_the_number_of_weights() {
    float[] ones = new float[20];
    Arrays.fill(ones, 1);
    Estimate found = estimate(quadratic(20), ones, 2e-6, 0, 20_000);
    assertClose("λ", 10, found.lambda(), A_TENTH, 0);
    assertTrue(found.spread() < 1, found.toString());
  }

  /** Σ w_i⁴: E[n β w⁴] = ¼ for each. */
  @Test
  void of_a_flat_minimum_it_is_less() {
    Landscape quartic =
        (w, gradient) -> {
          double loss = 0;
          for (int i = 0; i < w.length; i++) {
            gradient[i] = 4 * w[i] * w[i] * w[i];
            loss += Math.pow(w[i], 4);
          }
          return loss;
        };
    Estimate found = estimate(quartic, new float[8], 2e-4, 0, 40_000);
    assertClose("λ", 2, found.lambda(), A_TENTH, 0);
  }

  /** ½ ‖B A − target‖², A and B 2 × 2, w = (A, B), as deep linear networks have it. */
  private static Landscape product(double[] target) {
    return (w, gradient) -> {
      Arrays.fill(gradient, 0);
      double loss = 0;
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
          double rest = -target[2 * i + j];
          for (int k = 0; k < 2; k++) {
            rest += w[4 + 2 * i + k] * w[2 * k + j];
          }
          for (int k = 0; k < 2; k++) {
            gradient[2 * k + j] += (float) (rest * w[4 + 2 * i + k]);
            gradient[4 + 2 * i + k] += (float) (rest * w[2 * k + j]);
          }
          loss += rest * rest / 2;
        }
      }
      return loss;
    };
  }

  /**
   * Aoyagi and Watanabe (2005), reduced rank regression with M = N = H = 2 and rank r = 0: λ =
   * (−(H+r)² − M² − N² + 2(H+r)(M+N) + 2MN)/8 = 12/8, of 8 weights; at this n β and γ about 1.47.
   */
  @Test
  void of_a_linear_network_that_learnt_nothing_it_is_a_singular_one() {
    Estimate found = estimate(product(new double[4]), new float[8], 4e-5, 3, 200_000);
    assertClose("λ", 1.5, found.lambda(), A_TENTH, 0);
  }

  /** Rank r = 2: the 4 directions of A → G A, B → B G⁻¹ are flat, the others regular: 4/2. */
  @Test
  void of_one_that_learnt_a_full_rank_it_is_half_the_directions_that_cost() {
    float[] identity = {1, 0, 0, 1, 1, 0, 0, 1};
    Estimate found = estimate(product(new double[] {1, 0, 0, 1}), identity, 2e-6, 100, 40_000);
    assertClose("λ", 2, found.lambda(), A_TENTH, 0);
  }

  @Test
  void equal_seeds_give_equal_numbers_and_others_others() {
    LearningCoefficient coefficient = new LearningCoefficient(2e-6, 0, 10, 100, 2, 0);
    float[] start = {1, 1, 1};
    Estimate found = coefficient.estimate(quadratic(3), start, 1_000);
    assertEquals(found, coefficient.estimate(quadratic(3), start, 1_000));
    Estimate other =
        new LearningCoefficient(2e-6, 0, 10, 100, 2, 1).estimate(quadratic(3), start, 1_000);
    assertTrue(found.lambda() != other.lambda());
    assertEquals(1f, start[0]);
  }

  @Test
  void of_a_checkpoint_it_is_a_probe() {
    Checkpoint model =
        Checkpoint.load(Path.of("src/test/resources/org/grokscope/probe/two-layers-7.npz"));
    LearningCoefficient coefficient = new LearningCoefficient(1e-5, 100, 5, 20, 2, 0);
    Map<String, Double> columns = coefficient.measure(model);
    assertEquals("[lambda[train], spread[train], distance[train]]", columns.keySet().toString());
    assertTrue(columns.get("lambda[train]") > 0, columns.toString());
    assertTrue(columns.get("distance[train]") > 0, columns.toString());
    assertEquals(columns, coefficient.measure(model));
    assertTrue(coefficient.identity().orElseThrow().contains("step=1.0E-5"));
  }

  @Test
  void wrong_settings_and_chains_that_run_away_say_what_to_do() {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> new LearningCoefficient(0, 1, 0, 1, 1, 0))
            .getMessage();
    assertTrue(message.startsWith("learning coefficient: got the step 0.0"), message);
    LearningCoefficient large = new LearningCoefficient(1e3, 0, 0, 1_000, 1, 0);
    message =
        assertThrows(
                ArithmeticException.class,
                () -> large.estimate(quadratic(2), new float[] {1, 1}, 1_000))
            .getMessage();
    assertTrue(message.contains("make the step 1000.0 smaller"), message);
    assertThrows(
        IllegalArgumentException.class, () -> large.estimate(quadratic(2), new float[2], 2));
  }
}
