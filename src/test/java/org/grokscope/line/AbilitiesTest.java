package org.grokscope.line;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.grokscope.geometry.HelixFit;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.TuningCurves;
import org.grokscope.model.NativeValues;
import org.grokscope.task.LineAnswers;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineFact;
import org.grokscope.task.LinedBatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tech.tablesaw.api.Table;

/** Activations built by hand out of the facts themselves. */
class AbilitiesTest {
  private static final LineBatch GIVEN = LineBreaking.given().corpus().fresh(3, 60);
  private static final ProbeSettings SETTINGS = ProbeSettings.fiveFolds(1);

  /** What is written into dimension j at a position. */
  private interface Writing {
    double at(int position, int j);
  }

  private static LineActivations written(String hook, LineBatch batch, int d, Writing writing) {
    int all = batch.size() * batch.length();
    double[][] rows = new double[all][d];
    for (int i = 0; i < all; i++) {
      for (int j = 0; j < d; j++) {
        rows[i][j] = writing.at(i, j);
      }
    }
    INDArray values = Nd4j.createFromArray(rows).reshape(batch.size(), batch.length(), d);
    return LineActivations.of(hook, values, batch, batch.decisions());
  }

  @Nested
  class Probes {
    @Test
    void read_what_is_written_and_not_what_is_not() {
      int[] count = GIVEN.facts(LineFact.COUNT);
      Random random = new Random(0);
      LineActivations site =
          written("here", GIVEN, 4, (i, j) -> j == 0 ? count[i] : random.nextGaussian());
      Table table =
          AbilityProbes.of(List.of(site), List.of(LineFact.COUNT, LineFact.WIDTH), SETTINGS);
      assertEquals(2, table.rowCount());
      assertEquals("COUNT", table.stringColumn("fact").get(0));
      assertEquals(1, table.doubleColumn("r2").get(0), 1e-6, "written as it is");
      assertTrue(table.doubleColumn("distance").get(0) < 1.5, "" + table);
      assertTrue(table.doubleColumn("r2").get(1) < 0.2, "the width is not there: " + table);
    }

    @Test
    void of_a_fact_that_does_not_vary_are_refused() {
      LineBatch box = LineBreaking.box().corpus().fresh(0, 20);
      LineActivations site = written("here", box, 2, (i, j) -> i * (j + 1.0));
      assertRefused(
          "got WIDTH = 90",
          () -> AbilityProbes.of(List.of(site), List.of(LineFact.WIDTH), SETTINGS));
    }
  }

  @Test
  void a_neuron_holds_a_fact_by_its_squared_correlation() {
    int[] count = GIVEN.facts(LineFact.COUNT);
    LineActivations neurons =
        written(
            "mlp.hook_post",
            GIVEN,
            3,
            (i, j) -> j == 0 ? 2 - 3.0 * count[i] : j == 1 ? 5 : count[i] % 2);
    double[] r2 = AbilityProbes.neuronR2(neurons, LineFact.COUNT);
    assertEquals(1, r2[0], 1e-12);
    assertEquals(0, r2[1]);
    assertTrue(r2[2] < 0.05, "parity: " + r2[2]);
  }

  @Nested
  class Place_fields {
    @Test
    void of_neurons_are_where_they_were_put_and_widen_as_they_were_made_to() {
      int[] count = GIVEN.facts(LineFact.COUNT);
      // bumps at 10, 20, 30 of half widths 2, 4, 6
      LineActivations neurons =
          written(
              "mlp.hook_post",
              GIVEN,
              3,
              (i, j) -> Math.max(0, 1 - Math.abs(count[i] - 10.0 * (j + 1)) / (4.0 * (j + 1))));
      FactManifold means = FactManifold.of(neurons, LineFact.COUNT, Confounds.KEPT, 1);
      TuningCurves curves = PlaceFields.ofNeurons(means);
      assertArrayEquals(
          new int[] {10, 20, 30},
          curves.peaks().stream().mapToInt(TuningCurves.Peak::label).toArray());
      assertEquals(4, curves.peaks().get(0).width(), 0.01);
      assertEquals(1, curves.dilation().rankCorrelation(), 1e-12);
    }

    @Test
    void of_a_probe_peak_at_their_own_label() {
      int[] count = GIVEN.facts(LineFact.COUNT);
      Random random = new Random(1);
      LineActivations site =
          written("here", GIVEN, 1, (i, j) -> count[i] + 0.3 * random.nextGaussian());
      TuningCurves curves =
          PlaceFields.ofProbe(site.where(LineFact.COUNT, 5, 18), LineFact.COUNT, 0, 2);
      int at = 0;
      for (TuningCurves.Peak peak : curves.peaks()) {
        at += Math.abs(peak.label() - curves.labels()[peak.feature()]) <= 1 ? 1 : 0;
      }
      assertTrue(at >= 12, at + " of 14 within one");
    }

