package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The affine map of rows, y = x W + b, and its gradients:
 *
 * <pre>  dx = dy Wᵀ,   dW = xᵀ dy,   db = Σ over rows of dy.</pre>
 *
 * <p>Every result is in row-major order.
 */
final class Linear {
  private Linear() {}

  /** x W, (rows, in) · (in, out) → (rows, out). */
  static INDArray apply(INDArray x, INDArray w) {
    return Nd4j.matmul(x, w, matrix(x, x.size(0), w.size(1)), false, false, false);
  }

  /** x W + b, the bias [out] added to each row. */
  static INDArray apply(INDArray x, INDArray w, INDArray b) {
    return Rows.addRow(apply(x, w), b);
  }

  /** dx = dy Wᵀ, (rows, out) · (out, in) → (rows, in). */
  static INDArray inputGradient(INDArray dy, INDArray w) {
    return Nd4j.matmul(dy, w, matrix(dy, dy.size(0), w.size(0)), false, true, false);
  }

  /** dW = xᵀ dy, (in, rows) · (rows, out) → (in, out). */
  static INDArray weightGradient(INDArray x, INDArray dy) {
    return Nd4j.matmul(x, dy, matrix(x, x.size(1), dy.size(1)), true, false, false);
  }

  /** db = Σ over rows of dy, as (1, out): a product with ones, many times faster than sum(0). */
  static INDArray biasGradient(INDArray dy) {
    INDArray ones = Nd4j.ones(dy.dataType(), 1, dy.size(0));
    return apply(ones, dy);
  }

  private static INDArray matrix(INDArray like, long rows, long columns) {
    return Nd4j.createUninitialized(like.dataType(), rows, columns);
  }
}
