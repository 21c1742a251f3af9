package org.grokscope.geometry;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The orthonormal discrete cosine transform of the second kind along n points in order: the Fourier
 * modes of an open line, of j half waves each.
 *
 * <p>D<sub>0i</sub> = 1/√n, D<sub>ji</sub> = √(2/n) cos(π j (i + ½)/n), i, j = 0 … n − 1. A matrix,
 * as n is the number of labels and small.
 */
public final class CosineTransform {
  /** What rounding leaves of a square that is 0, relative to all squares. */
  private static final double ROUNDING = 1e-24;

  private final RealMatrix matrix; // (n, n), a mode a row

  private CosineTransform(RealMatrix matrix) {
    this.matrix = matrix;
  }

  /** The transform of n points, n ≥ 2. */
  public static CosineTransform of(int n) {
    if (n < 2) {
      throw new IllegalArgumentException(
          "cosine transform: got n = " + n + ", expected at least 2 points in order");
    }
    double[][] rows = new double[n][n];
    for (int j = 0; j < n; j++) {
      double scale = Math.sqrt((j == 0 ? 1.0 : 2.0) / n);
      for (int i = 0; i < n; i++) {
        rows[j][i] = scale * Math.cos(Math.PI * j * (i + 0.5) / n);
      }
    }
    return new CosineTransform(new Array2DRowRealMatrix(rows, false));
  }

  /** The matrix D, [n, n], a mode a row. */
  public INDArray matrix() {
    return Matrices.array(matrix);
  }

  /** D X, [n, d]: the amplitude of every mode in every column of X. */
  public INDArray transform(INDArray points) {
    return Matrices.array(matrix.multiply(checked("cosine transform", points)));
  }

  /**
   * The share of each mode in the variance of the points, [n]: |(D X)<sub>j</sub>|² /
   * Σ<sub>j≥1</sub>|(D X)<sub>j</sub>|², and 0 for the constant mode.
   */
  public INDArray energy(INDArray points) {
    RealMatrix amplitudes = matrix.multiply(checked("cosine energy", points));
    double[] energy = new double[n()];
    for (int j = 1; j < energy.length; j++) {
      for (double amplitude : amplitudes.getRow(j)) {
        energy[j] += amplitude * amplitude;
      }
    }
    double total = Arrays.stream(energy).sum();
    if (!(total > ROUNDING * Matrices.squared(amplitudes))) {
      throw new IllegalArgumentException(
          "cosine energy: got " + n() + " equal points, expected some that differ");
    }
    return Matrices.array(Arrays.stream(energy).map(value -> value / total).toArray());
  }

  /**
   * How much of the space that the columns of some scores span lies in the modes 1 … {@code modes}:
   * the mean squared cosine of the principal angles, ‖D<sub>1…modes</sub> Q‖²/r with Q [n, r] an
   * orthonormal basis of the centred columns.
   *
   * @param scores [n, r], such as the coordinates of the points along r principal components
   * @param modes at least r, below n
   */
  public double overlap(INDArray scores, int modes) {
    RealMatrix columns = checked("cosine overlap", scores);
    if (modes < columns.getColumnDimension() || modes >= n()) {
      throw new IllegalArgumentException(
          "cosine overlap: got "
              + modes
              + " modes for scores of shape "
              + Matrices.shape(columns)
              + ", expected "
              + columns.getColumnDimension()
              + " … "
              + (n() - 1)
              + ", room for every column");
    }
    RealMatrix centred = Matrices.minus(columns, Matrices.mean(columns));
    RealMatrix wanted = matrix.getSubMatrix(1, modes, 0, n() - 1);
    return PrincipalAngles.between(Matrices.array(centred.transpose()), Matrices.array(wanted))
        .overlap();
  }

  private int n() {
    return matrix.getRowDimension();
  }

  private RealMatrix checked(String operation, INDArray points) {
    RealMatrix rows = Matrices.of(operation, points);
    if (rows.getRowDimension() != n()) {
      throw new IllegalArgumentException(
          operation
              + ": got points of shape "
              + Matrices.shape(rows)
              + ", expected "
              + n()
              + " rows, as many as this transform has points");
    }
    return rows;
  }
}
