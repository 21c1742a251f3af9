package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.grokscope.plot.FigureJson.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

class FateStripTest {
  private static FateStrip five() {
    IntColumn known = IntColumn.create("train_99_epoch", 100, 100, 100, 100);
    IntColumn understood = IntColumn.create("test_99_epoch", 200, 2_000);
    known.appendMissing();
    understood.appendMissing().append(900).appendMissing();
    return FateStrip.of(
        "Fates",
        "weight_decay",
        Table.create(DoubleColumn.create("weight_decay", 1, 1, 0, 1, 0), known, understood));
  }

  @Test
  void stands_what_never_came_above_all_that_did() {
    JsonNode json = FigureJson.of(five());
    double never = FigureJson.trace(json, "by heart, never more").at("/y/0").asDouble();
    assertTrue(never > 2_000);
    assertEquals(
        never, FigureJson.trace(json, "nothing learnt").at("/y/0").asDouble(), "one line for all");
    assertEquals(
        List.of(2_000.0, 900.0), numbers(FigureJson.trace(json, "late: grokking").get("y")));
    assertEquals(List.of(200.0), numbers(FigureJson.trace(json, "at once").get("y")));
    JsonNode note = json.at("/layout/annotations/0");
    assertEquals("<b>never</b>", note.get("text").asText());
    assertEquals(Math.log10(never), note.get("y").asDouble(), 1e-3);
    assertTrue(json.at("/layout/yaxis/range/1").asDouble() > Math.log10(never));
  }

  @Test
  void keeps_numbers_away_from_the_mark_of_never() {
    JsonNode axis = FigureJson.of(five()).at("/layout/yaxis");
    assertEquals(List.of("100", "200", "500", "1000", "2000"), texts(axis.get("ticktext")));
    assertEquals(List.of(100.0, 200.0, 500.0, 1_000.0, 2_000.0), numbers(axis.get("tickvals")));
    for (int last : List.of(210, 1_000, 4_400, 20_000, 150_000)) {
      JsonNode json = FigureJson.of(one(200, last));
      double never = json.at("/layout/annotations/0/y").asDouble();
      double bottom = json.at("/layout/yaxis/range/0").asDouble();
      double top = json.at("/layout/yaxis/range/1").asDouble();
      List<Double> ticks = numbers(json.at("/layout/yaxis/tickvals"));
      assertTrue(ticks.stream().anyMatch(tick -> Math.log10(tick) >= bottom), "a number is left");
      for (double tick : ticks) {
        assertTrue(Math.log10(tick) <= never - 0.06 * (top - bottom), tick + " beside never");
      }
    }
  }

  private static FateStrip one(int... understood) {
    IntColumn epochs = IntColumn.create("test_99_epoch", understood);
    epochs.appendMissing();
    int[] early = new int[epochs.size()];
    Arrays.fill(early, 100);
    return FateStrip.of(
        "Fates",
        "fraction",
        Table.create(
            DoubleColumn.create("fraction", new double[epochs.size()]),
            IntColumn.create("train_99_epoch", early),
            epochs));
  }

  @Test
  void tells_the_settings_on_its_axis_and_not_their_positions() {
    assertTrue(
        five().figure().toString().contains("Horizontal axis: weight decay, at 0, 1. Vertical"),
        five().figure().toString());
  }

  @Test
  void stands_the_seeds_of_a_setting_beside_each_other() {
    JsonNode json = FigureJson.of(five());
    assertEquals(List.of("0", "1"), texts(json.at("/layout/xaxis/ticktext")));
    assertEquals(List.of(0.75), numbers(FigureJson.trace(json, "at once").get("x")));
    assertEquals(List.of(1.0, 1.25), numbers(FigureJson.trace(json, "late: grokking").get("x")));
  }

  @Test
  void says_what_is_to_be_seen() {
    assertEquals(
        "5 runs by weight decay: 1 nothing learnt, 1 by heart, never more, 2 late: grokking, 1 at"
            + " once; the median run understood at 0 never, 1 epoch 900",
        five().figure().description());
  }

  @Test
  void draws_runs_of_which_none_understood() {
    IntColumn never = IntColumn.create("test_99_epoch");
    never.appendMissing();
    Table one =
        Table.create(
            DoubleColumn.create("fraction", new double[] {0.1}),
            IntColumn.create("train_99_epoch", new int[] {90}),
            never);
    assertEquals(1, FigureJson.of(FateStrip.of("Fates", "fraction", one)).get("data").size());
  }

  @Test
  void refuses_a_table_without_the_setting() {
    assertTrue(
        refusal(() -> FateStrip.of("Fates", "width", Table.create("runs")))
            .contains("fate strip: the table 'runs' has no numeric column 'width'"));
  }
}
