package org.grokscope.probe;

import java.util.ArrayList;
import java.util.List;

/**
 * How much of what a layer carries has been multiplied: the share of centred energy in products of
 * a wave of a and a wave of b of the same key frequency,
 *
 * <pre>
 *   Σ_j Σ_{k∈K} Σ (F X_j Fᵀ)[i, i']² over i, i' in {cos_k, sin_k}  /  Σ_j Σ (X_j − mean X_j)²
 * </pre>
 *
 * <p>with X_j column j of X as a matrix over (a, b). A sum of a function of a and one of b has no
 * such products.
 */
final class ProductShare {
  private ProductShare() {}

  /** Where X is read. */
  enum Where {
    /** The residual stream between attention and MLP. */
    ATTENTION,
    /** The neurons before the ReLU. */
    MLP_PRE,
    /** The neurons after the ReLU. */
    MLP_POST
  }

  static double of(AllPairs all, KeyFrequencies keys, Where where) {
    CirclePairs pairs = all.onCircle();
    double[] x =
        switch (where) {
          case ATTENTION -> pairs.mid();
          case MLP_PRE -> pairs.preActivations();
          case MLP_POST -> pairs.neurons();
        };
    return of(pairs, x, keys);
  }

  /** The share in X, [m² · width]. */
  static double of(CirclePairs pairs, double[] x, KeyFrequencies keys) {
    List<Integer> rowsOverB = new ArrayList<>();
    keys.frequencies().forEach(k -> rowsOverB.addAll(pairs.basis().rowsOf(k)));
    PairWaves waves = new PairWaves(pairs.basis(), x, rowsOverB);
    double products = 0;
    for (int k : keys.frequencies()) {
      for (int overA : pairs.basis().rowsOf(k)) {
        for (int overB : pairs.basis().rowsOf(k)) {
          for (double coefficient : waves.coefficients(overA, overB)) {
            products += coefficient * coefficient;
          }
        }
      }
    }
    double total = 0;
    for (double energy : NeuronFrequencies.centredEnergies(x, pairs.questions().size())) {
      total += energy;
    }
    return products / total;
  }
}
