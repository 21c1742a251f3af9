package org.grokscope.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.model.SmallModels;
import org.grokscope.series.Reading;
import org.grokscope.task.LineBreaking;
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
