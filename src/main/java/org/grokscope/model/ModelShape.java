package org.grokscope.model;

import java.util.Objects;

/**
 * The widths of a transformer, whatever it reads and answers.
 *
 * @param layers number of blocks, each attention then MLP
 * @param dModel width of the residual stream
 * @param heads attention heads a layer
 * @param dHead width of a head's queries, keys and values
 * @param dMlp neurons a layer
 * @param activation the neurons' non-linearity
 * @param layerNorm whether each sublayer and the unembedding read a LayerNorm of the residual
 *     stream (pre-norm)
 * @param causal whether a position attends only to itself and to earlier ones
 */
public record ModelShape(
    int layers,
    int dModel,
    int heads,
    int dHead,
    int dMlp,
    Activation activation,
    boolean layerNorm,
    boolean causal) {

  public ModelShape {
    requirePositive(layers, "layers");
    requirePositive(dModel, "d_model");
    requirePositive(heads, "heads");
    requirePositive(dHead, "d_head");
    requirePositive(dMlp, "d_mlp");
    Objects.requireNonNull(activation, "activation");
  }

  /**
   * The model of Nanda et al. (2023), section 3: one layer, d_model 128, 4 heads of 32, 512 ReLU
   * neurons, no LayerNorm.
   */
  public static ModelShape nanda2023() {
    return new ModelShape(1, 128, 4, 32, 512, Activation.RELU, false, true);
  }

  /** The same with another number of layers. */
  public ModelShape withLayers(int newLayers) {
    return new ModelShape(newLayers, dModel, heads, dHead, dMlp, activation, layerNorm, causal);
  }

  /**
   * The same with another number of heads, which share d_model equally.
   *
   * @throws IllegalArgumentException if d_model is not a multiple of {@code newHeads}
   */
  public ModelShape withHeads(int newHeads) {
    return new ModelShape(
        layers, dModel, newHeads, shareOf(dModel, newHeads), dMlp, activation, layerNorm, causal);
  }

  /**
   * The same with another residual width, shared equally by the heads.
   *
   * @throws IllegalArgumentException if {@code newDModel} is not a multiple of the heads
   */
  public ModelShape withDModel(int newDModel) {
    return new ModelShape(
        layers, newDModel, heads, shareOf(newDModel, heads), dMlp, activation, layerNorm, causal);
  }

  /** The same with another number of neurons. */
  public ModelShape withDMlp(int newDMlp) {
    return new ModelShape(layers, dModel, heads, dHead, newDMlp, activation, layerNorm, causal);
  }

  /** The same with another non-linearity. */
  public ModelShape withActivation(Activation newActivation) {
    return new ModelShape(layers, dModel, heads, dHead, dMlp, newActivation, layerNorm, causal);
  }

  /** The same with LayerNorm on or off. */
  public ModelShape withLayerNorm(boolean on) {
    return new ModelShape(layers, dModel, heads, dHead, dMlp, activation, on, causal);
  }

  /** The same with the causal mask on or off. */
  public ModelShape withCausal(boolean on) {
    return new ModelShape(layers, dModel, heads, dHead, dMlp, activation, layerNorm, on);
  }

  private static int shareOf(int dModel, int heads) {
    requirePositive(dModel, "d_model");
    requirePositive(heads, "heads");
    if (dModel % heads != 0) {
      throw new IllegalArgumentException(
          "model: "
              + heads
              + " heads do not divide d_model = "
              + dModel
              + "; choose a number of heads that divides it");
    }
    return dModel / heads;
  }

  private static void requirePositive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "model: got " + name + " = " + value + ", expected at least 1");
    }
  }
}
