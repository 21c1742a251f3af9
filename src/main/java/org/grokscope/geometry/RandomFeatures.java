package org.grokscope.geometry;

import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network of one hidden layer whose first layer stays as it was drawn: ŷ = φ(x)·w with φ_j(x) =
 * max(v_j·x, 0)/√N, v_j standard normal, and w the solution of least squares on the training
 * points; where many fit them exactly, the one of smallest norm, w = Φ⁺ y (Moore and Penrose), with
 * no ridge. The smallest model in which the test error peaks where the width N passes the number of
 * points n (Belkin et al. 2019, "Reconciling modern machine-learning practice and the classical
 * bias–variance trade-off").
 *
 * <p>Singular values below 10⁻¹⁰ of the largest count as 0.
 */
public final class RandomFeatures {
  private static final double NEGLIGIBLE = 1e-10;

  private final RealMatrix directions; // (d, N), v_j in columns
  private final RealVector weights; // (N)

  private RandomFeatures(RealMatrix directions, RealVector weights) {
    this.directions = directions;
    this.weights = weights;
  }

  /**
   * Fits the last layer.
   *
   * @param points [n, d]
   * @param values [n], what to learn
   * @param width N, at least 1
   * @param seed of the first layer (java.util.Random); of one seed the wider layer begins with the
   *     narrower one
   * @throws IllegalArgumentException if these do not fit together
   */
  public static RandomFeatures fit(INDArray points, double[] values, int width, long seed) {
    RealMatrix x = Matrices.of("random features", points);
    Matrices.requireSameRows("random features", x, values.length, "values");
    if (width < 1) {
      throw new IllegalArgumentException(
          "random features: got a width of " + width + ", expected at least 1");
    }
    RealMatrix directions = directions(x.getColumnDimension(), width, seed);
    RealMatrix features = features(x, directions);
    boolean tall = features.getRowDimension() >= width; // decompose whichever is tall
    SingularValueDecomposition svd =
        new SingularValueDecomposition(tall ? features : features.transpose());
    RealMatrix left = tall ? svd.getU() : svd.getV(); // (n, r)
    RealMatrix right = tall ? svd.getV() : svd.getU(); // (N, r)
    double[] singular = svd.getSingularValues();
    RealVector along = left.transpose().operate(new ArrayRealVector(values));
    for (int i = 0; i < singular.length; i++) {
      boolean counts = singular[i] > NEGLIGIBLE * singular[0];
      along.setEntry(i, counts ? along.getEntry(i) / singular[i] : 0);
    }
    return new RandomFeatures(directions, right.operate(along));
  }

  private static RealMatrix directions(int d, int width, long seed) {
    Random random = new Random(seed);
    RealMatrix directions = new Array2DRowRealMatrix(d, width);
    for (int j = 0; j < width; j++) {
      for (int i = 0; i < d; i++) {
        directions.setEntry(i, j, random.nextGaussian());
      }
    }
    return directions;
  }

  private static RealMatrix features(RealMatrix x, RealMatrix directions) {
    RealMatrix features = x.multiply(directions);
    double scale = 1 / Math.sqrt(directions.getColumnDimension());
    for (int i = 0; i < features.getRowDimension(); i++) {
      for (int j = 0; j < features.getColumnDimension(); j++) {
        features.setEntry(i, j, scale * Math.max(features.getEntry(i, j), 0));
      }
    }
    return features;
  }

  /** N. */
  public int width() {
    return weights.getDimension();
  }

  /** ‖w‖, the norm of the last layer. */
  public double norm() {
    return weights.getNorm();
  }

  /**
   * ŷ of some points.
   *
   * @param points [m, d]
   * @return [m]
   * @throws IllegalArgumentException if they have another number of columns than those fitted
   */
  public double[] predict(INDArray points) {
    RealMatrix x = Matrices.of("random features", points);
    if (x.getColumnDimension() != directions.getRowDimension()) {
      throw new IllegalArgumentException(
          "random features: got points of shape "
              + Matrices.shape(x)
              + ", expected "
              + directions.getRowDimension()
              + " columns, as it was fitted to");
    }
    return features(x, directions).operate(weights).toArray();
  }
}
