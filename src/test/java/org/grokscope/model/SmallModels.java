package org.grokscope.model;

import org.grokscope.task.RandomStream;
import org.grokscope.task.Batch;

/** Models small enough to differentiate by hand, weights for them, and something to read. */
final class SmallModels {
  /** As published, in miniature: one layer, ReLU, no LayerNorm, causal. */
  static final ModelConfig ONE_LAYER =
      new ModelConfig(ModelShape.uniform(1, 8, 2, 4, 12, Activation.RELU, false, true), 6, 6, 3);

  /** Two layers; heads·d_head is not d_model, and outputs are not the vocabulary. */
  static final ModelConfig TWO_LAYERS =
      new ModelConfig(ModelShape.uniform(2, 6, 3, 5, 7, Activation.RELU, false, true), 5, 4, 4);

  static final ModelConfig GELU =
      new ModelConfig(ModelShape.uniform(1, 8, 2, 4, 12, Activation.GELU, false, true), 6, 6, 3);

  static final ModelConfig LAYER_NORM =
      new ModelConfig(ModelShape.uniform(1, 8, 2, 4, 12, Activation.RELU, true, true), 6, 6, 3);

  static final ModelConfig NON_CAUSAL =
      new ModelConfig(ModelShape.uniform(2, 8, 2, 4, 12, Activation.RELU, false, false), 6, 6, 3);

  /** Everything at once. */
  static final ModelConfig EVERYTHING =
      new ModelConfig(ModelShape.uniform(3, 6, 3, 2, 9, Activation.GELU, true, false), 7, 8, 5);

  /** An MLP on the sum of the embeddings. */
  static final ModelConfig NO_ATTENTION =
      new ModelConfig(ONE_LAYER.shape().withoutAttention(), 6, 6, 3);

  /** Everything else at once, without attention. */
  static final ModelConfig NO_ATTENTION_EVERYTHING =
      new ModelConfig(EVERYTHING.shape().withoutAttention(), 7, 8, 5);

  /** Every dimension that can be 1 is. */
  static final ModelConfig NARROWEST =
      new ModelConfig(ModelShape.uniform(1, 1, 1, 1, 1, Activation.GELU, false, true), 3, 2, 1);

  private SmallModels() {}

  /**
   * Weights of which none is zero: normal with standard deviation 0.5, LayerNorm scales around 1;
   * multiples of 2<sup>−12</sup>, so that steps of smaller powers of two are exact in float32.
   */
  static Parameters weights(ModelConfig config, long seed) {
    Parameters parameters = Parameters.zeros(config.layout());
    RandomStream random = RandomStream.of(seed, "small model");
    float[] values = parameters.values();
    for (ParameterLayout.Slot slot : parameters.layout().slots()) {
      double centre = slot.name().endsWith(".w") ? 1 : 0;
      for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
        values[i] = (float) (Math.rint((centre + 0.5 * random.nextGaussian()) * 4096) / 4096);
      }
    }
    return parameters;
  }

  /**
   * Random sequences of the form of modular arithmetic: the last token is the vocabulary's last,
   * which stands nowhere else.
   */
  static Batch sequences(ModelConfig config, int n, long seed) {
    RandomStream random = RandomStream.of(seed, "small batch");
    int context = config.contextLength();
    int[] tokens = new int[n * context];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < context - 1; t++) {
        tokens[i * context + t] = random.nextInt(config.vocabulary() - 1);
      }
      tokens[i * context + context - 1] = config.vocabulary() - 1;
      labels[i] = random.nextInt(config.outputs());
    }
    return new Batch(context, tokens, labels);
  }
}
