package org.grokscope.plot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.Trace;

/**
 * One picture as a value: Plotly's JSON (data, layout, frames) and a sentence that says what is to
 * be seen. {@link #declare} begins a new one. Every {@code with…} gives a new figure and leaves
 * this one alone.
 *
 * <p>Whatever Plotly can draw fits: traces are Tablesaw's or plain maps with the keys of
 * https://plotly.com/javascript/reference/. {@link HouseStyle} fills in what is left open. Numbers
 * that are not finite become gaps.
 */
public final class Figure implements Chart {
  private static final Pattern FURTHER_AXIS = Pattern.compile("[xy]axis[0-9]+");

  private final ObjectNode plotly;
  private final String description;

  private Figure(ObjectNode plotly, String description) {
    this.plotly = plotly;
    this.description = description;
  }

  /**
   * A figure of Tablesaw's plot types.
   *
   * @param description what is to be seen, in a sentence
   * @throws IllegalArgumentException if there is no trace or no description
   */
  public static Figure of(String description, Layout layout, Trace... traces) {
    ArrayNode data = PlotlyJson.object(Map.of("data", List.of())).withArray("data");
    Arrays.stream(traces).map(JsplotBridge::trace).forEach(data::add);
    return styled(description, data, JsplotBridge.layout(layout));
  }

  /**
   * A figure of plain maps with Plotly's own keys.
   *
   * @param description what is to be seen, in a sentence
   * @param traces one map a trace, such as {@code Map.of("type", "bar", "y", List.of(1, 2))}
   * @param layout titles, axes, shapes
   * @throws IllegalArgumentException if there is no trace or no description
   */
  public static Figure of(
      String description, List<? extends Map<String, ?>> traces, Map<String, ?> layout) {
    return styled(description, (ArrayNode) PlotlyJson.tree(traces), PlotlyJson.object(layout));
  }

  /**
   * A figure to be declared, trace by trace and setting by setting.
   *
   * @param title above it
   * @param description what is to be seen, in a sentence
   */
  public static Declaration declare(String title, String description) {
    return new Declaration(title, described(description));
  }

