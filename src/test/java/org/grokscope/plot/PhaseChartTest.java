package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.grokscope.plot.FigureJson.trace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.grokscope.plot.PhaseChart.Boundary;
import org.grokscope.plot.PhaseChart.Phase;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class PhaseChartTest {
  private final Table series =
      Table.create(
          "series",
          LongColumn.create("epoch", 0, 100, 200, 1000),
          DoubleColumn.create("loss[train]", 4.7, 0.1, 1e-3, 1e-7),
          DoubleColumn.create("loss[test]", 4.8, 14, 12, 2e-7),
          DoubleColumn.create("restricted.logits[test]", 4.7, 4.5, 0, 1e-8),
          DoubleColumn.create("squared_norm[total]", 1775, 3562, 3000, 1034));

  private final List<Phase> phases =
      List.of(
          new Phase("memorisation", new Boundary(0, 0), new Boundary(100, 200)),
          new Phase("cleanup", new Boundary(100, 200), new Boundary(900, 900)));

  private PhaseChart whole() {
    return PhaseChart.of(series, "restricted.logits[test]")
        .withNorm("squared_norm[total]")
        .withPhases(phases);
  }

  @Test
  void losses_stand_above_and_the_norm_below_on_its_own_axis() {
    JsonNode json = FigureJson.of(whole());
    assertEquals(4 + phases.size(), json.get("data").size());
    assertEquals(HouseStyle.TRAIN, trace(json, "train loss").at("/line/color").asText());
    assertEquals(HouseStyle.TEST, trace(json, "test loss").at("/line/color").asText());
    JsonNode norm = json.at("/data/3");
    assertEquals("y2", norm.get("yaxis").asText());
    assertEquals(List.of(1775.0, 3562.0, 3000.0, 1034.0), numbers(norm.get("y")));
    assertEquals("log", json.at("/layout/yaxis/type").asText());
    assertTrue(
        json.at("/layout/yaxis2/domain/1").asDouble()
            < json.at("/layout/yaxis/domain/0").asDouble());
  }

  @Test
  void a_measure_is_named_in_words_and_has_a_gap_where_a_log_axis_has_no_place() {
    JsonNode measure = trace(FigureJson.of(whole()), "restricted loss (logits, test)");
    assertEquals(Arrays.asList(4.7, 4.5, null, 1e-8), numbers(measure.get("y")));
  }

  @Test
  void phases_are_shaded_to_the_middle_of_their_boundaries_which_are_grey() {
    JsonNode shapes = FigureJson.of(whole()).at("/layout/shapes");
    assertEquals(3, shapes.size(), "two phases, and the one boundary that is not known exactly");
    assertEquals(0, shapes.at("/0/x0").asDouble());
    assertEquals(150, shapes.at("/0/x1").asDouble());
    assertEquals(150, shapes.at("/1/x0").asDouble());
    assertEquals(900, shapes.at("/1/x1").asDouble());
    assertEquals(100, shapes.at("/2/x0").asDouble());
    assertEquals(200, shapes.at("/2/x1").asDouble());
  }

  @Test
  void a_boundary_that_the_axis_shows_in_part_is_cut_off_and_one_before_it_is_left_out() {
    var early = new Phase("start", new Boundary(0, 1), new Boundary(150, 250));
    JsonNode shapes =
        FigureJson.of(
                PhaseChart.of(series).withPhases(List.of(early)).withLogEpochs().withUntil(200))
            .at("/layout/shapes");
    assertEquals(2, shapes.size(), "the phase and one boundary: epoch 0 to 1 is not on the axis");
    assertEquals(150, shapes.at("/1/x0").asDouble());
    assertEquals(200, shapes.at("/1/x1").asDouble());
  }

  @Test
  void labels_stand_above_the_phases_or_all_in_a_legend() {
    JsonNode layout = FigureJson.of(whole()).get("layout");
    assertEquals("memorisation", layout.at("/annotations/0/text").asText(), "120 pixels fit");
    assertFalse(layout.at("/legend2/visible").asBoolean(true));
    JsonNode narrow = layout.at("/meta/narrow");
    assertTrue(narrow.get("annotations").isEmpty(), "35 pixels do not");
    assertTrue(narrow.at("/legend2/visible").asBoolean());
    JsonNode swatch = trace(FigureJson.of(whole()), "cleanup");
    assertEquals("legend2", swatch.get("legend").asText());
    assertEquals(layout.at("/shapes/1/fillcolor"), swatch.at("/marker/color"));
  }

  @Test
  void on_a_log_axis_labels_stand_at_the_logarithm_and_epoch_0_is_left_out() {
    JsonNode json = FigureJson.of(whole().withLogEpochs());
    assertEquals(List.of(100.0, 200.0, 1000.0), numbers(trace(json, "train loss").get("x")));
    assertEquals(
        Math.log10(150) / 2, json.at("/layout/annotations/0/x").asDouble(), 1e-4, "from epoch 1");
    assertEquals(1, json.at("/layout/shapes/0/x0").asDouble());
  }

  @Test
  void what_comes_after_an_epoch_can_be_left_out() {
    JsonNode json = FigureJson.of(whole().withUntil(200));
    assertEquals(List.of(0.0, 100.0, 200.0), numbers(trace(json, "train loss").get("x")));
    assertEquals(200, json.at("/layout/xaxis/range/1").asDouble());
    assertEquals(200, json.at("/layout/shapes/1/x1").asDouble(), "the phase ends with the axis");
  }

  @Test
  void the_description_gives_the_last_values_and_the_phases() {
    assertEquals(
        "at epoch 1,000 loss[train] 1.00e-07, loss[test] 2.00e-07, restricted.logits[test]"
            + " 1.00e-08, squared_norm[total] 1.03e+03; memorisation from 0 to 100–200, cleanup from"
            + " 100–200 to 900",
        whole().figure().description());
  }

  @Test
  void without_a_norm_there_is_one_panel() {
    JsonNode json = FigureJson.of(PhaseChart.of(series));
    assertEquals(2, json.get("data").size());
    assertTrue(json.at("/layout/yaxis2").isMissingNode());
    assertFalse(json.at("/layout/xaxis").has("anchor"));
  }

  @Test
  void refuses_missing_columns_empty_stretches_and_phases_from_right_to_left() {
    assertTrue(
        refusal(() -> PhaseChart.of(series, "excluded.logits[train]"))
            .contains("no numeric column 'excluded.logits[train]', expected one of [epoch, "));
    assertTrue(
        refusal(() -> PhaseChart.of(Table.create("t", StringColumn.create("epoch"))))
            .contains("'epoch'"));
    assertTrue(refusal(() -> PhaseChart.of(series).withNorm("norm")).contains("'norm'"));
    assertTrue(refusal(() -> PhaseChart.of(series.emptyCopy())).contains("no row to draw"));
    assertTrue(
        refusal(() -> PhaseChart.of(series).withLogEpochs().withUntil(0)).contains("up to 0"));
    assertTrue(refusal(() -> Phase.of("x", 2, 2)).contains("phase 'x': got 2 to 2"));
    assertTrue(refusal(() -> new Boundary(Double.NaN, 1)).contains("two epochs in order"));
  }
}
