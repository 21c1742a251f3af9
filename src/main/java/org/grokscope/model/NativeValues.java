package org.grokscope.model;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The numbers of an ND4J array as a Java array, copied in one go rather than entry by entry. */
final class NativeValues {
  private NativeValues() {}

  /** All entries in row-major order, in double. */
  static double[] of(INDArray array) {
    double[] values = new double[Math.toIntExact(array.length())];
    INDArray compact = array.castTo(DataType.DOUBLE).dup('c');
    compact.data().asNioDouble().get(values);
    return values;
  }
}
