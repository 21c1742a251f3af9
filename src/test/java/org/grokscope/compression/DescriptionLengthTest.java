package org.grokscope.compression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.grokscope.TensorAssert;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.fourier.FourierBasis;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.probe.Part;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Split;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class DescriptionLengthTest {
  private static final int P = 11;
  private static final Split SPLIT = ModularAddition.mod(P).split(0.6, 0);
  private static Checkpoint fresh;
  private static Checkpoint trained;

  @BeforeAll
  static void train() {
    TrainingConfig config =
        TrainingConfig.nanda2023()
            .withShape(ModelShape.nanda2023().withDModel(16).withDMlp(32))
            .withLearningRate(0.01)
            .withEpochs(300);
    try (Training training = Trainer.of(config).threads(1).start(SPLIT)) {
      fresh = training.checkpoint();
      for (int i = 0; i < 300; i++) {
        training.step();
      }
      trained = training.checkpoint();
    }
  }

  private static double accuracy(Parameters weights) {
    try (Answers answers = Answers.of(trained, Part.TRAIN)) {
      return answers.accuracy(weights);
    }
  }

  @Nested
  class AnIntegerCode {
    @Test
    void has_the_length_that_can_be_counted_by_hand() {
      assertEquals(3, IntegerCode.bits(new int[100], 0, 1, 100), 1e-9); // all zeros
      // |0|, sign, K = 2: 1 + 1 + 3; which of 3 histograms; which of 2 orders
      double expected = 5 + Math.log(3) / Math.log(2) + 1;
      assertEquals(expected, IntegerCode.bits(new int[] {0, 1}, 0, 1, 2), 1e-9);
      assertEquals(expected, IntegerCode.bits(new int[] {9, 0, 9, 1}, 1, 2, 2), 1e-9);
      assertEquals(Math.log(10) / Math.log(2), IntegerCode.logChoose(5, 2), 1e-9);
    }

    @Test
    void leaves_room_for_every_list() {
      // Kraft: Σ 2^−bits over all lists of three integers from −1 to 1 is at most 1
      double sum = 0;
      for (int i = 0; i < 27; i++) {
        int[] list = {i % 3 - 1, i / 3 % 3 - 1, i / 9 - 1};
        sum += Math.pow(2, -IntegerCode.bits(list, 0, 1, 3));
      }
      assertTrue(sum <= 1, "sum " + sum);
    }
  }

  @Nested
  class AWeightCode {
    @Test
    void gives_weights_back_to_within_half_a_step() {
      for (WeightBasis basis : WeightBasis.values()) {
        WeightCode code = WeightCode.of(trained, basis);
        double step = 1.0 / 256;
        Parameters decoded = code.decoded(step);
        for (ParameterLayout.Slot slot : decoded.layout().slots()) {
          INDArray own = trained.parameters().get(slot.name()).castTo(DataType.DOUBLE);
          INDArray back = decoded.get(slot.name()).castTo(DataType.DOUBLE);
          double rms = own.norm2Number().doubleValue() / Math.sqrt(slot.length());
          double error = own.sub(back).norm2Number().doubleValue() / Math.sqrt(slot.length());
          assertTrue(error <= step * rms / 2, () -> basis + " " + slot.name() + " " + error);
        }
      }
    }

    @Test
    void costs_less_the_coarser_it_is() {
      WeightCode code = WeightCode.of(trained, WeightBasis.TOKENS);
      assertTrue(code.bits(4) < code.bits(1));
      assertTrue(code.bits(1) < code.bits(0.1));
      assertTrue(code.bits(0.1) < 32.0 * trained.config().layout().size());
    }

    @Test
    void turning_is_undone_and_keeps_lengths() {
      for (String name : List.of("W_E", "W_U", "W_in")) {
        ParameterLayout.Slot slot = trained.config().layout().slot(name);
        double[] values = IntStream.range(0, slot.length()).mapToDouble(Math::sin).toArray();
        double[] waves = WeightBasis.WAVES.turn(slot, values, P);
        TensorAssert.assertClose(
            name, values, WeightBasis.WAVES.turnBack(slot, waves, P), 0, 1e-12);
        assertEquals(squares(values), squares(waves), 1e-9);
      }
    }

    @Test
    void as_waves_the_embedding_is_its_transform() {
      ParameterLayout.Slot slot = trained.config().layout().slot("W_E");
      double[] values = IntStream.range(0, slot.length()).mapToDouble(Math::cos).toArray();
      double[] expected = FourierBasis.of(P).transform(java.util.Arrays.copyOf(values, P * 16));
      double[] waves = WeightBasis.WAVES.turn(slot, values, P);
      TensorAssert.assertClose("W_E", expected, java.util.Arrays.copyOf(waves, P * 16), 0, 1e-12);
    }

    private double squares(double[] values) {
      return java.util.Arrays.stream(values).map(x -> x * x).sum();
    }
  }

  @Test
  void measures_every_economy_once_the_answers_are_known() {
    assertEquals(1, accuracy(trained.parameters()), "the test needs a model that memorised");
    Map<String, Double> sizes = DescriptionLength.at(0.99, Part.TRAIN).measure(trained);
    assertEquals(
        List.of(
            "rank[train]",
            "bits_per_weight[train]",
            "weights_kept[train]",
            "frequencies[train]",
            "bits[train]",
            "bits_as_waves[train]"),
        List.copyOf(sizes.keySet()));
    assertBetween(1, P, sizes.get("rank[train]"));
    assertBetween(2, 16, sizes.get("bits_per_weight[train]"));
    assertBetween(0.01, 1, sizes.get("weights_kept[train]"));
    assertBetween(1, P / 2, sizes.get("frequencies[train]"));
    assertBetween(100, 32.0 * trained.config().layout().size(), sizes.get("bits[train]"));
  }

  private static void assertBetween(double low, double high, double value) {
    assertTrue(value >= low && value <= high, () -> value + " from " + low + " to " + high);
  }

  @Test
  void an_easier_question_needs_no_more() {
    Map<String, Double> hard = DescriptionLength.at(1, Part.TRAIN).measure(trained);
    Map<String, Double> easy = DescriptionLength.at(0.1, Part.TRAIN).measure(trained);
    for (String name : List.of("rank[train]", "frequencies[train]", "bits[train]")) {
      assertTrue(easy.get(name) <= hard.get(name), () -> name + easy + hard);
    }
    assertTrue(easy.get("bits[train]") < hard.get("bits[train]"));
  }

  @Test
  void a_model_that_does_not_know_its_answers_has_no_length() {
    DescriptionLength.at(0.99, Part.TRAIN)
        .measure(fresh)
        .forEach((name, size) -> assertEquals(Double.NaN, size, name));
  }

  @Test
  void needs_no_more_frequencies_than_its_embedding_has() {
    Parameters two = trained.parameters();
    FourierBasis basis = FourierBasis.of(P);
    INDArray embedding = two.get("W_E").castTo(DataType.DOUBLE).dup();
    for (int token = 0; token < P; token++) {
      for (int i = 0; i < 16; i++) {
        double value = i < 8 ? basis.value(3, token) : basis.value(9, token); // cos2, cos5
        embedding.putScalar(token, i, value * (i + 1));
      }
    }
    two.set("W_E", embedding.castTo(DataType.FLOAT));
    Checkpoint made = Checkpoint.of(SPLIT, trained.config(), two, 0, "{}");
    double own;
    try (Answers answers = Answers.of(made, Part.TRAIN)) {
      own = answers.accuracy(two);
      double size = Economy.FREQUENCIES.size(made, answers, own);
      assertTrue(own > 0 && size <= 2, () -> size + " frequencies");
    }
  }

  @Test
  void its_identity_tells_it_from_others() {
    var one = DescriptionLength.at(0.99, Part.TRAIN);
    assertEquals(one.identity(), DescriptionLength.at(0.99, Part.TRAIN).identity());
    assertTrue(!one.identity().equals(DescriptionLength.at(0.9, Part.TRAIN).identity()));
    assertTrue(
        !one.identity().equals(DescriptionLength.at(0.99, Part.TRAIN, Economy.RANK).identity()));
  }

  @Test
  void refuses_what_it_cannot_ask() {
    assertThrows(IllegalArgumentException.class, () -> DescriptionLength.at(0, Part.TRAIN));
    assertThrows(IllegalArgumentException.class, () -> DescriptionLength.at(0.9, Part.ALL));
    assertThrows(
        IllegalArgumentException.class, () -> new DescriptionLength(0.9, Part.TRAIN, List.of()));
  }
}
