package org.grokscope.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.grokscope.train.History;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HistoryCurvesTest {

  /** Evaluated every epoch to 100, then every 10, like a real training that groks. */
  private static History grokking(long epochs) {
    return new History(
        LongStream.rangeClosed(0, epochs)
            .filter(epoch -> epoch <= 100 || epoch % 10 == 0)
            .mapToObj(
                epoch ->
                    History.Row.of(
                        epoch,
                        4.7 * Math.exp(-epoch / 60.0) + 1e-7,
                        4.7 / (1 + Math.exp((epoch - 0.7 * epochs) / 200.0)) + 1e-6,
                        1 - Math.exp(-epoch / 40.0),
                        1 / (1 + Math.exp((0.7 * epochs - epoch) / 200.0)),
                        2000,
                        epoch * 0.002))
            .toList());
  }

  private static JsonNode json(Chart chart) throws Exception {
    return new ObjectMapper().readTree(chart.figure().toJson());
  }

  @Nested
  class Loss {
    @Test
    void has_a_log_axis_with_powers_of_ten() throws Exception {
      JsonNode layout = json(LossCurve.of(grokking(8000))).get("layout");
      assertEquals("log", layout.at("/yaxis/type").asText());
      assertEquals("power", layout.at("/yaxis/exponentformat").asText());
      assertEquals(1, layout.at("/yaxis/dtick").asInt());
      assertTrue(layout.at("/yaxis/title/text").asText().contains("nats"));
      assertFalse(layout.at("/xaxis").has("type"));
    }

    @Test
    void keeps_the_ends_and_the_early_evaluations_in_few_points() throws Exception {
      JsonNode train = json(LossCurve.of(grokking(8000))).at("/data/0");
      assertEquals(HistoryCurves.MOST_POINTS, train.get("x").size());
      assertEquals(train.get("x").size(), train.get("y").size());
      for (int i = 0; i < 100; i++) {
        assertEquals(i, train.at("/x/" + i).asInt());
      }
      assertEquals(8000, train.at("/x/" + (train.get("x").size() - 1)).asInt());
      assertTrue(json(LossCurve.of(grokking(8000))).toString().length() < 60_000);
    }

    @Test
    void a_short_log_axis_has_its_ticks_written_out() throws Exception {
      JsonNode json = json(LossCurve.of(grokking(20)).withLogEpochs());
      assertTrue(json.at("/layout/xaxis/ticktext").toString().contains("\"1\",\"2\",\"5\",\"10\""));
      assertEquals(
          json.at("/layout/yaxis/ticktext").size(), json.at("/layout/yaxis/tickvals").size());
    }

    @Test
    void log_epochs_begin_at_one() throws Exception {
      JsonNode json = json(LossCurve.of(grokking(500)).withLogEpochs());
      assertEquals("log", json.at("/layout/xaxis/type").asText());
      assertEquals(1, json.at("/data/0/x/0").asInt());
    }

    @Test
    void a_loss_of_zero_or_nan_is_a_gap() throws Exception {
      History history =
          new History(
              List.of(
                  History.Row.of(0, 1, Double.NaN, 0, 0, 1, 1),
                  History.Row.of(1, 0, 2, 0, 0, 1, 1)));
      JsonNode json = json(LossCurve.of(history));
      assertTrue(json.at("/data/0/y/1").isNull());
      assertTrue(json.at("/data/1/y/0").isNull());
      assertEquals(2, json.at("/data/1/y/1").asInt());
    }

    @Test
    void a_history_of_gaps_is_still_a_picture() throws Exception {
      History history = new History(List.of(History.Row.of(0, 0, 0, 0, 0, 1, 1)));
      assertEquals("markers", json(LossCurve.of(history)).at("/data/0/mode").asText());
    }

    @Test
    void colours_tell_the_part_and_dashes_the_run() throws Exception {
      Map<String, History> runs = new LinkedHashMap<>();
      runs.put("p = 113", grokking(800));
      runs.put("p = 97", grokking(400));
      JsonNode data = json(LossCurve.of(runs)).get("data");
      assertEquals(4, data.size());
      assertEquals("p = 113 · train loss", data.at("/0/name").asText());
      assertEquals("p = 97 · test loss", data.at("/3/name").asText());
      for (int i = 0; i < 4; i++) {
        assertEquals(
            i % 2 == 0 ? HouseStyle.TRAIN : HouseStyle.TEST,
            data.at("/" + i + "/line/color").asText());
      }
      assertEquals("solid", data.at("/1/line/dash").asText());
      assertEquals("dot", data.at("/2/line/dash").asText());
    }

    @Test
    void says_in_words_where_the_training_ended() {
      String text = LossCurve.of(grokking(8000)).figure().toString();
      assertTrue(text.contains("after 8,000 epochs train loss 1.00e-07"), text);
    }

    @Test
    void refuses_what_cannot_be_drawn() {
      History empty = new History(List.of());
      String message =
          assertThrows(IllegalArgumentException.class, () -> LossCurve.of(empty)).getMessage();
      assertTrue(message.contains("without evaluations"), message);
      History start = new History(List.of(History.Row.of(0, 1, 1, 0, 0, 1, 1)));
      assertThrows(
          IllegalArgumentException.class, () -> LossCurve.of(start).withLogEpochs().figure());
      Map<String, History> many = new LinkedHashMap<>();
      for (int i = 0; i < 7; i++) {
        many.put("seed " + i, start);
      }
      assertThrows(IllegalArgumentException.class, () -> LossCurve.of(many));
      assertThrows(IllegalArgumentException.class, () -> LossCurve.of(Map.of()));
    }
  }

  @Nested
  class Accuracy {
    @Test
    void has_shares_on_its_axis_and_the_train_colour_of_all_figures() throws Exception {
      JsonNode json = json(AccuracyCurve.of(grokking(800)));
      assertEquals(".0%", json.at("/layout/yaxis/tickformat").asText());
      assertEquals(HouseStyle.TRAIN, json.at("/data/0/line/color").asText());
      assertFalse(json.get("layout").has("shapes"));
    }

    @Test
    void chance_is_a_line_at_its_height() throws Exception {
      JsonNode shapes =
          json(AccuracyCurve.of(grokking(800)).withLogEpochs().withChance(1.0 / 113))
              .at("/layout/shapes");
      assertEquals(1.0 / 113, shapes.at("/0/y0").doubleValue());
      assertEquals("chance 0.9 %", shapes.at("/0/label/text").asText());
    }

    @Test
    void chance_must_be_a_share() {
      AccuracyCurve curve = AccuracyCurve.of(grokking(50));
      for (double wrong : new double[] {0, 1, 113, Double.NaN}) {
        assertThrows(IllegalArgumentException.class, () -> curve.withChance(wrong));
      }
    }
  }
}
