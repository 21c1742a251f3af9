package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.grokscope.task.Batch;
import org.grokscope.task.BatchLoss;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.View;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

class FactorisedTransformerTest {
  /** Heads that are not a multiple of four, and three tokens before the last. */
  private static final ModelConfig THREE_SMALL_HEADS =
      new ModelConfig(ModelShape.uniform(1, 8, 3, 5, 12, Activation.RELU, false, false), 6, 7, 4);

  @Nested
  class Contract extends TransformerContract {
    @Override
    Transformer create(ModelConfig config, Parameters parameters, Loss loss) {
      return FactorisedTransformer.of(config, parameters, 2, loss);
    }

    @Override
    List<ModelConfig> configs() {
      return List.of(SmallModels.ONE_LAYER, THREE_SMALL_HEADS);
    }
  }

  @Nested
  class InPlainJava extends TransformerContract {
    @Override
    Transformer create(ModelConfig config, Parameters parameters, Loss loss) {
      return FactorisedTransformer.inPlainJava(config, parameters, loss);
    }

    @Override
    List<ModelConfig> configs() {
      return List.of(SmallModels.ONE_LAYER, THREE_SMALL_HEADS);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void so_it_does_in_plain_java(ModelConfig config) {
    Batch batch = SmallModels.questions(config, 700, 3);
    Parameters parameters = trainedALittle(config, batch);
    try (Transformer plain =
        FactorisedTransformer.inPlainJava(config, parameters, StandardLoss.CROSS_ENTROPY)) {
      // as the native products: float32 sums of some hundred terms
      FastPathAssert.assertAgrees(plain, StandardLoss.CROSS_ENTROPY, batch, 1e-6, 1e-5, 1e-5);
    }
  }

  /** Heads that are not a multiple of four, rows longer than the kernels fold, four tokens. */
  private static ModelConfig threeHeads() {
    ModelShape shape = ModelShape.uniform(1, 24, 3, 5, 900, Activation.RELU, false, false);
    return new ModelConfig(shape, 9, 10, 4);
  }

  static List<ModelConfig> shapes() {
    ModelShape narrow = ModelShape.uniform(1, 16, 2, 8, 20, Activation.RELU, false, true);
    return List.of(
        ModelConfig.nanda2023(13),
        threeHeads(),
        new ModelConfig(narrow, 14, 13, 3),
        new ModelConfig(narrow.withHeads(1), 14, 14, 2));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agrees_with_the_reference_in_double_on_loss_logits_and_every_gradient(ModelConfig config) {
    Batch batch = SmallModels.questions(config, 700, 3);
    Parameters parameters = trainedALittle(config, batch);
    try (Transformer fast = FactorisedTransformer.of(config, parameters, 2)) {
      // float32 sums of some hundred terms: a few 1e-6 of a tensor's largest entry
      FastPathAssert.assertAgrees(fast, StandardLoss.CROSS_ENTROPY, batch, 1e-6, 1e-5, 1e-5);
    }
  }

  static List<Loss> losses() {
    return SmallModels.losses();
  }

  @ParameterizedTest
  @MethodSource("losses")
  void so_it_does_by_every_loss(Loss loss) {
    ModelConfig config = THREE_SMALL_HEADS;
    Batch batch = SmallModels.questions(config, 300, 3);
    Parameters parameters = SmallModels.shaken(config);
    try (Transformer fast = FactorisedTransformer.of(config, parameters, 2, loss)) {
      FastPathAssert.assertAgrees(fast, loss, batch, 1e-6, 1e-5, 1e-5);
    }
  }

  /** Weights at which attention is not uniform and the gradients are not those of noise. */
  private static Parameters trainedALittle(ModelConfig config, Batch batch) {
    Parameters parameters = Parameters.initial(config, 5);
    try (Transformer model = ReferenceTransformer.of(config, parameters)) {
      for (int step = 0; step < 15; step++) {
        model.lossAndGradients(batch);
        float[] values = parameters.values();
        float[] gradients = model.gradients().values();
        for (int i = 0; i < values.length; i++) {
          values[i] -= 3e-3f * Math.signum(gradients[i]);
        }
      }
    }
    return parameters;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void gives_the_same_bits_whatever_the_threads(ModelConfig config) {
    Batch batch = SmallModels.questions(config, 500, 4);
    Parameters parameters = Parameters.initial(config, 0);
    float[] expected = gradients(config, parameters, batch, 1);
    for (int threads : new int[] {2, 3, 7}) {
      assertArrayEquals(expected, gradients(config, parameters, batch, threads));
    }
  }

  @Test
  void is_not_swayed_by_the_threads_that_nd4j_sets() {
    ModelConfig config = ModelConfig.nanda2023(31);
    Batch batch = ModularAddition.mod(31).all();
    Parameters parameters = Parameters.initial(config, 0);
    float[] expected = gradients(config, parameters, batch, 2);
    Nd4j.factory().blas().setMaxThreads(2);
    assertArrayEquals(expected, gradients(config, parameters, batch, 2));
    assertEquals(1, Nd4j.factory().blas().getMaxThreads(), "the setting that both share");
  }

  private static float[] gradients(
      ModelConfig config, Parameters parameters, Batch batch, int threads) {
    try (Transformer model = FactorisedTransformer.of(config, parameters, threads)) {
      model.lossAndGradients(batch);
      return model.gradients().values().clone();
    }
  }

  @Test
  void a_small_batch_after_a_large_one_leaves_no_trace() {
    ModelConfig config = ModelConfig.nanda2023(13);
    Batch all = ModularAddition.mod(13).all();
    Batch few = all.select(new int[] {3, 77, 5});
    Parameters parameters = Parameters.initial(config, 0);
    try (Transformer model = FactorisedTransformer.of(config, parameters, 2)) {
      model.lossAndGradients(all);
      model.lossAndGradients(few);
      assertArrayEquals(gradients(config, parameters, few, 1), model.gradients().values());
    }
  }

  @Test
  void changed_weights_are_seen_and_the_first_ones_again_give_the_same_bits() {
    ModelConfig config = ModelConfig.nanda2023(13);
    Batch batch = ModularAddition.mod(13).all();
    Parameters parameters = Parameters.initial(config, 0);
    float[] first = parameters.values().clone();
    try (Transformer model = FactorisedTransformer.of(config, parameters, 2)) {
      BatchLoss loss = model.loss(batch);
      assertEquals(loss, model.loss(batch));
      assertEquals(loss, model.lossAndGradients(batch));
      assertEquals(loss, model.lossAndGradients(batch));
      parameters.values()[config.layout().slot("W_U").offset() + 3] += 0.5f;
      float[] changed = gradients(config, parameters, batch, 1);
      model.lossAndGradients(batch);
      assertArrayEquals(changed, model.gradients().values());
      System.arraycopy(first, 0, parameters.values(), 0, first.length);
      assertEquals(loss, model.lossAndGradients(batch));
    }
  }

  @Test
  void a_confident_model_has_an_exact_loss_and_no_noise_in_its_gradient() {
    ModelConfig config = ModelConfig.nanda2023(5);
    Parameters parameters = Parameters.zeros(config.layout());
    // b_out reaches the logits through W_U alone: logit of answer 0 is 30, all others 0
    parameters.values()[config.layout().slot("b_out").offset()] = 1;
    parameters.values()[config.layout().slot("W_U").offset()] = 30;
    Batch zero = ModularAddition.mod(5).questions(new int[] {0});
    try (Transformer model = FactorisedTransformer.of(config, parameters, 1)) {
      double expected = Math.log1p(5 * Math.exp(-30));
      assertEquals(expected, model.lossAndGradients(zero).loss(), 1e-11 * expected);
      double gradient = model.gradients().get("W_U").getDouble(0, 0);
      // the gradient is float32
      assertEquals(-5 * Math.exp(-30) / (1 + 5 * Math.exp(-30)), gradient, 1e-6 * -gradient);
    }
  }

  @Test
  void refuses_what_it_is_not_exact_for_and_says_why() {
    ModelConfig published = ModelConfig.nanda2023(7);
    assertTrue(FactorisedTransformer.accepts(published));
    assertRefused(published.shape().withLayers(2), "got 2 layers");
    assertRefused(published.shape().withLayerNorm(true), "got LayerNorm");
    assertRefused(published.shape().withoutAttention(), "got a model without attention");
    assertRefused(published.shape().withActivation(Activation.GELU), "got the activation GELU");
    assertRefused(
        published.shape().withPositions(false), "got a model without position embeddings");
    assertRefused(
        published.shape().withAnswers(ModelShape.Answer.EVERYWHERE),
        "got a model that answers everywhere");
    LayerShape heads = LayerShape.attention(View.EVERYTHING, 4, 32, 512);
    for (LayerShape other :
        List.of(
            heads.withSink(0, 1),
            heads.withSlopes(0.1, 0.1, 0.0, 0.0),
            heads.seeing(View.OWN_LINE))) {
      assertRefused(
          published.shape().withLayers(List.of(other)), "got biases, a sink, slopes or a view");
    }
    assertRefused(
        published.shape().withLayers(List.of(heads.withDMlp(0))),
        "got a model without position embeddings or without neurons");
    ModelConfig ofOneToken = new ModelConfig(published.shape(), 8, 8, 1);
    assertFalse(FactorisedTransformer.accepts(ofOneToken));
  }

  private static void assertRefused(ModelShape shape, String reason) {
    ModelConfig config = new ModelConfig(shape, 8, 8, 3);
    assertFalse(FactorisedTransformer.accepts(config));
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> FactorisedTransformer.of(config, Parameters.zeros(config.layout()), 1));
    assertTrue(error.getMessage().contains("; " + reason), error.getMessage());
    assertTrue(error.getMessage().endsWith("; use the reference path"), error.getMessage());
  }

  @Test
  void refuses_sequences_that_end_on_another_token() {
    ModelConfig config = ModelConfig.nanda2023(7);
    Batch odd = Batch.ofQuestions(3, new int[] {1, 2, 3}, new int[] {3});
    try (Transformer model = FactorisedTransformer.of(config, Parameters.initial(config, 0), 1)) {
      var error = assertThrows(IllegalArgumentException.class, () -> model.loss(odd));
      assertTrue(
          error.getMessage().contains("ends on the token 3, expected every sequence to end on 7"),
          error.getMessage());
    }
  }
}
