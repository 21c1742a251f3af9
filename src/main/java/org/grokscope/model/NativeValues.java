package org.grokscope.model;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/** The numbers of an ND4J array as a Java array and back, in one go rather than entry by entry. */
public final class NativeValues {
  private NativeValues() {}

  /** All entries in row-major order, in double. */
  public static double[] of(INDArray array) {
    if (array.dataType() == DataType.FLOAT) {
      float[] narrow = floats(array);
      double[] values = new double[narrow.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = narrow[i];
      }
      return values;
    }
    double[] values = new double[Math.toIntExact(array.length())];
    compact(array.castTo(DataType.DOUBLE)).data().asNioDouble().get(values);
    return values;
  }

  /** All entries of a FLOAT array in row-major order. */
  public static float[] floats(INDArray array) {
    float[] values = new float[Math.toIntExact(array.length())];
    compact(array).data().asNioFloat().get(values);
    return values;
  }

  /** A FLOAT array of these entries in row-major order. */
  static INDArray array(float[] values, long... shape) {
    INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape);
    array.data().asNioFloat().put(values);
    return array;
  }

  /** The array itself if its buffer is its entries in row-major order, else such a copy. */
  private static INDArray compact(INDArray array) {
    boolean compact =
        array.ordering() == 'c'
            && Shape.hasDefaultStridesForShape(array)
            && array.offset() == 0
            && array.data().length() == array.length();
    return compact ? array : array.dup('c');
  }
}
