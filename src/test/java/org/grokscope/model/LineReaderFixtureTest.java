package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.grokscope.task.LineBatch;
import org.grokscope.task.View;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** Both paths of the model that reads lines against PyTorch's autograd in float64. */
class LineReaderFixtureTest {
  private final LineReaderFixture fixture = LineReaderFixture.read();
  private final LineBatch batch = LineReaderFixture.batch(0);

  @Test
  void the_documents_are_those_that_the_task_draws() {
    assertEquals(LineReaderFixture.documents(), LineReaderFixture.documentsNow());
  }

  @Test
  void the_reference_agrees_in_double() {
    try (ReferenceTransformer reader =
        ReferenceTransformer.of(fixture.config(), fixture.weights(), DataType.DOUBLE)) {
      // both are double throughout; sums in another order cost a few digits of sixteen
      assertClose("loss", fixture.loss(), reader.lossAndGradients(batch), 1e-12, 0);
      assertClose("logits", fixture.logits(), doubles(reader.logits(batch)), 1e-10, 1e-10);
      assertGradients(reader.gradientsInDouble(), 1e-9);
    }
  }

  @Test
  void the_fast_path_agrees_in_float() {
    try (PreNormTransformer reader = PreNormTransformer.of(fixture.config(), fixture.weights(), 2)) {
      // float32 rounds at 6e-8; some hundreds of roundings through five layers and their norms
      assertClose("loss", fixture.loss(), reader.lossAndGradients(batch), 1e-5, 0);
      assertClose("loss, forward only", fixture.loss(), reader.loss(batch), 1e-5, 0);
      assertClose("logits", fixture.logits(), doubles(reader.logits(batch)), 1e-5, 1e-4);
      assertGradients(doubles(reader.gradients().values()), 5e-5);
    }
  }

  @Test
  void the_fixture_covers_sinks_slopes_and_the_views_of_every_recipe() {
    Set<View> views =
        fixture.config().layers().stream()
            .filter(LayerShape::attends)
            .map(LayerShape::view)
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(View.OWN_LINE, View.OPENED_LINE, View.LINE_ENDS, View.HEADER),
        views);
    assertTrue(fixture.config().layers().stream().anyMatch(LayerShape::hasSink));
    assertTrue(fixture.config().layers().stream().anyMatch(layer -> !layer.slopes().isEmpty()));
    assertTrue(Arrays.stream(batch.weights()).distinct().count() == 3, "weights 0, 1 and 2");
    assertTrue(fixture.torchVersion().startsWith("2.7.1"), fixture.torchVersion());
  }

  /** Entry by entry, relative to the largest entry of each tensor. */
  private void assertGradients(double[] actual, double tolerance) {
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
