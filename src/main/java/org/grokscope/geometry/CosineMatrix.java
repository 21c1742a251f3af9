package org.grokscope.geometry;

import org.apache.commons.math3.linear.RealMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The cosines of points with one another, seen from their mean: C<sub>ij</sub> = (x<sub>i</sub> −
 * μ)·(x<sub>j</sub> − μ) / (|x<sub>i</sub> − μ| |x<sub>j</sub> − μ|).
 *
 * <p>Along a straight line it is ±1 and falls once with the distance; along a curve folded into few
 * dimensions it falls, rises and falls again: it rings.
 */
public final class CosineMatrix {
  private final double[][] cosines; // (m, m)

  private CosineMatrix(double[][] cosines) {
    this.cosines = cosines;
  }

  /**
   * The cosines of points in an order.
   *
   * @param points [m, d], at least 3, none of them at their mean
   */
  public static CosineMatrix of(INDArray points) {
    RealMatrix matrix = Matrices.of("cosine matrix", points);
    int m = matrix.getRowDimension();
    if (m < 3) {
      throw new IllegalArgumentException(
          "cosine matrix: got points of shape "
              + Matrices.shape(matrix)
              + ", expected at least 3 rows, one for each label in order");
    }
    double[][] rows = Matrices.minus(matrix, Matrices.mean(matrix)).getData();
    double largest = 0;
    for (double[] row : rows) {
      largest = Math.max(largest, norm(row));
    }
    for (int i = 0; i < m; i++) {
      double norm = norm(rows[i]);
      if (!(norm > 1e-12 * largest)) {
        throw new IllegalArgumentException(
            "cosine matrix: point "
                + i
                + " of "
                + m
                + " lies at the mean of all, where it has no direction, expected it elsewhere;"
                + " leave it out");
      }
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] /= norm;
      }
    }
    double[][] cosines = new double[m][m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        cosines[i][j] = dot(rows[i], rows[j]);
      }
    }
    return new CosineMatrix(cosines);
  }

  private static double norm(double[] row) {
    return Math.sqrt(dot(row, row));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  /** All cosines, [m, m]. */
  public INDArray values() {
    return Nd4j.createFromArray(cosines);
  }

  /**
   * The mean cosine at each lag, P<sub>o</sub> = mean over i of C<sub>i, i+o</sub>, for o = 0 …
   * ⌈0.8 m⌉ − 1; at larger lags too few pairs are left.
   */
  public INDArray profile() {
    return Matrices.array(profileValues());
  }

  private double[] profileValues() {
    int m = cosines.length;
    double[] profile = new double[(int) Math.ceil(0.8 * m)];
    for (int lag = 0; lag < profile.length; lag++) {
      for (int i = 0; i + lag < m; i++) {
        profile[lag] += cosines[i][i + lag] / (m - lag);
      }
    }
    return profile;
  }

  /**
   * How the profile rings: the two lags a &lt; b, P<sub>a</sub> &lt; 0, between which it rises
   * most. Where it rises nowhere below 0, the trough is its minimum and the rise 0.
   */
  public Ringing ringing() {
    double[] profile = profileValues();
    int lowest = 0;
    Ringing best = null;
    for (int lag = 1; lag < profile.length; lag++) {
      double rise = profile[lag] - profile[lowest];
      if (profile[lowest] < 0 && rise > (best == null ? 0 : best.rise())) {
        best = new Ringing(profile[lowest], lowest, rise, lag);
      }
      lowest = profile[lag] < profile[lowest] ? lag : lowest;
    }
    return best != null ? best : new Ringing(profile[lowest], lowest, 0, lowest);
  }

  /**
   * The trough of the mean cosine and the rise after it.
   *
   * @param trough mean cosine at its lowest
   * @param troughLag how many labels away
   * @param rise how much higher it gets after the trough
   * @param peakLag how many labels away it is highest after the trough
   */
  public record Ringing(double trough, int troughLag, double rise, int peakLag) {}
}
