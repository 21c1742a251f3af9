package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

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
  static final List<Metric> METRICS = Arrays.stream(Where.values()).map(Where::share).toList();

  private ProductShare() {}

  /** Where X is read. */
  enum Where {
    /** The residual stream between attention and MLP. */
    ATTENTION("the residual stream between attention and MLP", CirclePairs::mid),
    /** The neurons before the ReLU. */
    MLP_PRE("the neurons before the ReLU", CirclePairs::preActivations),
    /** The neurons after the ReLU. */
    MLP_POST("the neurons after the ReLU", CirclePairs::neurons);

    private final String text;
    private final Function<CirclePairs, double[]> x; // [m² · width]

    Where(String text, Function<CirclePairs, double[]> x) {
      this.text = text;
      this.x = x;
    }

    private Metric share() {
      return Metric.number(
          "product_share." + name().toLowerCase(Locale.ROOT),
          1,
          "share of the centred energy in {cos, sin}w_k a × {cos, sin}w_k b, k in K, of " + text,
          Metric.OWN,
          Set.of(Need.PLACES, Need.NEURONS, Need.KEYS),
          subject ->
              ProductShare.of(subject.onCircle(), x.apply(subject.onCircle()), subject.keys()));
    }
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
