package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * RMSNorm row by row, without scales:
 *
 * <pre>
 *   r = √(mean(x²) + ε),  y = x/r,   dx = (dy − y∘mean(dy∘y)) / r
 * </pre>
 *
 * <p>ε as in {@link LayerNorm}. Source: Zhang and Sennrich (2019).
 */
final class RmsNorm {
  private INDArray y; // (rows, width)
  private INDArray inverse; // [rows], 1/r

  /** (rows, width) → (rows, width). */
  INDArray forward(INDArray x) {
    INDArray squares = Rows.means(x.mul(x));
    inverse = Transforms.sqrt(squares.addi(LayerNorm.EPSILON), false).rdivi(1);
    y = Rows.timesColumn(x.dup('c'), inverse);
    return y;
  }

  /** The gradient at the input, given that at the output; both (rows, width). */
  INDArray backward(INDArray dy) {
    INDArray alongY = Rows.timesColumn(y.dup('c'), Rows.means(dy.mul(y)));
    return Rows.timesColumn(dy.sub(alongY), inverse);
  }
}
