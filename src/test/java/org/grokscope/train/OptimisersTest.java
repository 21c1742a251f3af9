package org.grokscope.train;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.NewtonSchulz;
import org.grokscope.model.ParameterLayout;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.RandomStream;
import org.grokscope.task.Split;
import org.grokscope.task.Task;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped optimisers beside {@link AdamW}: steps by hand, and trainings. */
class OptimisersTest {
  /** d_model 2, one head of 1, three neurons: W_in is 2 × 3, W_out 3 × 2. */
  private static final ParameterLayout LAYOUT =
      new ModelConfig(ModelShape.uniform(1, 2, 1, 1, 3, Activation.RELU, false, true), 3, 3, 3)
          .layout();

  /** Parameters, gradients and state of one optimiser, updated by hand. */
  private static final class Updates {
    private final Optimiser optimiser;
    private final float[] theta = new float[LAYOUT.size()];
    private final float[] gradients = new float[LAYOUT.size()];
    private final Map<String, float[]> state = new HashMap<>();
    private long number;

    Updates(Optimiser optimiser) {
      this.optimiser = optimiser;
      optimiser.state().forEach(name -> state.put(name, new float[LAYOUT.size()]));
    }

    void update(double rate, double decay) {
      number++;
      optimiser.update(
          new Update(
              LAYOUT,
              theta,
              gradients,
              state,
              number,
              rate,
              slot -> Decays.MATRICES.of(slot, decay)));
    }
  }

  private static int at(String name) {
    return LAYOUT.slot(name).offset();
  }

  @Nested
  class GradientDescent {
    @Test
    void two_steps_by_hand() {
      Updates updates = new Updates(new Sgd(0.5));
      Arrays.fill(updates.theta, 1);
      Arrays.fill(updates.gradients, 0.25f);
      updates.update(0.1, 0.2);
      int in = at("W_in");
      int bias = at("b_in");
      assertEquals(1 * (1 - 0.02) - 0.1 * 0.25, updates.theta[in], 1e-7);
      assertEquals(1 - 0.1 * 0.25, updates.theta[bias], 1e-7); // no matrix: no decay
      Arrays.fill(updates.gradients, -1);
      updates.update(0.1, 0.2);
      double velocity = 0.5 * 0.25 - 1;
      assertEquals(velocity, updates.state.get("velocity")[in], 1e-7);
      assertEquals(0.955 * 0.98 - 0.1 * velocity, updates.theta[in], 1e-7);
      assertEquals(0.975 - 0.1 * velocity, updates.theta[bias], 1e-7);
    }

    @Test
    void without_momentum_is_plain_descent() {
      Updates updates = new Updates(new Sgd(0));
      for (int step = 0; step < 3; step++) {
        Arrays.fill(updates.gradients, step);
        updates.update(0.5, 0);
      }
      assertEquals(-0.5 * (0 + 1 + 2), updates.theta[0], 1e-7);
    }

    @Test
    void refuses_a_momentum_that_never_forgets() {
      assertRefused("training: got momentum = 1.0, expected 0 ≤ momentum < 1", () -> new Sgd(1));
      assertRefused("got momentum = NaN", () -> new Sgd(Double.NaN));
      assertRefused(
          "optimiser sgd: got the setting 'beta1', expected some of [momentum]",
          () -> Optimiser.of("sgd", Map.of("beta1", 0.9)));
    }
  }

  @Nested
  class Orthogonal {
    /** Five steps of the quintic on one singular value that begins at its share of the norm. */
    private double quintic(double share) {
      double x = share;
      for (int step = 0; step < 5; step++) {
        x = 3.4445 * x - 4.7750 * Math.pow(x, 3) + 2.0315 * Math.pow(x, 5);
      }
      return x;
    }

    @Test
    void of_a_diagonal_matrix_is_the_quintic_of_its_entries() {
      float[] found = NewtonSchulz.orthogonal(new float[] {3, 0, 0, 0, 4, 0}, 2, 3);
      double[] expected = {quintic(0.6), 0, 0, 0, quintic(0.8), 0};
      assertClose("orthogonal", expected, doubles(found), 0, 1e-5); // float32, five products
      float[] tall = NewtonSchulz.orthogonal(new float[] {3, 0, 0, 4, 0, 0}, 3, 2);
      assertClose(
          "tall", new double[] {quintic(0.6), 0, 0, quintic(0.8), 0, 0}, doubles(tall), 0, 1e-5);
    }

