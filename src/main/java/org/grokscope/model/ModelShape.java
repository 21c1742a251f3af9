package org.grokscope.model;

import java.util.Objects;

/**
 * The widths of a transformer, whatever it reads and answers.
 *
 * <p>A model {@linkplain #withoutAttention() without attention} is written as one of no heads:
 * {@code heads} and {@code d_head} are both 0.
 *
 * @param layers number of blocks, each attention then MLP
 * @param dModel width of the residual stream
 * @param heads attention heads a layer, 0 in a model without attention
 * @param dHead width of a head's queries, keys and values, 0 in a model without attention
 * @param dMlp neurons a layer
 * @param activation the neurons' non-linearity
 * @param layerNorm whether each sublayer and the unembedding read a LayerNorm of the residual
 *     stream (pre-norm)
 * @param causal whether a position attends only to itself and to earlier ones; changes nothing in a
 *     model without attention
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
    if (heads != 0 || dHead != 0) {
      requirePositive(heads, "heads");
      requirePositive(dHead, "d_head");
    }
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

  /**
   * The same without attention, an MLP on the sum of the embeddings: with x<sub>0</sub> =
   * Σ<sub>t</sub> (W_E[token<sub>t</sub>] + W_pos[t]) over all positions, each block adds act(x
   * W_in + b_in) W_out + b_out, and logits = x W_U.
   *
   * <p>There are no W_Q, W_K, W_V, W_O. All positions weigh the same, so no answer depends on the
   * order of the tokens: such a model can learn a+b but cannot tell a−b from b−a. It is the
   * attention-free model of Zhong et al. (2023), "The Clock and the Pizza", that reads the sum of
   * two embeddings, with the residual stream kept around the MLP.
   */
  public ModelShape withoutAttention() {
    return new ModelShape(layers, dModel, 0, 0, dMlp, activation, layerNorm, causal);
  }

  /** Whether the blocks have attention. */
  public boolean attends() {
    return heads > 0;
  }

  /** The same with another number of layers. */
  public ModelShape withLayers(int newLayers) {
    return new ModelShape(newLayers, dModel, heads, dHead, dMlp, activation, layerNorm, causal);
  }

  /**
   * The same with another number of heads, which share d_model equally; gives attention to a model
   * without.
   *
   * @throws IllegalArgumentException if d_model is not a multiple of {@code newHeads}
   */
  public ModelShape withHeads(int newHeads) {
    return new ModelShape(
        layers, dModel, newHeads, shareOf(dModel, newHeads), dMlp, activation, layerNorm, causal);
  }

  /**
   * The same with another residual width, shared equally by the heads if there are any.
   *
   * @throws IllegalArgumentException if {@code newDModel} is not a multiple of the heads
   */
  public ModelShape withDModel(int newDModel) {
    int share = attends() ? shareOf(newDModel, heads) : 0;
    return new ModelShape(layers, newDModel, heads, share, dMlp, activation, layerNorm, causal);
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
