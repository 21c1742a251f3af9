package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TuningCurvesTest {
  @Test
  void the_width_at_half_height_is_that_worked_out_by_hand() {
    // 0 2 4 1 0: half is 2, reached at label 10 itself and between 12 (4) and 14 (1), at 13⅓
    INDArray responses = Nd4j.createFromArray(new double[][] {{0}, {2}, {4}, {1}, {0}});
    TuningCurves curves = TuningCurves.of(responses, new int[] {8, 10, 12, 14, 16});
    TuningCurves.Peak peak = curves.peaks().get(0);
    assertEquals(12, peak.label());
    assertClose("height", 4, peak.height(), 0, 0);
    assertClose("width", 12 + 4.0 / 3 - 10, peak.width(), 1e-12, 0);
  }

  @Test
  void triangles_that_widen_with_their_place_are_found_to() {
    int[] centre = {20, 35, 50, 70};
    int[] reach = {4, 7, 10, 14}; // falls from 1 to 0 within so many labels: width = reach
    INDArray responses =
        Curves.rows(
            100,
            i ->
                IntStream.range(0, 4)
                    .mapToDouble(f -> Math.max(0, 1 - Math.abs(i - centre[f]) / (double) reach[f]))
                    .toArray());
    TuningCurves curves = TuningCurves.of(responses, IntStream.range(0, 100).toArray());
    for (int f = 0; f < 4; f++) {
      assertEquals(centre[f], curves.peaks().get(f).label());
      assertClose("width", reach[f], curves.peaks().get(f).width(), 1e-12, 0);
    }
    TuningCurves.Dilation dilation = curves.dilation();
    assertEquals(4, dilation.features());
    assertClose("rank correlation", 1, dilation.rankCorrelation(), 1e-12, 0);
    assertClose("slope", 0.2, dilation.slope(), 1e-12, 0);
  }

  @Test
  void peaks_of_a_single_label_early_on_the_line_make_a_widening_that_is_gone_without_them() {
    int[] centre = {3, 5, 7, 40, 50, 60};
    int[] reach = {1, 1, 1, 12, 10, 8}; // the wide ones narrow with their place
    INDArray responses =
        Curves.rows(
            100,
            i ->
                IntStream.range(0, 6)
                    .mapToDouble(f -> Math.max(0, 1 - Math.abs(i - centre[f]) / (double) reach[f]))
                    .toArray());
    TuningCurves curves = TuningCurves.of(responses, IntStream.range(0, 100).toArray());
    // ranks of the widths 2 2 2 6 5 4 beside 1 … 6: Spearman by hand 11.5 / √(15.5 · 17.5)
    assertClose(
        "all six", 11.5 / Math.sqrt(15.5 * 17.5), curves.dilation().rankCorrelation(), 1e-12, 0);
    assertEquals(6, curves.dilation(0).features());
    TuningCurves.Dilation wide = curves.dilation(2);
    assertEquals(3, wide.features());
    assertClose("the wide ones", -1, wide.rankCorrelation(), 1e-12, 0);
    assertRefused(
        "0 of 6 features have a peak that falls on both sides and is at least 20.0 wide",
        () -> curves.dilation(20));
  }

  @Test
  void a_bump_cut_off_by_the_end_has_no_width() {
    INDArray responses = Nd4j.createFromArray(new double[][] {{3, 1}, {1, 1}, {0, 1}});
    TuningCurves curves = TuningCurves.of(responses, new int[] {1, 2, 3});
    assertFalse(curves.peaks().get(0).whole());
    assertFalse(curves.peaks().get(1).whole()); // flat
    assertRefused("0 of 2 features have a peak", curves::dilation);
    assertRefused("got 1 different labels", () -> TuningCurves.of(responses, new int[] {1, 1, 1}));
  }
}
