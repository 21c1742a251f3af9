package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.grokscope.plot.ControlBars.Row;
import org.grokscope.plot.ControlBars.Scale;
import org.junit.jupiter.api.Test;

class ControlBarsTest {
  private static final Row ONE = new Row("one", List.of(0.9), OptionalInt.empty());
  private static final Row RANDOM = new Row("random", List.of(0.0, 0.1, 0.2), OptionalInt.empty());

  @Test
  void are_what_ablations_and_steering_draw() {
    assertEquals(
        AblationBars.of(
                AblationBars.Measure.ACCURACY,
                AblationBars.Condition.of("one", 0.9),
                new AblationBars.Condition("random", RANDOM.values()))
            .figure()
            .toMap()
            .get("data"),
        ControlBars.of("t", "accuracy", ONE, RANDOM).figure().toMap().get("data"));
    assertEquals(
        SteeringBars.of("t", "shares", SteeringBars.Row.of("one", 0.9, 100))
            .figure()
            .toMap()
            .get("data"),
        ControlBars.of("t", "shares", new Row("one", List.of(0.9), OptionalInt.of(100)))
            .figure()
            .toMap()
            .get("data"));
  }

  @Test
  void intervals_and_chance_stand_in_one_figure() {
    JsonNode json =
        FigureJson.of(
            ControlBars.of("t", "shares", new Row("one", List.of(0.9), OptionalInt.of(100)), RANDOM)
                .withChance(0.5));
    assertEquals(
        List.of("90.0 %", "10.0 %", "chance"),
        json.at("/layout/annotations").findValuesAsText("text"));
    assertEquals(0.5, json.at("/layout/shapes/0/x0").asDouble());
  }

  @Test
  void a_number_stands_clear_of_the_marks_of_its_row() {
    JsonNode json = FigureJson.of(ControlBars.of("t", "w", ONE, RANDOM));
    assertEquals("none", json.at("/data/0/textposition").asText());
    assertEquals(
        List.of("90.0 %", "10.0 %"), json.at("/layout/annotations").findValuesAsText("text"));
    JsonNode beside = json.at("/layout/annotations/1");
    assertEquals(0.2, beside.get("x").asDouble(), "beside the largest try, not the mean");
    assertEquals("left", beside.get("xanchor").asText());
    assertEquals(
        "outside",
        FigureJson.of(ControlBars.of("t", "w", ONE)).at("/data/0/textposition").asText());
  }

  @Test
  void refuse_what_the_scale_does_not_allow() {
    assertTrue(refusal(() -> ControlBars.of("t", "w")).contains("got 0 rows"));
    assertTrue(refusal(() -> ControlBars.of("t", "w", ONE, ONE)).contains("different names"));
    Row loss = new Row("x", List.of(1.5), OptionalInt.of(3));
    assertTrue(
        refusal(() -> ControlBars.of("t", "w", loss)).contains("for 'x', expected shares from 0"));
    assertTrue(
        refusal(() -> new ControlBars("t", "w", Scale.LOSS, List.of(loss), OptionalDouble.empty()))
            .contains("shares only"));
    assertTrue(
        refusal(() -> new Row("x", List.of(0.5), OptionalInt.of(0))).contains("got 0 documents"));
  }
}