    @Test
    void of_silent_neurons_are_refused() {
      LineActivations silent = written("mlp.hook_post", GIVEN, 2, (i, j) -> 0);
      FactManifold means = FactManifold.of(silent, LineFact.COUNT, Confounds.KEPT, 1);
      assertRefused("no neuron", () -> PlaceFields.ofNeurons(means));
    }
  }

  @Nested
  class The_decision {
    private final int[] remaining = GIVEN.facts(LineFact.REMAINING);
    private final int[] next = GIVEN.facts(LineFact.NEXT_LENGTH);

    @Test
    void of_two_perpendicular_lines_is_one_straight_cut() {
      LineActivations site =
          written(
              "r", GIVEN, 5, (i, j) -> j == 1 ? remaining[i] : j == 3 ? next[i] : 0.01 * (i % 7));
      BreakDecision decision = BreakDecision.of(site, 14, 3);
      assertEquals(90, decision.angles(1)[0], 1);
      assertTrue(decision.sums().explained(2) > 0.999);
      assertTrue(decision.areaUnderCurve(2, SETTINGS) > 0.99);
      double[] random = decision.randomAreas(1, 20, new Random(0), SETTINGS);
      double mean = Arrays.stream(random).average().orElseThrow();
      assertTrue(mean < 0.95, "random directions: " + mean);
    }

    @Test
    void of_lines_at_thirty_degrees_has_that_angle() {
      double angle = Math.PI / 6;
      LineActivations site =
          written(
              "r",
              GIVEN,
              2,
              (i, j) ->
                  j == 0 ? remaining[i] + Math.cos(angle) * next[i] : Math.sin(angle) * next[i]);
      assertEquals(30, BreakDecision.of(site, 14, 3).angles(1)[0], 1e-6);
    }

    @Test
    void needs_several_values_of_both() {
      LineActivations site = written("r", GIVEN, 2, (i, j) -> remaining[i]);
      assertRefused("expected at least 3", () -> BreakDecision.of(site, 1, 3));
    }
  }

  @Nested
  class The_illusion {
    private final LineBatch odd =
        LineBreaking.given().withDistractors(0, "@@", "##").corpus().fresh(0, 120);

    /** Breaks where it has to, but counts @@ as if it were not there. */
    private LineNetwork fooled() {
      return new LineNetwork() {
        @Override
        public INDArray activation(LinedBatch batch, String hook) {
          throw new IllegalArgumentException("activation: got '" + hook + "', expected none");
        }

        @Override
        public INDArray logits(LineBatch batch, Map<String, UnaryOperator<INDArray>> hooks) {
          INDArray logits =
              Nd4j.zeros(DataType.DOUBLE, batch.size(), batch.length(), batch.vocabulary().size());
          for (int i = 0; i < batch.size(); i++) {
            int unseen = 0;
            for (int t = 0; t < batch.length(); t++) {
              String text = batch.vocabulary().text(batch.token(i, t));
              unseen = text.equals("⏎") ? 0 : unseen + (text.equals("@@") ? 40 : 0);
              int spare =
                  batch.fact(LineFact.REMAINING, i, t) - 1 - batch.fact(LineFact.NEXT_LENGTH, i, t);
              double sure = spare + unseen < 0 ? 30 : -30;
              logits.putScalar(new int[] {i, t, batch.vocabulary().newline()}, sure);
            }
          }
          return logits;
        }
      };
    }

    @Test
    void takes_in_who_does_not_count_the_odd_token_and_no_other_word_does() {
      Table table = Illusion.of(fooled(), odd, 1);
      assertEquals(List.of("another word", "@@", "##"), table.stringColumn("inserted").asList());
      double[] change = table.doubleColumn("change").asDoubleArray();
      assertEquals(0, change[0], 1e-9);
      assertEquals(-1, change[1], 1e-9);
      assertEquals(0, change[2], 1e-9);
      assertEquals(1, table.doubleColumn("lost").get(1));
      assertEquals(1, table.doubleColumn("before").get(1), 1e-9);
    }

    @Test
    void needs_distractors_in_the_vocabulary() {
      assertRefused("without distractors", () -> Illusion.of(fooled(), GIVEN, 0));
    }
  }

