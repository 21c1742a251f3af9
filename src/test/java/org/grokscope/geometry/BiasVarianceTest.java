package org.grokscope.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BiasVarianceTest {
  /** Training sets of two kinds, equally likely: one predicts 1 too little, one 5 too much. */
  private static final double[] KINDS = {-1, 5};

  @Test
  void on_average_over_all_pairs_of_training_sets_the_corrected_parts_are_the_true_ones() {
    // bias (−1 + 5)/2 = 2, so bias² = 4; variance 3² = 9
    double squaredBias = 0;
    double variance = 0;
    double corrected = 0;
    double whole = 0;
    for (double first : KINDS) {
      for (double second : KINDS) {
        BiasVariance parts =
            BiasVariance.of(
                List.of(new double[] {7 + first}, new double[] {7 + second}), new double[] {7});
        assertEquals(2, parts.trainingSets());
        squaredBias += parts.squaredBias() / 4;
        variance += parts.variance() / 4;
        corrected += parts.unbiasedSquaredBias() / 4;
        whole += parts.unbiasedVariance() / 4;
      }
    }
    assertEquals(4 + 9 / 2.0, squaredBias, 1e-12); // holds half of the variance
    assertEquals(9 / 2.0, variance, 1e-12); // lacks it
    assertEquals(4, corrected, 1e-12);
    assertEquals(9, whole, 1e-12);
  }

  @Test
  void twenty_sets_without_any_bias_have_nineteen_twentieths_variance_by_construction() {
    Random random = new Random(1);
    int points = 20_000;
    List<double[]> predictions =
        IntStream.range(0, 20)
            .mapToObj(set -> random.doubles(points).map(u -> 100 * (u - 0.5)).toArray())
            .toList();
    BiasVariance parts = BiasVariance.of(predictions, new double[points]);
    assertEquals(19 / 20.0, parts.variance() / parts.error(), 1e-3);
    assertTrue(parts.squaredBias() > 40, "a bias² that is none: " + parts.squaredBias());
    assertEquals(0, parts.unbiasedSquaredBias(), 0.7); // 100²/12/20 · √(2/20,000), four times
    assertEquals(100 * 100 / 12.0, parts.unbiasedVariance(), 6);
  }

  @Test
  void one_training_set_tells_nothing() {
    assertThrows(IllegalArgumentException.class, () -> new BiasVariance(1, 0, 1));
  }
}
