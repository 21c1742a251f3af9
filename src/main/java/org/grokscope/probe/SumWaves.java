package org.grokscope.probe;

import org.grokscope.fourier.FourierBasis;

/**
 * What varies with a + b as waves: with u_k[r] = √2/p cos(w_k(a+b)) and v_k[r] = √2/p
 * sin(w_k(a+b)), unit vectors over the n = p² questions,
 *
 * <pre>
 *   P_K Z = Σ_{k∈K} u_k (u_kᵀ Z) + v_k (v_kᵀ Z).
 * </pre>
 *
 * <p>A row of P_K Z depends on s = a + b mod p alone, so it is computed once a sum, from the sums
 * of Z over the p questions of each s.
 */
final class SumWaves {
  private final FourierBasis basis;
  private final int m;
  private final int width;
  private final double[] coefficients; // [m · width]: F·sums / √m, row i = (unit wave i)ᵀ Z

  private SumWaves(FourierBasis basis, double[] sums) {
    this.basis = basis;
    this.m = basis.size();
    this.width = sums.length / m;
    this.coefficients = basis.transform(sums);
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] /= Math.sqrt(m);
    }
  }

  static SumWaves ofLogits(CirclePairs pairs) {
    return new SumWaves(pairs.basis(), pairs.logitSums());
  }

  static SumWaves ofNeurons(CirclePairs pairs) {
    return new SumWaves(pairs.basis(), pairs.neuronSums());
  }

  /** E_k = |u_kᵀZ|² + |v_kᵀZ|², [⌊m/2⌋ + 1]; entry 0 is left 0. */
  double[] energies() {
    double[] energies = new double[basis.frequencies() + 1];
    for (int k = 1; k < energies.length; k++) {
      for (int row : basis.rowsOf(k)) {
        for (int j = row * width; j < (row + 1) * width; j++) {
          energies[k] += coefficients[j] * coefficients[j];
        }
      }
    }
    return energies;
  }

  /** P_K Z, a row for each sum, [m · width]. */
  double[] projection(Iterable<Integer> frequencies) {
    double[] projected = new double[m * width];
    for (int k : frequencies) {
      for (int row : basis.rowsOf(k)) {
        for (int s = 0; s < m; s++) {
          double wave = basis.value(row, s) / Math.sqrt(m);
          for (int j = 0; j < width; j++) {
            projected[s * width + j] += wave * coefficients[row * width + j];
          }
        }
      }
    }
    return projected;
  }
}
