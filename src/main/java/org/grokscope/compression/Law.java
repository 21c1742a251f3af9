package org.grokscope.compression;

import java.util.Locale;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.QRDecomposition;

/**
 * A law of motion that all bodies share: acceleration = c · F^α · m^β. Newton's has c = 1, α = 1, β
 * = −1.
 *
 * @param c factor
 * @param alpha exponent of the force
 * @param beta exponent of the mass
 */
public record Law(double c, double alpha, double beta) {
  /** Fewest bodies that it is fitted to. */
  public static final int FEWEST = 4;

  /**
   * Fitted by least squares to the logarithms of the accelerations that parabolas find, each
   * weighted by its size; accelerations that are not positive are left out.
   *
   * @throws IllegalArgumentException if there are fewer than four bodies that speed up
   */
  public static Law fit(Trajectories trajectories) {
    double[] accelerations =
        trajectories.tracks().stream()
            .mapToDouble(track -> 2 * Parabola.fit(track).quadratic())
            .toArray();
    int used = 0;
    double[][] rows = new double[accelerations.length][3];
    double[] targets = new double[accelerations.length];
    for (int i = 0; i < accelerations.length; i++) {
      double a = accelerations[i];
      if (a > 0) {
        Trajectories.Track track = trajectories.tracks().get(i);
        rows[i] = new double[] {a, a * Math.log(track.force()), a * Math.log(track.mass())};
        targets[i] = a * Math.log(a);
        used++;
      }
    }
    if (used < FEWEST) {
      throw new IllegalArgumentException(
          "law: got " + used + " bodies that speed up, expected at least " + FEWEST);
    }
    double[] solution =
        new QRDecomposition(new Array2DRowRealMatrix(rows, false))
            .getSolver()
            .solve(new ArrayRealVector(targets, false))
            .toArray();
    return new Law(Math.exp(solution[0]), solution[1], solution[2]);
  }

  /** Rounded to whole multiples of a step. */
  Law rounded(double step) {
    return new Law(
        step * Math.rint(c / step), step * Math.rint(alpha / step), step * Math.rint(beta / step));
  }

  /** The acceleration of a body. */
  public double acceleration(double force, double mass) {
    return c * Math.pow(force, alpha) * Math.pow(mass, beta);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "a = %.3f F^%.3f m^%.3f", c, alpha, beta);
  }
}