    /** O = U quintic(S / ‖S‖) Vᵀ of G = U S Vᵀ: Uᵀ O V is diagonal, and near 1 on it. */
    @Test
    void has_singular_values_near_one_and_the_old_singular_vectors() {
      RandomStream random = RandomStream.of(4, "matrix");
      for (int[] shape : new int[][] {{8, 8}, {5, 12}, {12, 5}, {1, 6}}) {
        float[] values = new float[shape[0] * shape[1]];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (1e-3 * random.nextGaussian());
        }
        SingularValueDecomposition svd =
            new SingularValueDecomposition(matrix(values, shape[0], shape[1]));
        RealMatrix o =
            matrix(NewtonSchulz.orthogonal(values, shape[0], shape[1]), shape[0], shape[1]);
        RealMatrix turned = svd.getUT().multiply(o).multiply(svd.getV());
        for (int i = 0; i < turned.getRowDimension(); i++) {
          for (int j = 0; j < turned.getColumnDimension(); j++) {
            double[] singular = svd.getSingularValues();
            double norm = Math.sqrt(Arrays.stream(singular).map(x -> x * x).sum());
            double expected = i == j ? quintic(singular[i] / norm) : 0;
            assertClose(i + ", " + j, expected, turned.getEntry(i, j), 0, 1e-4);
            assertTrue(i != j || (expected > 0.6 && expected < 1.3), "singular value " + expected);
          }
        }
      }
    }

    private RealMatrix matrix(float[] values, int rows, int columns) {
      RealMatrix matrix = MatrixUtils.createRealMatrix(rows, columns);
      for (int i = 0; i < values.length; i++) {
        matrix.setEntry(i / columns, i % columns, values[i]);
      }
      return matrix;
    }

