package org.grokscope.plot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.unbescape.html.HtmlEscape;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.Trace;

/**
 * From Tablesaw's plot types to Plotly's JSON.
 *
 * <p>Tablesaw writes JavaScript ({@code var trace0 = {x: [1.0,NaN,], name: 'p &lt; q',};}). It is
 * read leniently here, and these slips are mended: texts come HTML-escaped; numbers and flags come
 * as texts, coordinates too; 3-D traces say {@code line} for {@code lines}; {@code titlefont} and
 * bare titles, which Plotly no longer reads; misspelt {@code showspike} and {@code showExponent}; a
 * number that is not finite becomes null; an empty name becomes none.
 */
final class JsplotBridge {
  private static final JsonMapper LENIENT =
      JsonMapper.builder()
          .enable(
              JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES,
              JsonReadFeature.ALLOW_SINGLE_QUOTES,
              JsonReadFeature.ALLOW_TRAILING_COMMA,
              JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS,
              JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS,
              JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Keys whose values Tablesaw quotes although Plotly wants a number or a flag. */
  private static final Set<String> QUOTED_VALUES =
      Set.of("opacity", "dtick", "nticks", "tick0", "scaleratio", "xshift", "visible", "autorange");

  private static final Map<String, String> MISSPELT =
      Map.of("showspike", "showspikes", "showExponent", "showexponent");

  private static final Set<String> COORDINATES = Set.of("x", "y", "z");

  private JsplotBridge() {}

  /** One trace as Plotly's JSON. */
  static ObjectNode trace(Trace trace) {
    ObjectNode node = read(trace.asJavascript(0));
    mend(node);
    // the mode's slip: "line + markers"; the wish of two texts is text and markers
    JsonNode mode = node.get("mode");
    if (mode != null && !mode.asText().startsWith("lines")) {
      node.put("mode", mode(mode.asText()));
    }
    // a name with a backslash or a line end does not survive the JavaScript
    if (trace.name() == null || trace.name().isEmpty()) {
      node.remove("name");
    } else {
      node.put("name", trace.name());
    }
    return (ObjectNode) PlotlyJson.finite(node);
  }

  /** One trace, to set more of it. */
  static Attributes attributes(Trace trace) {
    return Attributes.copyOf(PlotlyJson.map(trace(trace)));
  }

  /** A layout as Plotly's JSON. */
  static ObjectNode layout(Layout layout) {
    ObjectNode node = read(layout.asJavascript());
    mend(node);
    return (ObjectNode) PlotlyJson.finite(node);
  }

  private static ObjectNode read(String javascript) {
    int from = javascript.indexOf('{');
    int to = javascript.lastIndexOf('}');
    try {
      return (ObjectNode) LENIENT.readTree(javascript.substring(from, to + 1));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "figure: Tablesaw wrote JavaScript that cannot be read as JSON: "
              + e.getOriginalMessage()
              + "; expected plain values; state the trace as a map instead",
          e);
    }
  }

  private static String mode(String mode) {
    List<String> parts = new ArrayList<>();
    for (String part : mode.split("[ +]+")) {
      parts.add(part.equals("line") ? "lines" : part);
    }
    return parts.equals(List.of("text", "text")) ? "text+markers" : String.join("+", parts);
  }

  private static void mend(ObjectNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode value = node.get(name);
      if (value instanceof ObjectNode inner) {
        mend(inner);
      } else if (value instanceof ArrayNode array && COORDINATES.contains(name)) {
        node.set(name, numbers(array));
      } else if (value.isTextual()) {
        node.set(name, plain(name, HtmlEscape.unescapeHtml(value.textValue())));
      }
      if (MISSPELT.containsKey(name)) {
        node.set(MISSPELT.get(name), node.remove(name));
      }
    }
    mendTitle(node);
  }

  private static JsonNode plain(String name, String text) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    if (!QUOTED_VALUES.contains(name)) {
      return make.textNode(text);
    }
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return make.booleanNode(Boolean.parseBoolean(text));
    }
    try {
      return make.numberNode(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return make.textNode(text); // such as visible: 'legendonly'
    }
  }

  /** Numbers for texts if all are numbers, whole ones without a fraction; else as it is. */
  private static ArrayNode numbers(ArrayNode texts) {
    ArrayNode numbers = JsonNodeFactory.instance.arrayNode(texts.size());
    for (JsonNode text : texts) {
      double value;
      try {
        value = text.isTextual() ? Double.parseDouble(text.textValue()) : text.doubleValue();
      } catch (NumberFormatException e) {
        return texts;
      }
      if (text.isContainerNode()) {
        return texts;
      }
      if (value == Math.rint(value) && Math.abs(value) < 1e15) {
        numbers.add((long) value);
      } else {
        numbers.add(value);
      }
    }
    return numbers;
  }

  private static void mendTitle(ObjectNode node) {
    JsonNode title = node.get("title");
    JsonNode font = node.remove("titlefont");
    if (title == null || !title.isTextual()) {
      return;
    }
    ObjectNode made = node.putObject("title").put("text", title.textValue());
    if (font != null) {
      made.set("font", font);
    }
  }
}
