package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The functions that {@link Activation} names, and their derivatives, entry by entry:
 *
 * <pre>
 *   ReLU  max(x, 0)   1 where x &gt; 0, else 0
 *   GELU  x Φ(x)      Φ(x) + x φ(x),  Φ(x) = (1 + erf(x/√2))/2,  φ(x) = exp(−x²/2)/√(2π)
 * </pre>
 */
final class Nonlinearity {
  private Nonlinearity() {}

  /** act(x); x stays as it is. */
  static INDArray apply(Activation activation, INDArray x) {
    return switch (activation) {
      case RELU -> Transforms.relu(x, true);
      case GELU -> distribution(x).muli(x);
    };
  }

  /** act′(x); x stays as it is. */
  static INDArray derivative(Activation activation, INDArray x) {
    return switch (activation) {
      case RELU -> Transforms.step(x, true);
      case GELU -> density(x).muli(x).addi(distribution(x));
    };
  }

  /** Φ, the normal distribution function. */
  private static INDArray distribution(INDArray x) {
    INDArray scaled = x.mul(Math.sqrt(0.5));
    return Nd4j.getExecutioner().exec(new Erf(scaled, scaled)).addi(1).muli(0.5);
  }

  /** φ, the normal density. */
  private static INDArray density(INDArray x) {
    return Transforms.exp(x.mul(x).muli(-0.5), false).muli(1 / Math.sqrt(2 * Math.PI));
  }
}
