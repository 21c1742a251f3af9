package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.grokscope.plot.FigureJson.trace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class EmbeddingSpectrumTest {
  /** const, cos 1, sin 1, cos 2, sin 2, cos 3, sin 3. */
  private static EmbeddingSpectrum seven(Integer... keys) {
    return EmbeddingSpectrum.ofRows(
        "length", Nd4j.createFromArray(9, 0.1, 0.2, 3, 4, 0.3, 0.4), List.of(keys));
  }

  @Test
  void two_bars_a_frequency_and_keys_apart() {
    var json = FigureJson.of(seven(2));
    assertEquals(List.of(1.0, 3.0), numbers(trace(json, "cosine, others").get("x")));
    assertEquals(List.of(0.1, 0.3), numbers(trace(json, "cosine, others").get("y")));
    assertEquals(List.of(0.2, 0.4), numbers(trace(json, "sine, others").get("y")));
    assertEquals(List.of(2.0), numbers(trace(json, "cosine, key frequencies").get("x")));
    assertEquals(List.of(3.0), numbers(trace(json, "cosine, key frequencies").get("y")));
    assertEquals(List.of(4.0), numbers(trace(json, "sine, key frequencies").get("y")));
    assertEquals("<b>2</b>", json.at("/layout/annotations/0/text").asText());
    assertEquals(4, json.at("/layout/annotations/0/y").asDouble(), "above the higher bar");
  }

  @Test
  void the_description_gives_the_keys_and_their_share() {
    // 25 of 25 + 0.05 + 0.25
    assertEquals(
        "length, frequencies 1 to 3: the strongest is 2; the key frequencies 2 hold 98.8 % of the"
            + " energy without the constant",
        seven(2).figure().description());
    assertFalse(seven().figure().description().contains("key"));
  }

  @Test
  void without_keys_there_are_two_grey_traces() {
    var json = FigureJson.of(seven());
    assertEquals(2, json.get("data").size());
    assertTrue(json.at("/layout/annotations").isEmpty());
  }

  @Test
  void a_length_that_is_not_finite_is_a_gap() {
    var figure =
        new EmbeddingSpectrum(
            "length",
            Nd4j.createFromArray(1, Double.NaN, 2),
            Nd4j.createFromArray(1.0, 1, 1),
            List.of(2));
    assertTrue(FigureJson.of(figure).at("/data/2/y/0").isNull());
  }

  @Test
  void refuses_wrong_keys_and_wrong_lengths() {
    assertEquals(
        "embedding spectrum: got the frequencies [0], expected different ones from 1 to 3",
        refusal(() -> seven(0)));
    assertTrue(refusal(() -> seven(4)).contains("from 1 to 3"));
    assertTrue(refusal(() -> seven(2, 2)).contains("[2, 2]"));
    assertTrue(
        refusal(() -> EmbeddingSpectrum.ofRows("length", Nd4j.create(6), List.of()))
            .contains("6 row norms"));
    assertTrue(
        refusal(() -> new EmbeddingSpectrum("x", Nd4j.create(3), Nd4j.create(2), List.of()))
            .contains("sine norms of shape [2], expected [3]"));
  }
}
