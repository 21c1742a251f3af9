package org.grokscope.plot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.geometry.PrincipalComponents;

/**
 * How many dimensions a manifold fills: the share of the variance that its first k principal
 * components hold together, over k, a line a manifold.
 *
 * <p>How to read it: a straight line of means begins near 100 %; a rippled curve climbs for several
 * components.
 *
 * @param title of the figure
 * @param lines 1 to 6
 */
public record VarianceSpectrum(String title, List<Line> lines) implements Chart {
  private static final String OPERATION = "variance spectrum";
  private static final int MOST_COMPONENTS = 12;

  /**
   * One manifold.
   *
   * @param name in the legend
   * @param components of its means
   */
  public record Line(String name, PrincipalComponents components) {

    private double[] cumulative() {
      return IntStream.rangeClosed(1, Math.min(MOST_COMPONENTS, components.count()))
          .mapToDouble(components::explained)
          .toArray();
    }
  }

  /**
   * @throws IllegalArgumentException if there is no line, or more than six
   */
  public VarianceSpectrum {
    lines = List.copyOf(lines);
    Inputs.count(OPERATION, "lines", lines.size(), 1, 6);
  }

  /** One manifold. */
  public static VarianceSpectrum of(String title, String name, PrincipalComponents components) {
    return new VarianceSpectrum(title, List.of(new Line(name, components)));
  }

  /** The same with one more manifold. */
  public VarianceSpectrum and(String name, PrincipalComponents components) {
    List<Line> more = new ArrayList<>(lines);
    more.add(new Line(name, components));
    return new VarianceSpectrum(title, more);
  }

  @Override
  public Figure figure() {
    List<String> colours = new ArrayList<>(List.of(HouseStyle.TRAIN, HouseStyle.TEST));
    colours.addAll(HouseStyle.COLOURS);
    List<Map<String, Object>> traces = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      double[] shares = lines.get(i).cumulative();
      Map<String, Object> trace = new LinkedHashMap<>();
      trace.put("type", "scatter");
      trace.put("mode", "lines+markers");
      trace.put("name", lines.get(i).name());
      trace.put("x", IntStream.rangeClosed(1, shares.length).boxed().toList());
      trace.put("y", Digits.significant(shares, 5));
      trace.put("line", Map.of("color", colours.get(i)));
      trace.put("hovertemplate", "%{x} components hold %{y:.1%}<extra>%{fullData.name}</extra>");
      traces.add(trace);
    }
    Map<String, Object> layout =
        Map.of(
            "xaxis",
            Map.of(
                "title",
                Map.of("text", "principal components"),
                "dtick",
                1,
                "range",
                List.of(0.6, MOST_COMPONENTS + 0.4)),
            "yaxis",
            Map.of(
                "title",
                Map.of("text", "share of the variance of the means"),
                "range",
                List.of(0, 1.04),
                "tickvals",
                List.of(0, 0.2, 0.4, 0.6, 0.8, 0.95),
                "tickformat",
                ".0%"));
    return Figure.of(description(), traces, layout)
        .withTitle(title)
        .withHorizontalLine(0.95, "")
        .withNarrow(Map.of("margin", HouseStyle.narrowMargin(lines.size()), "height", 420));
  }

  private String description() {
    return "share of the variance over the number of principal components: "
        + lines.stream().map(VarianceSpectrum::sentence).collect(Collectors.joining("; "));
  }

  private static String sentence(Line line) {
    PrincipalComponents components = line.components();
    int six = Math.min(6, components.count());
    return String.format(
        Locale.ROOT,
        "%s: the first holds %.1f %%, the first %d %.1f %%; 95 %% need %d",
        line.name(),
        100 * components.explained(1),
        six,
        100 * components.explained(six),
        components.componentsFor(0.95));
  }
}
