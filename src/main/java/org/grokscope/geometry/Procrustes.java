package org.grokscope.geometry;

import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How much of one shape is another one moved: with centred points X, Y [n, d] it minimises ‖Y − s X
 * R‖² over orthogonal R and, if free, the scale s ≥ 0.
 *
 * <p>XᵀY = U S Vᵀ gives R = U Vᵀ (where reflections are forbidden, the column of the smallest
 * singular value negated if det &lt; 0) and s = tr(S) / ‖X‖². The residual is ‖Y − s X R‖² / ‖Y‖²,
 * 0 for a perfect copy. A shape of fewer dimensions gets columns of zeros.
 */
public final class Procrustes {
  /** Whether the source may be scaled. */
  public enum Scale {
    /** s = 1. */
    FIXED,
    /** s is fitted. */
    FREE
  }

  /** Whether the source may be mirrored. */
  public enum Mirror {
    /** R is a rotation. */
    FORBIDDEN,
    /** R is a rotation or a reflection. */
    ALLOWED
  }

  private final double[] sourceMean;
  private final double[] targetMean;
  private final RealMatrix rotation; // (d, d)
  private final double scale;
  private final double residual;

  private Procrustes(
      double[] sourceMean,
      double[] targetMean,
      RealMatrix rotation,
      double scale,
      double residual) {
    this.sourceMean = sourceMean;
    this.targetMean = targetMean;
    this.rotation = rotation;
    this.scale = scale;
    this.residual = residual;
  }

  /**
   * Moves one shape onto another.
   *
   * @param source [n, d₁]
   * @param target [n, d₂], row i belonging to row i of the source
   */
  public static Procrustes fit(INDArray source, INDArray target, Scale scale, Mirror mirror) {
    RealMatrix from = Matrices.of("procrustes, source", source);
    RealMatrix to = Matrices.of("procrustes, target", target);
    if (from.getRowDimension() != to.getRowDimension()) {
      throw new IllegalArgumentException(
          "procrustes: got shapes "
              + Matrices.shape(from)
              + " and "
              + Matrices.shape(to)
              + ", expected as many rows, point i belonging to point i");
    }
    int d = Math.max(from.getColumnDimension(), to.getColumnDimension());
    from = widened(from, d);
    to = widened(to, d);
    double[] fromMean = Matrices.mean(from);
    double[] toMean = Matrices.mean(to);
    RealMatrix x = Matrices.minus(from, fromMean);
    RealMatrix y = Matrices.minus(to, toMean);
    if (Matrices.inOnePlace(x, from) || Matrices.inOnePlace(y, to)) {
      throw new IllegalArgumentException(
          "procrustes: got a shape whose points are all in one place, expected two shapes");
    }
    SingularValueDecomposition svd = new SingularValueDecomposition(x.transpose().multiply(y));
    RealMatrix u = svd.getU();
    double[] values = svd.getSingularValues();
    RealMatrix rotation = u.multiply(svd.getVT());
    if (mirror == Mirror.FORBIDDEN && new LUDecomposition(rotation).getDeterminant() < 0) {
      u.setColumnMatrix(d - 1, u.getColumnMatrix(d - 1).scalarMultiply(-1));
      values[d - 1] *= -1;
      rotation = u.multiply(svd.getVT());
    }
    double trace = 0;
    for (double value : values) {
      trace += value;
    }
    double s = scale == Scale.FREE ? Math.max(0, trace / Matrices.squared(x)) : 1;
    RealMatrix rest = y.subtract(x.multiply(rotation).scalarMultiply(s));
    return new Procrustes(
        fromMean, toMean, rotation, s, Matrices.squared(rest) / Matrices.squared(y));
  }

  private static RealMatrix widened(RealMatrix matrix, int columns) {
    RealMatrix wide = MatrixUtils.createRealMatrix(matrix.getRowDimension(), columns);
    wide.setSubMatrix(matrix.getData(), 0, 0);
    return wide;
  }

  /** R, [d, d], applied to rows from the right. */
  public INDArray rotation() {
    return Matrices.array(rotation);
  }

  /** The scale s. */
  public double scale() {
    return scale;
  }

  /** ‖Y − s X R‖² / ‖Y‖². */
  public double residual() {
    return residual;
  }

  /** Other points moved as the source was, s (X − mean) R + target's mean, [m, d]. */
  public INDArray apply(INDArray points) {
    RealMatrix matrix = Matrices.of("procrustes", points);
    if (matrix.getColumnDimension() > sourceMean.length) {
      throw new IllegalArgumentException(
          "procrustes: got points of shape "
              + Matrices.shape(matrix)
              + ", expected at most "
              + sourceMean.length
              + " columns, as the shapes had");
    }
    RealMatrix centred = Matrices.minus(widened(matrix, sourceMean.length), sourceMean);
    return Matrices.array(centred.multiply(rotation).scalarMultiply(scale))
        .addiRowVector(Matrices.array(targetMean));
  }
}
