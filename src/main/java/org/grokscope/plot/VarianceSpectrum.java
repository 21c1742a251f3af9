package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
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
    Declaration figure =
        Figure.declare(title, description())
            .set("xaxis.title.text", "principal components")
            .set("xaxis.dtick", 1)
            .set("xaxis.range", List.of(0.6, MOST_COMPONENTS + 0.4))
            .set("yaxis.title.text", "share of the variance of the means")
            .set("yaxis.range", List.of(0, 1.04))
            .set("yaxis.tickvals", List.of(0, 0.2, 0.4, 0.6, 0.8, 0.95))
            .set("yaxis.tickformat", ".0%")
            .narrow("margin", HouseStyle.narrowMargin(lines.size()))
            .narrow("height", 420);
    for (int i = 0; i < lines.size(); i++) {
      double[] shares = lines.get(i).cumulative();
      figure.trace(
          Attributes.scatter("lines+markers")
              .set("name", lines.get(i).name())
              .xy(
                  IntStream.rangeClosed(1, shares.length).boxed().toList(),
                  Digits.significant(shares, 5))
              .set("line.color", HouseStyle.line(i))
              .set(
                  "hovertemplate", "%{x} components hold %{y:.1%}<extra>%{fullData.name}</extra>"));
    }
    return figure.figure().withHorizontalLine(0.95, "");
  }

  private String description() {
    return "share of the variance over the number of principal components: "
        + lines.stream().map(VarianceSpectrum::sentence).collect(Collectors.joining("; "));
  }

  private static String sentence(Line line) {
    PrincipalComponents components = line.components();
    int six = Math.min(6, components.count());
    return Digits.text(
        "%s: the first holds %.1f %%, the first %d %.1f %%; 95 %% need %d",
        line.name(),
        100 * components.explained(1),
        six,
        100 * components.explained(six),
        components.componentsFor(0.95));
  }
}
