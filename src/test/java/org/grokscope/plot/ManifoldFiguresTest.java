package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.grokscope.plot.FigureJson.texts;
import static org.grokscope.plot.FigureJson.trace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import org.grokscope.geometry.CirculantEmbedding;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.TuningCurves;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Figures of manifolds: a helix, its spectrum, its ringing, its theory, its tuning. */
class ManifoldFiguresTest {
  /** A helix of 1.5 turns in the second, third and fourth of five dimensions, at labels 5 … 44. */
  private static Manifold helix() {
    double[][] rows = new double[40][5];
    int[] labels = new int[40];
    for (int i = 0; i < 40; i++) {
      double angle = 3 * Math.PI * i / 39;
      labels[i] = i + 5;
      rows[i] = new double[] {7, Math.cos(angle), Math.sin(angle), 0.04 * i, 0};
    }
    return Manifold.of(Nd4j.createFromArray(rows), labels);
  }

  private static Manifold line() {
    int[] labels = IntStream.range(0, 30).toArray();
    INDArray rows = Nd4j.createFromArray(IntStream.of(labels).asDoubleStream().toArray());
    return Manifold.of(
        rows.reshape(30, 1).mmul(Nd4j.createFromArray(new double[][] {{3, 4}})), labels);
  }

  @Nested
  class Helix {
    @Test
    void joins_the_means_in_order_and_colours_them_by_their_label() {
      JsonNode curve = FigureJson.of(Helix3d.of("Count", "count", helix())).at("/data/0");
      assertEquals("scatter3d", curve.get("type").asText());
      assertEquals(40, curve.get("x").size());
      assertEquals(5, curve.at("/customdata/0").asInt());
      assertEquals(curve.get("customdata"), curve.at("/line/color"));
      assertEquals(5, curve.at("/marker/cmin").asInt());
      assertEquals(44, curve.at("/marker/cmax").asInt());
      assertTrue(curve.get("hovertemplate").asText().contains("count %{customdata}"));
    }

    @Test
    void names_some_points_and_always_the_first_and_the_last() {
      List<String> names =
          texts(FigureJson.of(Helix3d.of("Count", "count", helix())).at("/data/0/text"));
      assertEquals("5", names.get(0));
      assertEquals("44", names.get(39));
      long named = names.stream().filter(name -> !name.isEmpty()).count();
      assertTrue(named >= 6 && named <= 9, names.toString());
    }

    @Test
    void keeps_lengths_so_that_what_looks_round_is_round() {
      JsonNode json = FigureJson.of(Helix3d.of("Count", "count", helix()));
      JsonNode curve = json.at("/data/0");
      double apart = 0;
      for (String axis : List.of("x", "y", "z")) {
        apart +=
            Math.pow(curve.get(axis).get(10).asDouble() - curve.get(axis).get(0).asDouble(), 2);
      }
      INDArray means = helix().means();
      assertEquals(means.getRow(10).distance2(means.getRow(0)), Math.sqrt(apart), 1e-3);
      assertEquals("cube", json.at("/layout/scene/aspectmode").asText());
      double x = length(json, "xaxis");
      assertEquals(x, length(json, "yaxis"), 1e-3 * x);
      assertEquals(x, length(json, "zaxis"), 1e-3 * x);
    }

    private double length(JsonNode json, String axis) {
      JsonNode range = json.at("/layout/scene/" + axis + "/range");
      return range.get(1).asDouble() - range.get(0).asDouble();
    }

    @Test
    void the_description_tells_dimensions_and_turns() {
      String description = Helix3d.of("Count", "count", helix()).figure().description();
      assertTrue(description.contains("40 labels, count 5 to 44"), description);
      assertTrue(description.contains("three components hold 100 %"), description);
      assertTrue(description.contains("1.5"), description);
    }

    @Test
    void a_second_manifold_stands_beside_it_in_a_space_of_its_own() {
      Helix3d both =
          Helix3d.of("Two", "count", helix()).named("curved").beside("straight", "count", line());
      JsonNode json = FigureJson.of(both);
      assertEquals("scene2", json.at("/data/1/scene").asText());
      assertTrue(
          json.at("/layout/scene/domain/x/1").asDouble()
              < json.at("/layout/scene2/domain/x/0").asDouble());
      assertEquals("<b>straight</b>", json.at("/layout/annotations/1/text").asText());
      assertEquals(0, json.at("/layout/meta/narrow/scene2/domain/x/0").asDouble());
      assertTrue(both.figure().description().contains("curved: 40 labels"));
      assertEquals(
          List.of("0", "0"),
          List.of(json.at("/data/1/z/0").asText(), json.at("/data/1/z/29").asText()),
          "a line has no third");
    }

