package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.grokscope.plot.FigureJson.texts;
import static org.grokscope.plot.FigureJson.trace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.line.Head;
import org.grokscope.line.QkTwist;
import org.grokscope.line.ToldCounts;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/** Figures of a model that breaks lines: heads, steering, accuracy at the edge. */
class LineFiguresTest {
  @Nested
  class Heads {
    private final int[] labels = IntStream.range(0, 30).toArray();

    private INDArray curve() {
      double[][] rows = new double[30][4];
      for (int i = 0; i < 30; i++) {
        rows[i] =
            new double[] {
              Math.cos(i / 8.0), Math.sin(i / 8.0), Math.cos(i / 4.0), Math.sin(i / 4.0)
            };
      }
      return Nd4j.createFromArray(rows);
    }

    /** A head that compares each label with itself. */
    private QkTwist matching(String name) {
      Manifold manifold = Manifold.of(curve(), labels);
      INDArray same = Nd4j.eye(4).castTo(DataType.DOUBLE);
      return QkTwist.of(Head.of(name, same, same), manifold, manifold);
    }

    @Test
    void stand_in_pairs_before_above_after_with_peaks_and_their_line() {
      TwistMap map =
          new TwistMap(
              "Heads",
              "count",
              "width",
              QkTwist.Part.WHOLE,
              List.of(matching("0.0"), matching("0.1")));
      JsonNode json = FigureJson.of(map);
      JsonNode narrow = json.at("/layout/meta/narrow");
      double title =
          (1 - narrow.at("/title/y").asDouble()) * narrow.get("height").asDouble(); // from the top
      assertTrue(title < json.at("/layout/margin/t").asDouble() / 2, "title at " + title);
      assertEquals(8, json.get("data").size(), "two maps, peaks and a line for each head");
      assertEquals(json.at("/data/2/x"), json.at("/data/2/y"), "each label is its own peak");
      assertEquals("x2", json.at("/data/1/xaxis").asText());
      assertEquals(0, json.at("/data/3/y/0").asDouble(), 1e-9);
      assertEquals(29, json.at("/data/3/y/1").asDouble(), 1e-9);
      assertEquals("after: slope 1.00, R² 1.00", json.at("/layout/annotations/1/text").asText());
      // the first row upwards is the first key, across it all queries
      assertEquals(
          matching("0.0").scores().getDouble(7, 0), json.at("/data/1/z/0/7").asDouble(), 5e-3);
      assertTrue(
          map.figure().description().contains("0.1 peaks on a line of slope 1.00, offset 0.0"));
    }

    @Test
    void without_peaks_inside_have_no_line() {
      Manifold manifold = Manifold.of(curve(), labels);
      double[][] constant = new double[4][4];
      QkTwist flat =
          QkTwist.of(
              Head.of("0.2", Nd4j.createFromArray(constant), Nd4j.createFromArray(constant)),
              manifold,
              manifold);
      TwistMap map = new TwistMap("Heads", "count", "width", QkTwist.Part.WHOLE, List.of(flat));
      assertEquals(3, FigureJson.of(map).get("data").size());
      assertTrue(map.figure().description().contains("has only 0 of 30 peaks inside"));
    }

    @Test
    void of_more_than_six_are_refused() {
      assertTrue(
          refusal(
                  () ->
                      new TwistMap(
                          "x",
                          "a",
                          "b",
                          QkTwist.Part.WHOLE,
                          Collections.nCopies(7, matching("0.0"))))
              .contains("7 heads, expected 1 to 6"));
    }
  }

  @Nested
  class Steering {
    private final SteeringBars bars =
        SteeringBars.of(
            "Steering",
            "decisions that follow",
            SteeringBars.Row.of("6 components", 0.9, 100),
            new SteeringBars.Row("random 6-D", List.of(0.0, 0.1, 0.2), 100));

    @Test
    void has_a_bar_a_part_and_a_mark_for_each_random_draw() {
      JsonNode json = FigureJson.of(bars);
      assertEquals(List.of(0.9, 0.1), numbers(json.at("/data/0/x")));
      assertEquals(List.of(0.0, 0.1, 0.2), numbers(json.at("/data/1/x")));
      assertEquals(
          List.of("90.0 %", "10.0 %"), json.at("/layout/annotations").findValuesAsText("text"));
      assertEquals(
          "decisions that follow: 6 components 90.0 %; random 6-D 10.0 % on average of 3",
          bars.figure().description());
    }