  @Test
  void accuracy_by_distance_counts_every_decision_once() {
    INDArray logits =
        Nd4j.zeros(DataType.DOUBLE, GIVEN.size(), GIVEN.length(), GIVEN.vocabulary().size());
    // never ends a line: right wherever the next word fits
    for (int i = 0; i < GIVEN.size(); i++) {
      for (int t = 0; t < GIVEN.length(); t++) {
        logits.putScalar(new int[] {i, t, GIVEN.vocabulary().newline()}, -30);
      }
    }
    Table table = LineAnswers.of(GIVEN, NativeValues.of(logits)).byDistance();
    for (int row = 0; row < table.rowCount(); row++) {
      int fits = table.intColumn("spare").get(row) >= 0 ? 1 : 0;
      assertEquals(fits * table.intColumn("decisions").get(row), table.intColumn("right").get(row));
    }
    assertEquals(GIVEN.decisions().length, table.intColumn("decisions").sum(), 0);
  }

  @Nested
  class One_geometry {
    private static final int P = 31;

    private INDArray clock(int k) {
      double[][] rows = new double[P][6];
      for (int t = 0; t < P; t++) {
        rows[t][1] = 3 * Math.cos(2 * Math.PI * k * t / P);
        rows[t][4] = 3 * Math.sin(2 * Math.PI * k * t / P);
        rows[t][2] = Math.cos(2 * Math.PI * t / P); // another frequency
      }
      return Nd4j.createFromArray(rows);
    }

    private Manifold line() {
      double[][] rows = new double[40][3];
      int[] labels = new int[40];
      for (int i = 0; i < 40; i++) {
        labels[i] = i;
        rows[i] = new double[] {i, 0.5 * i, Math.sin(i)};
      }
      return Manifold.of(Nd4j.createFromArray(rows), labels);
    }

    @Test
    void a_clock_is_a_circle_on_which_adding_is_turning() {
      Manifold circle = OneGeometry.circle(clock(5), 5);
      Table table = OneGeometry.of(Map.of("clock", circle), 4);
      assertEquals(0, table.doubleColumn("shift_residual").get(0), 1e-12);
      assertEquals(0, table.doubleColumn("composition_error").get(0), 1e-9);
      assertEquals(30.0 / 31, table.doubleColumn("turns").get(0), 1e-3);
      assertEquals(3, circle.means().getRow(0).norm2Number().doubleValue(), 1e-9);
    }

    @Test
    void a_clock_in_even_steps_is_the_ideal_circle_at_another_size() {
      INDArray clock = OneGeometry.circle(clock(5), 5).means();
      INDArray ideal = OneGeometry.idealCircle(31).means();
      // the same distances, three times as large
      for (int j = 1; j < 31; j++) {
        double expected = ideal.getRow(0).distance2(ideal.getRow(j));
        assertEquals(expected, clock.getRow(0).distance2(clock.getRow(j)) / 3, 1e-9, "" + j);
      }
    }

    @Test
    void a_line_is_no_circle_and_shifting_it_no_turn() {
      Manifold circle = OneGeometry.circle(clock(5), 5);
      Table table = OneGeometry.of(Map.of("line", line()), 10);
      assertTrue(table.doubleColumn("shift_residual").get(0) > 0.1, "" + table);
      assertTrue(table.doubleColumn("composition_error").get(0) > 0.1, "" + table);
      // half a ring, which a line covers but for its bulge: (½ − 4/π²) / (1 − 4/π²) = .16
      double residual = OneGeometry.unrolledResidual(line(), circle);
      assertTrue(residual > 0.1, "" + residual);
    }

    @Test
    void the_components_of_a_random_walk_are_cosines_and_do_not_ring() {
      Manifold walk = OneGeometry.randomWalk(line().labels(), 200, new Random(1));
      assertArrayEquals(line().labels(), walk.labels());
      Table table = OneGeometry.of(Map.of("walk", walk), 4);
      assertTrue(table.doubleColumn("mode_overlap").get(0) > 0.8, "" + table);
      assertTrue(table.doubleColumn("rise").get(0) < 0.3, "" + table);
      // steps are independent and of unit size in every direction
      INDArray steps = walk.means().getRow(20).sub(walk.means().getRow(19));
      assertEquals(1, steps.norm2Number().doubleValue() / Math.sqrt(200), 0.15);
    }

