package org.grokscope.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Font;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.components.TickSettings;
import tech.tablesaw.plotly.traces.BarTrace;
import tech.tablesaw.plotly.traces.BoxTrace;
import tech.tablesaw.plotly.traces.ContourTrace;
import tech.tablesaw.plotly.traces.HeatmapTrace;
import tech.tablesaw.plotly.traces.HistogramTrace;
import tech.tablesaw.plotly.traces.Scatter3DTrace;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;
import tech.tablesaw.plotly.traces.ViolinTrace;

class JsplotBridgeTest {
  private static final Object[] NAMES = {"it's", "p < q", "a\\b"};
  private static final double[] NUMBERS = {1, Double.NaN, 2.5};

  /** As a browser would see it: strictly read. */
  private static JsonNode json(Layout layout, Trace... traces) throws Exception {
    return new ObjectMapper().readTree(Figure.of("a test", layout, traces).toJson());
  }

  private static JsonNode json(Trace trace) throws Exception {
    return json(Layout.builder().build(), trace).at("/data/0");
  }

  @Test
  void scatter_keeps_numbers_as_numbers_and_gaps_as_null() throws Exception {
    JsonNode trace =
        json(ScatterTrace.builder(new double[] {1, 2, 3}, NUMBERS).name("<b>\\x'").build());
    assertEquals("scatter", trace.get("type").asText());
    assertTrue(trace.at("/x/0").isIntegralNumber());
    assertEquals(2.5, trace.at("/y/2").doubleValue());
    assertTrue(trace.at("/y/1").isNull());
    assertEquals("<b>\\x'", trace.get("name").asText());
  }

  @Test
  void bars_keep_their_categories_as_texts() throws Exception {
    JsonNode trace = json(BarTrace.builder(NAMES, NUMBERS).opacity(0.5).build());
    for (int i = 0; i < NAMES.length; i++) {
      assertEquals(NAMES[i], trace.at("/x/" + i).asText());
    }
    assertEquals(0.5, trace.get("opacity").doubleValue());
    assertTrue(trace.get("opacity").isNumber());
  }

  @Test
  void heatmaps_keep_their_own_names_side_by_side() throws Exception {
    double[][] z = {{1, Double.NaN}, {Double.NEGATIVE_INFINITY, 4}};
    HeatmapTrace first = HeatmapTrace.builder(new Object[] {0, 1}, new Object[] {0, 1}, z).build();
    JsonNode json = json(Layout.builder().build(), first, first);
    assertEquals(2, json.get("data").size());
    assertTrue(json.at("/data/1/z/0/1").isNull());
    assertTrue(json.at("/data/1/z/1/0").isNull());
    assertEquals(4, json.at("/data/1/z/1/1").doubleValue());
    assertFalse(json.at("/data/0").has("name"));
  }

  @Test
  void lines_in_space_are_lines() throws Exception {
    for (Scatter3DTrace.Mode mode : Scatter3DTrace.Mode.values()) {
      JsonNode trace = json(Scatter3DTrace.builder(NUMBERS, NUMBERS, NUMBERS).mode(mode).build());
      assertTrue(
          trace.get("mode").asText().matches("none|(lines|markers|text)([+](lines|markers|text))*"),
          mode + " became " + trace.get("mode"));
    }
  }

  @Test
  void every_other_kind_of_trace_becomes_strict_json() throws Exception {
    double[][] z = {{1, 2}, {3, 4}};
    Object[] x = {"a", "b"};
    assertEquals("contour", json(ContourTrace.builder(x, x, z).build()).get("type").asText());
    assertEquals("box", json(BoxTrace.builder(NAMES, NUMBERS).build()).get("type").asText());
    assertEquals("violin", json(violin()).get("type").asText());
    assertTrue(json(violin()).at("/box/visible").asBoolean());
    JsonNode histogram = json(HistogramTrace.builder(NUMBERS).nBinsX(7).build());
    assertEquals(7, histogram.get("nbinsx").asInt());
  }

  private static ViolinTrace violin() {
    return ViolinTrace.builder(NAMES, NUMBERS).boxPlot(true).meanLine(true).build();
  }

  @Test
  void markers_keep_size_and_colour() throws Exception {
    Marker marker = Marker.builder().size(3).color("#123456").build();
    JsonNode trace = json(ScatterTrace.builder(NUMBERS, NUMBERS).marker(marker).build());
    assertEquals(3, trace.at("/marker/size").asDouble());
    assertEquals("#123456", trace.at("/marker/color").asText());
  }

  @Test
  void titles_are_plain_text_in_the_form_that_plotly_reads() throws Exception {
    Axis axis =
        Axis.builder()
            .title("p < q & \"r\"")
            .type(Axis.Type.LOG)
            .titleFont(Font.builder().size(11).build())
            .tickSettings(TickSettings.builder().dTick(0.5).build())
            .build();
    Layout layout = Layout.builder("It's <here>").xAxis(axis).height(333).build();
    JsonNode json = json(layout, ScatterTrace.builder(NUMBERS, NUMBERS).build()).get("layout");
    assertEquals("It's <here>", json.at("/title/text").asText());
    assertEquals("p < q & \"r\"", json.at("/xaxis/title/text").asText());
    assertEquals(11, json.at("/xaxis/title/font/size").asInt());
    assertFalse(json.get("xaxis").has("titlefont"));
    assertEquals("log", json.at("/xaxis/type").asText());
    assertEquals(333, json.get("height").asInt());
  }
}
