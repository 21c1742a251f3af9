package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.grokscope.plot.FigureJson.trace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class LogitWavesTest {
  private static final LogitWaves SEVEN = LogitWaves.of(7, 5, 4, List.of(1, 3), List.of(2.0, 1.0));

  @Test
  void waves_agree_at_the_right_answer_and_their_sum_is_drawn_below() {
    JsonNode json = FigureJson.of(SEVEN);
    JsonNode right = trace(json, "at the right answer, 2");
    assertEquals(List.of(2.0), numbers(right.get("x")));
    assertEquals(List.of(3.0), numbers(right.get("y")));
    JsonNode others = trace(json, "sum at the other answers");
    assertEquals(List.of(0., 1., 3., 4., 5., 6.), numbers(others.get("x")));
    double atThree = 2 * Math.cos(2 * Math.PI / 7) + Math.cos(6 * Math.PI / 7);
    assertEquals(atThree, others.at("/y/2").asDouble(), 5e-4); // rounded to three decimals
    JsonNode dots = json.at("/data/1");
    assertEquals(7, dots.get("y").size());
    assertEquals(2, dots.at("/y/2").asDouble(), "the crest of α = 2");
  }

  @Test
  void between_the_answers_the_wave_is_drawn_through() {
    JsonNode line = FigureJson.of(SEVEN).at("/data/2");
    assertEquals(37, line.get("y").size());
    assertEquals(1.0 / 6, line.get("dx").asDouble());
    assertEquals(1, line.at("/y/12").asDouble(), "k = 3 at c = 2");
  }

  @Test
  void strips_share_one_scale_and_stand_above_the_sum() {
    JsonNode layout = FigureJson.of(SEVEN).get("layout");
    assertEquals(layout.at("/yaxis2/range"), layout.at("/yaxis3/range"));
    assertTrue(layout.at("/yaxis2/domain/0").asDouble() > layout.at("/yaxis3/domain/1").asDouble());
    assertTrue(layout.at("/yaxis3/domain/0").asDouble() > layout.at("/yaxis/domain/1").asDouble());
    assertEquals(2, layout.at("/shapes/0/x0").asInt());
  }

  @Test
  void the_description_gives_sum_and_lead() {
    // best other: c = 1 or 3, 2 cos(2π/7) + cos(6π/7) = 0.346; or c = 0 or 4, −0.445 + 0.623
    assertEquals(
        "2 waves over the answers to 5 + 4 mod 7 add up to 3.00 at the right answer 2, which is 2.65"
            + " more than at any other",
        SEVEN.figure().description());
  }

  @Test
  void the_model_stands_beside_the_sum_without_its_mean() {
    var model = SEVEN.withLogits(Nd4j.createFromArray(10.0, 11, 24, 11, 10, 10, 8));
    JsonNode drawn = trace(FigureJson.of(model), "the model's logits, less their mean");
    assertEquals(List.of(-2., -1., 12., -1., -2., -2., -4.), numbers(drawn.get("y")));
    assertTrue(model.figure().description().endsWith("the model's own lead is 13.0"));
  }

  @Test
  void refuses_wrong_numbers_and_wrong_frequencies() {
    var k = List.of(1);
    var alpha = List.of(1.0);
    assertTrue(refusal(() -> LogitWaves.of(6, 0, 0, k, alpha)).contains("p = 6"));
    assertTrue(refusal(() -> LogitWaves.of(7, 7, 0, k, alpha)).contains("7 + 0"));
    assertTrue(refusal(() -> LogitWaves.of(7, 0, 0, List.of(4), alpha)).contains("from 1 to 3"));
    assertTrue(refusal(() -> LogitWaves.of(7, 0, 0, List.of(), List.of())).contains("0 freq"));
    assertTrue(
        refusal(() -> LogitWaves.of(7, 0, 0, k, List.of(Double.NaN))).contains("amplitudes [NaN]"));
    assertTrue(
        refusal(() -> SEVEN.withLogits(Nd4j.create(8))).contains("logits of shape [8], expected"));
  }
}
