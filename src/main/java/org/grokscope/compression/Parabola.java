package org.grokscope.compression;

/**
 * A parabola laid through one track by least squares, on polynomials that are orthogonal over its
 * times:
 *
 * <pre>
 *   φ_0 = 1,  φ_1 = t − t̄,  φ_2 = φ_1² − mean of φ_1²;   x ≈ Σ_j (Σ_t x φ_j / Σ_t φ_j²) φ_j
 * </pre>
 *
 * @param constant coefficient of φ_0
 * @param linear coefficient of φ_1
 * @param quadratic coefficient of φ_2, half the acceleration
 */
record Parabola(double constant, double linear, double quadratic) {
  private static final double[][] PHI = basis();

  private static double[][] basis() {
    int n = Trajectories.POINTS;
    double[][] phi = new double[3][n];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      phi[0][i] = 1;
      phi[1][i] = (i - (n - 1) / 2.0) * Trajectories.INTERVAL;
      mean += phi[1][i] * phi[1][i] / n;
    }
    for (int i = 0; i < n; i++) {
      phi[2][i] = phi[1][i] * phi[1][i] - mean;
    }
    return phi;
  }

  static Parabola fit(Trajectories.Track track) {
    double[] x = new double[Trajectories.POINTS];
    for (int i = 0; i < x.length; i++) {
      x[i] = track.places().get(i) * Trajectories.RESOLUTION;
    }
    return new Parabola(coefficient(x, 0), coefficient(x, 1), coefficient(x, 2));
  }

  private static double coefficient(double[] x, int j) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * PHI[j][i];
    }
    return sum / squares(j);
  }

  /** Σ_t φ_j². */
  static double squares(int j) {
    double squares = 0;
    for (double value : PHI[j]) {
      squares += value * value;
    }
    return squares;
  }

  /** Its place at the i-th time. */
  double at(int i) {
    return constant * PHI[0][i] + linear * PHI[1][i] + quadratic * PHI[2][i];
  }
}
