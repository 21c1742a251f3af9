package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.checkpoint.NpyArray;
import org.grokscope.checkpoint.Npz;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimiserStateTest {
  private static final ModelConfig MODEL =
      new ModelConfig(ModelShape.uniform(2, 4, 2, 2, 3, Activation.RELU, false, true), 4, 4, 3);
  private static final ParameterLayout LAYOUT = MODEL.layout();

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void a_file() {
    file = folder.resolve("resume.npz");
  }

  private static Stream<Optimiser> optimisers() {
    return Stream.of(AdamW.USUAL, Sgd.USUAL, Muon.USUAL);
  }

  private static TrainingConfig config(Optimiser optimiser) {
    return TrainingConfig.nanda2023().withOptimiser(optimiser).withLearningRate(0.1);
  }

  private static float[] gradients(int step) {
    float[] gradients = new float[LAYOUT.size()];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = (float) Math.sin(i + 3.0 * step);
    }
    return gradients;
  }

  private static OptimiserState updated(Optimiser optimiser, int steps) {
    OptimiserState state = OptimiserState.begin(optimiser, Parameters.initial(MODEL, 1));
    for (int step = 0; step < steps; step++) {
      state.update(gradients(step), config(optimiser));
    }
    return state;
  }

  @ParameterizedTest
  @MethodSource("optimisers")
  void written_and_read_goes_on_to_the_same_bits(Optimiser optimiser) {
    updated(optimiser, 5).write(file);
    OptimiserState read = OptimiserState.read(file, LAYOUT, optimiser);
    assertEquals(5, read.epoch());
    for (int step = 5; step < 9; step++) {
      read.update(gradients(step), config(optimiser));
    }
    OptimiserState whole = updated(optimiser, 9);
    assertArrayEquals(whole.parameters().values(), read.parameters().values());
    assertEquals(9, read.epoch());
  }

  @ParameterizedTest
  @MethodSource("optimisers")
  void holds_weights_each_state_array_epoch_and_name(Optimiser optimiser) {
    updated(optimiser, 2).write(file);
    Map<String, NpyArray> arrays = Npz.read(file);
    int parameters = LAYOUT.slots().size();
    assertEquals(parameters * (1 + optimiser.state().size()) + 2, arrays.size());
    for (ParameterLayout.Slot slot : LAYOUT.slots()) {
      assertEquals(slot.shape(), arrays.get(slot.name()).shape());
      for (String name : optimiser.state()) {
        assertEquals(slot.shape(), arrays.get(name + "." + slot.name()).shape());
      }
    }
    assertEquals(2, arrays.get("epoch").longs()[0]);
    assertEquals(optimiser.label(), arrays.get("optimiser").text());
  }

  @Test
  void of_another_optimiser_is_refused() {
    updated(Sgd.USUAL, 2).write(file);
    assertRefused(
        AdamW.USUAL,
        "array optimiser: got the state of sgd, expected that of adamw; go on with the optimiser it"
            + " began with");
    updated(AdamW.USUAL, 2).write(file); // muon's arrays have the same names
    assertRefused(Muon.USUAL, "got the state of adamw, expected that of muon");
  }

  @Test
  void of_another_model_is_refused_by_the_array() {
    updated(AdamW.USUAL, 1).write(file);
    ParameterLayout wider = new ModelConfig(MODEL.shape().withDMlp(5), 4, 4, 3).layout();
    CheckpointException error =
        assertThrows(
            CheckpointException.class, () -> OptimiserState.read(file, wider, AdamW.USUAL));
    assertTrue(error.getMessage().contains("array blocks.0.W_in: got <f4 [4, 3]"), error::toString);
    assertTrue(error.getMessage().contains("expected float32 of shape [4, 5]"), error::toString);
  }

  @Test
  void damaged_arrays_are_named() {
    assertRefusedWith("mean.blocks.1.W_out", null, "missing, expected float32 of shape [3, 4]");
    assertRefusedWith("square.W_E", NpyArray.ofFloats(new float[3], 3), "got <f4 [3]");
    assertRefusedWith("epoch", NpyArray.ofLong(-1), "got -1, expected the updates done, 0 or more");
    assertRefusedWith("epoch", NpyArray.ofDoubles(new double[] {2}, 1), "expected one int64");
    assertRefusedWith("epoch", null, "array epoch: got null, expected one int64");
    assertRefusedWith("optimiser", NpyArray.ofLong(7), "got the state of <i8 []");
  }

  private void assertRefusedWith(String name, NpyArray array, String part) {
    updated(AdamW.USUAL, 1).write(file);
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>(Npz.read(file));
    if (array == null) {
      arrays.remove(name);
    } else {
      arrays.put(name, array);
    }
    Npz.write(file, arrays);
    assertRefused(AdamW.USUAL, "array " + name + ": ", part);
  }

  private void assertRefused(Optimiser optimiser, String... parts) {
    CheckpointException error =
        assertThrows(CheckpointException.class, () -> OptimiserState.read(file, LAYOUT, optimiser));
    assertTrue(error.getMessage().contains(file.toString()), error::toString);
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), error::toString);
    }
  }
}