  private static Figure styled(String description, ArrayNode data, ObjectNode layout) {
    if (data.isEmpty()) {
      throw new IllegalArgumentException("figure: got no trace, expected at least one");
    }
    ObjectNode house = PlotlyJson.object(HouseStyle.layout());
    for (String axis : List.of("xaxis", "yaxis")) {
      house.set(axis, PlotlyJson.object(HouseStyle.axis()));
    }
    layout
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (FURTHER_AXIS.matcher(name).matches()) {
                house.set(name, PlotlyJson.object(HouseStyle.axis()));
              }
            });
    ObjectNode plotly = PlotlyJson.object(Map.of());
    plotly.set("data", data);
    plotly.set("layout", PlotlyJson.merge(house, layout));
    plotly.set("config", PlotlyJson.object(HouseStyle.config()));
    return new Figure(plotly, described(description));
  }

  private static String described(String sentence) {
    if (sentence == null || sentence.isBlank()) {
      throw new IllegalArgumentException(
          "figure: got no description, expected a sentence for whoever cannot see the picture");
    }
    return sentence;
  }

  @Override
  public Figure figure() {
    return this;
  }

  /** The title, or an empty text. */
  public String title() {
    return plotly.at("/layout/title/text").asText("");
  }

  /** What is to be seen, in the sentence that the figure was made with. */
  public String description() {
    return description;
  }

  /**
   * The whole figure as one JSON object with {@code data}, {@code layout} and {@code config}. What
   * {@link #toString()} says stands in {@code layout.meta.description}, so that whoever draws the
   * figure can tell it too.
   */
  public String toJson() {
    return PlotlyJson.text(told());
  }

  /** The same as {@link #toJson()} in maps, lists, texts and finite numbers. */
  public Map<String, Object> toMap() {
    return PlotlyJson.map(told());
  }

  private ObjectNode told() {
    JsonNode meta = layout().path("meta"); // may be a researcher's own text or number
    return meta.isMissingNode() || meta.isObject()
        ? with("meta.description", toString()).plotly
        : plotly;
  }

  /** With another title. */
  public Figure withTitle(String title) {
    return with("title.text", title);
  }

  /** With another sentence that says what is to be seen. */
  public Figure withDescription(String sentence) {
    return new Figure(plotly.deepCopy(), described(sentence));
  }

  /**
   * With a fixed size.
   *
   * @param width in pixels
   * @param height in pixels
   * @throws IllegalArgumentException if one is not positive
   */
  public Figure withSize(int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "withSize: got " + width + " × " + height + ", expected two positive numbers of pixels");
    }
    return with("width", width).with("height", height).with("autosize", false);
  }

  /**
   * With one setting of the layout.
   *
   * @param path Plotly's names joined by dots, such as {@code "xaxis.type"}
   * @param value a text, number, flag, list or map
   * @throws IllegalArgumentException if the path is empty or leads through something that is no
   *     object
   */
  public Figure with(String path, Object value) {
    Figure copy = copy();
    Attributes settings = Attributes.copyOf(PlotlyJson.map(layout())).set(path, value);
    copy.plotly.set("layout", PlotlyJson.object(settings));
    return copy;
  }

  /** With settings of the layout, in Plotly's own keys, laid onto what is there. */
  public Figure withLayout(Map<String, ?> settings) {
    Figure copy = copy();
    PlotlyJson.merge(copy.layout(), PlotlyJson.object(settings));
    return copy;
  }

  /** With one more trace, in Plotly's own keys. */
  public Figure withTrace(Map<String, ?> trace) {
    Figure copy = copy();
    copy.data().add(PlotlyJson.object(trace));
    return copy;
  }

  /** With Plotly's frames, for sliders that need no kernel. */
  public Figure withFrames(List<? extends Map<String, ?>> frames) {
    Figure copy = copy();
    copy.plotly.set("frames", PlotlyJson.tree(frames));
    return copy;
  }

  /**
   * With settings for narrow places such as a phone's screen: published pages lay them onto the
   * layout there, other places do not look at them. They stand in {@code layout.meta.narrow}.
   *
   * @param layout in Plotly's own keys, such as other domains of the axes and another height
   */
  public Figure withNarrow(Map<String, ?> layout) {
    return with("meta.narrow", layout);
  }

  /**
   * With another figure for places that draw nothing: pages that run no script, print, a host of
   * notebooks. Where a slider tells a story, this is the story as a filmstrip. It stands in {@code
   * layout.meta.still}, and static pictures are drawn of it.
   */
  public Figure withStill(Chart filmstrip) {
    Figure still = filmstrip.figure();
    return with("meta.still", Map.of("data", still.data(), "layout", still.layout()));
  }

  /**
   * With a shaded stretch of the x axis behind the curves.
   *
   * @param from left end, in the axis' own unit (also on log axes)
   * @param to right end
   * @param label stands above the stretch
   * @throws IllegalArgumentException if {@code from} is not below {@code to}
   */
  public Figure withPhase(double from, double to, String label) {
    if (!(from < to)) {
      throw new IllegalArgumentException(
          "withPhase: got " + from + " to " + to + ", expected a stretch from left to right");
    }
    long phases =
        plotly.at("/layout/shapes").findValuesAsText("type").stream()
            .filter("rect"::equals)
            .count();
    String shade = HouseStyle.SHADES.get((int) (phases % HouseStyle.SHADES.size()));
    return withShape(
        stretch(from, to)
            .set("fillcolor", shade)
            .set("label.text", label)
            .set("label.textposition", "top center")
            .set("label.yanchor", "bottom"));
  }

  /**
   * With a grey band behind the curves where a boundary of the x axis is not known exactly.
   *
   * @throws IllegalArgumentException if {@code from} is not below {@code to}
   */
  public Figure withUncertainty(double from, double to) {
    if (!(from < to)) {
      throw new IllegalArgumentException(
          "withUncertainty: got " + from + " to " + to + ", expected a band from left to right");
    }
    return withShape(stretch(from, to).set("opacity", 0.25).set("fillcolor", HouseStyle.REFERENCE));
  }

  private static Attributes stretch(double from, double to) {
    return Attributes.of("type", "rect")
        .set("x0", from)
        .set("x1", to)
        .set("yref", "paper")
        .set("y0", 0)
        .set("y1", 1)
        .set("layer", "below")
        .set("line.width", 0);
  }

  /** With a dashed line across at a height, such as chance or a published value. */
  public Figure withHorizontalLine(double y, String label) {
    return withShape(
        dashed(label)
            .set("xref", "paper")
            .set("x0", 0)
            .set("x1", 1)
            .set("y0", y)
            .set("y1", y)
            .set("label.textposition", "end"));
  }

  /** With a dashed upright line at a place of the x axis, such as the epoch of grokking. */
  public Figure withVerticalLine(double x, String label) {
    return withShape(
        dashed(label)
            .set("yref", "paper")
            .set("x0", x)
            .set("x1", x)
            .set("y0", 0)
            .set("y1", 1)
            .set("label.textposition", "middle")
            .set("label.textangle", -90));
  }

  private static Attributes dashed(String label) {
    return Attributes.of("type", "line")
        .set("line.dash", "dash")
        .set("line.width", 1.5)
        .set("line.color", HouseStyle.REFERENCE)
        .set("label.text", label)
        .set("label.yanchor", "bottom");
  }

  private Figure withShape(Map<String, ?> shape) {
    Figure copy = copy();
    copy.layout().withArray("shapes").add(PlotlyJson.object(shape));
    return copy;
  }

  private Figure copy() {
    return new Figure(plotly.deepCopy(), description);
  }

  private ArrayNode data() {
    return (ArrayNode) plotly.get("data");
  }

  private ObjectNode layout() {
    return (ObjectNode) plotly.get("layout");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Figure figure
        && plotly.equals(figure.plotly)
        && description.equals(figure.description);
  }

  @Override
  public int hashCode() {
    return Objects.hash(plotly, description);
  }

  /**
   * The figure in words, for whoever does not see it: title, what is to be seen, and the axes that
   * have a title with their ends. A notebook's plain text, a published page's alternative text and
   * what a screen reader says are all this text.
   */
  @Override
  public String toString() {
    return FigureWords.of(description, data(), layout());
  }
}
