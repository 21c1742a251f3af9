package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.line.Head;
import org.grokscope.line.QkTwist;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TwistInSpaceTest {
  private static Manifold circle(int plane) {
    INDArray points = Nd4j.zeros(DataType.DOUBLE, 24, 4);
    for (int i = 0; i < 24; i++) {
      points.putScalar(i, plane, Math.cos(2 * Math.PI * i / 24));
      points.putScalar(i, plane + 1, Math.sin(2 * Math.PI * i / 24));
    }
    return Manifold.of(points, IntStream.range(0, 24).toArray());
  }

  /** Reads two circles in two planes and puts them onto each other, two places further. */
  private static TwistInSpace twist() {
    double c = Math.cos(2 * Math.PI * 2 / 24);
    double s = Math.sin(2 * Math.PI * 2 / 24);
    Head head =
        Head.of(
            "by hand",
            Nd4j.create(new double[][] {{1, 0}, {0, 1}, {0, 0}, {0, 0}}),
            Nd4j.create(new double[][] {{0, 0}, {0, 0}, {c, -s}, {s, c}}));
    return new TwistInSpace("Turned", "count", "end", QkTwist.of(head, circle(0), circle(2)));
  }

  private static double apart(JsonNode data, int query, int key) {
    double square = 0;
    for (String axis : List.of("x", "y", "z")) {
      List<Double> from = numbers(data.get(1).get(axis));
      List<Double> to = numbers(data.get(2).get(axis));
      square += Math.pow(from.get(query) - to.get(key), 2);
    }
    return Math.sqrt(square);
  }

  @Test
  void leads_from_apart_to_together() {
    JsonNode json = FigureJson.of(twist());
    assertEquals(11, json.get("frames").size());
    assertEquals("before", json.at("/frames/0/name").asText());
    assertEquals("after", json.at("/frames/10/name").asText());
    double worst = 0;
    double nearest = 9;
    for (int count = 0; count < 22; count++) {
      worst = Math.max(worst, apart(json.at("/frames/10/data"), count, count + 2));
      nearest = Math.min(nearest, apart(json.at("/frames/0/data"), count, count + 2));
    }
    assertTrue(worst < 0.02, "labels that match are in one place after the head: " + worst);
    assertTrue(nearest > worst, "and were not before: " + nearest);
    assertEquals(json.at("/frames/10/data/1/x"), json.at("/data/1/x"), "begins with after");
  }

  @Test
  void joins_the_labels_that_match() {
    JsonNode joints = FigureJson.of(twist()).at("/frames/0/data/0");
    List<Double> x = numbers(joints.get("x"));
    assertEquals(0, x.size() % 3);
    assertTrue(x.size() / 3 >= 8, "" + x.size());
    assertTrue(joints.at("/x/2").isNull(), "a gap after every pair");
  }

  @Test
  void the_filmstrip_has_both_ends() {
    JsonNode still = FigureJson.of(twist()).at("/layout/meta/still");
    assertEquals("<b>before</b>", still.at("/layout/annotations/0/text").asText());
    assertEquals("<b>after</b>", still.at("/layout/annotations/1/text").asText());
    assertEquals("scene2", still.at("/data/5/scene").asText());
    assertFalse(still.get("layout").has("sliders"));
  }

  /** Plotly draws black in the legend for a curve that is coloured by its labels. */
  @Test
  void what_the_legend_shows_has_a_colour_that_the_night_can_change() {
    JsonNode json = FigureJson.of(twist());
    JsonNode still = json.at("/layout/meta/still");
    for (JsonNode figure : List.of(json, still)) {
      List<String> shown = new ArrayList<>();
      for (JsonNode trace : figure.get("data")) {
        if (trace.path("showlegend").asBoolean(true)) {
          String part = trace.get("mode").asText().equals("lines") ? "line" : "marker";
          assertTrue(trace.get(part).get("color").isTextual(), trace.toString());
          shown.add(trace.get("name").asText());
        }
      }
      assertEquals(List.of("match after the head", "count, asking", "end, asked"), shown);
    }
    assertEquals(json.at("/data/1/legendgroup"), json.at("/data/3/legendgroup"), "go together");
    assertEquals(json.at("/data/2/marker/symbol"), json.at("/data/4/marker/symbol"));
  }

  @Test
  void says_what_is_to_be_seen() {
    String said = twist().figure().description();
    assertTrue(
        said.contains(
            "from before head by hand to after it: the cosine of the curves, where they are most"
                + " alike, goes from 0.00 to 1.00, at 2 labels apart"),
        said);
  }
}
