package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;

import java.util.Map;
import java.util.stream.Stream;
import org.grokscope.task.RandomStream;
import org.grokscope.task.Batch;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Every gradient of the reference path against central differences of its loss, in double. */
class FiniteDifferencesTest {
  /** Exact on weights that are multiples of 2^-12. */
  private static final float STEP = 0x1p-14f;

  private static final int ENTRIES = 8;

  static Stream<Named<ModelConfig>> models() {
    return Map.of(
            "one layer", SmallModels.ONE_LAYER,
            "two layers", SmallModels.TWO_LAYERS,
            "GELU", SmallModels.GELU,
            "LayerNorm", SmallModels.LAYER_NORM,
            "not causal", SmallModels.NON_CAUSAL,
            "everything", SmallModels.EVERYTHING,
            "no attention", SmallModels.NO_ATTENTION,
            "no attention, everything else", SmallModels.NO_ATTENTION_EVERYTHING,
            "narrowest", SmallModels.NARROWEST)
        .entrySet()
        .stream()
        .map(entry -> Named.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest
  @MethodSource("models")
  void every_tensors_gradient_is_the_slope_of_the_loss(ModelConfig config) {
    Parameters parameters = SmallModels.weights(config, 21);
    Batch batch = SmallModels.questions(config, 13, 21);
    RandomStream random = RandomStream.of(21, "entries");
    try (ReferenceTransformer model =
        ReferenceTransformer.of(config, parameters, DataType.DOUBLE)) {
      model.lossAndGradients(batch);
      double[] gradient = model.gradientsInDouble();
      for (ParameterLayout.Slot slot : config.layout().slots()) {
        for (int draw = 0; draw < ENTRIES; draw++) {
          int i = slot.offset() + random.nextInt(slot.length());
          // Truncation is STEP²/6 = 6e-10 times a third derivative, which reaches hundreds behind
          // LayerNorm; rounding of the loss is 1e-15/STEP = 2e-11.
          String entry = slot.name() + "[" + (i - slot.offset()) + "]";
          assertClose(entry, slope(model, batch, i), gradient[i], 1e-6, 1e-7);
        }
      }
    }
  }

  private static double slope(ReferenceTransformer model, Batch batch, int i) {
    float[] values = model.parameters().values();
    float kept = values[i];
    float ahead = kept + STEP;
    float behind = kept - STEP;
    values[i] = ahead;
    double lossAhead = model.loss(batch).loss();
    values[i] = behind;
    double lossBehind = model.loss(batch).loss();
    values[i] = kept;
    return (lossAhead - lossBehind) / ((double) ahead - behind);
  }
}
