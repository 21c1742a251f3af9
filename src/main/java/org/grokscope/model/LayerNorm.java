package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * LayerNorm of the residual stream, row by row:
 *
 * <pre>
 *   μ = mean(x),  σ = √(mean((x − μ)²) + ε),  u = (x − μ)/σ,  y = u∘w + b
 *   dw = Σ dy∘u,  db = Σ dy,  du = dy∘w,
 *   dx = (du − mean(du) − u∘mean(du∘u)) / σ
 * </pre>
 *
 * <p>Means run over the d_model axis and do not correct for bias; ε = 1e-5, as in PyTorch and
 * TransformerLens. Source: Ba, Kiros and Hinton (2016).
 */
final class LayerNorm {
  static final double EPSILON = 1e-5;

  private final String name;
  private final INDArray w; // [d]
  private final INDArray b; // [d]
  private INDArray u; // (rows, d)
  private INDArray inverseSigma; // (rows)

  /**
   * @param name of the parameters before {@code .w} and {@code .b}
   */
  LayerNorm(String name, Weights weights) {
    this.name = name;
    this.w = weights.get(name + ".w");
    this.b = weights.get(name + ".b");
  }

  /** (rows, d) → (rows, d). */
  INDArray forward(INDArray x) {
    INDArray centred = Rows.minusColumn(x.dup('c'), Rows.means(x));
    INDArray variance = Rows.means(centred.mul(centred));
    inverseSigma = Transforms.sqrt(variance.addi(EPSILON), false).rdivi(1);
    u = Rows.timesColumn(centred, inverseSigma);
    return Rows.addRow(Rows.timesRow(u.dup('c'), w), b);
  }

  /** The gradient at the input, given that at the output; both (rows, d). */
  INDArray backward(INDArray dy, GradientSum gradients) {
    gradients.add(name + ".w", Linear.biasGradient(dy.mul(u)));
    gradients.add(name + ".b", Linear.biasGradient(dy));
    INDArray du = Rows.timesRow(dy.dup('c'), w);
    INDArray alongU = Rows.timesColumn(u.dup('c'), Rows.means(du.mul(u)));
    return Rows.timesColumn(Rows.minusColumn(du, Rows.means(du)).subi(alongU), inverseSigma);
  }
}
