package org.grokscope.line;

/**
 * How probes are fitted: nothing that changes a number is hidden.
 *
 * @param ridge λ of the linear probes per row, in units of a squared activation
 * @param shrinkage λ of the categorical probes, 0 … 1
 * @param folds of the documents in cross-validation
 * @param seed of the folds
 */
public record ProbeSettings(double ridge, double shrinkage, int folds, long seed) {
  /**
   * @throws IllegalArgumentException if one is out of its range
   */
  public ProbeSettings {
    if (!(ridge >= 0) || !(shrinkage >= 0 && shrinkage <= 1) || folds < 2) {
      throw new IllegalArgumentException(
          "probe settings: got ridge "
              + ridge
              + ", shrinkage "
              + shrinkage
              + ", "
              + folds
              + " folds, expected ridge ≥ 0, 0 ≤ shrinkage ≤ 1, at least 2 folds");
    }
  }

  /** A ridge of 1e-4, a shrinkage of .01, 5 folds: enough that no matrix is singular. */
  public static ProbeSettings fiveFolds(long seed) {
    return new ProbeSettings(1e-4, 0.01, 5, seed);
  }
}
