package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.grokscope.plot.FigureJson.trace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.grokscope.claim.Measurement;
import org.grokscope.claim.Scale;
import org.grokscope.sweep.Engine;
import org.grokscope.sweep.Sweep;
import org.grokscope.sweep.SweepResults;
import org.grokscope.train.History;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class SeedBandsTest {
  private static final Map<String, Object> BASE =
      Map.of("p", 7, "fraction", 0.6, "epochs", 120, "d_model", 8, "heads", 2, "d_mlp", 16);

  @TempDir static Path folder;
  private static SweepResults results;

  @BeforeAll
  static void three_seeds_under_two_decays() {
    results =
        Sweep.of(BASE)
            .over("weight_decay", 0.1, 1.0)
            .over("seed", 0, 1, 2)
            .run(Engine.local(), folder.resolve("sweep"));
  }

  @Nested
  class OverEpochs {
    private final JsonNode json = FigureJson.of(SeedBands.of(results, "test_loss"));

    private double[] losses(int epoch) {
      return IntStream.range(0, 3)
          .mapToDouble(
              i ->
                  results.run(i).history().rows().stream()
                      .filter(row -> row.epoch() == epoch)
                      .mapToDouble(History.Row::testLoss)
                      .findFirst()
                      .orElseThrow())
          .toArray();
    }

    @Test
    void each_combination_of_settings_is_a_line_in_its_band() {
      assertEquals(6, json.get("data").size());
      for (String name : List.of("weight decay 0.1 (3 seeds)", "weight decay 1 (3 seeds)")) {
        assertEquals("lines", trace(json, name).get("mode").asText());
      }
      assertEquals("tonexty", json.at("/data/1/fill").asText());
      assertEquals("rgba(0, 114, 178, 0.2)", json.at("/data/1/fillcolor").asText());
      assertEquals("rgba(213, 94, 0, 0.2)", json.at("/data/4/fillcolor").asText());
      assertFalse(json.at("/data/0/showlegend").asBoolean(true));
      String group = json.at("/data/2/legendgroup").asText();
      assertEquals(group, json.at("/data/0/legendgroup").asText(), "hidden together");
      assertFalse(group.equals(json.at("/data/3/legendgroup").asText()));
    }

    @Test
    void line_and_band_are_the_mean_and_interval_of_the_runs() {
      JsonNode line = trace(json, "weight decay 0.1 (3 seeds)");
      int i = numbers(line.get("x")).indexOf(100.0);
      double[] losses = losses(100);
      double mean = Arrays.stream(losses).map(Math::log).average().orElseThrow();
      double s = Math.sqrt(Arrays.stream(losses).map(x -> sq(Math.log(x) - mean)).sum() / 2);
      double half = 4.30265273 * s / Math.sqrt(3); // the table's t for 2 degrees of freedom
      assertEquals(Math.exp(mean), line.at("/y/" + i).asDouble(), 1e-3 * Math.exp(mean));
      double low = Math.exp(mean - half);
      double high = Math.exp(mean + half);
      assertEquals(low, json.at("/data/0/y/" + i).asDouble(), 1e-3 * low); // four digits
      assertEquals(high, json.at("/data/1/y/" + i).asDouble(), 1e-3 * high);
    }

    private static double sq(double x) {
      return x * x;
    }

    @Test
    void losses_stand_on_a_log_axis_and_accuracies_on_that_of_shares() {
      assertEquals("log", json.at("/layout/yaxis/type").asText());
      assertEquals("test loss (nats, log scale)", json.at("/layout/yaxis/title/text").asText());
      JsonNode accuracy = FigureJson.of(SeedBands.of(results, "train_accuracy"));
      assertEquals(".0%", accuracy.at("/layout/yaxis/tickformat").asText());
      assertEquals("Train accuracy, mean of seeds", accuracy.at("/layout/title/text").asText());
      for (JsonNode trace : accuracy.get("data")) {
        numbers(trace.get("y")).forEach(y -> assertTrue(y >= 0 && y <= 1, trace::toString));
      }
      JsonNode norm = FigureJson.of(SeedBands.of(results, "squared_norm").withLogX());
      assertEquals("squared norm", norm.at("/layout/yaxis/title/text").asText());
      assertEquals("log", norm.at("/layout/xaxis/type").asText());
      assertEquals(1, norm.at("/data/0/x/0").asInt());
    }

    @Test
    void the_description_tells_where_the_lines_begin_and_end() {
      String told = SeedBands.of(results, "test_loss").figure().description();
      assertTrue(
          told.startsWith(
              "test loss over epoch: a line for the mean of the seeds, and a band for its 95 %"
                  + " interval; weight decay 0.1 (3 seeds): "),
          told);
      Measurement last = new Measurement(Arrays.stream(losses(120)).boxed().toList(), Scale.LOG);
      String numbers = last.toString().replace(", 3 seeds", "");
      assertTrue(
          told.contains(" at epoch 0, " + numbers + " at epoch 120; weight decay 1 (3 seeds): "),
          told);
    }

    @Test
    void a_line_ends_where_its_shortest_run_does() {
      SweepResults two =
          Sweep.of(BASE)
              .row(Map.of("seed", 0))
              .row(Map.of("seed", 5, "epochs_past_grok", 1, "fraction", 0.99))
              .run(Engine.local(), folder.resolve("short"));
      // told apart by the share: two lines, of one seed each, which have no band
      JsonNode apart = FigureJson.of(SeedBands.of(two, "test_accuracy"));
      assertEquals(2, apart.get("data").size());
      long shortest = two.table().longColumn("epochs_done").get(1);
      trace(apart, "fraction 0.6 (one seed)");
      JsonNode line = apart.at("/data/1/x");
      assertEquals(shortest, line.get(line.size() - 1).asLong());
    }

    @Test
    void refuses_a_column_that_no_history_has() {
      assertTrue(
          refusal(() -> SeedBands.of(results, "test_los"))
              .contains("got the column 'test_los', expected one of [epoch, train_loss"));
    }
  }

  @Nested
  class OverASetting {
    private static final Double NONE = null;

    private Table table(Double... accuracies) {
      DoubleColumn accuracy = DoubleColumn.create("test_accuracy");
      for (Double value : accuracies) {
        if (value == null) {
          accuracy.appendMissing();
        } else {
          accuracy.append(value);
        }
      }
      return Table.create(
          "sweep",
          StringColumn.create("run", "a", "b", "c", "d", "e", "f"),
          DoubleColumn.create("weight_decay", 0.5, 0.5, 1, 1, 2, 2),
          LongColumn.create("seed", 0, 1, 0, 1, 0, 1),
          StringColumn.create("state", "done", "done", "done", "done", "done", "done"),
          accuracy);
    }

    @Test
    void means_have_bars_of_their_interval() {
      Table table = table(0.2, 0.4, 0.9, 0.9, 1.0, 1.0);
      JsonNode line =
          trace(FigureJson.of(SeedBands.over(table, "weight_decay", "test_accuracy")), "2 seeds");
      assertEquals(List.of(0.5, 1.0, 2.0), numbers(line.get("x")));
      assertEquals(List.of(0.3, 0.9, 1.0), numbers(line.get("y")));
      // on logits: t · (s/√2) / (m (1 − m)) = 12.7062 · 0.1 / 0.21
      double half = 12.7062047 * 0.1 / 0.21;
      double logit = Math.log(0.3 / 0.7);
      double high = 1 / (1 + Math.exp(-logit - half));
      double low = 1 / (1 + Math.exp(-logit + half));
      assertEquals(high - 0.3, line.at("/error_y/array/0").asDouble(), 1e-3);
      assertEquals(0.3 - low, line.at("/error_y/arrayminus/0").asDouble(), 1e-3);
      assertEquals(0, line.at("/error_y/array/2").asDouble());
    }

    @Test
    void a_place_where_a_seed_has_no_value_is_left_out() {
      Table table = table(0.2, 0.4, 0.9, NONE, 1.0, 1.0);
      JsonNode line =
          trace(
              FigureJson.of(SeedBands.over(table, "weight_decay", "test_accuracy").withLogX()),
              "2 seeds");
      assertEquals(List.of(0.5, 2.0), numbers(line.get("x")));
    }

    @Test
    void runs_that_failed_are_left_out() {
      Table table = table(0.2, 0.4, 0.9, NONE, 1.0, 1.0);
      ((StringColumn) table.column("state")).set(3, "failed");
      JsonNode json = FigureJson.of(SeedBands.over(table, "weight_decay", "test_accuracy"));
      assertEquals(List.of(0.3, 0.9, 1.0), numbers(json.at("/data/0/y")));
    }

    @Test
    void random_labels_are_a_setting_and_their_seeds_are_not() {
      LongColumn labels = LongColumn.create("random_label_seed");
      for (int i = 0; i < 6; i++) {
        if (i % 2 == 0) {
          labels.appendMissing();
        } else {
          labels.append(i);
        }
      }
      Table table = table(0.2, 0.4, 0.9, 0.8, 1.0, 1.0);
      table.insertColumn(1, labels);
      JsonNode json = FigureJson.of(SeedBands.over(table, "weight_decay", "test_accuracy"));
      assertEquals(List.of(0.2, 0.9, 1.0), numbers(trace(json, "own labels (one seed)").get("y")));
      assertEquals(
          List.of(0.4, 0.8, 1.0), numbers(trace(json, "random labels (one seed)").get("y")));
      assertFalse(json.at("/data/0").has("error_y"));
    }

    @Test
    void takes_the_table_of_real_results() {
      JsonNode json =
          FigureJson.of(SeedBands.over(results.table(), "weight_decay", "test_accuracy"));
      assertEquals(List.of(0.1, 1.0), numbers(trace(json, "3 seeds").get("x")));
    }

    @Test
    void refuses_other_tables_and_what_cannot_be_drawn() {
      Table table = table(0.2, 0.4, 0.9, 0.8, 1.0, 1.0);
      assertTrue(
          refusal(() -> SeedBands.over(table, "p", "test_accuracy"))
              .startsWith("seed bands: the table 'sweep' has no numeric column 'p'"));
      Table other = Table.create("other", table.column("weight_decay"), table.column("seed"));
      assertTrue(
          refusal(() -> SeedBands.over(other, "weight_decay", "seed"))
              .contains("expected the table of a sweep, from run to error"));
      assertTrue(
          refusal(() -> SeedBands.over(table.emptyCopy(), "weight_decay", "test_accuracy"))
              .contains("got no run that is done"));
      Table none = table(NONE, 0.2, NONE, 0.2, 0.3, NONE);
      assertTrue(
          refusal(() -> SeedBands.over(none, "weight_decay", "test_accuracy"))
              .contains("got 0 places and 0 measurements, expected as many"));
    }

    @Test
    void places_are_told_in_as_many_digits_as_one_reads() {
      Measurement shares = new Measurement(List.of(0.2, 0.4), Scale.SHARE);
      SeedBands.Group group =
          new SeedBands.Group("", List.of(0.4272315833294722, 12345.0), List.of(shares, shares));
      String told =
          new SeedBands("t", "test_accuracy", "room over need", List.of(group), false)
              .figure()
              .description();
      assertTrue(told.contains(" at room over need 0.4272, "), told);
      assertTrue(told.contains(" at room over need 12345"), told);
    }

    @Test
    void refuses_more_lines_than_there_are_colours() {
      List<SeedBands.Group> nine =
          IntStream.range(0, 9)
              .mapToObj(
                  i ->
                      new SeedBands.Group(
                          "p " + i,
                          List.of(1.0),
                          List.of(new Measurement(List.of(0.5), Scale.SHARE))))
              .toList();
      assertTrue(
          refusal(() -> new SeedBands("t", "test_accuracy", "epoch", nine, false))
              .contains("got 9 combinations of settings, expected 1 to 8; draw several figures"));
    }
  }

  @Test
  void readings_along_trainings_are_averaged_where_every_seed_has_one() {
    Table readings =
        Table.create(
            LongColumn.create("epoch", 100, 0, 0, 100, 200),
            DoubleColumn.create("share", 0.4, 0.1, 0.3, 0.6, 0.9));
    SeedBands.Group group = SeedBands.Group.along("both", readings, "share", Scale.LINEAR);
    assertEquals(List.of(0.0, 100.0), group.at());
    assertEquals(0.2, group.measured().get(0).mean(), 1e-15);
    assertEquals(0.5, group.measured().get(1).mean(), 1e-15);
  }
}
