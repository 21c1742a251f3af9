package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DeclarationTest {
  private static Declaration line() {
    return Figure.declare("Line", "a line from 1 to 2")
        .trace(Attributes.scatter("lines").xy(List.of(0, 10), List.of(1, 2)));
  }

  @Nested
  class Paths {
    @Test
    void lead_into_objects_that_are_made_on_the_way() {
      assertEquals(
          Map.of("title", Map.of("text", "k", "font", Map.of("size", 9)), "dtick", 1),
          Attributes.of("title.text", "k").set("title.font.size", 9).set("dtick", 1));
    }

    @Test
    void lead_into_maps_that_were_given_and_leave_those_alone() {
      Map<String, Object> given = Map.of("t", 80);
      assertEquals(
          Map.of("margin", Map.of("t", 90, "l", 20)),
          Attributes.of("margin", given).set("margin.l", 20).set("margin.t", 90));
      assertEquals(Map.of("t", 80), given);
    }

    @Test
    void lay_object_onto_object_and_the_later_one_wins() {
      Attributes axis = Attributes.of("title.text", "k").set("range", List.of(0, 1));
      Attributes copy = Attributes.copyOf(axis).lay(Map.of("title", Map.of("standoff", 4)));
      assertEquals(Map.of("text", "k", "standoff", 4), copy.get("title"));
      assertEquals(Map.of("text", "k"), axis.get("title"), "a copy shares nothing");
      assertThrows(UnsupportedOperationException.class, () -> axis.entrySet().clear());
    }

    @Test
    void that_lead_nowhere_are_refused() {
      assertTrue(refusal(() -> Attributes.of("a..b", 1)).contains("'a..b'"));
      assertTrue(refusal(() -> Attributes.of("", 1)).contains("''"));
      assertEquals(
          "with: got the path 'height.x', but 'height' is no object: 5",
          refusal(() -> Attributes.of("height", 5).set("height.x", 1)));
    }
  }

  @Nested
  class Sliding {
    private final Declaration moving =
        line()
            .moving(
                Attributes.scatter("markers").set("marker.size", 9),
                i -> Attributes.none().xy(List.of(i), List.of(10 * i)));

    @Test
    void draws_the_active_position_and_keeps_what_does_not_move_out_of_the_frames() {
      JsonNode json = FigureJson.of(moving.slider(Slider.of("i = ", List.of(3, 5, 7), 1, 400)));
      assertEquals("[10]", json.at("/data/1/y").toString());
      assertEquals(9, json.at("/data/1/marker/size").asInt());
      assertEquals("[\"3\",\"5\",\"7\"]", texts(json));
      assertEquals("[1]", json.at("/frames/2/traces").toString());
      assertEquals("[{\"x\":[2],\"y\":[20]}]", json.at("/frames/2/data").toString());
      JsonNode play = json.at("/layout/updatemenus/0/buttons/0/args");
      assertTrue(play.get(0).isNull(), "every frame");
      assertEquals(400, play.at("/1/frame/duration").asInt());
      assertEquals("[\"7\"]", json.at("/layout/sliders/0/steps/2/args/0").toString());
    }

    private static String texts(JsonNode json) {
      return new ObjectMapper().valueToTree(json.get("frames").findValuesAsText("name")).toString();
    }

    @Test
    void needs_both_a_slider_and_what_it_moves() {
      assertTrue(refusal(moving::figure).contains("moving traces and no slider"));
      Declaration still = line().slider(Slider.of("", List.of(1, 2), 0, 1));
      assertTrue(refusal(still::figure).contains("a slider and no moving trace"));
    }

    @Test
    void refuses_positions_that_cannot_be_told_apart() {
      assertTrue(refusal(() -> Slider.of("", List.of(1), 0, 1)).contains("at least two"));
      assertTrue(refusal(() -> Slider.of("", List.of(1, 1), 0, 1)).contains("different"));
      assertTrue(refusal(() -> Slider.of("", List.of(1, 2), 2, 1)).contains("from 0 to 1"));
      assertTrue(
          refusal(() -> new Slider("", List.of("a", "b"), List.of("a"), 0, 1))
              .contains("1 labels"));
    }
  }

  @Nested
  class Words {
    @Test
    void are_one_text_for_plain_text_and_whoever_draws_the_figure() {
      Figure figure =
          line()
              .set("xaxis.title.text", "epoch<br><b>of 10</b>")
              .set("yaxis.title.text", "loss")
              .set("yaxis.type", "log")
              .set("yaxis.range", List.of(-7, 1))
              .figure();
      assertEquals(
          "Line: a line from 1 to 2. Horizontal axis: epoch of 10, 0 to 10. Vertical axis: loss,"
              + " log scale, 1.00e-07 to 10.",
          figure.toString());
      assertEquals(
          figure.toString(), FigureJson.of(figure).at("/layout/meta/description").asText());
    }

    @Test
    void follow_a_later_title_and_description() {
      Figure figure = line().figure().withTitle("Other").withDescription("something else");
      assertEquals("Other: something else", figure.toString());
      assertEquals(
          "Other: something else", FigureJson.of(figure).at("/layout/meta/description").asText());
    }

    @Test
    void leave_out_axes_without_a_title_and_ends_that_are_no_numbers() {
      Figure bars =
          Figure.declare("Bars", "two bars")
              .trace(Attributes.bars().xy(List.of("a", "b"), List.of(12_345.6, 1)))
              .set("xaxis.title.text", "letter")
              .figure();
      assertEquals("Bars: two bars. Horizontal axis: letter.", bars.toString());
      assertEquals(
          "Bars: two bars. Horizontal axis: letter. Vertical axis: n, 1 to 12,346.",
          bars.with("yaxis.title.text", "n").toString());
    }

    @Test
    void tell_an_axis_with_named_marks_by_the_names() {
      Figure strip =
          line()
              .set("xaxis.title.text", "decay")
              .set("xaxis.range", List.of(-0.6, 2.6))
              .set("xaxis.tickvals", List.of(0, 1, 2))
              .set("xaxis.ticktext", List.of("0", "0.1", "<b>&pi;</b>"))
              .figure();
      assertEquals("Line: a line from 1 to 2. Horizontal axis: decay, at 0, 0.1, π.", strip + "");
      assertEquals(
          "Line: a line from 1 to 2. Horizontal axis: decay, log scale, 0.1 to 100.",
          strip
              .with("xaxis.type", "log")
              .with("xaxis.range", List.of(-1, 2))
              .with("xaxis.ticktext", List.of("1", "2", "5"))
              .toString());
      List<Integer> places = IntStream.range(0, 13).boxed().toList();
      assertEquals(
          "Line: a line from 1 to 2. Horizontal axis: decay, 10 to 22.",
          strip
              .with("xaxis.tickvals", places)
              .with("xaxis.ticktext", places.stream().map(place -> 10 + place + "").toList())
              .toString());
    }

    @Test
    void do_not_touch_a_meta_of_the_researchers_own() {
      JsonNode json = FigureJson.of(line().set("meta", "mine"));
      assertEquals("mine", json.at("/layout/meta").asText());
      assertFalse(json.at("/layout/meta").isObject());
    }
  }
}
