package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CheckpointSliderTest {
  /** Seven tokens whose circle of frequency 2 grows out of a line, in three checkpoints. */
  private static CheckpointSlider seven() {
    INDArray coordinates = Nd4j.create(DataType.DOUBLE, 3, 7, 2);
    for (int frame = 0; frame < 3; frame++) {
      for (int token = 0; token < 7; token++) {
        double angle = 2 * Math.PI * 2 * token / 7;
        coordinates.putScalar(new int[] {frame, token, 0}, Math.cos(angle));
        coordinates.putScalar(new int[] {frame, token, 1}, frame * Math.sin(angle) / 2);
      }
    }
    INDArray norms = Nd4j.createFromArray(new double[][] {{1, 1, 1}, {0.5, 2, 0.4}, {0, 3, 4}});
    return new CheckpointSlider(List.of(0L, 100L, 2000L), norms, coordinates, 2, List.of(2, 3));
  }

  @Test
  void begins_with_the_last_checkpoint_and_has_a_step_for_each() {
    JsonNode json = FigureJson.of(seven());
    assertEquals(List.of(1.0), numbers(json.at("/data/0/x")));
    assertEquals(List.of(0.0), numbers(json.at("/data/0/y")));
    assertEquals(List.of(3.0, 4.0), numbers(json.at("/data/1/y")));
    assertEquals(2, json.at("/layout/sliders/0/active").asInt());
    assertEquals(
        List.of("0", "100", "2,000"), json.at("/layout/sliders/0/steps").findValuesAsText("label"));
    assertEquals(List.of("0", "100", "2000"), json.get("frames").findValuesAsText("name"));
    assertEquals("2000", json.at("/layout/sliders/0/steps/2/args/0/0").asText());
    assertTrue(json.at("/layout/updatemenus/0/buttons/0/args/0").isNull(), "all frames");
    assertTrue(json.at("/layout/updatemenus/0/buttons/1/args/0/0").isNull(), "stop");
  }

  @Test
  void a_frame_carries_what_the_last_one_shows() {
    JsonNode json = FigureJson.of(seven());
    JsonNode last = json.at("/frames/2");
    for (int trace = 0; trace < 4; trace++) {
      assertEquals(trace, last.at("/traces/" + trace).asInt());
      JsonNode drawn = json.at("/data/" + trace);
      JsonNode framed = last.at("/data/" + trace);
      assertEquals(drawn.get("y"), framed.get("y"));
      if (framed.has("x")) {
        assertEquals(drawn.get("x"), framed.get("x"));
      }
    }
    assertEquals(List.of(1.0, 1.0), numbers(json.at("/frames/0/data/1/y")));
  }

  @Test
  void the_line_leads_through_the_tokens_in_the_order_of_their_angle_and_closes() {
    JsonNode circle = FigureJson.of(seven()).at("/data/2");
    // 2·t mod 7 is 0, 1, 2 … at t = 0, 4, 1, 5, 2, 6, 3
    assertEquals(List.of(0., 4., 1., 5., 2., 6., 3., 0.), numbers(circle.get("customdata")));
    assertEquals(List.of(0., 1., 2., 3., 4., 5., 6., 0.), numbers(circle.at("/marker/color")));
    assertEquals(0.6235, circle.at("/x/1").asDouble());
    assertEquals(0.7818, circle.at("/y/1").asDouble());
  }

  @Test
  void axes_hold_every_frame_and_are_equal() {
    JsonNode layout = FigureJson.of(seven()).get("layout");
    assertTrue(layout.at("/yaxis/range/1").asDouble() > 4);
    assertEquals(layout.at("/xaxis2/range"), layout.at("/yaxis2/range"));
    assertEquals("x2", layout.at("/yaxis2/scaleanchor").asText());
  }

  @Test
  void the_description_tells_share_and_roundness() {
    assertEquals(
        "a slider from epoch 0 to 2,000: the key frequencies hold 67 % of the embedding's energy at"
            + " its beginning and 100 % at its end, where the tokens' distance from the centre of"
            + " the circle of frequency 2 is 1.00 with a spread of 0 %",
        seven().figure().description());
  }

  @Test
  void many_checkpoints_become_forty_where_the_spectrum_changes() {
    int n = 400;
    INDArray norms = Nd4j.ones(DataType.DOUBLE, n, 56);
    for (int i = 0; i < n; i++) { // all change happens from 100 to 110
      norms.putScalar(i, 3, Math.min(10, Math.max(0, i - 100)));
    }
    List<Long> epochs = LongStream.range(0, n).mapToObj(i -> 100 * i).toList();
    INDArray coordinates = Nd4j.rand(DataType.DOUBLE, n, 113, 2);
    var slider = new CheckpointSlider(epochs, norms, coordinates, 4, List.of(4));
    JsonNode json = FigureJson.of(slider);
    List<Long> shown =
        json.get("frames").findValuesAsText("name").stream().map(Long::valueOf).toList();
    assertTrue(shown.size() > 20 && shown.size() <= CheckpointSlider.MOST_FRAMES, "" + shown);
    assertEquals(0, shown.get(0));
    assertEquals(39_900, shown.get(shown.size() - 1));
    long dense = shown.stream().filter(epoch -> epoch >= 10_000 && epoch <= 11_000).count();
    assertTrue(dense >= 9, "every checkpoint of the change: " + shown);
    assertTrue(slider.figure().toJson().length() < 300_000);
    assertEquals(shown.size(), json.at("/layout/sliders/0/steps").size());
  }

  @Test
  void the_fixture_of_the_published_pages_is_this_slider() throws IOException {
    try (var notebook =
        getClass().getResourceAsStream("/org/grokscope/environment/01-every-output.ipynb")) {
      List<JsonNode> figures =
          new ObjectMapper().readTree(notebook).findValues("application/vnd.plotly.v1+json");
      JsonNode slider = figures.get(figures.size() - 1);
      assertEquals(FigureJson.of(seven()), slider);
    }
  }

  @Test
  void refuses_what_does_not_fit_together() {
    INDArray norms = Nd4j.ones(DataType.DOUBLE, 2, 3);
    INDArray plane = Nd4j.ones(DataType.DOUBLE, 2, 7, 2);
    assertTrue(
        refusal(() -> new CheckpointSlider(List.of(5L, 5L), norms, plane, 1, List.of(1)))
            .contains("got epoch 5 after 5"));
    assertTrue(
        refusal(() -> new CheckpointSlider(List.of(5L), norms, plane, 1, List.of(1)))
            .contains("at least two"));
    assertEquals(
        "checkpoint slider: got norms of shape [2, 3], expected [3, any]",
        refusal(() -> new CheckpointSlider(List.of(1L, 2L, 3L), norms, plane, 1, List.of(1))));
    assertTrue(
        refusal(
                () ->
                    new CheckpointSlider(List.of(1L, 2L), norms, Nd4j.ones(2, 7, 3), 1, List.of(1)))
            .contains("coordinates of shape [2, 7, 3]"));
    assertTrue(
        refusal(() -> new CheckpointSlider(List.of(1L, 2L), norms, plane, 2, List.of(1)))
            .contains("circle of frequency 2, expected one of the keys [1]"));
    assertTrue(
        refusal(() -> new CheckpointSlider(List.of(1L, 2L), norms, plane, 4, List.of(4)))
            .contains("from 1 to 3"));
  }
}
