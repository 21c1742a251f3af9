package org.grokscope.plot;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.unbescape.html.HtmlEscape;

/**
 * A figure told to whoever does not see it: its title, the sentence of its class, and every axis
 * that has a title with what it reaches over. An axis whose marks are named is told by these names,
 * since the numbers at which they stand may be mere positions.
 */
final class FigureWords {
  private static final int MOST_NAMES = 12; // of the marks of one axis
  private static final Pattern MARK_UP = Pattern.compile("(<[^>]*>|\\s)+");

  private final JsonNode data;
  private final JsonNode layout;

  private FigureWords(JsonNode data, JsonNode layout) {
    this.data = data;
    this.layout = layout;
  }

  static String of(String sentence, JsonNode data, JsonNode layout) {
    String title = plain(layout.at("/title/text").asText());
    List<String> told = new ArrayList<>();
    told.add(title.isEmpty() ? sentence : title + ": " + sentence);
    told.addAll(new FigureWords(data, layout).axes());
    return told.size() == 1
        ? told.get(0)
        : String.join(". ", told.stream().map(part -> part.replaceAll("\\.$", "")).toList()) + ".";
  }

  /** Text without mark-up. */
  private static String plain(String text) {
    return HtmlEscape.unescapeHtml(MARK_UP.matcher(text).replaceAll(" ")).strip();
  }

  /** Each axis once, in the order of the traces that are drawn on it. */
  private Collection<String> axes() {
    Set<String> told = new LinkedHashSet<>();
    for (JsonNode trace : data) {
      if (trace.path("type").asText().endsWith("3d")) {
        JsonNode scene = layout.path(trace.path("scene").asText("scene"));
        for (String letter : List.of("x", "y", "z")) {
          tell(told, "Axis " + letter, letter, scene.path(letter + "axis"), List.of());
        }
      } else {
        for (String letter : List.of("x", "y")) {
          String axis = axisOf(trace, letter);
          List<JsonNode> here = new ArrayList<>();
          data.forEach(
              other -> {
                if (axisOf(other, letter).equals(axis)) {
                  here.add(other);
                }
              });
          String kind = letter.equals("x") ? "Horizontal axis" : "Vertical axis";
          tell(told, kind, letter, layout.path(letter + "axis" + axis.substring(1)), here);
        }
      }
    }
    return told;
  }

  private static String axisOf(JsonNode trace, String letter) {
    return trace.path(letter + "axis").asText(letter);
  }

  private static void tell(
      Set<String> told, String kind, String letter, JsonNode axis, List<JsonNode> traces) {
    String title = plain(axis.at("/title/text").asText());
    if (title.isEmpty()) {
      return;
    }
    boolean log = axis.path("type").asText().equals("log");
    boolean named = axis.path("ticktext").size() > 0; // on a log axis by the numbers themselves
    told.add(
        kind
            + ": "
            + title
            + (log && !title.contains("log scale") ? ", log scale" : "")
            + (named && !log ? names(axis) : reach(letter, axis, log, traces)));
  }

  /** All names, or the first and the last of many. */
  private static String names(JsonNode axis) {
    List<String> names = new ArrayList<>();
    axis.get("ticktext").forEach(text -> names.add(plain(text.asText())));
    return names.size() <= MOST_NAMES
        ? ", at " + String.join(", ", names)
        : ", " + names.get(0) + " to " + names.get(names.size() - 1);
  }

  /** What the axis is set to, else the smallest and the largest number on it, if there are two. */
  private static String reach(String letter, JsonNode axis, boolean log, List<JsonNode> traces) {
    List<Double> ends = new ArrayList<>();
    if (axis.path("range").size() == 2) {
      axis.get("range")
          .forEach(end -> ends.add(log ? Math.pow(10, end.asDouble()) : end.asDouble()));
    } else {
      for (JsonNode trace : traces) {
        for (JsonNode value : trace.path(letter)) {
          if (value.isNumber()) {
            ends.add(value.asDouble());
          }
        }
      }
      ends.sort(null);
    }
    return ends.size() < 2
        ? ""
        : ", " + number(ends.get(0)) + " to " + number(ends.get(ends.size() - 1));
  }

  /** Four digits, thousands apart, and powers of ten where those would be many zeros. */
  private static String number(double value) {
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e7)) {
      return Digits.text("%.2e", value);
    }
    double rounded = Digits.significant(value, size >= 1e4 ? 9 : 4);
    return new DecimalFormat("#,##0.######", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(size >= 1e4 ? Math.rint(rounded) : rounded);
  }
}
