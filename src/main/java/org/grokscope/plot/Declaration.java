package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * A figure that is being declared: its layout by dotted paths, its traces one after the other, what
 * narrow places change, and a slider if it has one. Every figure of this room is declared so, and
 * any other class can:
 *
 * <pre>{@code
 * Figure.declare("Powers", "2 to the k, for k from 0 to 3: 1, 2, 4, 8")
 *     .set("xaxis.title.text", "k")
 *     .set("yaxis.type", "log")
 *     .trace(Attributes.scatter("lines").xy(List.of(0, 1, 2, 3), List.of(1, 2, 4, 8)))
 * }</pre>
 *
 * <p>A cell that ends with a declaration draws it. {@link HouseStyle} fills in what is left open.
 */
public final class Declaration implements Chart {
  private final String description;
  private final Attributes layout;
  private final Attributes narrow = Attributes.none();
  private final List<Map<String, ?>> traces = new ArrayList<>();
  private final TreeMap<Integer, IntFunction<? extends Map<String, ?>>> moving = new TreeMap<>();
  private Slider slider;
  private Chart still;

  Declaration(String title, String description) {
    this.layout = Attributes.of("title.text", title);
    this.description = description;
  }

  /**
   * Sets one attribute of the layout.
   *
   * @param path Plotly's names joined by dots, such as {@code "xaxis.title.text"}
   * @param value a text, number, flag, list or map
   */
  public Declaration set(String path, Object value) {
    layout.set(path, value);
    return this;
  }

  /** Lays attributes onto the layout. */
  public Declaration layout(Map<String, ?> attributes) {
    layout.lay(attributes);
    return this;
  }

  /** Sets one attribute of the layout for narrow places: {@link Figure#withNarrow}. */
  public Declaration narrow(String path, Object value) {
    narrow.set(path, value);
    return this;
  }

  /** Lays attributes onto the layout for narrow places. */
  public Declaration narrow(Map<String, ?> attributes) {
    narrow.lay(attributes);
    return this;
  }

  /**
   * In narrow places, stands two panels one above the other, which stand side by side elsewhere.
   *
   * @param above where the first panel begins, from the bottom, as a share of the height
   * @param below where the second panel ends
   */
  Declaration stacked(double above, double below) {
    return narrow("xaxis.domain", List.of(0, 1))
        .narrow("yaxis.domain", List.of(above, 1))
        .narrow("xaxis2.domain", List.of(0, 1))
        .narrow("yaxis2.domain", List.of(0, below));
  }

  /** Adds a trace. */
  public Declaration trace(Map<String, ?> trace) {
    traces.add(trace);
    return this;
  }

  /** Adds traces. */
  public Declaration traces(List<? extends Map<String, ?>> more) {
    traces.addAll(more);
    return this;
  }

  /**
   * Adds a trace that the slider moves.
   *
   * @param still what is the same at every position
   * @param at what is drawn at a position of the slider, counted from 0, such as {@code y}
   */
  public Declaration moving(Map<String, ?> still, IntFunction<? extends Map<String, ?>> at) {
    moving.put(traces.size(), at);
    return trace(still);
  }

  /** Gives the figure a slider, with a button that plays it. */
  public Declaration slider(Slider under) {
    slider = under;
    return this;
  }

  /** Gives the figure a filmstrip for places that draw nothing: {@link Figure#withStill}. */
  public Declaration still(Chart filmstrip) {
    still = filmstrip;
    return this;
  }

  /**
   * The figure as declared so far.
   *
   * @throws IllegalArgumentException if there is no trace, a slider that moves none, or traces that
   *     move without a slider
   */
  @Override
  public Figure figure() {
    if (moving.isEmpty() != (slider == null)) {
      throw new IllegalArgumentException(
          "figure: got "
              + (slider == null ? "moving traces and no slider" : "a slider and no moving trace")
              + ", expected both or neither");
    }
    List<Map<String, ?>> drawn = new ArrayList<>(traces);
    Attributes whole = Attributes.copyOf(layout);
    if (slider != null) {
      moving.forEach(
          (i, at) -> drawn.set(i, Attributes.copyOf(traces.get(i)).lay(at.apply(slider.active()))));
      whole.lay(slider.layout());
    }
    Figure figure = Figure.of(description, drawn, whole);
    figure = slider == null ? figure : figure.withFrames(slider.frames(moving));
    figure = narrow.isEmpty() ? figure : figure.withNarrow(narrow);
    return still == null ? figure : figure.withStill(still);
  }
}
