package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NeuronHeatmapsTest {
  /** One neuron of p = 5 with energy 9 + 4 + 16 at k = 2, 1 elsewhere, and a constant. */
  private static NeuronHeatmaps one() {
    INDArray map = Nd4j.arange(25).castTo(DataType.DOUBLE).reshape(1, 5, 5);
    INDArray spectrum = Nd4j.createFromArray(new double[][][] {{{50, 0, 3}, {0, 1, 0}, {2, 0, 4}}});
    return new NeuronHeatmaps(List.of(17), map, spectrum);
  }

  @Test
  void the_map_stands_above_its_spectrum() {
    JsonNode json = FigureJson.of(one());
    assertEquals(2, json.get("data").size());
    assertEquals(7, json.at("/data/0/z/1/2").asDouble(), "a = 1, b = 2");
    assertEquals("x2", json.at("/data/1/xaxis").asText());
    assertEquals("<b>neuron 17</b>, ≤ 24.0", json.at("/layout/annotations/0/text").asText());
    assertTrue(
        json.at("/layout/yaxis/domain/0").asDouble()
            > json.at("/layout/yaxis2/domain/1").asDouble());
    assertEquals("a", json.at("/layout/yaxis/title/text").asText());
    assertTrue(json.at("/layout/xaxis2/automargin").asBoolean(), "house style on every axis");
  }

  @Test
  void the_constant_is_left_out_of_the_spectrum_and_of_the_share() {
    JsonNode json = FigureJson.of(one());
    assertTrue(json.at("/data/1/z/0/0").isNull());
    assertEquals(4, json.at("/data/1/zmax").asDouble());
    assertEquals("k = 2 holds 97 %", json.at("/layout/annotations/1/text").asText());
    assertEquals(
        "neuron 17, up to 24.0: k = 2 holds 97 % of its centred energy",
        one().figure().description());
  }

  @Test
  void one_neuron_does_not_fill_the_page() {
    JsonNode layout = FigureJson.of(one()).get("layout");
    assertEquals(2 * 400 + 66 + 160, layout.get("height").asInt());
    assertEquals(400 / PanelPairs.WIDE, layout.at("/xaxis/domain/1").asDouble(), 1e-4);
  }

  @Test
  void a_neuron_that_is_constant_holds_nothing() {
    var dead = new NeuronHeatmaps(List.of(0), Nd4j.zeros(1, 5, 5), Nd4j.zeros(1, 3, 3));
    assertEquals("k = 1 holds 0 %", FigureJson.of(dead).at("/layout/annotations/1/text").asText());
  }

  @Test
  void six_neurons_of_all_pairs_stay_small_and_no_two_panels_overlap() {
    var six =
        new NeuronHeatmaps(
            IntStream.range(0, 6).boxed().toList(),
            Nd4j.rand(DataType.DOUBLE, 6, 113, 113),
            Nd4j.rand(DataType.DOUBLE, 6, 57, 57));
    JsonNode json = FigureJson.of(six);
    int bytes = six.figure().toJson().length();
    assertTrue(bytes < 700_000, bytes + " bytes");
    for (JsonNode layout : List.of(json.get("layout"), json.at("/layout/meta/narrow"))) {
      for (int i = 0; i < 12; i++) {
        for (int j = 0; j < i; j++) {
          assertTrue(
              apart(layout, "x", i, j) || apart(layout, "y", i, j), "panels " + i + " and " + j);
        }
      }
    }
  }

  private static boolean apart(JsonNode layout, String letter, int one, int other) {
    JsonNode a = layout.at("/" + PanelPairs.axis(letter, one) + "/domain");
    JsonNode b = layout.at("/" + PanelPairs.axis(letter, other) + "/domain");
    return a.get(1).asDouble() < b.get(0).asDouble() || b.get(1).asDouble() < a.get(0).asDouble();
  }

  @Test
  void refuses_too_many_neurons_and_shapes_that_do_not_agree() {
    assertTrue(
        refusal(
                () ->
                    new NeuronHeatmaps(
                        List.of(1, 2, 3, 4, 5, 6, 7), Nd4j.zeros(7, 5, 5), Nd4j.zeros(7, 3, 3)))
            .contains("got 7 neurons, expected 1 to 6"));
    assertTrue(
        refusal(() -> new NeuronHeatmaps(List.of(1), Nd4j.zeros(1, 5, 4), Nd4j.zeros(1, 3, 3)))
            .contains("activations of shape [1, 5, 4]"));
    assertEquals(
        "neuron heat maps: got spectra of shape [1, 5, 5], expected [1, 3, 3]",
        refusal(() -> new NeuronHeatmaps(List.of(1), Nd4j.zeros(1, 5, 5), Nd4j.zeros(1, 5, 5))));
  }
}
