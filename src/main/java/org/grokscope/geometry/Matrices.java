package org.grokscope.geometry;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** From ND4J's arrays to the matrices that are decomposed, and back; all in float64. */
final class Matrices {
  private Matrices() {}

  /**
   * The numbers of a matrix.
   *
   * @throws IllegalArgumentException if it is no matrix, is empty, or holds what is not finite
   */
  static RealMatrix of(String operation, INDArray array) {
    if (array.rank() != 2 || array.length() == 0) {
      throw new IllegalArgumentException(
          operation
              + ": got shape "
              + shape(array)
              + ", expected a matrix with a point a row; reshape it");
    }
    // one copy of all numbers: INDArray.toDoubleMatrix makes an array of every row
    double[] all = array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    int columns = (int) array.size(1);
    double[][] rows = new double[(int) array.size(0)][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(all, i * columns, (i + 1) * columns);
      for (double value : rows[i]) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException(
              operation + ": got " + value + " in row " + i + ", expected finite numbers");
        }
      }
    }
    return new Array2DRowRealMatrix(rows, false);
  }

  static INDArray array(RealMatrix matrix) {
    return Nd4j.createFromArray(matrix.getData());
  }

  static INDArray array(double[] values) {
    return Nd4j.createFromArray(values);
  }

  static String shape(INDArray array) {
    return Arrays.toString(array.shape());
  }

  static String shape(RealMatrix matrix) {
    return "[" + matrix.getRowDimension() + ", " + matrix.getColumnDimension() + "]";
  }

  /** The mean of the rows. */
  static double[] mean(RealMatrix rows) {
    double[] mean = new double[rows.getColumnDimension()];
    for (int i = 0; i < rows.getRowDimension(); i++) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += rows.getEntry(i, j) / rows.getRowDimension();
      }
    }
    return mean;
  }

  /** The rows with a vector taken from each. */
  static RealMatrix minus(RealMatrix rows, double[] vector) {
    double[][] shifted = rows.getData();
    for (double[] row : shifted) {
      for (int j = 0; j < row.length; j++) {
        row[j] -= vector[j];
      }
    }
    return new Array2DRowRealMatrix(shifted, false);
  }

  /** The sum of the squares of all entries. */
  static double squared(RealMatrix matrix) {
    double norm = matrix.getFrobeniusNorm();
    return norm * norm;
  }

  /** Whether rows that were centred are all 0 but for what rounding leaves of them. */
  static boolean inOnePlace(RealMatrix centred, RealMatrix rows) {
    return squared(centred) <= 1e-28 * squared(rows);
  }

  static void requireSameRows(String operation, RealMatrix matrix, int given, String what) {
    if (given != matrix.getRowDimension()) {
      throw new IllegalArgumentException(
          operation
              + ": got "
              + given
              + " "
              + what
              + " for points of shape "
              + shape(matrix)
              + ", expected one for each of its "
              + matrix.getRowDimension()
              + " rows");
    }
  }
}
