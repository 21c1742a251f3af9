package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.ndarray.INDArray;

class ModelConfigTest {

  @Test
  void the_published_model_has_the_published_number_of_parameters() {
    // 114·128 + 3·128 + 4·128·128 + 128·512 + 512 + 512·128 + 128 + 128·114
    assertEquals(226_816, ModelConfig.nanda2023(113).layout().size());
  }

  @Test
  void names_and_shapes_are_those_of_the_literature() {
    List<String> names =
        ModelConfig.nanda2023(113).layout().slots().stream()
            .map(slot -> slot.name() + " " + slot.shapeText())
            .toList();
    assertEquals(
        List.of(
            "W_E [114, 128]",
            "W_pos [3, 128]",
            "W_Q [4, 128, 32]",
            "W_K [4, 128, 32]",
            "W_V [4, 128, 32]",
            "W_O [4, 32, 128]",
            "W_in [128, 512]",
            "b_in [512]",
            "W_out [512, 128]",
            "b_out [128]",
            "W_U [128, 114]"),
        names);
  }

  @Test
  void deeper_models_prefix_what_belongs_to_a_layer() {
    ModelShape deep = ModelShape.nanda2023().withLayers(2).withLayerNorm(true);
    ParameterLayout layout = new ModelConfig(deep, 8, 8, 3).layout();
    assertEquals(List.of(128), layout.slot("blocks.1.ln2.w").shape());
    assertEquals(List.of(128), layout.slot("ln_final.b").shape());
    var error = assertThrows(IllegalArgumentException.class, () -> layout.slot("W_Q"));
    assertTrue(error.getMessage().startsWith("parameter: got 'W_Q', expected one of W_E, W_pos"));
  }

