package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CircleStripTest {
  /** Seven numbers on a line at first, and at last on circles of frequencies 1 and 3, radius 2. */
  private static CircleStrip seven() {
    INDArray places = Nd4j.create(DataType.DOUBLE, 2, 2, 7, 2);
    for (int row = 0; row < 2; row++) {
      for (int t = 0; t < 7; t++) {
        double angle = 2 * Math.PI * (row == 0 ? 1 : 3) * t / 7;
        places.putScalar(new int[] {0, row, t, 0}, 0.1 * t);
        places.putScalar(new int[] {1, row, t, 0}, 2 * Math.cos(angle));
        places.putScalar(new int[] {1, row, t, 1}, 2 * Math.sin(angle));
      }
    }
    return new CircleStrip(List.of(0L, 4_000L), List.of(1, 3), places);
  }

  @Test
  void has_a_panel_for_each_frequency_and_epoch_and_colours_by_angle() {
    JsonNode json = FigureJson.of(seven());
    assertEquals(4, json.get("data").size());
    assertEquals(
        List.of(0., 3., 6., 2., 5., 1., 4.), numbers(json.at("/data/2/marker/color")), "3t mod 7");
    assertEquals(2, json.at("/data/1/x/0").asDouble());
    assertEquals("x4", json.at("/data/3/xaxis").asText());
  }

  @Test
  void a_row_has_one_scale() {
    JsonNode layout = FigureJson.of(seven()).get("layout");
    assertEquals(layout.at("/xaxis/range"), layout.at("/xaxis2/range"));
    assertEquals(2.4, layout.at("/yaxis/range/1").asDouble(), 1e-9);
    assertEquals("x2", layout.at("/yaxis2/scaleanchor").asText());
  }

  @Test
  void knows_a_circle_in_order_from_other_heaps() {
    assertEquals(1, seven().order(1, 0), 1e-9);
    assertEquals(1, seven().order(1, 1), 1e-9);
    assertTrue(seven().order(0, 0) < 0.5);
    assertEquals(
        0, new CircleStrip(List.of(0L, 1L), List.of(1), Nd4j.zeros(2, 1, 7, 2)).order(0, 0));
    assertTrue(
        seven()
            .figure()
            .description()
            .startsWith(
                "the numbers in the planes of the frequencies 1, 3 at the epochs 0, 4,000; on"
                    + " average"));
  }

  @Test
  void refuses_what_does_not_fit() {
    assertTrue(
        refusal(() -> new CircleStrip(List.of(0L, 1L), List.of(1), Nd4j.zeros(2, 2, 7, 2)))
            .contains("places of shape [2, 2, 7, 2], expected [2, 1, any, 2]"));
    assertTrue(
        refusal(() -> new CircleStrip(List.of(0L, 1L), List.of(4), Nd4j.zeros(2, 1, 7, 2)))
            .contains("from 1 to 3"));
    assertTrue(
        refusal(() -> new CircleStrip(List.of(0L), List.of(1), Nd4j.zeros(1, 1, 7, 2)))
            .contains("got 1 epochs, expected 2 to 6"));
  }
}