    @Test
    void a_smooth_curve_is_as_smooth_as_was_asked() {
      int[] labels = IntStream.range(0, 100).toArray();
      double[][] curve =
          OneGeometry.smoothCurve(labels, 400, 5, new Random(1)).means().toDoubleMatrix();
      double[] products = new double[11];
      for (int lag : new int[] {0, 5, 10}) {
        for (int i = 0; i + lag < 100; i++) {
          for (int j = 0; j < 400; j++) {
            products[lag] += curve[i][j] * curve[i + lag][j] / (100 - lag);
          }
        }
      }
      // exp(−lag²/(2·25)), of 400 · 100 products in stretches of about ten: within 4/√4,000
      assertEquals(Math.exp(-0.5), products[5] / products[0], 0.06);
      assertEquals(Math.exp(-2), products[10] / products[0], 0.06);
    }

    @Test
    void noise_has_no_neighbours_and_does_not_compose() {
      Manifold noise = OneGeometry.noise(line().labels(), 200, new Random(1));
      assertEquals(0, noise.cosines().profile().getDouble(1), 0.1);
      Table table = OneGeometry.of(Map.of("noise", noise), 4);
      assertTrue(table.doubleColumn("shift_residual").get(0) > 0.3, "" + table);
      assertTrue(table.doubleColumn("mode_overlap").get(0) < 0.3, "" + table);
    }

    /**
     * Three rows of E3 in round one, and what a curve without meaning gives by them: most pass.
     * Rows that such curves pass support nothing; the rise of E4 they do not reach.
     */
    @Test
    void many_curves_without_meaning_keep_the_three_rules_of_a_curved_count() {
      int[] labels = IntStream.rangeClosed(2, 64).toArray();
      int walks = 0;
      int smooth = 0;
      for (int seed = 0; seed < 8; seed++) {
        Manifold walk = OneGeometry.randomWalk(labels, 48, new Random(seed));
        Manifold curve = OneGeometry.smoothCurve(labels, 48, 8, new Random(seed));
        walks += passes(walk) ? 1 : 0;
        smooth += passes(curve) ? 1 : 0;
        assertTrue(walk.cosines().ringing().rise() < 0.5, "walk " + seed);
      }
      // of a hundred, 51 walks and 75 smooth curves
      assertTrue(walks >= 2, "walks that pass, of 8: " + walks);
      assertTrue(smooth >= 4, "smooth curves that pass, of 8: " + smooth);
    }

    private boolean passes(Manifold curve) {
      return curve.principalComponents().explained(6) >= 0.9
          && curve.principalComponents().componentsFor(0.95) >= 4
          && HelixFit.of(curve.means(), 0.3).turns() > 1;
    }

    @Test
    void a_helix_unrolled_is_the_circle() {
      double[][] rows = new double[60][3];
      int[] labels = new int[60];
      for (int i = 0; i < 60; i++) {
        double angle = 3 * 2 * Math.PI * i / 59;
        labels[i] = i;
        rows[i] = new double[] {Math.cos(angle), Math.sin(angle), 0.004 * i};
      }
      Manifold helix = Manifold.of(Nd4j.createFromArray(rows), labels);
      double residual = OneGeometry.unrolledResidual(helix, OneGeometry.circle(clock(5), 5));
      assertTrue(residual < 0.02, "chords of the circle between its 31 points: " + residual);
    }

    @Test
    void position_codes_are_the_published_ones() {
      INDArray codes = OneGeometry.positionCodes(new int[] {0, 3}, 4, 10_000);
      double[] expected = {Math.sin(3), Math.cos(3), Math.sin(0.03), Math.cos(0.03)};
      for (int j = 0; j < 4; j++) {
        assertEquals(expected[j], codes.getDouble(1, j), 1e-12);
      }
      int[] labels = line().labels();
      INDArray many = OneGeometry.positionCodes(labels, 12, 10_000);
      assertEquals(1, OneGeometry.sharedModes(many, many, 4), 1e-9);
    }

    @Test
    void refuses_what_is_no_circle() {
      assertRefused("1 labels", () -> OneGeometry.randomWalk(new int[] {3}, 2, new Random(0)));
      assertRefused(
          "noise: got 1 labels", () -> OneGeometry.noise(new int[] {3}, 2, new Random(0)));
      assertRefused(
          "reach of 0.0", () -> OneGeometry.smoothCurve(line().labels(), 2, 0, new Random(0)));
      assertRefused("2 points", () -> OneGeometry.idealCircle(2));
      assertRefused("frequency 16", () -> OneGeometry.circle(clock(5), 16));
      assertRefused("shift of 50", () -> OneGeometry.of(Map.of("line", line()), 50));
      assertRefused("5 dimensions", () -> OneGeometry.positionCodes(new int[] {1, 2}, 5, 10_000));
    }
  }

  private static void assertRefused(String part, Runnable wrong) {
    String message = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
