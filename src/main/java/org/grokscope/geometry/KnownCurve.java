package org.grokscope.geometry;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Curves drawn by a formula, to hold a measured one against. All have m points in three dimensions,
 * [m, 3], one a count from 0, and a radius of 1.
 */
public final class KnownCurve {
  private KnownCurve() {}

  /** A straight line: an amount, which can be added to and subtracted from. */
  public static INDArray line(int m) {
    return of(m, 0, i -> 2.0 * i / (m - 1) - 1);
  }

  /**
   * A part of a circle in a plane.
   *
   * @param turns so much of it, above 0; 1 is the whole circle
   */
  public static INDArray arc(int m, double turns) {
    return of(m, turns, i -> 0);
  }

  /**
   * A helix: the angle is the place within a turn, the height the number of turns.
   *
   * @param turns over all counts
   * @param height over all counts, in radii
   */
  public static INDArray helix(int m, double turns, double height) {
    return of(m, turns, i -> height * i / (m - 1));
  }

  /**
   * A double helix: two rails that run beside each other about one axis, half a turn apart. The
   * counts go up the first rail and down the second, so that the height is a coarse range of
   * counts, shared by two, and the angle the fine place in it.
   *
   * @param turns of each rail
   * @param height of each rail, in radii
   */
  public static INDArray doubleHelix(int m, double turns, double height) {
    INDArray points = Nd4j.create(DataType.DOUBLE, m, 3);
    for (int i = 0; i < m; i++) {
      boolean up = 2 * i < m;
      double along = 2.0 * (up ? i : m - 1 - i) / (m - 1);
      put(points, i, turns * along + (up ? 0 : 0.5), height * along);
    }
    return points;
  }

  private interface Height {
    double at(int i);
  }

  private static INDArray of(int m, double turns, Height height) {
    if (m < 2) {
      throw new IllegalArgumentException("known curve: got " + m + " points, expected at least 2");
    }
    INDArray points = Nd4j.create(DataType.DOUBLE, m, 3);
    for (int i = 0; i < m; i++) {
      put(points, i, turns * i / (m - 1), height.at(i));
    }
    return points;
  }

  private static void put(INDArray points, int i, double turn, double height) {
    points.putScalar(i, 0, Math.cos(2 * Math.PI * turn));
    points.putScalar(i, 1, Math.sin(2 * Math.PI * turn));
    points.putScalar(i, 2, height);
  }
}