    @Test
    void refuses_too_few_points_and_labels_out_of_order() {
      assertTrue(
          refusal(() -> Helix3d.Curve.of("", "count", List.of(1, 2, 3), Nd4j.rand(3, 3)))
              .contains("got 3 points"));
      assertTrue(
          refusal(() -> Helix3d.Curve.of("", "count", List.of(1, 2, 2, 4), Nd4j.rand(4, 3)))
              .contains("label 2 after 2"));
      assertEquals(
          "helix: got means of shape [5, 3], expected [4, any]",
          refusal(() -> Helix3d.Curve.of("", "count", List.of(1, 2, 3, 4), Nd4j.rand(5, 3))));
    }
  }

  @Nested
  class Spectrum {
    @Test
    void climbs_from_the_first_component_to_all() {
      JsonNode json =
          FigureJson.of(
              VarianceSpectrum.of("Dimensions", "curved", helix().principalComponents())
                  .and("straight", line().principalComponents()));
      List<Double> curved = numbers(trace(json, "curved").get("y"));
      assertEquals(helix().principalComponents().explained(1), curved.get(0), 1e-4);
      assertEquals(1, curved.get(2), 1e-9);
      assertEquals(1, numbers(trace(json, "straight").get("y")).get(0), 1e-9);
    }

    @Test
    void tells_how_many_components_hold_95_percent() {
      String description =
          VarianceSpectrum.of("Dimensions", "straight", line().principalComponents())
              .figure()
              .description();
      assertTrue(
          description.endsWith(
              "straight: the first holds 100.0 %, the first 2 100.0 %; 95 % need 1"),
          description);
    }
  }

  @Nested
  class Ringing {
    @Test
    void marks_the_trough_and_how_far_it_rises_again() {
      RingingMatrix matrix = RingingMatrix.of("Ringing", "count", helix());
      JsonNode json = FigureJson.of(matrix);
      var ringing = helix().cosines().ringing();
      assertEquals(5, json.at("/data/0/x/0").asInt());
      assertEquals(1, json.at("/data/0/z/3/3").asDouble(), 1e-9);
      assertEquals(ringing.troughLag(), json.at("/data/2/x/0").asInt());
      assertEquals(ringing.peakLag(), json.at("/data/3/x/0").asInt());
      assertTrue(json.at("/data/3/text/0").asText().startsWith("rises by"));
      assertTrue(matrix.figure().description().contains("rise by"));
    }

    @Test
    void keeps_its_colour_bar_beside_the_matrix_on_a_narrow_page() {
      JsonNode layout = FigureJson.of(RingingMatrix.of("Ringing", "count", helix())).get("layout");
      for (JsonNode page : List.of(layout, layout.at("/meta/narrow"))) {
        double bar = page.at("/coloraxis/colorbar/x").asDouble();
        assertTrue(bar > page.at("/xaxis/domain/1").asDouble(), "colour bar at " + bar);
      }
    }

    @Test
    void of_a_line_has_no_rise_to_mark() {
      RingingMatrix matrix = RingingMatrix.of("Ringing", "count", line());
      assertEquals(3, FigureJson.of(matrix).get("data").size());
      assertTrue(matrix.figure().description().endsWith("and do not rise again"));
    }

    @Test
    void refuses_labels_that_are_not_its_rows() {
      assertTrue(
          refusal(() -> new RingingMatrix("x", "count", List.of(1, 2, 3), helix().cosines()))
              .contains("expected [3, 3]"));
    }
  }

  @Nested
  class Slider {
    private final EmbeddingSlider slider = EmbeddingSlider.triangle(100, 8);

    @Test
    void has_a_position_for_each_dimension_and_begins_at_six() {
      JsonNode json = FigureJson.of(slider);
      assertEquals(12, json.get("frames").size());
      assertEquals("24", json.at("/frames/11/name").asText());
      assertEquals(2, json.at("/layout/sliders/0/active").asInt());
      assertEquals("dimensions: ", json.at("/layout/sliders/0/currentvalue/prefix").asText());
      assertEquals("6", json.at("/layout/sliders/0/steps/2/args/0/0").asText());
      assertEquals(json.at("/frames/2/data/0/y"), trace(json, "best embedding").get("y"));
      assertEquals(json.at("/frames/2/data/2/z"), json.at("/data/3/z"));
    }

