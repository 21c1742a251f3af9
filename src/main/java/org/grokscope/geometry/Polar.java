package org.grokscope.geometry;

import java.util.Arrays;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A square matrix as a rotation after a stretch, M = Q P: Q orthogonal, P symmetric with
 * eigenvalues ≥ 0.
 *
 * <p>M = U S Vᵀ gives Q = U Vᵀ, the orthogonal matrix nearest to M, and P = V S Vᵀ.
 */
public final class Polar {
  private final RealMatrix orthogonal;
  private final RealMatrix stretch;
  private final double share;

  private Polar(RealMatrix orthogonal, RealMatrix stretch, double share) {
    this.orthogonal = orthogonal;
    this.stretch = stretch;
    this.share = share;
  }

  /**
   * The factors of a matrix.
   *
   * @param matrix [n, n], of full rank
   */
  public static Polar of(INDArray matrix) {
    RealMatrix m = Matrices.of("polar decomposition", matrix);
    if (!m.isSquare()) {
      throw new IllegalArgumentException(
          "polar decomposition: got shape "
              + Matrices.shape(m)
              + ", expected a square matrix; project it on subspaces of one dimension first");
    }
    SingularValueDecomposition svd = new SingularValueDecomposition(m);
    double[] values = svd.getSingularValues();
    if (!(values[values.length - 1] > 1e-12 * values[0])) {
      throw new IllegalArgumentException(
          "polar decomposition: got a matrix of shape "
              + Matrices.shape(m)
              + " and lower rank, expected full rank, without which Q is not unique");
    }
    double sum = Arrays.stream(values).sum();
    double squares = Arrays.stream(values).map(value -> value * value).sum();
    return new Polar(
        svd.getU().multiply(svd.getVT()),
        svd.getV().multiply(svd.getS()).multiply(svd.getVT()),
        sum * sum / (values.length * squares));
  }

  /** Q, [n, n]. */
  public INDArray orthogonal() {
    return Matrices.array(orthogonal);
  }

  /** P, [n, n]. */
  public INDArray stretch() {
    return Matrices.array(stretch);
  }

  /**
   * How much of M is its orthogonal factor: the squared cosine of the angle between M and Q as
   * vectors of n² entries, (Σσ)² / (n Σσ²). 1 for a rotation times any number, at least 1/n.
   */
  public double rotationShare() {
    return share;
  }

  /** Whether Q mirrors, det Q = −1. */
  public boolean mirrors() {
    return new LUDecomposition(orthogonal).getDeterminant() < 0;
  }

  /**
   * By how much Q turns, [n] in radians, ascending from 0 to π: the absolute arguments of its
   * eigenvalues. A plane that is turned appears twice; π once is a mirror.
   */
  public INDArray angles() {
    EigenDecomposition eigen = new EigenDecomposition(orthogonal);
    double[] angles = new double[orthogonal.getRowDimension()];
    for (int i = 0; i < angles.length; i++) {
      angles[i] = Math.atan2(Math.abs(eigen.getImagEigenvalue(i)), eigen.getRealEigenvalue(i));
    }
    Arrays.sort(angles);
    return Matrices.array(angles);
  }
}
