package org.grokscope.plot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** A figure as a page receives it. */
final class FigureJson {
  private FigureJson() {}

  /** The JSON of a figure, which has a title, a description and no number that JSON lacks. */
  static JsonNode of(Chart chart) {
    Figure figure = chart.figure();
    assertFalse(figure.title().isBlank());
    assertFalse(figure.description().contains("NaN"), figure.description());
    String text = figure.toJson();
    assertFalse(text.contains("NaN") || text.contains("Infinity"));
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(value -> numbers.add(value.isNull() ? null : value.doubleValue()));
    return numbers;
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(value -> texts.add(value.asText()));
    return texts;
  }

  /** The trace of a name, which has to be there once. */
  static JsonNode trace(JsonNode figure, String name) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode trace : figure.get("data")) {
      if (trace.path("name").asText().equals(name)) {
        found.add(trace);
      }
    }
    assertTrue(found.size() == 1, found.size() + " traces are called " + name);
    return found.get(0);
  }

  /** What a wrong call is told. */
  static String refusal(Runnable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
  }
}