    @Test
    void intervals_are_wilsons_for_one_share_and_students_for_several() {
      // Wilson (1927) for 90 of 100: .8256 to .9448
      assertEquals(0.8256, bars.rows().get(0).low(), 1e-4);
      assertEquals(0.9448, bars.rows().get(0).high(), 1e-4);
      // mean .1, s = .1, t(2) = 4.3027: .1 ± .2484, cut at 0
      assertEquals(0, bars.rows().get(1).low());
      assertEquals(0.3484, bars.rows().get(1).high(), 1e-4);
      JsonNode json = FigureJson.of(bars);
      assertEquals(0.9448 - 0.9, json.at("/data/0/error_x/array/0").asDouble(), 1e-4);
      assertEquals("82.6 % to 94.5 %", texts(json.at("/data/0/customdata")).get(0));
    }

    @Test
    void refuses_shares_above_one_and_names_twice() {
      assertTrue(refusal(() -> SteeringBars.Row.of("x", 1.1, 10)).contains("shares from 0 to 1"));
      assertTrue(
          refusal(
                  () ->
                      SteeringBars.of(
                          "t",
                          "w",
                          SteeringBars.Row.of("x", 0.1, 10),
                          SteeringBars.Row.of("x", 0.2, 10)))
              .contains("different names"));
    }
  }

  @Nested
  class Edge {
    private Table table(String name) {
      return Table.create(
          name,
          IntColumn.create("spare", -20, -1, 0, 5),
          IntColumn.create("decisions", 3, 10, 20, 40),
          IntColumn.create("right", 0, 9, 15, 40));
    }

    @Test
    void shows_shares_within_reach_and_how_many_decisions_there_were() {
      EdgeAccuracy figure = EdgeAccuracy.of("Edge", table("seed 0"), table("seed 1"));
      JsonNode json = FigureJson.of(figure);
      assertEquals(List.of(0.9, 0.75, 1.0), numbers(trace(json, "seed 0").get("y")));
      assertEquals(List.of(-1.0, 0.0, 5.0), numbers(trace(json, "seed 1").get("x")));
      assertEquals(List.of(10.0, 20.0, 40.0), numbers(json.at("/data/2/y")));
      assertTrue(json.at("/layout/yaxis/range/0").asDouble() < 0.75);
      assertTrue(
          figure.figure().description().contains("seed 0 91.4 % of 70, least at 0 with 75.0 %"),
          figure.figure().description());
    }

    @Test
    void refuses_tables_without_its_columns() {
      assertTrue(
          refusal(() -> EdgeAccuracy.of("Edge", Table.create("t", IntColumn.create("spare", 1))))
              .contains("'decisions'"));
    }
  }

  @Nested
  class Told {
    private ToldCounts told(String subspace, double first, double second) {
      return new ToldCounts(
          subspace,
          List.of(3, 6),
          List.of(1, 2, 3),
          Nd4j.createFromArray(new double[][] {{0, 0, first}, {second, 1, 1}}),
          Nd4j.createFromArray(
              new double[][] {{0, 0, 0, 1, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 1, 0, 0}}));
    }

    @Test
    void a_frame_moves_every_line_and_both_marks() {
      SteeringSlider slider =
          new SteeringSlider(
              "Told", 8, List.of(told("6 components", 0, 0.5), told("random", 0, 0)));
      JsonNode json = FigureJson.of(slider);
      assertEquals(6, json.get("data").size());
      assertEquals(List.of("3", "6"), json.get("frames").findValuesAsText("name"));
      JsonNode last = json.at("/frames/1");
      assertEquals(1, json.at("/layout/sliders/0/active").asInt());
      assertEquals(json.at("/data/0/y"), last.at("/data/0/y"), "seen at first");
      assertEquals(json.at("/data/2/y"), last.at("/data/2/y"));
      assertEquals(List.of(0.5, 1.0, 1.0), numbers(last.at("/data/0/y")));
      assertEquals(1, json.at("/frames/0/data/2/y/3").asDouble(), "column 3");
      // after 6 of 8 characters and a space, one more fits: lengths from 2 on do not
      assertEquals(List.of(1.5, 1.5), numbers(last.at("/data/4/x")));
      assertEquals(List.of(6.0, 6.0), numbers(last.at("/data/5/x")));
      assertEquals(
          "a slider over the count told, 3 to 6; the line ends, on average over next lengths: 6"
              + " components from 0 % to 83 %; random from 0 % to 67 %",
          slider.figure().description());
    }

    @Test
    void refuses_subspaces_that_were_told_other_counts() {
      ToldCounts other =
          new ToldCounts("other", List.of(3, 7), List.of(1), Nd4j.ones(2, 1), Nd4j.ones(2, 9));
      assertTrue(
          refusal(() -> new SteeringSlider("x", 8, List.of(told("six", 0, 0), other)))
              .contains("counts [3, 7] in other"));
    }
  }
}