    @Test
    void of_nothing_is_nothing() {
      assertArrayEquals(new float[6], NewtonSchulz.orthogonal(new float[6], 2, 3));
    }
  }

  @Nested
  class MuonsSteps {
    @Test
    void a_matrix_moves_by_its_orthogonal_momentum_and_the_rest_as_by_adamw() {
      Updates muon = new Updates(Muon.USUAL);
      Updates adamW = new Updates(AdamW.USUAL);
      RandomStream random = RandomStream.of(6, "gradients");
      float[] before = new float[LAYOUT.size()];
      for (int i = 0; i < before.length; i++) {
        before[i] = (float) random.nextGaussian();
        muon.theta[i] = before[i];
        adamW.theta[i] = before[i];
      }
      float[] momentum = new float[6]; // of W_in, 2 × 3
      for (int step = 0; step < 3; step++) {
        float[] ahead = new float[6];
        for (int i = 0; i < before.length; i++) {
          muon.gradients[i] = (float) random.nextGaussian();
          adamW.gradients[i] = muon.gradients[i];
        }
        double[] expected = new double[6];
        for (int i = 0; i < 6; i++) {
          float g = muon.gradients[at("W_in") + i];
          momentum[i] = 0.95f * momentum[i] + g;
          ahead[i] = g + 0.95f * momentum[i]; // Nesterov
          expected[i] = muon.theta[at("W_in") + i] * (1 - 0.01 * 0.5);
        }
        float[] direction = NewtonSchulz.orthogonal(ahead, 2, 3);
        for (int i = 0; i < 6; i++) {
          expected[i] -= 0.01 * 0.2 * Math.sqrt(3) * direction[i];
        }
        muon.update(0.01, 0.5);
        adamW.update(0.01, 0.5);
        for (int i = 0; i < 6; i++) {
          assertClose("W_in " + i, expected[i], muon.theta[at("W_in") + i], 1e-6, 1e-7);
        }
        for (String name : List.of("W_E", "W_pos", "b_in", "b_out", "W_U")) {
          for (int i = at(name); i < at(name) + LAYOUT.slot(name).length(); i++) {
            assertEquals(adamW.theta[i], muon.theta[i], name);
          }
        }
      }
    }

    /** Of one large and one small gradient both become of one size: directions move alike. */
    @Test
    void heads_are_taken_one_by_one() {
      ParameterLayout layout =
          new ModelConfig(ModelShape.uniform(1, 4, 2, 2, 3, Activation.RELU, false, true), 3, 3, 3)
              .layout();
      ParameterLayout.Slot query = layout.slot("W_Q"); // 2 heads of 4 × 2
      float[] theta = new float[layout.size()];
      float[] gradients = new float[layout.size()];
      RandomStream random = RandomStream.of(1, "heads");
      for (int i = 0; i < query.length(); i++) {
        double scale = i < query.length() / 2 ? 100 : 1e-3;
        gradients[query.offset() + i] = (float) (scale * random.nextGaussian());
      }
      float[] mean = new float[layout.size()];
      float[] square = new float[layout.size()];
      Map<String, float[]> state = Map.of("mean", mean, "square", square);
      Muon.USUAL.update(new Update(layout, theta, gradients, state, 1, 0.1, slot -> 0));
      for (int head = 0; head < 2; head++) {
        double squares = 0;
        for (int i = 0; i < 8; i++) {
          squares += Math.pow(theta[query.offset() + 8 * head + i], 2);
        }
        // two singular values between .6 and 1.3, times .1 · .2 · √4
        double length = Math.sqrt(squares) / (0.1 * 0.2 * 2);
        assertTrue(length > 0.6 * Math.sqrt(2) && length < 1.3 * Math.sqrt(2), "length " + length);
      }
    }

    @Test
    void is_known_by_its_label_and_settings() {
      Muon other = new Muon(0.5, 0.8, 0.9, 1e-6);
      assertEquals(other, Optimiser.of(other.label(), other.settings()));
      assertEquals(Muon.USUAL, Optimiser.of("muon", Map.of()));
      assertRefused("got momentum = -0.5", () -> new Muon(-0.5, 0.9, 0.98, 1e-8));
      assertRefused("got beta1 = 1.0", () -> new Muon(0.5, 1, 0.98, 1e-8));
    }
  }

  @Nested
  class GrokfastsSteps {
    /** As adamw does with gradients to which their slow part was added by hand. */
    @Test
    void are_those_of_adamw_with_the_slow_gradient_amplified() {
      Updates grokfast = new Updates(new Grokfast(0.75, 2, 0.9, 0.98, 1e-8));
      Updates adamW = new Updates(AdamW.USUAL);
      double[] slow = {0.5, 0.75 * 0.5 - 0.25 * 1, 0.75 * (0.75 * 0.5 - 0.25) + 0.25 * 3};
      double[] raw = {0.5, -1, 3};
      for (int step = 0; step < raw.length; step++) {
        Arrays.fill(grokfast.gradients, (float) raw[step]);
        Arrays.fill(adamW.gradients, (float) (raw[step] + 2 * slow[step]));
        grokfast.update(0.01, 0.5);
        adamW.update(0.01, 0.5);
        assertEquals(slow[step], grokfast.state.get("slow")[3], 1e-6, "step " + step);
        assertClose("theta", doubles(adamW.theta), doubles(grokfast.theta), 1e-6, 1e-7);
      }
    }

    @Test
    void without_amplification_are_adamws() {
      Updates grokfast = new Updates(new Grokfast(0.98, 0, 0.9, 0.98, 1e-8));
      Updates adamW = new Updates(AdamW.USUAL);
      Arrays.fill(grokfast.gradients, 0.25f);
      Arrays.fill(adamW.gradients, 0.25f);
      grokfast.update(0.01, 0.5);
      adamW.update(0.01, 0.5);
      assertArrayEquals(adamW.theta, grokfast.theta);
    }

    @Test
    void is_known_by_its_label_and_settings() {
      Grokfast other = new Grokfast(0.5, 5, 0.8, 0.9, 1e-6);
      assertEquals(other, Optimiser.of(other.label(), other.settings()));
      assertEquals(Grokfast.USUAL, Optimiser.of("grokfast", Map.of()));
      assertRefused("got alpha = 1.0", () -> new Grokfast(1, 2, 0.9, 0.98, 1e-8));
      assertRefused("got amplification = -1.0", () -> new Grokfast(0.5, -1, 0.9, 0.98, 1e-8));
    }
  }

  @Nested
  class WhatDecays {
    @Test
    void everything_or_the_matrices_of_layers_alone() {
      ParameterLayout lines =
          ModelConfig.of(ModelShape.lines(LineBreaking.box()), LineBreaking.box(), 0).layout();
      for (ParameterLayout.Slot slot : lines.slots()) {
        assertEquals(0.25, Decays.EVERYTHING.of(slot, 0.25), slot.name());
      }
      List<String> decaying =
          Stream.concat(lines.slots().stream(), LAYOUT.slots().stream())
              .filter(slot -> Decays.MATRICES.of(slot, 0.25) == 0.25)
              .map(ParameterLayout.Slot::name)
              .toList();
      assertEquals(
          List.of(
              "blocks.0.W_Q",
              "blocks.0.W_K",
              "blocks.0.W_V",
              "blocks.0.W_O",
              "blocks.0.W_in",
              "blocks.0.W_out",
              "blocks.1.W_in",
              "blocks.1.W_out",
              "blocks.2.W_Q",
              "blocks.2.W_K",
              "blocks.2.W_V",
              "blocks.2.W_O",
              "W_Q",
              "W_K",
              "W_V",
              "W_O",
              "W_in",
              "W_out"),
          decaying);
      assertEquals(
          0,
          lines.slots().stream()
              .filter(slot -> !decaying.contains(slot.name()))
              .mapToDouble(slot -> Decays.MATRICES.of(slot, 0.25))
              .sum());
    }
  }

  @Nested
  class Trainings {
    @TempDir Path home;

    private final Split split = ModularAddition.mod(11).split(0.5, 1);
    private final TrainingConfig small =
        TrainingConfig.nanda2023()
            .withShape(ModelShape.nanda2023().withDModel(32).withHeads(2).withDMlp(48))
            .withEpochs(60)
            .withWeightDecay(0)
            .withEvaluation(Cadence.every(20))
            .withCheckpoints(Cadence.every(20));

    static Stream<Optimiser> optimisers() {
      return Stream.of(AdamW.USUAL, Sgd.USUAL, Muon.USUAL);
    }

    private double rate(Optimiser optimiser) {
      return optimiser instanceof Sgd ? 0.1 : 3e-3; // as gradients are, and as signs are
    }

    @ParameterizedTest
    @MethodSource("optimisers")
    void each_lowers_the_loss_and_resumes_to_the_same_bits(Optimiser optimiser) {
      TrainingConfig config =
          small.withOptimiser(optimiser).withLearningRate(rate(optimiser)).withBatchSize(32);
      Run whole = Trainer.of(config).in(home.resolve("whole")).train(split);
      assertTrue(
          whole.history().last().trainLoss() < whole.history().rows().get(0).trainLoss() - 0.3,
          whole.toString());
      Trainer.of(config.withEpochs(33)).in(home.resolve("parts")).train(split);
      Run parts = Trainer.of(config).in(home.resolve("parts")).train(split);
      assertArrayEquals(whole.last().parameters().values(), parts.last().parameters().values());
      assertEquals(config, Run.open(home.resolve("parts")).config().withEpochs(60));
    }

    @ParameterizedTest
    @MethodSource("optimisers")
    void each_trains_a_model_of_lines(Optimiser optimiser) {
      Task lines = LineBreaking.named("plain-newline").withLength(24);
      TrainingConfig usual = TrainingConfig.lines(LineBreaking.named("plain-newline"));
      TrainingConfig config =
          usual
              .withOptimiser(optimiser)
              .withSchedule(Schedule.constant(0))
              .withLearningRate(rate(optimiser) / 3)
              .withBatchSize(8);
      try (Training training = Trainer.of(config).start(lines)) {
        double first = training.step().loss();
        double last = first;
        for (int step = 0; step < 25; step++) {
          last = training.step().loss();
        }
        assertTrue(last < first - 0.2, optimiser + ": from " + first + " to " + last);
      }
    }

    @Test
    void a_folder_of_one_optimiser_is_refused_to_another() {
      Trainer.of(small.withEpochs(5)).in(home).train(split);
      for (Optimiser other : List.of(Sgd.USUAL, Muon.USUAL, new AdamW(0.8, 0.98, 1e-8))) {
        assertRefused(
            "belongs to a run of other settings",
            () -> Trainer.of(small.withOptimiser(other)).in(home).train(split));
      }
    }
  }

  private static void assertRefused(String part, Runnable action) {
    IllegalArgumentException error = assertThrows(IllegalArgumentException.class, action::run);
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }
}
