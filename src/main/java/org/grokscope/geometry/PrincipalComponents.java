package org.grokscope.geometry;

import java.util.Arrays;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The orthogonal directions along which points vary most.
 *
 * <p>With the points as rows of X [n, d] and their mean μ, X − μ = U S Vᵀ. Component i is row i of
 * Vᵀ; its sign is such that its largest entry is positive. Its variance is s<sub>i</sub>²/n, its
 * share s<sub>i</sub>² / Σs².
 */
public final class PrincipalComponents {
  /** A residue of rounding, relative to a share of 1. */
  private static final double ROUNDING = 1e-12;

  private final RealMatrix points; // (n, d)
  private final double[] mean; // (d)
  private final INDArray components; // (r, d)
  private final double[] variances; // (r), falling

  private PrincipalComponents(
      RealMatrix points, double[] mean, INDArray components, double[] variances) {
    this.points = points;
    this.mean = mean;
    this.components = components;
    this.variances = variances;
  }

  /**
   * The components of some points, min(n, d) of them.
   *
   * @param points [n, d], at least two that differ
   */
  public static PrincipalComponents of(INDArray points) {
    RealMatrix matrix = Matrices.of("principal components", points);
    double[] mean = Matrices.mean(matrix);
    RealMatrix centred = Matrices.minus(matrix, mean);
    if (Matrices.inOnePlace(centred, matrix)) {
      throw new IllegalArgumentException(
          "principal components: got "
              + matrix.getRowDimension()
              + " points in one place, expected at least two that differ");
    }
    SingularValueDecomposition svd = new SingularValueDecomposition(centred);
    double[] variances =
        Arrays.stream(svd.getSingularValues())
            .map(value -> value * value / matrix.getRowDimension())
            .toArray();
    double[][] rows = svd.getVT().getData();
    for (double[] row : rows) {
      pointUp(row);
    }
    return new PrincipalComponents(matrix, mean, Nd4j.createFromArray(rows), variances);
  }

  private static void pointUp(double[] component) {
    double largest = 0;
    for (double entry : component) {
      largest = Math.abs(entry) > Math.abs(largest) + ROUNDING ? entry : largest;
    }
    if (largest < 0) {
      Arrays.setAll(component, j -> -component[j]);
    }
  }

  /** How many components there are, r. */
  public int count() {
    return variances.length;
  }

  /** How many components hold more of the variance than rounding leaves, a share of 1e-12. */
  public int rank() {
    double total = Arrays.stream(variances).sum();
    return (int) Arrays.stream(variances).filter(value -> value > ROUNDING * total).count();
  }

  /** The mean of the points, [d]. */
  public INDArray mean() {
    return Matrices.array(mean);
  }

  /** The variance along each component, [r]; they add up to the mean squared distance from μ. */
  public INDArray variances() {
    return Matrices.array(variances);
  }

  /** The share of the variance that each component explains, [r]. */
  public INDArray explained() {
    double total = Arrays.stream(variances).sum();
    return Matrices.array(Arrays.stream(variances).map(value -> value / total).toArray());
  }

  /** The share of the variance that the first k components explain together. */
  public double explained(int k) {
    requireCount(k);
    return Arrays.stream(variances, 0, k).sum() / Arrays.stream(variances).sum();
  }

  /**
   * The smallest number of components that explain a share of the variance.
   *
   * @param share above 0, at most 1
   */
  public int componentsFor(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "principal components: got a share of " + share + ", expected 0 < share ≤ 1, as 0.95");
    }
    int k = 1;
    while (k < count() && explained(k) < share - ROUNDING) {
      k++;
    }
    return k;
  }

  /** The first k components, [k, d], orthonormal rows: a basis of their subspace. */
  public INDArray basis(int k) {
    requireCount(k);
    return components.get(NDArrayIndex.interval(0, k), NDArrayIndex.all()).dup();
  }

  /** The coordinates of the points along the first k components, [n, k]. */
  public INDArray scores(int k) {
    return project(Matrices.array(points), k);
  }

  /**
   * The coordinates of other points along the first k components, (X − μ) Vᵀ, [m, k].
   *
   * @param other [m, d]
   */
  public INDArray project(INDArray other, int k) {
    RealMatrix matrix = Matrices.of("project", other);
    if (matrix.getColumnDimension() != mean.length) {
      throw new IllegalArgumentException(
          "project: got points of shape "
              + Matrices.shape(matrix)
              + ", expected "
              + mean.length
              + " columns, as the points of these components had");
    }
    return Matrices.array(Matrices.minus(matrix, mean)).mmul(basis(k).transpose());
  }

  /** The points of given coordinates along the first k components, μ + Z V, [m, d]. */
  public INDArray reconstruct(INDArray scores) {
    RealMatrix matrix = Matrices.of("reconstruct", scores);
    return Matrices.array(matrix)
        .mmul(basis(matrix.getColumnDimension()))
        .addiRowVector(Matrices.array(mean));
  }

  private void requireCount(int k) {
    if (k < 1 || k > count()) {
      throw new IllegalArgumentException(
          "principal components: got k = "
              + k
              + ", expected 1 … "
              + count()
              + ", as many as there are for points of shape "
              + Matrices.shape(points));
    }
  }
}