    @Test
    void a_frame_is_the_embedding_of_its_dimensions() {
      JsonNode json = FigureJson.of(slider);
      CirculantEmbedding four = CirculantEmbedding.triangle(100, 8, 4);
      JsonNode frame = json.at("/frames/1");
      assertEquals(
          four.similarity().getDouble(20),
          frame.at("/data/0/y/20").asDouble(),
          5e-4,
          "three decimals");
      assertEquals(four.troughLag(), frame.at("/data/1/x/1").asInt());
      assertEquals("trough -0.55", frame.at("/data/1/text/1").asText());
      assertEquals(frame.at("/data/2/x/0"), frame.at("/data/2/x/100"), "the ring closes");
      for (int trace = 0; trace < 3; trace++) {
        assertEquals(trace + 1, frame.at("/traces/" + trace).asInt());
      }
    }

    @Test
    void a_measured_profile_stands_beside_it_and_does_not_move() {
      JsonNode json =
          FigureJson.of(slider.withMeasured("model", Nd4j.createFromArray(1.0, 0.5, -0.25)));
      assertEquals(List.of(1.0, 0.5, -0.25), numbers(trace(json, "model").get("y")));
      assertEquals(List.of(2.0, 3.0, 4.0), numbers(json.at("/frames/0/traces")));
    }

    @Test
    void is_small_enough_for_a_notebook() {
      assertTrue(slider.figure().toJson().length() < 100_000);
    }

    @Test
    void refuses_dimensions_that_there_are_not() {
      assertTrue(
          refusal(() -> new EmbeddingSlider(100, 8, List.of(2, 3), List.of(), ""))
              .contains("d = 3"));
      assertTrue(
          refusal(() -> new EmbeddingSlider(100, 8, List.of(4, 2), List.of(), ""))
              .contains("expected ascending"));
      assertTrue(refusal(() -> EmbeddingSlider.triangle(100, 60)).contains("60 lags"));
    }
  }

  @Nested
  class Tuning {
    /** Bumps at 10, 20, 30 whose half widths grow, and a feature that never changes. */
    private TuningCurves bumps() {
      int[] labels = IntStream.range(0, 50).toArray();
      double[][] rows = new double[50][4];
      for (int c = 0; c < 50; c++) {
        for (int j = 0; j < 3; j++) {
          rows[c][j] = 5 * Math.max(0, 1 - Math.abs(c - 10.0 * (j + 1)) / (3.0 * (j + 1)));
        }
      }
      return TuningCurves.of(Nd4j.createFromArray(rows), labels);
    }

    @Test
    void draws_each_feature_from_0_to_1_and_its_width_over_its_place() {
      JsonNode json = FigureJson.of(new TuningChart("Tuning", "count", bumps()));
      assertEquals(5, json.get("data").size(), "three curves, their widths, a trend");
      assertEquals(1, json.at("/data/1/y/20").asDouble());
      assertEquals(List.of(10.0, 20.0, 30.0), numbers(json.at("/data/3/x")));
      assertEquals(List.of(3.0, 6.0, 9.0), numbers(json.at("/data/3/y")));
      assertEquals(List.of(3.0, 9.0), numbers(json.at("/data/4/y")));
      assertFalse(
          json.at("/data/0/line/color").equals(json.at("/data/2/line/color")), "by their peak");
    }

    @Test
    void the_description_tells_how_many_and_how_wide() {
      String description = new TuningChart("Tuning", "count", bumps()).figure().description();
      assertEquals(
          "responses by count: 3 features, 3 with a peak that falls on both sides; widths from 3.0"
              + " to 9.0, rank correlation with place 1.00",
          description);
    }

    @Test
    void refuses_features_that_never_change() {
      TuningCurves flat = TuningCurves.of(Nd4j.ones(5, 2), new int[] {0, 1, 2, 3, 4});
      assertTrue(
          refusal(() -> new TuningChart("x", "count", flat).figure()).contains("no feature"));
    }
  }

  @Test
  void colours_between_the_steps_of_the_scale_are_mixed() {
    assertEquals("#00233B", OrderedColour.at(0));
    assertEquals("#D55E00", OrderedColour.at(1));
    assertEquals("#009E73", OrderedColour.at(0.55));
    assertEquals("#004B77", OrderedColour.at(0.15), "half way from #00233B to #0072B2");
  }
}
