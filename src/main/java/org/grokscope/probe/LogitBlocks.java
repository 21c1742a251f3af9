package org.grokscope.probe;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.fourier.FourierBasis;

/**
 * The projection of the logits on products of waves of one key frequency each: {cos_k, sin_k}(a) ×
 * {cos_k, sin_k}(b), or {1, cos_k, sin_k}² without 1 × 1, over all keys.
 */
final class LogitBlocks {
  private final FourierBasis basis;
  private final int m;
  private final List<Integer> rowsOverB = new ArrayList<>();
  private final double[][] alongA; // [m(a) · rowsOverB][m]: Σ_i F[i, a] · coefficient(i, i')

  /** The projection of a checkpoint's logits; kept with them, since restricted and excluded ask. */
  static LogitBlocks of(CirclePairs pairs, KeyFrequencies keys, boolean withConstant) {
    return pairs.blocks(keys, withConstant);
  }

  LogitBlocks(CirclePairs pairs, KeyFrequencies keys, boolean withConstant) {
    this.basis = pairs.basis();
    this.m = pairs.places();
    if (withConstant) {
      rowsOverB.add(0);
    }
    keys.frequencies().forEach(k -> rowsOverB.addAll(basis.rowsOf(k)));
    this.alongA = new double[m * rowsOverB.size()][m];
    PairWaves waves = new PairWaves(basis, pairs.logits(), rowsOverB);
    for (int k : keys.frequencies()) {
      List<Integer> rows = new ArrayList<>(basis.rowsOf(k));
      if (withConstant) {
        rows.add(0);
      }
      for (int overA : rows) {
        for (int overB : rows) {
          if (overA != 0 || overB != 0) {
            addTerm(waves, overA, overB);
          }
        }
      }
    }
  }

  private void addTerm(PairWaves waves, int overA, int overB) {
    double[] coefficients = waves.coefficients(overA, overB);
    int at = rowsOverB.indexOf(overB);
    for (int a = 0; a < m; a++) {
      double wave = basis.value(overA, a);
      add(wave, coefficients, alongA[a * rowsOverB.size() + at]);
    }
  }

  /** z += sign · the projection's row. */
  void add(int row, double sign, double[] z) {
    for (int at = 0; at < rowsOverB.size(); at++) {
      double wave = sign * basis.value(rowsOverB.get(at), row % m);
      add(wave, alongA[row / m * rowsOverB.size() + at], z);
    }
  }

  /** z += wave · row, with the plain index alone, so that HotSpot makes vectors of it. */
  static void add(double wave, double[] row, double[] z) {
    for (int c = 0; c < z.length; c++) {
      z[c] += wave * row[c];
    }
  }
}
