package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The MLP, position by position of n sequences:
 *
 * <pre>
 *   pre = x W_in + b_in,  post = act(pre),  out = post W_out + b_out
 *   dpost = dout W_outᵀ,  dpre = dpost∘act′(pre),  dx = dpre W_inᵀ
 * </pre>
 */
final class Mlp {
  private final Activation activation;
  private final String prefix;
  private final int n;
  private final INDArray wIn; // (d, d_mlp)
  private final INDArray bIn; // [d_mlp]
  private final INDArray wOut; // (d_mlp, d)
  private final INDArray bOut; // [d]

  private INDArray x; // (rows, d)
  private INDArray pre; // (rows, d_mlp)
  private INDArray post; // (rows, d_mlp)

  /**
   * @param prefix of the layer's parameters
   */
  Mlp(Activation activation, String prefix, Weights weights, int n) {
    this.activation = activation;
    this.prefix = prefix;
    this.n = n;
    this.wIn = weights.get(prefix + "W_in");
    this.bIn = weights.get(prefix + "b_in");
    this.wOut = weights.get(prefix + "W_out");
    this.bOut = weights.get(prefix + "b_out");
  }

  /** (rows, d) → (rows, d). */
  INDArray forward(INDArray input, String block, HookPoints hooks) {
    long positions = input.size(0) / n;
    long neurons = wIn.size(1);
    x = input;
    pre = hooks.at(block + "mlp.hook_pre", Linear.apply(x, wIn, bIn), n, positions, neurons);
    post = Nonlinearity.apply(activation, pre);
    post = hooks.at(block + "mlp.hook_post", post, n, positions, neurons);
    return Linear.apply(post, wOut, bOut);
  }

  /** The gradient at the input, given that at the output; both (rows, d). */
  INDArray backward(INDArray dOut, GradientSum gradients) {
    gradients.add(prefix + "W_out", Linear.weightGradient(post, dOut));
    gradients.add(prefix + "b_out", Linear.biasGradient(dOut));
    INDArray dPre = Linear.inputGradient(dOut, wOut);
    dPre.muli(Nonlinearity.derivative(activation, pre));
    gradients.add(prefix + "W_in", Linear.weightGradient(x, dPre));
    gradients.add(prefix + "b_in", Linear.biasGradient(dPre));
    return Linear.inputGradient(dPre, wIn);
  }
}
