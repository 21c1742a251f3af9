package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HeatMapTest {
  private static HeatMap of(INDArray values) {
    return HeatMap.of("Logits", "b", "a", "logit", values);
  }

  @Test
  void rows_stand_upwards_with_a_gap_where_there_is_no_number() {
    var json =
        FigureJson.of(
            of(Nd4j.createFromArray(new double[][] {{1, 2, 0.5}, {3, Double.NaN, 4.00049}})));
    assertEquals(List.of(1.0, 2.0, 0.5), numbers(json.at("/data/0/z/0")));
    assertEquals(Arrays.asList(3.0, null, 4.0), numbers(json.at("/data/0/z/1")));
    assertEquals("b", json.at("/layout/xaxis/title/text").asText());
    assertTrue(json.at("/layout/yaxis/scaleanchor").isMissingNode(), "2 × 3 is no square");
  }

  @Test
  void numbers_of_both_signs_are_coloured_around_zero() {
    var signed = FigureJson.of(of(Nd4j.createFromArray(new double[][] {{-3, 1}, {0, 2}})));
    assertEquals(-3, signed.at("/layout/coloraxis/cmin").asDouble());
    assertEquals(3, signed.at("/layout/coloraxis/cmax").asDouble());
    var positive = FigureJson.of(of(Nd4j.createFromArray(new double[][] {{3, 1}, {0, 2}})));
    assertEquals(0, positive.at("/layout/coloraxis/cmin").asDouble());
    assertNotEquals(
        signed.at("/layout/coloraxis/colorscale"), positive.at("/layout/coloraxis/colorscale"));
    assertEquals("x", positive.at("/layout/yaxis/scaleanchor").asText(), "a square");
  }

  @Test
  void a_matrix_without_a_number_is_empty() {
    var json = FigureJson.of(of(Nd4j.valueArrayOf(new long[] {2, 2}, Double.NaN)));
    assertEquals(1, json.at("/layout/coloraxis/cmax").asDouble());
  }

  @Test
  void the_description_gives_size_and_range() {
    assertEquals(
        "logit over a and b, 2 × 2 cells, from -3.000 to 2.000",
        of(Nd4j.createFromArray(new double[][] {{-3, 1}, {0, 2}})).figure().description());
  }

  @Test
  void changing_the_matrix_later_does_not_change_the_figure() {
    INDArray values = Nd4j.ones(2, 2);
    HeatMap map = of(values);
    values.putScalar(0, 0, 7);
    assertEquals(1, FigureJson.of(map).at("/data/0/z/0/0").asDouble());
  }

  @Test
  void a_map_of_all_pairs_is_small() {
    int bytes = of(Nd4j.rand(113, 113)).figure().toJson().length();
    assertTrue(bytes < 100_000, bytes + " bytes");
  }

  @Test
  void refuses_what_is_no_matrix_or_too_large() {
    assertEquals(
        "heat map: got values of shape [4], expected [any, any]",
        refusal(() -> of(Nd4j.create(4))));
    assertTrue(refusal(() -> of(Nd4j.create(300, 300))).contains("90000 cells"));
  }

  @Test
  void names_of_rows_and_columns_stand_on_the_axes_and_numbers_in_the_cells() {
    HeatMap named =
        of(Nd4j.createFromArray(new double[][] {{0.1, 0.9, 0}, {0.2, 0.3, 0}}))
            .named(List.of("head 0", "head 1"), List.of("a", "b", "="));
    JsonNode json = FigureJson.of(named);
    assertEquals(List.of("a", "b", "="), FigureJson.texts(json.at("/data/0/x")));
    assertEquals(List.of("head 0", "head 1"), FigureJson.texts(json.at("/data/0/y")));
    assertEquals("%{z:.2f}", json.at("/data/0/texttemplate").asText());
    assertTrue(
        json.at("/layout/yaxis/range/0").asDouble() > json.at("/layout/yaxis/range/1").asDouble(),
        "the first row at the top");
    assertTrue(named.figure().description().endsWith("; the largest is head 0, b"));
    assertTrue(
        FigureJson.refusal(() -> named.named(List.of("one"), List.of("a", "b", "=")))
            .contains("expected different names for 2 × 3 cells"));
  }
}
