package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class ReluProductTest {
  @Test
  void the_product_has_the_coefficient_of_the_integral() {
    // |cos u| = 2/π + 4/(3π) cos 2u − …, and max(s, 0) = (s + |s|)/2 with s = 2 cos u cos v
    assertEquals(16 / (3 * Math.PI * Math.PI), new ReluProduct(200).product(), 2e-3);
    assertEquals(0.5, new ReluProduct(200).plain(), 1e-9, "by symmetry");
  }

  @Test
  void shares_are_of_one_whole() {
    ReluProduct drawn = ReluProduct.drawn();
    double rest = 1 - drawn.plainShare() - drawn.productShare();
    assertTrue(rest > 0.02 && rest < 0.06, "" + rest);
    assertTrue(drawn.productShare() > 0.2, "" + drawn.productShare());
  }

  @Test
  void the_panels_add_up() {
    JsonNode json = FigureJson.of(ReluProduct.drawn());
    double in = json.at("/data/0/z/3/5").asDouble();
    double out = json.at("/data/1/z/3/5").asDouble();
    assertEquals(Math.cos(2 * Math.PI * 3 / 40) + Math.cos(2 * Math.PI * 5 / 40), in, 5e-3);
    assertEquals(Math.max(in, 0), out, 1e-9);
    assertEquals(0, json.at("/data/1/z/20/20").asDouble(), "both cosines are −1");
    double constant =
        out - 0.5 * in - json.at("/data/2/z/3/5").asDouble() - json.at("/data/3/z/3/5").asDouble();
    double there =
        json.at("/data/1/z/20/20").asDouble()
            - 0.5 * json.at("/data/0/z/20/20").asDouble()
            - json.at("/data/2/z/20/20").asDouble()
            - json.at("/data/3/z/20/20").asDouble();
    assertEquals(constant, there, 0.02, "the same constant everywhere");
    assertEquals(4 / Math.PI / Math.PI, constant, 0.02, "half of the mean of |s|, 2 (2/π)²");
  }

  @Test
  void refuses_too_few_points() {
    assertTrue(refusal(() -> new ReluProduct(3)).contains("got 3 points, expected 8 to 200"));
  }
}
