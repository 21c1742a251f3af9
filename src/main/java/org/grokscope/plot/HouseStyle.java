package org.grokscope.plot;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The one look of all figures: sizes, margins, and colours that people with any common kind of
 * colour blindness can tell apart.
 *
 * <p>Colours are those of Okabe and Ito, "Color Universal Design" (2008). A colour means the same
 * everywhere: known (training) questions are always {@link #TRAIN}, unknown (test) questions always
 * {@link #TEST}.
 */
public final class HouseStyle {
  /** Known questions: blue. */
  public static final String TRAIN = "#0072B2";

  /** Unknown questions: vermillion. */
  public static final String TEST = "#D55E00";

  /** What a curve is compared with: chance, a published value, a marked epoch. */
  public static final String REFERENCE = "#595959";

  /** For everything else, in this order. */
  public static final List<String> COLOURS =
      List.of("#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442");

  /** Backgrounds of phases, in this order; light enough to read curves upon. */
  public static final List<String> SHADES =
      List.of("#EAF3FA", "#FFF3E0", "#E8F5EE", "#FBEAF3", "#F3F3F3");

  /** What is no key, no answer, no subject: context in grey. */
  public static final String CONTEXT = "#8C8C8C";

  /** Colours of magnitudes, from nothing to the most, lighter to darker. */
  public static final List<List<Object>> SEQUENTIAL =
      List.of(
          List.of(0, "#FFFFFF"),
          List.of(0.35, "#8CC8EC"),
          List.of(0.7, "#0072B2"),
          List.of(1, "#00233B"));

  /** Colours of signed numbers: vermillion below zero, white at zero, blue above. */
  public static final List<List<Object>> DIVERGING =
      List.of(
          List.of(0, "#6E2F00"),
          List.of(0.2, "#D55E00"),
          List.of(0.5, "#FFFFFF"),
          List.of(0.8, "#0072B2"),
          List.of(1, "#003A5C"));

  /** Colours of angles: the end is the beginning, and opposite angles differ in hue and light. */
  public static final List<List<Object>> CYCLIC =
      List.of(
          List.of(0, "#0072B2"),
          List.of(0.25, "#F0E442"),
          List.of(0.5, "#D55E00"),
          List.of(0.75, "#1A1A1A"),
          List.of(1, "#0072B2"));

  /** Colours of an order, such as a count's, from its beginning to its end. */
  public static final List<List<Object>> ORDERED =
      List.of(
          List.of(0, "#00233B"),
          List.of(0.3, "#0072B2"),
          List.of(0.55, "#009E73"),
          List.of(0.8, "#E69F00"),
          List.of(1, "#D55E00"));

  static final String INK = "#222222";

  /** What is compared with: random parts, other frequencies, numbers of examples. */
  static final String PALE = "#C4C4C4";

  private HouseStyle() {}

  /** Colours of several curves of one kind, in this order. */
  static String line(int index) {
    return index == 0 ? TRAIN : index == 1 ? TEST : COLOURS.get(index - 2);
  }

  /** An entry of the legend for a colour, which has no point of its own. */
  static Attributes swatch(String name, String colour) {
    List<Object> nowhere = Collections.singletonList(null);
    return Attributes.scatter("markers")
        .set("name", name)
        .xy(nowhere, nowhere)
        .set("marker", Map.of("symbol", "square", "size", 13, "color", colour))
        .set("hoverinfo", "skip");
  }

  /**
   * The layout that every figure begins with; a figure's own settings win over it. Axes claim the
   * room that their labels need, so nothing is cut off, and the figure is as wide as its page.
   */
  static Attributes layout() {
    return Attributes.of("font.family", "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif")
        .set("font.size", 14)
        .set("title.font.size", 18)
        .set("title.font.color", INK)
        .set("title.x", 0)
        .set("title.xref", "paper")
        .set("title.y", 0.96)
        .set("paper_bgcolor", "#FFFFFF")
        .set("plot_bgcolor", "#FFFFFF")
        .set("height", 480)
        .set("autosize", true)
        .set("margin", Map.of("l", 80, "r", 30, "t", 116, "b", 70))
        .set("hovermode", "closest")
        .set("legend.orientation", "h")
        .set("legend.x", 0)
        .set("legend.xanchor", "left")
        .set("legend.y", 1.08)
        .set("legend.yanchor", "bottom");
  }

  /** What every x and y axis begins with. */
  static Attributes axis() {
    return Attributes.of("automargin", true)
        .set("showline", true)
        .set("linecolor", INK)
        .set("ticks", "outside")
        .set("gridcolor", "#E5E5E5")
        .set("zeroline", false)
        .set("title.standoff", 12);
  }

  /** How the page treats the figure: no advertisement, and it follows the width of the page. */
  static Map<String, Object> config() {
    return Map.of("displaylogo", false, "responsive", true);
  }

  /**
   * Margins for a phone: less beside the axes, and above them a row for each entry of the legend.
   */
  static Map<String, Object> narrowMargin(int legendEntries) {
    return Map.of("l", 60, "r", 12, "t", 100 + 21 * legendEntries);
  }

  /** A plain figure's layout for a phone, whose legend takes a row for each entry. */
  static Map<String, Object> narrow(int legendEntries) {
    return Map.of("margin", narrowMargin(legendEntries), "height", 460 + 21 * legendEntries);
  }
}
