package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.grokscope.plot.FigureJson.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.grokscope.plot.AblationBars.Condition;
import org.grokscope.plot.AblationBars.Measure;
import org.junit.jupiter.api.Test;

class AblationBarsTest {
  private static final Condition RANDOM = new Condition("random", List.of(1.0, 0.5, 0.75));

  private static AblationBars accuracy() {
    return AblationBars.of(Measure.ACCURACY, Condition.of("keys removed", 0.01), RANDOM)
        .withChance(0.2);
  }

  @Test
  void a_bar_for_each_condition_and_a_point_for_each_try() {
    JsonNode json = FigureJson.of(accuracy());
    JsonNode bars = json.at("/data/0");
    assertEquals("bar", bars.get("type").asText());
    assertEquals(List.of("keys removed", "random"), texts(bars.get("y")));
    assertEquals(List.of(0.01, 0.75), numbers(bars.get("x")), "the mean of several tries");
    assertEquals(List.of("1.0 %", "75.0 %"), texts(bars.get("text")));
    assertNotEquals(bars.at("/marker/color/0"), bars.at("/marker/color/1"));
    assertEquals(List.of(1.0, 0.5, 0.75), numbers(json.at("/data/1/x")));
    assertEquals(List.of("random", "random", "random"), texts(json.at("/data/1/y")));
    assertEquals(0.2, json.at("/layout/shapes/0/x0").asDouble());
    assertTrue(
        json.at("/layout/yaxis/range/0").asDouble() > json.at("/layout/yaxis/range/1").asDouble(),
        "the first condition stands on top");
  }

  @Test
  void losses_are_dots_on_a_log_axis_that_holds_chance() {
    JsonNode json =
        FigureJson.of(
            AblationBars.of(Measure.LOSS, Condition.of("whole model", 1e-7)).withChance(4.7));
    assertEquals("scatter", json.at("/data/0/type").asText());
    assertEquals("log", json.at("/layout/xaxis/type").asText());
    assertTrue(json.at("/layout/xaxis/range/0").asDouble() < -7);
    assertTrue(json.at("/layout/xaxis/range/1").asDouble() > Math.log10(4.7));
    assertEquals(
        Math.log10(4.7), json.at("/layout/annotations/0/x").asDouble(), 1e-4, "a label at chance");
    assertEquals("1.00e-07", json.at("/data/0/text/0").asText());
  }

  @Test
  void the_description_gives_every_number() {
    assertEquals(
        "accuracy: keys removed 1.0 %; random 75.0 % on average of 3, from 50.0 % to 100.0 %;"
            + " chance 20.0 %",
        accuracy().figure().description());
  }

  @Test
  void refuses_empty_wrong_and_repeated_conditions() {
    assertTrue(refusal(() -> AblationBars.of(Measure.LOSS)).contains("got 0 conditions"));
    assertTrue(refusal(() -> new Condition("x", List.of())).contains("at least one finite"));
    assertTrue(refusal(() -> Condition.of("x", Double.NaN)).contains("'x': got [NaN]"));
    assertTrue(
        refusal(() -> AblationBars.of(Measure.ACCURACY, Condition.of("x", 1.5)))
            .contains("shares from 0 to 1"));
    assertTrue(
        refusal(() -> AblationBars.of(Measure.LOSS, Condition.of("x", 0)))
            .contains("positive losses"));
    assertTrue(
        refusal(() -> AblationBars.of(Measure.LOSS, RANDOM, RANDOM)).contains("different names"));
  }
}
