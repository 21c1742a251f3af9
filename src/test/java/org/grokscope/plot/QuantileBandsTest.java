package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.grokscope.plot.FigureJson.trace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

class QuantileBandsTest {
  private static final List<String> COLUMNS = List.of("a", "b", "c", "d", "e");

  private final Table series =
      Table.create(
          "series",
          LongColumn.create("epoch", 0, 100, 1000),
          DoubleColumn.create("a", 0.1, 0.2, 0.6),
          DoubleColumn.create("b", 0.2, 0.3, 0.7),
          DoubleColumn.create("c", 0.3, 0.4, 0.8),
          DoubleColumn.create("d", 0.4, 0.5, 0.9),
          DoubleColumn.create("e", 0.5, 0.6, 1));

  private QuantileBands bands() {
    return QuantileBands.of("Neurons", "largest f_k", series, COLUMNS);
  }

  @Test
  void the_median_is_a_line_in_two_bands() {
    JsonNode json = FigureJson.of(bands());
    assertEquals(5, json.get("data").size());
    assertEquals(List.of(0.3, 0.4, 0.8), numbers(trace(json, "median").get("y")));
    assertEquals(List.of(0.1, 0.2, 0.4, 0.5), numbers(trace(json, "median").at("/customdata/0")));
    assertEquals(List.of(0.1, 0.2, 0.6), numbers(json.at("/data/0/y")), "below the outer band");
    assertEquals(List.of(0.5, 0.6, 1.0), numbers(trace(json, "the middle 80 %").get("y")));
    assertEquals("tonexty", trace(json, "the middle 50 %").get("fill").asText());
    assertEquals(List.of(0.2, 0.3, 0.7), numbers(json.at("/data/2/y")), "below the inner band");
  }

  @Test
  void a_log_axis_begins_at_epoch_1() {
    JsonNode json = FigureJson.of(bands().withLogEpochs());
    assertEquals(List.of(100.0, 1000.0), numbers(trace(json, "median").get("x")));
    assertEquals("log", json.at("/layout/xaxis/type").asText());
  }

  @Test
  void the_description_tells_from_where_to_where() {
    assertEquals(
        "largest f_k: its median goes from 0.300 at epoch 0 to 0.800 at epoch 1,000, where the"
            + " middle four fifths lie from 0.600 to 1.00",
        bands().figure().description());
  }

  @Test
  void refuses_wrong_columns_and_quantiles_that_descend() {
    assertTrue(
        refusal(() -> QuantileBands.of("t", "q", series, List.of("a"))).contains("got 1 columns"));
    assertTrue(
        refusal(() -> QuantileBands.of("t", "q", series, List.of("a", "b", "x", "d", "e")))
            .contains("no numeric column 'x'"));
    assertTrue(
        refusal(() -> QuantileBands.of("t", "q", series, List.of("b", "a", "c", "d", "e")))
            .contains("got a below b at epoch 0.0"));
    assertTrue(
        refusal(() -> QuantileBands.of("t", "q", series.emptyCopy(), COLUMNS)).contains("no row"));
  }
}
