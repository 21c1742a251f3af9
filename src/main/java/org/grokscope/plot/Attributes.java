package org.grokscope.plot;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What is set of a trace, an axis or a layout, under Plotly's own names
 * (https://plotly.com/javascript/reference/); nested ones by dotted paths:
 *
 * <pre>{@code
 * Attributes.scatter("lines").xy(epochs, losses).set("line.color", HouseStyle.TRAIN)
 * }</pre>
 *
 * <p>It is a map of maps, as Plotly's JSON is, and can stand wherever a figure takes one. Every
 * {@code set} changes these attributes and returns them.
 */
public final class Attributes extends AbstractMap<String, Object> {
  private final Map<String, Object> own = new LinkedHashMap<>();

  /** Nothing set yet. */
  public static Attributes none() {
    return new Attributes();
  }

  /** One attribute. */
  public static Attributes of(String path, Object value) {
    return none().set(path, value);
  }

  /** The same attributes, so that a change leaves the given ones alone. */
  public static Attributes copyOf(Map<String, ?> given) {
    return none().lay(given);
  }

  /** A trace of bars. */
  public static Attributes bars() {
    return of("type", "bar");
  }

  /**
   * A trace of points.
   *
   * @param mode lines, markers, text, or several joined by +
   */
  public static Attributes scatter(String mode) {
    return of("type", "scatter").set("mode", mode);
  }

  /** A text without an arrow, for a layout's list of annotations. */
  public static Attributes note(String text, Object x, Object y) {
    return of("text", text).xy(x, y).set("showarrow", false);
  }

  /** Where the points of a trace are, or a note is. */
  public Attributes xy(Object x, Object y) {
    return set("x", x).set("y", y);
  }

  /** On the axes of a panel, 0 for {@code x} and {@code y}, 1 for {@code x2} and {@code y2} … */
  public Attributes on(int panel) {
    return set("xaxis", PanelPairs.reference("x", panel))
        .set("yaxis", PanelPairs.reference("y", panel));
  }

  /**
   * Sets one attribute.
   *
   * @param path Plotly's names joined by dots, such as {@code "xaxis.title.text"}
   * @param value a text, number, flag, list or map
   * @throws IllegalArgumentException if the path is empty or leads through something that is no
   *     object
   */
  public Attributes set(String path, Object value) {
    String[] names = path.split("\\.", -1);
    Attributes inner = this;
    for (int i = 0; i < names.length; i++) {
      if (names[i].isBlank()) {
        throw new IllegalArgumentException(
            "with: got the path '" + path + "', expected keys joined by dots such as xaxis.type");
      }
      if (i == names.length - 1) {
        inner.own.put(names[i], owned(value));
      } else if (inner.own.computeIfAbsent(names[i], name -> none()) instanceof Attributes next) {
        inner = next;
      } else {
        throw new IllegalArgumentException(
            String.format(
                "with: got the path '%s', but '%s' is no object: %s",
                path, names[i], inner.own.get(names[i])));
      }
    }
    return this;
  }

  /** Lays other attributes onto these, object by object; the other ones win. */
  public Attributes lay(Map<String, ?> over) {
    over.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> && own.get(name) instanceof Attributes below) {
            below.lay(asAttributes(value));
          } else {
            own.put(name, owned(value));
          }
        });
    return this;
  }

  private static Object owned(Object value) {
    return value instanceof Map<?, ?> ? none().lay(asAttributes(value)) : value;
  }

  @SuppressWarnings("unchecked") // Plotly's objects have names for keys
  private static Map<String, ?> asAttributes(Object map) {
    return (Map<String, ?>) map;
  }

  /** All of them, to be read. */
  @Override
  public Set<Entry<String, Object>> entrySet() {
    return Collections.unmodifiableMap(own).entrySet();
  }
}
