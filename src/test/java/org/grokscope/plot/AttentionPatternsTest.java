package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AttentionPatternsTest {
  /** 0.5 + 0.3 cos(2π·k·a/p), whatever b is. */
  private static AttentionPatterns cosine(int p, int k) {
    INDArray weights = Nd4j.create(DataType.DOUBLE, 1, p, p);
    for (int a = 0; a < p; a++) {
      for (int b = 0; b < p; b++) {
        weights.putScalar(new int[] {0, a, b}, 0.5 + 0.3 * Math.cos(2 * Math.PI * k * a / p));
      }
    }
    return new AttentionPatterns("a", weights);
  }

  @Test
  void finds_the_frequency_and_puts_the_numbers_in_the_order_of_its_clock() {
    JsonNode json = FigureJson.of(cosine(7, 3));
    assertEquals(3, json.get("data").size());
    JsonNode points = json.at("/data/2");
    assertEquals(List.of(0., 3., 6., 2., 5., 1., 4.), numbers(points.get("x")), "3·a mod 7");
    assertEquals(0.8, points.at("/y/0").asDouble());
    JsonNode line = json.at("/data/1/y");
    for (int a = 0; a < 7; a++) {
      assertEquals(
          points.at("/y/" + a).asDouble(),
          line.get(points.at("/x/" + a).asInt()).asDouble(),
          2e-4, // both are rounded to four decimals
          "a cosine lies on its own fit");
    }
    assertEquals("3·a mod 7", json.at("/layout/xaxis2/title/text").asText());
    assertEquals(
        "attention from '=' to a, its mean over b by a: head 0 k = 3 explains 100.0 %",
        cosine(7, 3).figure().description());
  }

  @Test
  void of_two_waves_the_stronger_one_explains_its_share() {
    INDArray weights = cosine(7, 1).weights().mul(0.5).add(cosine(7, 2).weights());
    String sentence = new AttentionPatterns("b", weights).figure().description();
    assertTrue(sentence.endsWith("head 0 k = 2 explains 80.0 %"), sentence); // 4 : 1
  }

  @Test
  void attention_that_is_constant_is_explained_by_nothing() {
    var flat = new AttentionPatterns("=", Nd4j.valueArrayOf(new long[] {1, 5, 5}, 0.25));
    assertTrue(flat.figure().description().endsWith("explains 0.0 %"), flat.figure().description());
  }

  @Test
  void four_heads_of_all_pairs_stay_small() {
    var four = new AttentionPatterns("a", Nd4j.rand(DataType.DOUBLE, 4, 113, 113));
    JsonNode json = FigureJson.of(four);
    assertEquals(12, json.get("data").size());
    int bytes = four.figure().toJson().length();
    assertTrue(bytes < 400_000, bytes + " bytes");
  }

  @Test
  void refuses_even_p_and_too_many_heads() {
    assertTrue(
        refusal(() -> new AttentionPatterns("a", Nd4j.zeros(1, 6, 6))).contains("got p = 6"));
    assertTrue(
        refusal(() -> new AttentionPatterns("a", Nd4j.zeros(9, 5, 5)))
            .contains("got 9 heads, expected 1 to 8"));
    assertTrue(
        refusal(() -> new AttentionPatterns("a", Nd4j.zeros(5, 5)))
            .contains("weights of shape [5, 5]"));
    assertEquals(
        "attention patterns: got weights of shape [2, 5, 4], expected [any, 5, 5]",
        refusal(() -> new AttentionPatterns("a", Nd4j.zeros(2, 5, 4))));
  }
}
