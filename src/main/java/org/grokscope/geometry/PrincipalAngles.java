package org.grokscope.geometry;

import java.util.Arrays;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The angles between two subspaces: the smallest angle that a vector of one can make with one of
 * the other, then the smallest among those perpendicular to both, and so on.
 *
 * <p>With orthonormal rows A [r, d] and B [s, d], cos θ are the singular values of A Bᵀ and, for s
 * ≤ r, sin θ those of B − B Aᵀ A; θ = atan2(sin θ, cos θ) keeps small and right angles exact.
 */
public final class PrincipalAngles {
  private final double[] angles; // ascending

  private PrincipalAngles(double[] angles) {
    this.angles = angles;
  }

  /**
   * The angles between the spans of the rows of two matrices.
   *
   * @param left [r, d], linearly independent rows
   * @param right [s, d], linearly independent rows
   */
  public static PrincipalAngles between(INDArray left, INDArray right) {
    RealMatrix a = orthonormal("principal angles, left", left);
    RealMatrix b = orthonormal("principal angles, right", right);
    if (a.getColumnDimension() != b.getColumnDimension()) {
      throw new IllegalArgumentException(
          "principal angles: got shapes "
              + Matrices.shape(a)
              + " and "
              + Matrices.shape(b)
              + ", expected subspaces of one space, with as many columns");
    }
    if (a.getRowDimension() < b.getRowDimension()) {
      RealMatrix larger = b;
      b = a;
      a = larger;
    }
    RealMatrix product = b.multiply(a.transpose());
    double[] cosines = new SingularValueDecomposition(product).getSingularValues();
    double[] sines =
        new SingularValueDecomposition(b.subtract(product.multiply(a))).getSingularValues();
    double[] angles = new double[b.getRowDimension()];
    for (int i = 0; i < angles.length; i++) { // cosines fall, sines fall: match from both ends
      angles[i] = Math.atan2(sines[angles.length - 1 - i], cosines[i]);
    }
    return new PrincipalAngles(angles);
  }

  private static RealMatrix orthonormal(String operation, INDArray rows) {
    RealMatrix matrix = Matrices.of(operation, rows);
    SingularValueDecomposition svd = new SingularValueDecomposition(matrix);
    double[] values = svd.getSingularValues();
    if (matrix.getRowDimension() > matrix.getColumnDimension()
        || !(values[values.length - 1] > 1e-10 * values[0])) {
      throw new IllegalArgumentException(
          operation
              + ": got shape "
              + Matrices.shape(matrix)
              + " whose rows depend on each other, expected a basis of a subspace; leave rows out");
    }
    return svd.getVT()
        .getSubMatrix(0, matrix.getRowDimension() - 1, 0, matrix.getColumnDimension() - 1);
  }

  /** The angles in radians, [min(r, s)] ascending. */
  public INDArray angles() {
    return Matrices.array(angles);
  }

  /** The largest angle in radians: 0 where one subspace contains the other. */
  public double largest() {
    return angles[angles.length - 1];
  }

  /** The mean of cos² θ: 1 where one contains the other, 0 where they are perpendicular. */
  public double overlap() {
    return Arrays.stream(angles).map(angle -> Math.pow(Math.cos(angle), 2)).average().orElseThrow();
  }
}
