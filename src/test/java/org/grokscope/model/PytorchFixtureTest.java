package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grokscope.model.TorchFixture.Tolerance;
import org.grokscope.task.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

/** All paths against PyTorch's autograd in float64. */
class PytorchFixtureTest {

  private static TorchFixture read(String name) {
    return name.equals("line_reader") ? LineReaderFixture.read() : PytorchFixture.read(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one_layer", "two_layers", "two_way"})
  void agrees_in_double(String name) {
    TorchFixture fixture = read(name);
    try (ReferenceTransformer model =
        ReferenceTransformer.of(fixture.config(), fixture.weights(), DataType.DOUBLE)) {
      // both are double throughout; sums in another order cost a few digits of sixteen
      fixture.assertAgrees(
          model, model::gradientsInDouble, new Tolerance(1e-12, 1e-11, 1e-11, 1e-10));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"one_layer", "two_layers", "two_way"})
  void agrees_in_float(String name) {
    TorchFixture fixture = read(name);
    try (ReferenceTransformer model =
        ReferenceTransformer.of(fixture.config(), fixture.weights())) {
      // float32 rounds at 6e-8; some tens of roundings of logits up to 20 and their differences
      fixture.assertAgrees(model, new Tolerance(1e-6, 1e-6, 1e-5, 5e-6));
    }
  }

  @Test
  void agrees_in_double_on_lines() {
    TorchFixture fixture = read("line_reader");
    try (ReferenceTransformer model =
        ReferenceTransformer.of(fixture.config(), fixture.weights(), DataType.DOUBLE)) {
      fixture.assertAgrees(
          model, model::gradientsInDouble, new Tolerance(1e-12, 1e-10, 1e-10, 1e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"one_layer", "line_reader"})
  void the_fast_path_agrees_in_float(String name) {
    TorchFixture fixture = read(name);
    assertEquals(ComputationPath.FAST, ComputationPath.bestFor(fixture.config()));
    try (Transformer model = Transformer.open(fixture.config(), fixture.weights(), 2)) {
      // float32 rounds at 6e-8; some hundreds of roundings through five layers and their norms
      fixture.assertAgrees(model, new Tolerance(1e-5, 1e-5, 1e-4, 5e-5));
    }
  }

  @Test
  void the_documents_are_those_that_the_task_draws() {
    assertEquals(LineReaderFixture.documents(), LineReaderFixture.documentsNow());
  }

  @Test
  void the_fixtures_cover_both_choices_of_every_option() {
    Set<ModelShape> shapes =
        Stream.of("one_layer", "two_layers", "two_way", "line_reader")
            .map(name -> read(name).config().shape())
            .collect(Collectors.toSet());
    assertEquals(2, shapes.stream().map(ModelShape::activation).distinct().count());
    assertEquals(2, shapes.stream().map(ModelShape::layerNorm).distinct().count());
    assertEquals(2, shapes.stream().map(ModelShape::causal).distinct().count());
    assertEquals(3, shapes.stream().map(ModelShape::depth).distinct().count());
    assertEquals(2, shapes.stream().map(ModelShape::positions).distinct().count());
    assertEquals(2, shapes.stream().map(ModelShape::biases).distinct().count());
    assertEquals(2, shapes.stream().map(ModelShape::answers).distinct().count());
  }

  @Test
  void the_fixture_of_lines_covers_sinks_slopes_and_every_view_of_lines() {
    LineReaderFixture fixture = LineReaderFixture.read();
    List<LayerShape> layers = fixture.config().shape().layers();
    Set<View> views =
        layers.stream()
            .filter(LayerShape::attends)
            .map(LayerShape::view)
            .collect(Collectors.toSet());
    assertEquals(Set.of(View.OWN_LINE, View.OPENED_LINE, View.LINE_ENDS, View.HEADER), views);
    assertTrue(layers.stream().anyMatch(LayerShape::hasSink));
    assertTrue(layers.stream().anyMatch(layer -> !layer.slopes().isEmpty()));
    assertEquals(
        3, Arrays.stream(fixture.batch().weights()).distinct().count(), "weights 0, 1 and 2");
    assertTrue(fixture.torchVersion().startsWith("2.7.1"), fixture.torchVersion());
  }

  @Test
  void the_training_fixture_starts_with_an_update_of_rate_zero() {
    PytorchFixture fixture = PytorchFixture.read("one_layer");
    double[] losses = fixture.trainingLosses();
    assertEquals(10, losses.length);
    assertEquals(fixture.loss(), losses[0]);
    assertEquals(losses[0], losses[1]);
    assertTrue(losses[2] < losses[1]);
    assertEquals(1e-3, fixture.trainingSetting("learningRate"));
    assertEquals(fixture.config().layout().size(), fixture.finalWeights().length);
    assertTrue(fixture.torchVersion().startsWith("2.7.1"), fixture.torchVersion());
  }
}
