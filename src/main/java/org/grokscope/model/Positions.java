package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;
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
}
