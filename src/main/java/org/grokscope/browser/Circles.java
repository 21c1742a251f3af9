package org.grokscope.browser;

/**
 * The embedding of the numbers 0 … p−1 seen as waves over them. With the Fourier components of
 * frequency k,
 *
 * <pre>  u_k = Σ_a cos(2πka/p) e_a,  v_k = Σ_a sin(2πka/p) e_a,</pre>
 *
 * |u_k|² + |v_k|² over the sum of all k is the share of the frequency in what the e_a vary by.
 * Projected on the unit vectors along u_k and v_k, the numbers stand on an ellipse that a model
 * which adds by this frequency has opened to a circle, number a at the angle 2πka/p.
 */
final class Circles {
  private final double[] embedding; // [p or more][d]
  private final int p;
  private final int d;

  Circles(double[] embedding, int p, int d) {
    this.embedding = embedding;
    this.p = p;
    this.d = d;
  }

  /** The share of the frequencies 1 … ⌊p/2⌋. */
  double[] shares() {
    double[] shares = new double[p / 2];
    double total = 0;
    for (int k = 1; k <= shares.length; k++) {
      shares[k - 1] = (square(wave(k, 0)) + square(wave(k, 1))) * (2 * k == p ? 0.5 : 1);
      total += shares[k - 1];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] = total == 0 ? 0 : shares[i] / total;
    }
    return shares;
  }

  /** Where each number stands, x and y in turn; (0, 0) where the frequency is missing. */
  double[] circle(int k) {
    double[] places = new double[2 * p];
    for (int part = 0; part < 2; part++) {
      double[] along = wave(k, part);
      double length = Math.sqrt(square(along));
      for (int a = 0; a < p && length > 0; a++) {
        double sum = 0;
        for (int i = 0; i < d; i++) {
          sum += embedding[a * d + i] * along[i];
        }
        places[2 * a + part] = sum / length;
      }
    }
    return places;
  }

  /** u_k (part 0) or v_k (part 1), [d]. */
  private double[] wave(int k, int part) {
    double[] wave = new double[d];
    for (int a = 0; a < p; a++) {
      double angle = 2 * Math.PI * ((long) k * a % p) / p;
      double weight = part == 0 ? Math.cos(angle) : Math.sin(angle);
      for (int i = 0; i < d; i++) {
        wave[i] += weight * embedding[a * d + i];
      }
    }
    return wave;
  }

  private static double square(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    return sum;
  }
}
