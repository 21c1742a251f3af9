package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AnswerTableTest {
  private static final INDArray KNOWN =
      Nd4j.createFromArray(new double[][] {{1, 1, 0}, {0, 0, 0}, {0, 1, 0}});

  /** Nothing; what is known and one mirror image; everything. */
  private static AnswerTable three() {
    INDArray right = Nd4j.create(DataType.DOUBLE, 3, 3, 3);
    right.slice(1).assign(KNOWN);
    right.putScalar(new int[] {1, 1, 0}, 1);
    right.slice(2).assign(1);
    return new AnswerTable("a+b mod 3", List.of(0L, 100L, 5_000L), right, KNOWN);
  }

  @Test
  void tells_known_pairs_mirror_images_and_strangers_apart() {
    JsonNode json = FigureJson.of(three());
    assertEquals(List.of(0.0, 0.0, 0.0), numbers(json.at("/frames/0/data/0/z/0")));
    assertEquals(List.of(1.0, 1.0, 0.0), numbers(json.at("/frames/1/data/0/z/0")));
    assertEquals(List.of(2.0, 0.0, 0.0), numbers(json.at("/frames/1/data/0/z/1")));
    assertEquals(List.of(1.0, 1.0, 3.0), numbers(json.at("/frames/2/data/0/z/0")));
    assertEquals(List.of(2.0, 3.0, 2.0), numbers(json.at("/frames/2/data/0/z/1")));
    assertEquals(json.at("/frames/2/data/0/z"), json.at("/data/0/z"), "begins with the last");
  }

  @Test
  void dots_what_was_trained_on() {
    JsonNode dots = FigureJson.trace(FigureJson.of(three()), "trained on");
    assertEquals(List.of(0.0, 1.0, 1.0), numbers(dots.get("x")));
    assertEquals(List.of(0.0, 0.0, 2.0), numbers(dots.get("y")));
  }

  @Test
  void the_filmstrip_has_the_beginning_by_heart_and_the_end() {
    JsonNode still = FigureJson.of(three()).at("/layout/meta/still");
    String text = still.at("/layout/annotations").toString();
    assertTrue(text.contains("epoch 0<br>0 % of the others right"), text);
    assertTrue(text.contains("epoch 100<br>17 % of the others right"), text);
    assertTrue(text.contains("epoch 5,000<br>100 % of the others right"), text);
    assertEquals("heatmap", still.at("/data/2/type").asText());
    assertFalse(still.get("layout").has("sliders"));
  }

  @Test
  void says_what_is_to_be_seen() {
    assertEquals(
        "a slider over the table of all 3 × 3 questions; right of those that were trained on, and"
            + " of the others, at epoch 0: 0 % and 0 %; epoch 100: 100 % and 17 %; epoch 5,000: 100"
            + " % and 100 %",
        three().figure().description());
  }

  @Test
  void refuses_what_does_not_fit() {
    INDArray right = Nd4j.ones(DataType.DOUBLE, 2, 3, 3);
    assertTrue(
        refusal(() -> new AnswerTable("t", List.of(1L, 1L), right, KNOWN))
            .contains("got epoch 1 after 1"));
    assertTrue(
        refusal(() -> new AnswerTable("t", List.of(1L, 2L), right, Nd4j.ones(4, 4)))
            .contains("known of shape [4, 4], expected [3, 3]"));
    assertTrue(
        refusal(
                () ->
                    new AnswerTable(
                        "t", List.of(1L, 2L), Nd4j.ones(2, 200, 200), Nd4j.ones(200, 200)))
            .contains("200 numbers, expected 2 to 131"));
  }
}
