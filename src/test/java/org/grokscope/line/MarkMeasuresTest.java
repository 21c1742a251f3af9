package org.grokscope.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.series.Reading;
import org.grokscope.task.MarkCounting;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class MarkMeasuresTest {
  private static Map<String, Double> predicted(int places, int width, double noise) {
    return byColumn(MarkMeasures.predicted(places, width, noise));
  }

  private static Map<String, Double> byColumn(List<Reading> readings) {
    return readings.stream().collect(Collectors.toMap(Reading::column, Reading::value));
  }

  private static double waves(int places, int width, double noise) {
    return predicted(places, width, noise).get("theory.waves");
  }

  @Test
  void without_noise_theory_asks_for_half_a_circle() {
    Map<String, Double> none = predicted(40, 48, 0);
    assertEquals(1, none.get("theory.waves"));
    assertEquals(0, none.get("theory.read_error[one wave]"));
    assertEquals(2, none.get("theory.components_95"));
    assertTrue(none.get("theory.rise") < 0.25, "half a circle hardly rises: " + none);
    // along the diameter the variance is 1/2, across it 1/2 − (2/π)²
    double across = 0.5 - 4 / (Math.PI * Math.PI);
    double first = 0.5 / (0.5 + across);
    assertEquals(first, none.get("theory.first"), 0.01);
    double second = 1 - first;
    double dimensions = 1 / (first * first + second * second);
    assertEquals(dimensions, none.get("theory.dimensions"), 0.02);
  }

  @Test
  void more_noise_more_places_and_less_width_ask_for_more_waves() {
    double waves = waves(40, 48, 0.4);
    assertTrue(waves > waves(40, 48, 0.2), "noise");
    assertTrue(waves < waves(60, 48, 0.4), "places");
    assertTrue(waves < waves(40, 32, 0.4), "width");
    Map<String, Double> many = predicted(60, 32, 0.6);
    double all = many.get("theory.waves");
    assertEquals(all, many.get("theory.dimensions"), 0.1 * all, "a dimension a wave");
    assertTrue(many.get("theory.read_error[all waves]") < many.get("theory.read_error[one wave]"));
    assertEquals(5, waves(60, 8, 2), "more than there is room for");
  }

  /** A place is off by the noise along the circle, here many places wide. */
  @Test
  void one_wave_errs_as_a_half_circle_does() {
    double along = 0.6 / Math.sqrt(32) * 120 / (2 * Math.PI); // in places
    double mean = along * Math.sqrt(2 / Math.PI);
    double error = predicted(60, 32, 0.6).get("theory.read_error[one wave]");
    assertEquals(mean, error, 0.1 * mean);
  }

  @Test
  void any_curve_is_held_against_curves_that_mean_nothing() {
    double[][] points = new double[30][];
    for (int i = 0; i < 30; i++) {
      double angle = 2 * Math.PI * 3 * i / 29;
      points[i] = new double[] {Math.cos(angle), Math.sin(angle)};
    }
    Manifold circle =
        Manifold.of(Nd4j.createFromArray(points), IntStream.rangeClosed(1, 30).toArray());
    Map<String, Double> nulls = byColumn(MarkMeasures.nulls(circle, 5));
    double smoothed = 3 * 27 / 29.0; // between the second point and the last but one
    assertEquals(smoothed, nulls.get("count.plane_turns"), 0.02);
    for (String of : List.of("rise[smooth]", "rise[walk]", "plane_turns[walk]")) {
      assertTrue(nulls.get("null." + of) > 0, nulls::toString);
    }
    assertTrue(nulls.containsKey("count.beyond_nulls"));
  }

  @Test
  void an_untrained_model_is_measured_in_the_numbers_of_the_theory() {
    MarkCounting task = MarkCounting.underline().between(8, 20).withLength(28);
    ModelConfig config = ModelConfig.of(ModelShape.marks(task, 0.4).withDModel(32), task, 0);
    try (ReferenceTransformer reader =
        ReferenceTransformer.of(config, Parameters.initial(config, 4))) {
      MarkSubject model = MarkSubject.of(task, reader, 150);
      Map<String, Double> bent = byColumn(MarkMeasures.bent(model, 0.4, 5));
      for (String number :
          List.of("dimensions", "components_95", "first", "trough", "rise", "plane_turns")) {
        assertTrue(bent.containsKey("count." + number), number);
        assertTrue(predicted(20, 32, 0.4).containsKey("theory." + number), number);
      }
      assertEquals(Math.sqrt(32), bent.get("stream.norm"));
      assertTrue(bent.get("count.radius") < bent.get("stream.norm"), "inside the norm");
      assertTrue(bent.get("count.read_error") > 0.1, "noise hides a count that nothing spread");
      assertEquals(0, byColumn(MarkMeasures.bent(model, 0, 5)).get("count.read_error"));
      assertTrue(bent.get("null.plane_turns[smooth 95 %]") > 0);
    }
  }
}
