package org.grokscope.checkpoint;

import static org.grokscope.checkpoint.Fixtures.CONFIG;
import static org.grokscope.checkpoint.Fixtures.P;
import static org.grokscope.checkpoint.Fixtures.SHAPE;
import static org.grokscope.checkpoint.Fixtures.numpy;
import static org.grokscope.checkpoint.Fixtures.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.OptionalLong;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what NumPy wrote; see make_numpy_fixtures.py beside the files. */
class CheckpointFromNumpyTest {
  private static final int[] SUMS = {0, 1, 2, 1, 2, 0, 2, 0, 1};
  private static final ModelConfig TOLD =
      new ModelConfig(SHAPE.withActivation(Activation.GELU).withCausal(false), P + 1, P + 1, 3);

  private static Checkpoint assertReads(String name, ModelConfig config) {
    Checkpoint checkpoint = Checkpoint.load(numpy(name));
    assertEquals(P, checkpoint.p());
    assertArrayEquals(new int[] {0, 5, 7}, checkpoint.trainRows());
    assertArrayEquals(new int[] {1, 2, 3, 4, 6, 8}, checkpoint.testRows());
    assertArrayEquals(SUMS, checkpoint.labels());
    assertEquals(config, checkpoint.config());
    assertArrayEquals(weights(config).values(), checkpoint.parameters().values());
    return checkpoint;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fortran.npz",
        "half.npz",
        "double.npz",
        "small-integers.npz",
        "deflated.npz",
        "no-labels.npz",
        "one-prefixed-layer.npz",
        "version-2.npz",
        "version-3.npz"
      })
  void reads_the_same_model_however_it_was_saved(String name) {
    Checkpoint checkpoint = assertReads(name, CONFIG);
    assertEquals(OptionalLong.empty(), checkpoint.epoch());
    assertEquals(Optional.empty(), checkpoint.provenance());
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.npz", "big-endian.npz", "byte-provenance.npz"})
  void reads_activation_and_mask_from_the_provenance(String name) {
    assertEquals(
        Optional.of(
            "{\"model\": {\"activation\": \"gelu\", \"causal\": false}, \"author\":"
                + " \"\\u00c9variste\"}"),
        assertReads(name, TOLD).provenance());
  }

  @Test
  void reads_the_epoch_of_any_integer_type() {
    assertEquals(OptionalLong.of(700), assertReads("plain.npz", TOLD).epoch());
    assertEquals(OptionalLong.of(5), assertReads("int32.npz", CONFIG).epoch());
  }

  @Test
  void reads_models_that_answer_with_p_columns() {
    assertReads("p-columns.npz", new ModelConfig(SHAPE, P + 1, P, 3));
  }

  @Test
  void reads_deeper_models_with_layer_norm() {
    assertReads(
        "two-layers.npz",
        new ModelConfig(SHAPE.withLayers(2).withLayerNorm(true), P + 1, P + 1, 3));
  }
}
