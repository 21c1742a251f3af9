package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grokscope.task.Batch;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Every gradient of the reference path against central differences of its loss, in double: of each
 * tensor along random signs, which no wrong entry escapes, and of some entries alone.
 */
class FiniteDifferencesTest {
  /**
   * Exact on weights that are multiples of 2^-12. Truncation is STEP²/6 = 1e-11 times a third
   * derivative; rounding of the loss is 1e-15/STEP = 1e-10.
   */
  private static final float STEP = 0x1p-17f;

  static Stream<Named<ModelConfig>> models() {
    Map<String, ModelConfig> models = new TreeMap<>(SmallModels.all());
    // a document has so many rectified neurons that steps would cross a kink
    models.replaceAll((name, config) -> name.equals("lines") ? smooth(config) : config);
    return models.entrySet().stream().map(entry -> Named.of(entry.getKey(), entry.getValue()));
  }

  private static ModelConfig smooth(ModelConfig config) {
    return new ModelConfig(
        config.shape().withActivation(Activation.GELU),
        config.vocabulary(),
        config.outputs(),
        config.contextLength());
  }

  @ParameterizedTest
  @MethodSource("models")
  void every_tensors_gradient_is_the_slope_of_the_loss(ModelConfig config) {
    assertSlopes(config, StandardLoss.CROSS_ENTROPY);
  }

  @Test
  void so_it_is_of_every_other_loss_in_double() {
    for (Loss loss : List.of(StandardLoss.STABLEMAX, SmallModels.SQUARED_ERROR)) {
      assertSlopes(SmallModels.GELU, loss);
    }
  }

  @Test
  void so_it_is_through_the_noise_of_an_update() {
    for (ModelConfig config : List.of(smooth(SmallModels.BOUNDED), SmallModels.BOUNDED_QUESTIONS)) {
      // third derivatives reach thousands behind several norms
      assertSlopes(config, StandardLoss.CROSS_ENTROPY, Noise.of(3, 5), 5e-6);
    }
  }

  private static void assertSlopes(ModelConfig config, Loss loss) {
    assertSlopes(config, loss, Noise.NONE, 1e-7);
  }

  private static void assertSlopes(ModelConfig config, Loss loss, Noise noise, double atol) {
    Parameters parameters = SmallModels.weights(config, 21);
    boolean lines = config.contextLength() == LineReaderFixture.TASK.length();
    Batch batch = SmallModels.batch(config, lines ? 3 : 13, 21);
    int entries = lines ? 1 : 3; // of each tensor
    RandomStream random = RandomStream.of(21, "entries");
    try (ReferenceTransformer model =
        ReferenceTransformer.of(config, parameters, DataType.DOUBLE, loss)) {
      model.lossAndGradients(batch, noise);
      double[] gradient = model.gradientsInDouble();
      for (ParameterLayout.Slot slot : config.layout().slots()) {
        int[] all = IntStream.range(slot.offset(), slot.offset() + slot.length()).toArray();
        float[] signs = new float[all.length];
        double along = 0;
        for (int k = 0; k < all.length; k++) {
          signs[k] = random.nextInt(2) == 0 ? 1 : -1;
          along += signs[k] * gradient[all[k]];
        }
        String direction = slot.name() + " along random signs";
        double slope = slope(model, batch, noise, all, signs);
        assertClose(direction, slope, along, 1e-6, atol);
        for (int draw = 0; draw < entries; draw++) {
          int i = slot.offset() + random.nextInt(slot.length());
          String entry = slot.name() + "[" + (i - slot.offset()) + "]";
          slope = slope(model, batch, noise, new int[] {i}, new float[] {1});
          assertClose(entry, slope, gradient[i], 1e-6, atol);
        }
      }
    }
  }

  /** Of the loss where some entries go ahead or back together, each by its sign. */
  private static double slope(
      ReferenceTransformer model, Batch batch, Noise noise, int[] entries, float[] signs) {
    float[] values = model.parameters().values();
    float[] kept = values.clone();
    double[] losses = new double[2];
    for (int side = 0; side < 2; side++) {
      for (int k = 0; k < entries.length; k++) {
        values[entries[k]] = kept[entries[k]] + (side == 0 ? STEP : -STEP) * signs[k];
      }
      losses[side] = model.loss(batch, noise).loss();
    }
    System.arraycopy(kept, 0, values, 0, kept.length);
    return (losses[0] - losses[1]) / (2.0 * STEP);
  }
}
