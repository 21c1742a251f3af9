package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HelixFitTest {
  /** A helix in 3 of 5 dimensions, rotated and moved. Its mean is off its axis by a little. */
  @ParameterizedTest
  @CsvSource({"2, 4", "2, 1.5", "3, 5", "3, 3", "5, 5"})
  void finds_the_turns_and_the_axis_of_a_helix(double turns, double climb) {
    INDArray helix = Curves.helix(90, turns, climb);
    INDArray wide = Nd4j.hstack(helix, Nd4j.zeros(helix.dataType(), 90, 2));
    INDArray rotation = Curves.rotation(5, 0.7);
    HelixFit fit = HelixFit.of(wide.mmul(rotation).addi(3), 0.3);
    assertClose("turns", turns, fit.turns(), 0, 0.06);
    INDArray axis = rotation.getRow(2); // where the third axis goes
    double cosine = Math.abs(fit.axis().mul(axis).sumNumber().doubleValue());
    assertTrue(cosine > 0.97, "cosine of the axes " + cosine);
    assertClose("climb", 1, fit.climb(), 0, 0.02);
    assertEquals(0, fit.unresolvedSteps());
    double[] heights = fit.heights().toDoubleVector();
    assertTrue(heights[89] > heights[0], "the axis points the way the curve goes");
    double[] angles = fit.angles().toDoubleVector();
    assertClose("turning", fit.turns() * 2 * Math.PI, Math.abs(angles[89] - angles[0]), 1e-12, 0);
    assertClose(
        "plane perpendicular to the axis",
        new double[2],
        fit.planeBasis().mmul(fit.axis().reshape(5, 1)).reshape(2).toDoubleVector(),
        0,
        1e-12);
  }

  @Test
  void a_straight_ray_does_not_turn_and_a_noisy_one_not_once() {
    assertClose("ray", 0, HelixFit.of(Curves.ray(40, 6), 0.3).turns(), 0, 1e-9);
    for (int seed = 0; seed < 20; seed++) {
      INDArray noisy = Curves.ray(60, 6).div(10).add(Curves.noise(60, 6, 0.5, seed));
      double turns = HelixFit.of(noisy, 0.3).turns();
      assertTrue(turns < 0.75, "noise " + seed + " turns " + turns);
    }
  }

  @Test
  void an_arc_turns_by_its_angle_and_a_circle_once_but_for_the_last_step() {
    HelixFit circle = HelixFit.of(Curves.circle(40), 0.3);
    assertClose("circle", 39.0 / 40, circle.turns(), 0, 0.01);
    assertTrue(circle.climb() < 0.5, "a circle does not climb, got " + circle.climb());
    // seen from its mean, a half circle of radius 1 turns by 2·(π − atan(π/2)): its ends are 1 to
    // either side of the middle and 2/π below the mean. A slanted view may add a quarter turn less
    // than it takes to close the circle
    INDArray half =
        Curves.rows(
            101, i -> new double[] {Math.cos(Math.PI * i / 100), Math.sin(Math.PI * i / 100)});
    double straight = 2 * (Math.PI - Math.atan(Math.PI / 2)) / (2 * Math.PI);
    double turns = HelixFit.of(half, 0.3).turns();
    assertTrue(turns > straight - 0.01 && turns < 0.9, "half circle turns " + turns);
  }

  /** What a plane of a quarter of the variance shows is seen or not as the share allows. */
  @Test
  void a_helix_longer_than_the_share_allows_is_seen_at_a_slant() {
    INDArray helix = Curves.helix(90, 3, 6); // variance 1 in its plane, 3 along its axis
    assertClose("seen", 3, HelixFit.of(helix, 0.2).turns(), 0, 0.06);
    HelixFit slanted = HelixFit.of(helix, 0.3);
    assertTrue(slanted.evenness() < HelixFit.of(helix, 0.2).evenness() - 0.1);
    assertTrue(slanted.planeShare() >= 0.3);
  }

  @Test
  void refuses_too_few_points_and_shares_that_no_plane_must_hold() {
    assertRefused("got points of shape [3, 2]", () -> HelixFit.of(Curves.circle(3), 0.3));
    assertRefused("got a plane's share of 0.7", () -> HelixFit.of(Curves.circle(9), 0.7));
  }
}
