package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.grokscope.plot.FigureJson.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ClockDialsTest {
  private static final int P = 13;

  /** Scores 3 cos w1(a+b−c) + 2 cos w4(a+b−c) of all questions. */
  private static INDArray scores() {
    INDArray scores = Nd4j.create(DataType.DOUBLE, P * P, P);
    for (int row = 0; row < P * P; row++) {
      for (int c = 0; c < P; c++) {
        double turn = 2 * Math.PI * (row / P + row % P - c) / P;
        scores.putScalar(row, c, 3 * Math.cos(turn) + 2 * Math.cos(4 * turn));
      }
    }
    return scores;
  }

  private static ClockDials clock() {
    return ClockDials.byHand(P, List.of(1, 4), scores(), 5, 11);
  }

  @Test
  void first_turns_a_and_then_adds_b() {
    List<ClockDials.Sum> steps = ClockDials.steps(5, 11);
    assertEquals(new ClockDials.Sum(0, 0), steps.get(0));
    assertEquals(new ClockDials.Sum(5, 11), steps.get(steps.size() - 1));
    assertTrue(steps.contains(new ClockDials.Sum(5, 0)));
    for (int i = 1; i < steps.size(); i++) {
      assertTrue(steps.get(i).a() >= steps.get(i - 1).a());
      assertTrue(steps.get(i).b() == 0 || steps.get(i).a() == 5, steps.get(i)::toString);
    }
    JsonNode json = FigureJson.of(clock());
    assertEquals(
        steps.stream().map(ClockDials.Sum::toString).toList(),
        json.get("frames").findValuesAsText("name"));
    assertEquals(steps.size() - 1, json.at("/layout/sliders/0/active").asInt());
  }

  @Test
  void each_dial_lights_up_by_its_own_wave_in_the_scores() {
    int last = ClockDials.steps(5, 11).size() - 1;
    for (int c = 0; c < P; c++) { // 5 + 11 ≡ 3 mod 13
      double turn = 2 * Math.PI * (3 - c) / P;
      assertEquals(3 * Math.cos(turn), clock().wave(0, last)[c], 1e-9);
      assertEquals(2 * Math.cos(4 * turn), clock().wave(1, last)[c], 1e-9);
    }
    JsonNode json = FigureJson.of(clock());
    for (int dial : List.of(0, 3)) {
      List<Double> lights = numbers(json.at("/data/" + dial + "/marker/color"));
      List<Double> sizes = numbers(json.at("/data/" + dial + "/marker/size"));
      assertEquals(1, lights.get(3));
      assertEquals(8, sizes.get(3));
      for (int c = 0; c < P; c++) {
        assertTrue(c == 3 || lights.get(c) < 1, "only the right answer is fully lit");
      }
    }
  }

  @Test
  void the_hands_point_to_a_and_to_the_sum() {
    JsonNode json = FigureJson.of(clock());
    double angle = 2 * Math.PI * 5 / P;
    assertEquals(0.85 * Math.cos(angle), json.at("/data/1/x/1").asDouble(), 1e-3);
    assertEquals(0.85 * Math.sin(angle), json.at("/data/1/y/1").asDouble(), 1e-3);
    List<Double> x = numbers(json.at("/data/2/x"));
    List<Double> y = numbers(json.at("/data/2/y"));
    double sum = 2 * Math.PI * 3 / P;
    assertEquals(0.85 * Math.cos(sum), x.get(x.size() - 2), 1e-3);
    assertEquals(0.85 * Math.sin(sum), y.get(y.size() - 2), 1e-3);
    assertEquals(0.5 * Math.cos(angle), x.get(0), 1e-3, "the arc begins at a");
  }

  @Test
  void the_sum_towers_at_the_right_answer_of_every_step() {
    JsonNode json = FigureJson.of(clock());
    List<ClockDials.Sum> steps = ClockDials.steps(5, 11);
    for (int step = 0; step < steps.size(); step++) {
      JsonNode data = json.at("/frames/" + step + "/data");
      List<Double> heights = numbers(data.get(6).get("y"));
      int right = (steps.get(step).a() + steps.get(step).b()) % P;
      assertEquals(right, data.at("/7/x/0").asInt());
      assertEquals(5, heights.get(right), 1e-2);
      assertEquals(5, heights.stream().mapToDouble(h -> h).max().orElseThrow(), 1e-2);
    }
  }

  @Test
  void the_filmstrip_shows_a_alone_half_of_b_and_all_of_it() {
    JsonNode still = FigureJson.of(clock()).at("/layout/meta/still");
    List<String> words = new ArrayList<>(texts(still.at("/layout/annotations")));
    still.at("/layout/annotations").forEach(note -> words.add(note.path("text").asText()));
    assertTrue(words.contains("<b>5 + 0</b>, mod 13"), words::toString);
    assertTrue(words.contains("<b>5 + 11</b>, mod 13"), words::toString);
    assertEquals(3 * (2 * 3 + 2), still.get("data").size());
    assertEquals(List.of(5.0), numbers(still.at("/data/7/x")), "5 + 0");
    assertEquals(List.of(3.0), numbers(still.at("/data/23/x")), "5 + 11 ≡ 3");
  }

  @Test
  void says_what_is_to_be_seen() {
    assertEquals(
        "a slider that turns the hands to 5 and then on by 11 mod 13 on 2 dials, of frequencies 1,"
            + " 4; at the end the waves of all dials together are 5.00 at the right answer 3, which"
            + " is 2.87 more than at any other",
        clock().figure().description());
  }

  @Test
  void refuses_what_does_not_fit() {
    assertTrue(
        refusal(() -> ClockDials.byHand(P, List.of(1, 7), scores(), 1, 2)).contains("from 1 to 6"));
    assertTrue(
        refusal(() -> ClockDials.byHand(P, List.of(1), scores(), 13, 2))
            .contains("got 13 + 2, expected numbers from 0 to 12"));
    assertTrue(
        refusal(() -> ClockDials.byHand(P, List.of(1), Nd4j.zeros(5, P), 1, 2))
            .contains("logits of all questions of shape [5, 13]"));
    assertTrue(
        refusal(() -> ClockDials.byHand(P, List.of(), scores(), 1, 2)).contains("0 frequencies"));
  }
}
