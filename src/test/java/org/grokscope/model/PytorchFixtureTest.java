package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

/** The reference path against PyTorch's autograd in float64. */
class PytorchFixtureTest {

  @ParameterizedTest
  @ValueSource(strings = {"one_layer", "two_layers", "two_way"})
  void agrees_in_double(String name) {
    PytorchFixture fixture = PytorchFixture.read(name);
    try (ReferenceTransformer model =
        ReferenceTransformer.of(fixture.config(), fixture.weights(), DataType.DOUBLE)) {
      BatchLoss loss = model.lossAndGradients(fixture.batch());
      // both are double throughout; sums in another order cost a few digits of sixteen
      assertClose("loss", fixture.loss(), loss.loss(), 1e-12, 0);
      double[] logits = doubles(model.logits(fixture.batch()));
      assertClose("logits", fixture.logits(), logits, 1e-11, 1e-11);
      assertGradients(fixture, model.gradientsInDouble(), 1e-10);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"one_layer", "two_layers", "two_way"})
  void agrees_in_float(String name) {
    PytorchFixture fixture = PytorchFixture.read(name);
    try (ReferenceTransformer model =
        ReferenceTransformer.of(fixture.config(), fixture.weights())) {
      BatchLoss loss = model.lossAndGradients(fixture.batch());
      // float32 rounds at 6e-8; some tens of roundings of logits up to 20 and their differences
      assertClose("loss", fixture.loss(), loss.loss(), 1e-6, 0);
      double[] logits = doubles(model.logits(fixture.batch()));
      assertClose("logits", fixture.logits(), logits, 1e-6, 1e-5);
      assertGradients(fixture, doubles(model.gradients().values()), 5e-6);
    }
  }

  @Test
  void the_fixtures_cover_both_choices_of_every_option() {
    Set<ModelShape> shapes =
        Set.of("one_layer", "two_layers", "two_way").stream()
            .map(name -> PytorchFixture.read(name).config().shape())
            .collect(Collectors.toSet());
    assertEquals(2, shapes.stream().map(ModelShape::activation).distinct().count());
    assertEquals(2, shapes.stream().map(ModelShape::layerNorm).distinct().count());
    assertEquals(2, shapes.stream().map(ModelShape::causal).distinct().count());
    assertEquals(2, shapes.stream().map(ModelShape::layers).distinct().count());
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

  /** Entry by entry, relative to the largest entry of each tensor. */
  private static void assertGradients(PytorchFixture fixture, double[] actual, double tolerance) {
    double[] expected = fixture.gradients();
    for (ParameterLayout.Slot slot : fixture.config().layout().slots()) {
      int to = slot.offset() + slot.length();
      double[] part = Arrays.copyOfRange(expected, slot.offset(), to);
      double largest = Arrays.stream(part).map(Math::abs).max().orElseThrow();
      assertTrue(largest > 0, slot.name() + " has no gradient to compare");
      double[] got = Arrays.copyOfRange(actual, slot.offset(), to);
      assertClose(slot.name(), part, got, 0, tolerance * largest);
    }
  }
}
