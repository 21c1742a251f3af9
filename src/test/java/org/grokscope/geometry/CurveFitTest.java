package org.grokscope.geometry;

import static org.grokscope.geometry.Curves.assertRefused;
import static org.grokscope.geometry.Curves.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class CurveFitTest {
  private static final int M = 60;
  private static final int[] LABELS = IntStream.rangeClosed(1, M).toArray();
  private static final double FOUND = 0.02; // turns, the step in which they are looked for
  private static final Folds FOLDS = Folds.ofRows(M, 5, 1);

  /** Two circles, of 3 turns and of .8 of a turn, in four dimensions. */
  private static final INDArray TWO_CIRCLES =
      rows(
          M,
          i -> {
            double t = 2 * Math.PI * i / (M - 1);
            return new double[] {
              2 * Math.cos(3 * t), 2 * Math.sin(3 * t), Math.cos(0.8 * t), Math.sin(0.8 * t)
            };
          });

  private static double heldOut(CurveFit.Kind kind, INDArray points) {
    return CurveFit.heldOut(kind, points, LABELS, FOLDS);
  }

  @Test
  void a_helix_is_one_wave_and_an_axis_and_loses_its_share_without_either() {
    INDArray helix = Curves.helix(M, 3, 2); // variance 1 of the circle, 1/3 along the axis
    assertEquals(1, heldOut(CurveFit.waves(1, true), helix), 1e-3); // 3.01 turns are found
    assertEquals(0.75, heldOut(CurveFit.waves(1, false), helix), 0.02);
    assertEquals(0.25, heldOut(CurveFit.spline(2), helix), 0.03);
    double[] turns = CurveFit.of(CurveFit.waves(1, true), helix, LABELS).turns();
    assertArrayEquals(new double[] {3}, turns, FOUND);
  }

  @Test
  void two_circles_are_two_waves_which_no_spline_of_as_many_functions_follows() {
    CurveFit fit = CurveFit.of(CurveFit.waves(2, false), TWO_CIRCLES, LABELS);
    assertArrayEquals(
        new double[] {0.8, 3},
        IntStream.of(0, 1).mapToDouble(k -> fit.turns()[k]).sorted().toArray(),
        FOUND);
    assertArrayEquals(TWO_CIRCLES.toDoubleMatrix()[16], fit.at(17), 0.05);
    assertTrue(heldOut(CurveFit.waves(2, true), TWO_CIRCLES) > 0.998);
    assertTrue(heldOut(CurveFit.spline(6), TWO_CIRCLES) < 0.5);
    assertTrue(heldOut(CurveFit.waves(1, true), TWO_CIRCLES) < 0.95, "a helix it is not");
  }

  @Test
  void a_straight_line_is_a_spline_of_two_functions() {
    INDArray ray = Curves.ray(M, 3);
    assertEquals(1, heldOut(CurveFit.spline(2), ray), 1e-9);
    assertEquals(1, heldOut(CurveFit.spline(6), ray), 1e-9);
  }

  @Test
  void a_spline_of_many_functions_follows_a_smooth_arc_and_its_ends_are_straight() {
    INDArray arc = Curves.helix(M, 0.5, 0);
    assertTrue(heldOut(CurveFit.spline(8), arc) > 0.995);
    CurveFit fit = CurveFit.of(CurveFit.spline(8), arc, LABELS);
    double[] before = fit.at(0);
    double[] first = fit.at(1);
    double[] beyond = fit.at(-1);
    for (int c = 0; c < 2; c++) { // natural: beyond the first knot it goes straight on
      assertEquals(before[c] - first[c], beyond[c] - before[c], 1e-9);
    }
  }

  @Test
  void noise_is_foretold_by_nothing() {
    INDArray noise = Curves.noise(M, 10, 1, 3);
    assertTrue(heldOut(CurveFit.waves(2, true), noise) < 0);
    assertTrue(heldOut(CurveFit.spline(6), noise) < 0);
  }

  @Test
  void refuses_more_functions_than_points_no_wave_and_less_than_a_line() {
    INDArray few = Curves.helix(6, 1, 1);
    int[] labels = IntStream.range(0, 6).toArray();
    assertRefused("6 points", () -> CurveFit.of(CurveFit.spline(6), few, labels));
    assertRefused("0 waves", () -> CurveFit.waves(0, true));
    assertRefused("1 functions", () -> CurveFit.spline(1));
  }

  @Test
  void refuses_waves_for_which_there_are_too_few_labels() {
    INDArray six = Curves.helix(6, 0.5, 1);
    int[] labels = IntStream.range(0, 6).toArray();
    assertRefused("expected fewer", () -> CurveFit.of(CurveFit.waves(1, false), six, labels));
  }
}
