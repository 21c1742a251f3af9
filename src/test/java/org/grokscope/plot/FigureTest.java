package org.grokscope.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FigureTest {
  private static final Map<String, ?> BARS = Map.of("type", "bar", "y", List.of(1, 2));

  private static Figure bars() {
    return Figure.of("two bars", List.of(BARS), Map.of("title", Map.of("text", "Bars")));
  }

  private static JsonNode json(Chart chart) throws Exception {
    return new ObjectMapper().readTree(chart.figure().toJson());
  }

  @Test
  void keeps_what_was_given_and_fills_the_rest_in_house_style() throws Exception {
    JsonNode json = json(bars());
    assertEquals("Bars", json.at("/layout/title/text").asText());
    assertEquals(2, json.at("/data/0/y/1").asInt());
    assertTrue(json.at("/layout/xaxis/automargin").asBoolean());
    assertEquals("#FFFFFF", json.at("/layout/paper_bgcolor").asText());
    assertFalse(json.at("/config/displaylogo").asBoolean(true));
  }

  @Test
  void what_is_given_wins_over_house_style() throws Exception {
    Figure small = Figure.of("two bars", List.of(BARS), Map.of("margin", Map.of("l", 5)));
    assertEquals(5, json(small).at("/layout/margin/l").asInt());
    assertTrue(json(small).at("/layout/margin/b").asInt() > 5);
  }

  @Test
  void numbers_that_are_not_finite_become_null() throws Exception {
    Map<String, Object> trace = new HashMap<>();
    trace.put("y", new double[] {1, Double.NaN, Double.POSITIVE_INFINITY});
    trace.put("z", List.of(List.of(Float.NaN, 2f)));
    Figure figure = Figure.of("gaps", List.of(trace), Map.of());
    assertTrue(json(figure).at("/data/0/y/1").isNull());
    assertTrue(json(figure).at("/data/0/y/2").isNull());
    assertTrue(json(figure).at("/data/0/z/0/0").isNull());
    assertFalse(figure.toJson().contains("NaN"));
    Map<?, ?> first = (Map<?, ?>) ((List<?>) figure.toMap().get("data")).get(0);
    assertEquals(Arrays.asList(1.0, null, null), first.get("y"));
  }

  @Test
  void with_gives_a_new_figure_and_leaves_the_old_one_alone() {
    Figure before = bars();
    String json = before.toJson();
    Figure after =
        before
            .withTitle("Other")
            .withSize(300, 200)
            .with("xaxis.type", "log")
            .withTrace(BARS)
            .withPhase(1, 2, "memorisation")
            .withHorizontalLine(0.5, "chance")
            .withVerticalLine(3, "grokked")
            .withFrames(List.of(Map.of("name", "0")));
    assertEquals(json, before.toJson());
    assertEquals(before, bars());
    assertEquals(before.hashCode(), bars().hashCode());
    assertNotEquals(before, after);
    assertEquals("Other", after.title());
    assertEquals("Other: two bars", after.toString());
  }

  @Test
  void phases_take_turns_in_their_shade_and_stand_behind_the_curves() throws Exception {
    JsonNode shapes = json(bars().withPhase(1, 2, "a").withPhase(2, 3, "b")).at("/layout/shapes");
    assertEquals("below", shapes.at("/0/layer").asText());
    assertEquals("b", shapes.at("/1/label/text").asText());
    assertNotEquals(shapes.at("/0/fillcolor"), shapes.at("/1/fillcolor"));
  }

  @Test
  void every_further_axis_has_the_house_style_too() throws Exception {
    Figure figure = Figure.of("x", List.of(BARS), Map.of("yaxis2", Map.of("side", "right")));
    assertEquals("right", json(figure).at("/layout/yaxis2/side").asText());
    assertTrue(json(figure).at("/layout/yaxis2/automargin").asBoolean());
  }

  @Test
  void what_narrow_pages_change_stands_apart() throws Exception {
    JsonNode json = json(bars().withNarrow(Map.of("height", 300)));
    assertEquals(300, json.at("/layout/meta/narrow/height").asInt());
    assertEquals(480, json.at("/layout/height").asInt());
  }

  @Test
  void settings_are_laid_onto_what_is_there() throws Exception {
    Figure figure = bars().withLayout(Map.of("title", Map.of("x", 0.5)));
    assertEquals("Bars", json(figure).at("/layout/title/text").asText());
    assertEquals(0.5, json(figure).at("/layout/title/x").asDouble());
  }

  @Test
  void an_unknown_boundary_is_a_grey_band() throws Exception {
    JsonNode band = json(bars().withUncertainty(1, 2)).at("/layout/shapes/0");
    assertEquals(2, band.get("x1").asInt());
    assertEquals("below", band.get("layer").asText());
    assertTrue(message(() -> bars().withUncertainty(2, 2)).contains("2.0 to 2.0"));
  }

  @Test
  void frames_outlive_another_description() throws Exception {
    Figure figure = bars().withFrames(List.of(Map.of("name", "0"))).withDescription("bars");
    assertEquals("0", json(figure).at("/frames/0/name").asText());
  }

  @Test
  void description_stands_in_for_the_picture() {
    assertEquals("three bars", bars().withDescription("three bars").description());
    assertEquals("Bars", bars().withDescription("three bars").title());
    assertThrows(IllegalArgumentException.class, () -> bars().withDescription(" "));
  }

  @Test
  void errors_say_what_was_given_and_what_is_expected() {
    assertTrue(message(() -> Figure.of("x", List.of(), Map.of())).contains("at least one"));
    assertTrue(message(() -> bars().withSize(0, 5)).contains("0 × 5"));
    assertTrue(message(() -> bars().with("a..b", 1)).contains("a..b"));
    assertTrue(message(() -> bars().with("height.x", 1)).contains("'height' is no object"));
    assertTrue(message(() -> bars().withPhase(2, Double.NaN, "")).contains("left to right"));
  }

  private static String message(Runnable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
  }

  @Nested
  class Showing {
    @AfterEach
    void reset() {
      InstalledDisplay.reset();
    }

    @Test
    void says_what_to_do_outside_a_notebook() {
      InstalledDisplay.reset();
      String message = assertThrows(IllegalStateException.class, bars()::show).getMessage();
      assertTrue(message.contains("Notebook.start()"), message);
    }

    @Test
    void goes_to_the_display_that_is_installed() {
      AtomicReference<Figure> shown = new AtomicReference<>();
      Display display = shown::set;
      display.install();
      Figure figure = bars();
      figure.show();
      assertSame(figure, shown.get());
    }
  }

  @Test
  void carries_a_filmstrip_for_places_that_draw_nothing() {
    Figure film = Figure.declare("Film", "three pictures").trace(Attributes.bars()).figure();
    Figure moving =
        Figure.declare("Moving", "a slider")
            .trace(Attributes.bars())
            .narrow("height", 300)
            .still(film)
            .figure();
    Map<?, ?> meta = (Map<?, ?>) ((Map<?, ?>) moving.toMap().get("layout")).get("meta");
    Map<?, ?> still = (Map<?, ?>) meta.get("still");
    assertEquals("Film", ((Map<?, ?>) ((Map<?, ?>) still.get("layout")).get("title")).get("text"));
    assertEquals(1, ((List<?>) still.get("data")).size());
    assertEquals(Map.of("height", 300), meta.get("narrow"));
    assertEquals("Moving: a slider", meta.get("description"));
  }
}
