package org.grokscope.model;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BroadcastOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastSubOp;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Mean;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Operations on the rows of a matrix x, (rows, width), that ND4J calls broadcasts and reductions.
 *
 * <p>ND4J keeps the axis of such an operation in an array of its own, hands native code a pointer
 * to it, and does not use it again. A garbage collection in that very moment frees the array under
 * the native code: a crash, seen once in some hours of a busy machine. Here the operation is kept
 * reachable until it is done.
 */
final class Rows {
  private static final int ACROSS = 1; // the axis of a row's entries
  private static final int DOWN = 0; // the axis of a column's entries

  private Rows() {}

  /** x + row, the row [width] added to each row; overwrites x. */
  static INDArray addRow(INDArray x, INDArray row) {
    return run(new BroadcastAddOp(x, row, x, ACROSS));
  }

  /** x∘row, each row times the row [width]; overwrites x. */
  static INDArray timesRow(INDArray x, INDArray row) {
    return run(new BroadcastMulOp(x, row, x, ACROSS));
  }

  /** x − column, from each row its entry of the column [rows]; overwrites x. */
  static INDArray minusColumn(INDArray x, INDArray column) {
    return run(new BroadcastSubOp(x, column, x, DOWN));
  }

  /** x∘column, each row times its entry of the column [rows]; overwrites x. */
  static INDArray timesColumn(INDArray x, INDArray column) {
    return run(new BroadcastMulOp(x, column, x, DOWN));
  }

  /** The sum of each row's entries, [rows]; of (n, T, width) the sum over T, (n, width). */
  static INDArray sums(INDArray x) {
    return run(new Sum(x, ACROSS));
  }

  /** The mean of each row's entries, [rows]. */
  static INDArray means(INDArray x) {
    return run(new Mean(x, ACROSS));
  }

  private static INDArray run(BroadcastOp operation) {
    INDArray result = Nd4j.getExecutioner().exec(operation);
    Reference.reachabilityFence(operation);
    return result;
  }

  private static INDArray run(ReduceOp operation) {
    INDArray result = Nd4j.getExecutioner().exec(operation);
    Reference.reachabilityFence(operation);
    return result;
  }
}
