package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Rows that are the positions of n sequences, one sequence after another, (n·T, width). */
final class Positions {
  private Positions() {}

  /** The last position of each of n sequences, a view (n, width). */
  static INDArray last(INDArray rows, int n) {
    long positions = rows.size(0) / n;
    if (positions == 1) {
      return rows;
    }
    long width = rows.size(1);
    INDArray bySequence = rows.reshape('c', n, positions * width);
    return bySequence.get(
        NDArrayIndex.all(), NDArrayIndex.interval((positions - 1) * width, positions * width));
  }

  /**
   * The way back: {@code ofLast} (n, width) at the last positions of (rows, width), 0 elsewhere.
   */
  static INDArray spread(INDArray ofLast, int n, long rows) {
    if (ofLast.size(0) == rows) {
      return ofLast;
    }
    INDArray all = Nd4j.zeros(ofLast.dataType(), rows, ofLast.size(1));
    last(all, n).assign(ofLast);
    return all;
  }
}