  @Test
  void heads_that_do_not_divide_the_width_are_refused() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> ModelShape.nanda2023().withHeads(5));
    assertEquals(
        "model: 5 heads do not divide d_model = 128; choose a number of heads that divides it",
        error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> ModelShape.nanda2023().withDModel(130));
    assertThrows(IllegalArgumentException.class, () -> ModelShape.nanda2023().withHeads(256));
    assertThrows(IllegalArgumentException.class, () -> ModelShape.nanda2023().withHeads(0));
  }

  @Test
  void a_model_without_attention_is_one_of_no_heads_and_has_no_weights_for_them() {
    ModelShape shape = ModelShape.nanda2023().withoutAttention();
    assertFalse(shape.attends());
    assertEquals(List.of(0, 0), List.of(shape.heads(), shape.dHead()));
    assertEquals(64, shape.withDModel(64).dModel());
    assertEquals(ModelShape.nanda2023(), shape.withHeads(4));
    assertEquals(
        List.of("W_E", "W_pos", "W_in", "b_in", "W_out", "b_out", "W_U"),
        new ModelConfig(shape, 8, 8, 3).layout().slots().stream().map(s -> s.name()).toList());
    ParameterLayout deep =
        new ModelConfig(shape.withLayers(2).withLayerNorm(true), 8, 8, 3).layout();
    assertEquals(2 + 2 * 6 + 3, deep.slots().size()); // ln2 and MLP a layer, ln_final and W_U
    assertThrows(IllegalArgumentException.class, () -> deep.slot("blocks.0.ln1.w"));
  }

  @Test
  void heads_without_width_are_refused() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> ModelShape.uniform(1, 8, 2, 0, 8, Activation.RELU, false, true));
    assertEquals("model: got d_head = 0, expected at least 1", error.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> ModelShape.uniform(1, 8, 0, 4, 8, Activation.RELU, false, true));
  }

  @Test
  void widths_below_one_are_named() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> ModelShape.nanda2023().withDMlp(0));
    assertEquals("model: got d_mlp = 0, expected at least 1", error.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new ModelConfig(ModelShape.nanda2023(), 0, 3, 3));
  }

  @Test
  void initial_weights_have_the_published_spread_and_are_fixed_by_the_seed() {
    ModelConfig config = ModelConfig.nanda2023(113);
    Parameters parameters = Parameters.initial(config, 0);
    assertEquals(0, parameters.get("b_in").norm2Number().doubleValue());
    // standard errors of a standard deviation: σ/√(2n), n = 65,536 and 14,592; five of them
    assertEquals(
        1 / Math.sqrt(128),
        parameters.get("W_in").stdNumber().doubleValue(),
        5 / Math.sqrt(128) / Math.sqrt(2 * 65_536));
    assertEquals(
        1 / Math.sqrt(114),
        parameters.get("W_U").stdNumber().doubleValue(),
        5 / Math.sqrt(114) / Math.sqrt(2 * 14_592));
    assertEquals(parameters.squaredNorm(), Parameters.initial(config, 0).squaredNorm());
    assertTrue(parameters.squaredNorm() != Parameters.initial(config, 1).squaredNorm());
  }

  @Test
  void a_model_of_more_parameters_than_an_array_has_is_refused_by_name() {
    ModelShape wide = ModelShape.nanda2023().withDMlp(1 << 24);
    String message =
        assertThrows(IllegalArgumentException.class, () -> new ModelConfig(wide, 6, 6, 3).layout())
            .getMessage();
    assertTrue(message.startsWith("model: got W_in of shape [128, 16777216]"), message);
    assertTrue(message.contains("choose smaller widths"), message);
  }

  @Test
  void parameters_are_read_and_written_by_name() {
    ModelConfig config = ModelConfig.nanda2023(5);
    Parameters parameters = Parameters.initial(config, 0);
    var embedding = parameters.get("W_E");
    embedding.muli(2);
    double before = parameters.get("W_E").sumNumber().doubleValue();
    parameters.set("W_E", embedding);
    assertEquals(2 * before, parameters.get("W_E").sumNumber().doubleValue(), 1e-4);
    var error =
        assertThrows(IllegalArgumentException.class, () -> parameters.set("W_U", embedding));
    assertEquals("parameter W_U: got shape [6, 128], expected [128, 6]", error.getMessage());
    Parameters copy = parameters.copy();
    copy.copyFrom(Parameters.zeros(config.layout()));
    assertEquals(0, copy.squaredNorm());
    assertThrows(
        IllegalArgumentException.class,
        () -> copy.copyFrom(Parameters.zeros(ModelConfig.nanda2023(7).layout())));
  }

  @Test
  void names_and_shapes_of_a_model_of_lines_and_what_it_lacks() {
    LineBreaking task = LineBreaking.boxHeader();
    ParameterLayout layout = ModelConfig.of(ModelShape.lines(task), task, 0).layout();
    List<String> names = layout.slots().stream().map(ParameterLayout.Slot::name).toList();
    assertEquals(List.of(4), layout.slot("blocks.0.sink").shape());
    assertEquals(List.of(4, 12), layout.slot("blocks.0.b_Q").shape());
    assertEquals(List.of(48), layout.slot("blocks.2.b_O").shape());
    assertEquals(List.of(task.outputs()), layout.slot("b_U").shape());
    for (String missing :
        List.of("W_pos", "blocks.1.W_Q", "blocks.1.ln1.w", "blocks.2.sink", "blocks.2.W_in")) {
      assertFalse(names.contains(missing), missing);
    }
    List<String> oneLayer =
        SmallModels.READING_NARROWEST.layout().slots().stream().map(slot -> slot.name()).toList();
    assertTrue(oneLayer.contains("b_Q") && !oneLayer.contains("blocks.0.b_Q"), "" + oneLayer);
  }

  @Test
  void initial_weights_by_the_width_read_have_the_spread_that_is_written_there() {
    ModelShape shape =
        ModelShape.reading(
            64, List.of(LayerShape.attention(View.EVERYTHING, 2, 32, 100).withSink(3.5, 3)));
    Parameters parameters = Parameters.initial(new ModelConfig(shape, 90, 90, 8), 0);
    Map<String, Double> deviations =
        Map.of(
            "W_E", 0.1,
            "W_Q", 1 / 8.0,
            "W_K", 1 / 8.0,
            "W_V", 3 / 8.0,
            "W_O", 0.7 / 8,
            "W_in", 1 / 8.0,
            "W_out", 0.7 / 10,
            "W_U", 1 / 8.0);
    deviations.forEach(
        (name, expected) -> {
          INDArray weight = parameters.get(name);
          // five standard errors of a standard deviation
          double tolerance = 5 * expected / Math.sqrt(2.0 * weight.length());
          assertEquals(expected, weight.stdNumber().doubleValue(), tolerance, name);
        });
    assertEquals(3.5, parameters.get("sink").minNumber().doubleValue());
    assertEquals(1, parameters.get("ln1.w").minNumber().doubleValue());
    for (String zero : List.of("b_Q", "b_O", "b_in", "b_out", "b_U", "ln_final.b")) {
      assertEquals(0, parameters.get(zero).norm2Number().doubleValue(), zero);
    }
  }

  @Test
  void without_masks_every_head_sees_everything_and_all_else_stays() {
    LineBreaking task = LineBreaking.boxHeader();
    ModelShape masked = ModelShape.lines(task);
    ModelShape open = masked.unmasked();
    assertEquals(View.EVERYTHING, open.layers().get(0).view());
    assertEquals(View.EVERYTHING, open.layers().get(2).view());
    assertEquals(masked.layers().get(1), open.layers().get(1), "it has no heads");
    assertEquals(masked.layers().get(0), open.layers().get(0).seeing(View.OWN_LINE));
    assertEquals(ModelConfig.of(masked, task, 0).layout(), ModelConfig.of(open, task, 0).layout());
  }

  @Test
  void a_layer_says_what_does_not_go_together() {
    LayerShape layer = LayerShape.attention(View.EVERYTHING, 2, 4, 8);
    assertLayer("got 2 and 1, expected one slope a head", () -> layer.withSlopes(0.5));
    assertLayer("got 2 and 0, expected a width for every head", () -> layer.withHeads(2, 0));
    assertLayer("got 0 and 4, expected a width for every head", () -> layer.withHeads(0, 4));
    assertLayer("got 0 and 0, expected heads or neurons", () -> LayerShape.mlp(0));
    assertLayer("a sink of NaN", () -> layer.withSink(Double.NaN, 1));
    assertLayer("a gain of 0.0", () -> layer.withSink(0, 0));
    LayerShape biased = layer.withSlopes(0.5, 0.25).withSink(1, 2);
    LayerShape headless = biased.withHeads(0, 0);
    assertEquals(List.of(), headless.slopes());
    assertFalse(headless.attends() || headless.hasSink());
    assertTrue(ModelShape.lines(LineBreaking.given()).withoutAttention().dMlp() == 256);
  }

  private static void assertLayer(String expected, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith("layer: ") && message.contains(expected), message);
  }
}
