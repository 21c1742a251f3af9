package org.grokscope.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.model.SmallModels;
import org.grokscope.series.Reading;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineFact;
import org.grokscope.task.LineWidths;
import org.junit.jupiter.api.Test;

class LineMeasuresTest {
  private static List<String> names(boolean cheap) {
    return LineMeasures.all().stream()
        .filter(measure -> measure.isCheap() == cheap)
        .map(LineMeasures.Measure::name)
        .toList();
  }

  @Test
  void the_cheap_ones_are_those_that_are_followed_over_a_training() {
    assertEquals(
        List.of(
            "accuracy",
            "count",
            "raw_count",
            "width",
            "best_neuron_r2",
            "probe_r2",
            "width_head",
            "head"),
        names(true));
    for (LineMeasures.Measure measure : LineMeasures.all()) {
      assertTrue(measure.formula().length() > 20, measure.name());
      assertTrue(!(measure.isCheap() && measure.needsControls()), measure.name());
    }
  }

  private static Map<String, Double> read(LineSubject model, String measure) {
    return LineMeasures.named(measure).readings(model).stream()
        .collect(Collectors.toMap(Reading::column, Reading::value));
  }

  @Test
  void text_under_a_ruler_has_both_curves_behind_the_norm_and_is_read_through_noise() {
    LineBreaking task = LineBreaking.ruler().withWidths(LineWidths.ruled(16, 26)).withLength(36);
    ModelConfig config = ModelConfig.of(ModelShape.lines(task, 0.3), task, 0);
    try (ReferenceTransformer reader =
        ReferenceTransformer.of(config, Parameters.initial(config, 4))) {
      LineSubject model = LineSubject.of(task, reader, 120, 0);
      assertEquals("blocks.2.hook_resid_pre", model.site());
      assertEquals(LineFact.COUNT, model.count().fact());
      int[] widths = model.widths().manifold().labels();
      assertTrue(widths[0] >= 16 && widths[widths.length - 1] <= 26, Arrays.toString(widths));
      Map<String, Double> count = read(model, "count");
      Map<String, Double> width = read(model, "width");
      for (String number : List.of("components_95", "first", "trough", "rise", "turns")) {
        assertTrue(count.containsKey("count." + number), number);
        assertTrue(width.containsKey("width." + number), number);
      }
      Map<String, Double> nulls = read(model, "count_null");
      assertEquals(0, nulls.get("count.beyond_nulls"), "nothing is learnt: " + nulls);
      Map<String, Double> accuracy = read(model, "accuracy");
      assertTrue(accuracy.containsKey("noisy_near_edge_accuracy"), accuracy::toString);
      assertEquals(1, read(model, "ceiling").get("bayes_ceiling"));
      assertTrue(read(model, "width_head").containsKey("width_head.slope[3]"));
      assertTrue(read(model, "probe_r2").containsKey("probe_r2[count]"));
    }
  }

  @Test
  void a_width_that_nothing_says_has_no_curve_and_a_stream_without_noise_no_null() {
    LineBreaking task = LineBreaking.inferred(60);
    try (ReferenceTransformer reader = SmallModels.randomReader(task)) {
      LineSubject model = LineSubject.of(task, reader, 60, 0);
      assertEquals(List.of(), LineMeasures.named("width").readings(model));
      assertEquals(List.of(), LineMeasures.named("count_null").readings(model));
      assertEquals("blocks.0.hook_resid_post", model.site());
      String message = assertThrows(IllegalArgumentException.class, model::widths).getMessage();
      assertTrue(message.contains("got widths to infer"), message);
    }
  }

  /** Random weights of a model that reads no header: readings under the names of the evidence. */
  @Test
  void a_measure_reads_what_its_name_says_and_nothing_where_there_is_nothing() {
    LineBreaking task = LineBreaking.plainNewline();
    try (ReferenceTransformer reader = SmallModels.randomReader(task)) {
      LineSubject model = LineSubject.of(task, reader, 60, 0);
      Map<String, Double> accuracy =
          LineMeasures.named("accuracy").readings(model).stream()
              .collect(Collectors.toMap(Reading::metric, Reading::value));
      double right = accuracy.get("break_accuracy");
      assertTrue(right >= 0 && right <= 1, "" + right);
      assertTrue(
          LineMeasures.named("raw_count").readings(model).stream()
              .allMatch(reading -> reading.metric().startsWith("raw_count.")));
      assertEquals(List.of(), LineMeasures.named("head").readings(model), "no header");
      assertEquals(List.of(), LineMeasures.named("width").readings(model), "one width");
      assertThrows(
          IllegalArgumentException.class, () -> LineMeasures.named("steer").readings(model));
    }
    assertThrows(IllegalArgumentException.class, () -> LineSubject.of(task, null, 0, 0));
    String message =
        assertThrows(IllegalArgumentException.class, () -> LineMeasures.named("curve"))
            .getMessage();
    assertTrue(message.contains("count, raw_count"), message);
  }
}
