package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.grokscope.task.Batch;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.View;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreNormTransformerTest {
  private static final double LOSS = 1e-5; // relative, of float32 sums of logits
  private static final double FLOAT_SUMS = 2e-4; // relative to the largest gradient
  private static final double LOGITS = 1e-4;

  @Nested
  class Contract extends TransformerContract {
    @Override
    Transformer create(ModelConfig config, Parameters parameters, Loss loss) {
      return PreNormTransformer.of(config, parameters, 2, loss);
    }

    @Override
    List<ModelConfig> configs() {
      return SmallModels.preNorm();
    }
  }

  private static ModelConfig config(LineBreaking task) {
    return ModelConfig.of(ModelShape.lines(task), task, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"given", "inferred", "box", "box-header", "unmasked"})
  void computes_what_the_reference_computes(String kind) {
    LineBreaking task = LineBreaking.named(kind.equals("unmasked") ? "box-header" : kind);
    ModelShape masked = ModelShape.lines(task);
    ModelConfig config =
        ModelConfig.of(kind.equals("unmasked") ? masked.unmasked() : masked, task, 0);
    LineBatch batch = task.corpus().training(1, 0, 11); // no multiple of a piece
    try (Transformer fast = PreNormTransformer.of(config, SmallModels.shaken(config), 2)) {
      FastPathAssert.assertAgrees(
          fast, StandardLoss.CROSS_ENTROPY, batch, LOSS, FLOAT_SUMS, LOGITS);
    }
  }

  /** All but that of one token, whose attention has no choice and so no gradient. */
  static List<ModelConfig> small() {
    return SmallModels.preNorm().stream().filter(config -> config.contextLength() > 1).toList();
  }

  @ParameterizedTest
  @MethodSource("small")
  void so_it_does_on_every_small_model_by_every_loss(ModelConfig config) {
    Batch batch = SmallModels.batch(config, 11, 4);
    for (Loss loss : SmallModels.losses()) {
      try (Transformer fast = PreNormTransformer.of(config, SmallModels.shaken(config), 2, loss)) {
        FastPathAssert.assertAgrees(fast, loss, batch, LOSS, FLOAT_SUMS, LOGITS);
      }
    }
  }

  @Test
  void questions_are_answered_at_their_last_position() {
    ModelConfig config = SmallModels.READING;
    Batch questions = SmallModels.questions(config, 11, 4);
    Batch weighted = new Batch(5, questions.tokens(), questions.targets(), questions.weights());
    try (Transformer fast = PreNormTransformer.of(config, SmallModels.shaken(config), 1)) {
      assertEquals(fast.loss(weighted), fast.loss(questions));
      FastPathAssert.assertAgrees(
          fast, StandardLoss.CROSS_ENTROPY, questions, LOSS, FLOAT_SUMS, LOGITS);
    }
  }

  @Test
  void results_do_not_depend_on_the_number_of_threads() {
    LineBreaking task = LineBreaking.inferred();
    ModelConfig config = config(task);
    LineBatch batch = task.corpus().training(0, 0, 32);
    Parameters parameters = SmallModels.shaken(config);
    try (Transformer one = PreNormTransformer.of(config, parameters, 1);
        Transformer three = PreNormTransformer.of(config, parameters, 3)) {
      assertEquals(one.lossAndGradients(batch), three.lossAndGradients(batch));
      assertArrayEquals(one.gradients().values(), three.gradients().values());
    }
  }

  @Test
  void a_batch_of_another_task_is_refused() {
    ModelConfig config = config(LineBreaking.given());
    LineBatch other = LineBreaking.boxHeader().corpus().fresh(0, 1);
    try (Transformer model = PreNormTransformer.of(config, Parameters.initial(config, 0), 1)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> model.loss(other)).getMessage();
      assertTrue(message.startsWith("batch: got a vocabulary of "), message);
    }
  }

  @Test
  void refuses_what_it_is_not_exact_for_and_says_why() {
    ModelShape accepted = SmallModels.READING.shape();
    assertTrue(PreNormTransformer.accepts(SmallModels.READING));
    assertRefused(
        accepted.withAnswers(ModelShape.Answer.AT_THE_LAST), "a model that answers at the last");
    assertRefused(accepted.withPositions(true), "position embeddings");
    assertRefused(accepted.withLayerNorm(false), "a model without LayerNorm or biases");
    assertRefused(accepted.withActivation(Activation.GELU), "the activation GELU");
    ModelShape plain =
        ModelShape.uniform(1, 6, 2, 3, 5, Activation.RELU, true, true)
            .withPositions(false)
            .withAnswers(ModelShape.Answer.EVERYWHERE);
    assertRefused(plain, "a model without LayerNorm or biases");
    assertTrue(
        PreNormTransformer.accepts(
            new ModelConfig(accepted.withLayers(List.of(view(View.OWN_LINE))), 7, 8, 5)));
  }

  private static LayerShape view(View view) {
    return LayerShape.attention(view, 2, 3, 5);
  }

  private static void assertRefused(ModelShape shape, String reason) {
    ModelConfig config = new ModelConfig(shape, 7, 8, 5);
    assertFalse(PreNormTransformer.accepts(config));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> PreNormTransformer.of(config, Parameters.zeros(config.layout()), 1))
            .getMessage();
    assertTrue(message.contains("; got " + reason), message);
    assertTrue(message.endsWith("; use the reference path"), message);
  }
}
