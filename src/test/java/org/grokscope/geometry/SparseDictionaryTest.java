package org.grokscope.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SparseDictionaryTest {
  private static final int N = 4_000;
  private static final int D = 32;
  private static final int HIDDEN = 40; // directions, more than dimensions

  private final Random random = new Random(3);
  private final double[][] directions = directions();
  private final INDArray vectors = vectors();

  private double[][] directions() {
    double[][] drawn = new double[HIDDEN][D];
    for (double[] direction : drawn) {
      double square = 0;
      for (int j = 0; j < D; j++) {
        direction[j] = random.nextGaussian();
        square += direction[j] * direction[j];
      }
      for (int j = 0; j < D; j++) {
        direction[j] /= Math.sqrt(square);
      }
    }
    return drawn;
  }

  /** Sums of two directions each, with weights of 1 to 2. */
  private INDArray vectors() {
    double[][] sums = new double[N][D];
    for (int i = 0; i < N; i++) {
      for (int which = 0; which < 2; which++) {
        double[] direction = directions[random.nextInt(HIDDEN)];
        double weight = 1 + random.nextDouble();
        for (int j = 0; j < D; j++) {
          sums[i][j] += weight * direction[j];
        }
      }
    }
    return Nd4j.createFromArray(sums);
  }

  @Test
  void finds_the_directions_that_vectors_are_sums_of() {
    SparseDictionary learnt = SparseDictionary.learn(vectors, 80, 4, 150, 1);
    assertTrue(learnt.explained(vectors) > 0.9, "explains " + learnt.explained(vectors));
    double[][] features = learnt.directions().castTo(vectors.dataType()).toDoubleMatrix();
    int found = 0;
    for (double[] direction : directions) {
      double best = 0;
      for (double[] feature : features) {
        double cosine = 0;
        for (int j = 0; j < D; j++) {
          cosine += direction[j] * feature[j];
        }
        best = Math.max(best, cosine);
      }
      found += best > 0.85 ? 1 : 0;
    }
    assertTrue(found >= HIDDEN * 3 / 4, found + " of " + HIDDEN + " directions were found");
  }

  @Test
  void few_features_are_on_at_a_time_and_directions_have_length_one() {
    SparseDictionary learnt = SparseDictionary.learn(vectors, 40, 3, 2, 1);
    double[][] codes = learnt.codes(vectors).castTo(vectors.dataType()).toDoubleMatrix();
    for (double[] code : codes) {
      int positive = 0;
      for (double value : code) {
        assertTrue(value >= 0);
        positive += value > 0 ? 1 : 0;
      }
      assertTrue(positive <= 3, positive + " features are on");
    }
    assertEquals(1, learnt.directions().norm2(1).meanNumber().doubleValue(), 1e-5);
  }

  @Test
  void the_same_seed_learns_the_same_and_shifted_vectors_have_the_same_codes() {
    INDArray first = SparseDictionary.learn(vectors, 24, 3, 3, 5).codes(vectors);
    assertEquals(first, SparseDictionary.learn(vectors, 24, 3, 3, 5).codes(vectors));
    INDArray moved = vectors.mul(3).addi(7);
    double apart =
        SparseDictionary.learn(moved, 24, 3, 3, 5)
            .codes(moved)
            .sub(first)
            .norm2Number()
            .doubleValue();
    assertTrue(apart < 0.05 * first.norm2Number().doubleValue(), "apart by " + apart);
  }

  @Test
  void says_what_it_cannot_learn() {
    assertEquals(
        "dictionary: got 4 features, 5 on at a time and 2 passes, expected 1 ≤ on ≤ features and at"
            + " least one pass; try 384, 16 and 20",
        assertThrows(
                IllegalArgumentException.class, () -> SparseDictionary.learn(vectors, 4, 5, 2, 0))
            .getMessage());
    assertEquals(
        "dictionary: got 9 vectors that are all alike, expected some that differ; read more texts",
        assertThrows(
                IllegalArgumentException.class,
                () -> SparseDictionary.learn(Nd4j.ones(9, 4), 8, 2, 2, 0))
            .getMessage());
  }
}
