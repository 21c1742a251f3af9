package org.grokscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.IntStream;
import org.grokscope.plot.Attributes;
import org.grokscope.plot.Chart;
import org.grokscope.plot.Declaration;
import org.grokscope.plot.Figure;
import org.grokscope.plot.HouseStyle;
import org.grokscope.plot.Slider;
import org.junit.jupiter.api.Test;

/**
 * A new kind of figure is one new file: this one, outside the room of figures, declares a figure
 * that slides with nothing but the room's public API.
 */
class FigureOfOnesOwnTest {

  /** The powers a·0, a·1 … a·(p−1) mod p, with a slider over a. */
  private record Multiples(int p) implements Chart {
    @Override
    public Figure figure() {
      List<Integer> numbers = IntStream.range(0, p).boxed().toList();
      return Figure.declare("Multiples mod " + p, "a times b mod " + p + ", a from 1 to " + (p - 1))
          .set("xaxis.title.text", "b")
          .set("yaxis.title.text", "a·b")
          .set("yaxis.range", List.of(-0.5, p - 0.5))
          .trace(Attributes.scatter("lines").xy(numbers, numbers).set("line.dash", "dot"))
          .moving(
              Attributes.bars().set("x", numbers).set("marker.color", HouseStyle.TEST),
              i -> Attributes.of("y", numbers.stream().map(b -> (i + 1) * b % p).toList()))
          .slider(Slider.of("a = ", IntStream.range(1, p).boxed().toList(), 1, 300))
          .narrow("height", 300)
          .figure();
    }
  }

  private static JsonNode json(Figure figure) throws Exception {
    return new ObjectMapper().readTree(figure.toJson());
  }

  @Test
  void slides_in_house_style_and_says_what_it_shows() throws Exception {
    JsonNode json = json(new Multiples(5).figure());
    assertEquals("[0,2,4,1,3]", json.at("/data/1/y").toString(), "begins at a = 2");
    assertEquals(HouseStyle.TEST, json.at("/data/1/marker/color").asText());
    assertEquals(4, json.get("frames").size());
    assertEquals("[1]", json.at("/frames/3/traces").toString(), "the dotted line stands still");
    assertEquals("[0,4,3,2,1]", json.at("/frames/3/data/0/y").toString());
    assertEquals("a = ", json.at("/layout/sliders/0/currentvalue/prefix").asText());
    assertEquals(300, json.at("/layout/meta/narrow/height").asInt());
    assertEquals("#FFFFFF", json.at("/layout/paper_bgcolor").asText());
    assertEquals(
        "Multiples mod 5: a times b mod 5, a from 1 to 4. Horizontal axis: b, 0 to 4. Vertical"
            + " axis: a·b, -0.5 to 4.5.",
        json.at("/layout/meta/description").asText());
  }

  @Test
  void a_declaration_can_be_drawn_as_it_is() throws Exception {
    Declaration squares = Figure.declare("Squares", "squares of 1 and 2").trace(Attributes.bars());
    assertEquals("bar", json(squares.figure()).at("/data/0/type").asText());
    assertFalse(json(squares.figure()).has("frames"));
  }
}
