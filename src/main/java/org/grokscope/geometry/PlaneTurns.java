package org.grokscope.geometry;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How often a curve goes round in the plane of its first two principal components.
 *
 * <p>The points, in order, are projected on the two and each but the first and the last is averaged
 * with its two neighbours; with θ<sub>i</sub> their angles about the mean of all, the turns are |Σ
 * Δθ<sub>i</sub>| / 2π, each step taken in (−π, π]. A straight line makes half a turn at the most.
 *
 * <p>Beside {@link HelixFit}, which looks for the axis about which a curve turns most: there a
 * random curve can be looked at from where it turns as well, so that its turns say less.
 */
public final class PlaneTurns {
  private PlaneTurns() {}

  /**
   * The turns of a curve.
   *
   * @param points [m, d] in the order of their labels, at least 4, d at least 2
   */
  public static double of(INDArray points) {
    if (points.rank() != 2 || points.size(0) < 4 || points.size(1) < 2) {
      throw new IllegalArgumentException(
          "plane turns: got points of shape "
              + Matrices.shape(points)
              + ", expected a matrix of at least 4 rows, one for each label in order, and 2 columns");
    }
    double[][] scores = PrincipalComponents.of(points).scores(2).toDoubleMatrix();
    double turned = 0;
    double before = angle(scores, 1);
    for (int i = 2; i < scores.length - 1; i++) {
      double angle = angle(scores, i);
      turned += Math.IEEEremainder(angle - before, 2 * Math.PI);
      before = angle;
    }
    return Math.abs(turned) / (2 * Math.PI);
  }

  /** The angle of a point averaged with its neighbours. */
  private static double angle(double[][] scores, int i) {
    double x = scores[i - 1][0] + scores[i][0] + scores[i + 1][0];
    double y = scores[i - 1][1] + scores[i][1] + scores[i + 1][1];
    return Math.atan2(y, x);
  }
}
