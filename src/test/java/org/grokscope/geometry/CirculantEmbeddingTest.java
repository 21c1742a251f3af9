package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CirculantEmbeddingTest {
  /**
   * The table that our exploration made with another program: 100 places, a triangle that is zero
   * beyond 8 lags. It has two decimals; errors are means of some thousand draws.
   */
  @ParameterizedTest
  @CsvSource({
    "2, 17, -1.00, 50, 1.00, 1.24, 2.57",
    "4, 11, -0.55, 29, 0.55, 0.76, 1.70",
    "6, 9, -0.41, 21, 0.41, 0.56, 1.25",
    "12, 6, -0.21, 13, 0.16, 0.29, 0.79",
    "24, 5, -0.12, 10, 0.12, 0.14, 0.55"
  })
  void trades_width_against_ringing_as_the_table_says(
      int d,
      int halfWidth,
      double trough,
      int troughLag,
      double beyond16,
      double errorAt01,
      double errorAt02) {
    CirculantEmbedding embedding = CirculantEmbedding.triangle(100, 8, d);
    assertEquals(halfWidth, embedding.halfWidth());
    assertEquals(troughLag, embedding.troughLag());
    assertClose("trough", trough, embedding.trough(), 0, 0.006);
    assertClose("beyond 16", beyond16, embedding.largestBeyond(16), 0, 0.006);
    // standard error of our mean: below 0.02 at 20,000 draws; of the table's, about as much
    assertClose(
        "error at 0.1", errorAt01, embedding.meanError(0.1, 20_000, new Random(0)), 0, 0.04);
    assertClose(
        "error at 0.2", errorAt02, embedding.meanError(0.2, 20_000, new Random(1)), 0, 0.08);
  }

  @Test
  void six_dimensions_keep_the_first_three_frequencies() {
    assertArrayEquals(new int[] {1, 2, 3}, CirculantEmbedding.triangle(100, 8, 6).frequencies());
  }

  /** The spectrum of a triangle over 9 lags vanishes near 100/9: later lobes outdo frequency 11. */
  @Test
  void many_dimensions_leave_out_frequencies_where_the_spectrum_vanishes() {
    int[] kept = CirculantEmbedding.triangle(100, 8, 24).frequencies();
    assertEquals(12, kept.length);
    assertEquals(0, IntStream.of(kept).filter(k -> k == 11).count());
  }

  @Test
  void points_are_unit_vectors_whose_dot_products_are_the_similarity() {
    CirculantEmbedding embedding = CirculantEmbedding.triangle(31, 4, 8);
    INDArray points = embedding.points();
    INDArray dots = points.mmul(points.transpose());
    double[] similarity = embedding.similarity().toDoubleVector();
    for (int i = 0; i < 31; i++) {
      for (int j = 0; j < 31; j++) {
        int lag = Math.min(Math.floorMod(i - j, 31), Math.floorMod(j - i, 31));
        assertClose("dot", similarity[lag], dots.getDouble(i, j), 0, 1e-12);
      }
    }
    assertClose("itself", 1, similarity[0], 1e-12, 0);
  }

  /**
   * The truncation is the best: as an eigenproblem of the centred matrix, solved in another way.
   */
  @Test
  void the_places_span_the_leading_components_of_the_wanted_similarity() {
    int n = 40;
    INDArray wanted =
        Curves.rows(
            n,
            i ->
                IntStream.range(0, n)
                    .mapToDouble(
                        j -> {
                          int lag = Math.min(Math.floorMod(i - j, n), Math.floorMod(j - i, n));
                          return Math.max(0, 1 - lag / 6.0);
                        })
                    .toArray());
    INDArray leading = PrincipalComponents.of(wanted).basis(6);
    INDArray embedded = CirculantEmbedding.triangle(n, 5, 6).points().transpose();
    assertClose("overlap", 1, PrincipalAngles.between(leading, embedded).overlap(), 1e-9, 0);
  }

  @Test
  void all_dimensions_give_the_wanted_similarity_back() {
    double[] wanted = {1, 0.5, -0.1, -0.2};
    // n = 7: leaving out the constant takes the mean off and scales lag 0 to 1
    double mean = (1 + 2 * (0.5 - 0.1 - 0.2)) / 7;
    double[] expected = Arrays.stream(wanted).map(s -> (s - mean) / (1 - mean)).toArray();
    CirculantEmbedding embedding = CirculantEmbedding.of(7, wanted, 6);
    assertClose("similarity", expected, embedding.similarity().toDoubleVector(), 0, 1e-12);
    assertClose("no noise, no error", 0, embedding.meanError(0, 70, new Random(0)), 0, 0);
    assertClose(
        "rows", Nd4j.ones(embedding.points().dataType(), 7), embedding.points().norm2(1), 1e-12, 0);
  }

  @Test
  void refuses_odd_dimensions_and_similarities_without_enough_waves() {
    assertRefused(
        "got d = 5, expected an even number", () -> CirculantEmbedding.triangle(100, 8, 5));
    assertRefused("from 2 to 98", () -> CirculantEmbedding.triangle(100, 8, 100));
    assertRefused("a triangle over 60 lags of 100", () -> CirculantEmbedding.triangle(100, 60, 6));
    assertRefused(
        "got 3 similarities for 7 places", () -> CirculantEmbedding.of(7, new double[3], 2));
    assertRefused(
        "fewer than 1 frequencies of positive eigenvalue",
        () -> CirculantEmbedding.of(6, new double[] {1, 1, 1, 1}, 2));
    assertRefused(
        "got lag 50, expected 0 … 49",
        () -> CirculantEmbedding.triangle(100, 8, 6).largestBeyond(50));
  }

  @Test
  void more_noise_and_more_places_need_more_waves() {
    int[] byNoise =
        DoubleStream.of(0, 0.03, 0.06, 0.12)
            .mapToInt(noise -> CirculantEmbedding.fewestWaves(80, noise, 0.1, 8, 2_000, 1))
            .toArray();
    assertEquals(1, byNoise[0], "a circle is enough without noise");
    for (int i = 1; i < byNoise.length; i++) {
      assertTrue(byNoise[i] >= byNoise[i - 1], Arrays.toString(byNoise));
    }
    assertTrue(byNoise[2] > 1 && byNoise[2] < 9, Arrays.toString(byNoise));
    assertEquals(9, CirculantEmbedding.fewestWaves(80, 1, 0.1, 8, 200, 1), "never enough");
    assertTrue(
        CirculantEmbedding.fewestWaves(40, 0.06, 0.1, 8, 2_000, 1) < byNoise[2],
        Arrays.toString(byNoise));
  }
}
