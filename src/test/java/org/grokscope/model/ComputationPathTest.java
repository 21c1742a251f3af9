package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularAddition;
import org.junit.jupiter.api.Test;

class ComputationPathTest {
  private static final ModelConfig PUBLISHED = ModelConfig.nanda2023(7);

  @Test
  void each_model_is_opened_by_the_implementation_that_is_best_for_it() {
    LineBreaking task = LineBreaking.box();
    assertOpens(FactorisedTransformer.class, PUBLISHED);
    assertOpens(PreNormTransformer.class, ModelConfig.of(ModelShape.lines(task), task, 0));
    assertOpens(ReferenceTransformer.class, SmallModels.EVERYTHING);
    assertOpens(ReferenceTransformer.class, SmallModels.EVERYWHERE);
  }

  private static void assertOpens(Class<?> expected, ModelConfig config) {
    try (Transformer model = Transformer.open(config, Parameters.initial(config, 0), 1)) {
      assertInstanceOf(expected, model);
    }
  }

  @Test
  void the_reference_takes_every_model_and_any_loss() {
    Parameters parameters = Parameters.initial(PUBLISHED, 0);
    try (Transformer model =
        Transformer.open(
            ComputationPath.REFERENCE, PUBLISHED, parameters, StandardLoss.STABLEMAX, 1)) {
      assertInstanceOf(ReferenceTransformer.class, model);
    }
    SmallModels.all()
        .values()
        .forEach(
            config -> assertDoesNotThrow(() -> ComputationPath.REFERENCE.requireAccepts(config)));
  }

  @Test
  void what_no_fast_path_takes_is_refused_with_the_reason_of_each() {
    ModelConfig config = SmallModels.LAYER_NORM;
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> ComputationPath.FAST.requireAccepts(config))
            .getMessage();
    assertEquals(
        "fast path: got LayerNorm, expected one-layer ReLU models without LayerNorm; and a model"
            + " that answers at the last position, expected ReLU models with LayerNorm and biases,"
            + " without positions, that answer everywhere; use the reference path",
        message);
  }

  @Test
  void a_model_is_made_for_where_its_task_asks() {
    LineBreaking lines = LineBreaking.box();
    var table = ModularAddition.mod(7).split(0.3, 0);
    assertEquals(PUBLISHED, ModelConfig.of(ModelShape.nanda2023(), table, 1));
    String asks =
        assertThrows(
                IllegalArgumentException.class,
                () -> ModelConfig.of(ModelShape.nanda2023(), lines, 0))
            .getMessage();
    assertEquals(
        "model: got one that answers at the last position for lines, box, which asks at every"
            + " position; choose another shape, such as ModelShape.lines(task)",
        asks);
    assertThrows(
        IllegalArgumentException.class, () -> ModelConfig.of(ModelShape.lines(lines), table, 0));
  }
}
