package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.grokscope.line.ToldCounts;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A slider over the count that a model is told: above, how surely it ends the line, by the length
 * of the next word; below, which column it would name. The dashed line is where a model that
 * believes what it is told would change, or point.
 *
 * <p>How to read it: with the count's own subspace both follow the slider; with a random one of the
 * same size nothing moves.
 *
 * @param title of the figure
 * @param width of the lines
 * @param told one a subspace, 1 to 4, all told the same counts
 */
public record SteeringSlider(String title, int width, List<ToldCounts> told) implements Chart {
  private static final String OPERATION = "steering slider";
  private static final List<String> COLOURS =
      List.of(HouseStyle.TRAIN, HouseStyle.CONTEXT, HouseStyle.COLOURS.get(0), "#E69F00");

  /**
   * @throws IllegalArgumentException if there is nothing told, too much, or different counts
   */
  public SteeringSlider {
    told = List.copyOf(told);
    Inputs.count(OPERATION, "subspaces", told.size(), 1, 4);
    List<Integer> counts = told.get(0).counts();
    Inputs.count(OPERATION, "counts", counts.size(), 2, 100);
    for (ToldCounts other : told) {
      if (!other.counts().equals(counts) || other.namesColumns() != told.get(0).namesColumns()) {
        throw new IllegalArgumentException(
            OPERATION
                + ": got the counts "
                + other.counts()
                + " in "
                + other.subspace()
                + ", expected those of "
                + told.get(0).subspace()
                + ", "
                + counts);
      }
    }
  }

  @Override
  public Figure figure() {
    List<Integer> counts = told.get(0).counts();
    List<Integer> lengths = told.get(0).lengths();
    int active = 2 * counts.size() / 3; // where short words still fit and long ones do not
    Declaration figure = Figure.declare(title, description());
    for (int i = 0; i < told.size(); i++) {
      INDArray ends = told.get(i).ends();
      figure.moving(line(i, 0, lengths), m -> heights(ends, m));
    }
    for (int i = 0; i < told.size() && columns(); i++) {
      INDArray named = told.get(i).columns();
      figure.moving(
          line(i, 1, IntStream.rangeClosed(0, width).boxed().toList()), m -> heights(named, m));
    }
    figure.moving(mark(0), m -> upright(breaksFrom(counts.get(m))));
    if (columns()) {
      figure
          .moving(mark(1), m -> upright(counts.get(m)))
          .set("xaxis2.title.text", "column that it would name")
          .set("xaxis2.range", List.of(0, width + 0.5))
          .set("xaxis2.anchor", "y2")
          .set("yaxis2", probability("probability", 0, 0.4))
          .set("yaxis2.anchor", "x2");
    }
    return figure
        .slider(Slider.of("told count: ", counts, active, 500))
        .set("height", columns() ? 680 : 520)
        .set("margin", Map.of("t", 110, "b", 165))
        .set("showlegend", true)
        .set("xaxis.title.text", "length of the next word")
        .set("xaxis.range", List.of(lengths.get(0) - 0.5, lengths.get(lengths.size() - 1) + 0.5))
        .set("xaxis.dtick", 1)
        .set("xaxis.anchor", "y")
        .set("yaxis", probability("ends the line", columns() ? 0.6 : 0, 1))
        .narrow("margin", HouseStyle.narrowMargin(told.size()))
        .figure();
  }

  private static Attributes probability(String title, double bottom, double top) {
    return Attributes.of("title.text", title)
        .set("range", List.of(-0.03, 1.05))
        .set("tickformat", ".0%")
        .set("domain", List.of(bottom, top));
  }

  private boolean columns() {
    return told.get(0).namesColumns();
  }

  /** Next lengths above this do not fit: count + 1 + next &gt; width. */
  private double breaksFrom(int count) {
    return width - count - 0.5;
  }

  private static Attributes heights(INDArray rows, int m) {
    double[] row = rows.getRow(m).toDoubleVector();
    return Attributes.of("y", Arrays.stream(row).mapToObj(y -> Math.round(y * 1e3) / 1e3).toList());
  }

  private Attributes line(int i, int panel, List<Integer> x) {
    String name = told.get(i).subspace();
    return Attributes.scatter(panel == 0 ? "lines+markers" : "lines")
        .on(panel)
        .set("name", name)
        .set("legendgroup", String.valueOf(i))
        .set("showlegend", panel == 0)
        .set("x", x)
        .set("line.color", COLOURS.get(i))
        .set("hovertemplate", "%{x}: %{y:.1%}<extra>" + name + "</extra>");
  }

  private static Attributes mark(int panel) {
    return Attributes.scatter("lines")
        .on(panel)
        .set("y", List.of(0, 1))
        .set("line", Map.of("color", HouseStyle.REFERENCE, "dash", "dash", "width", 1.5))
        .set("showlegend", false)
        .set("hoverinfo", "skip");
  }

  private static Attributes upright(double x) {
    return Attributes.of("x", List.of(x, x));
  }

  private String description() {
    List<Integer> counts = told.get(0).counts();
    List<String> parts = new ArrayList<>();
    for (ToldCounts each : told) {
      double least = each.ends().getRow(0).meanNumber().doubleValue();
      double most = each.ends().getRow(counts.size() - 1).meanNumber().doubleValue();
      parts.add(
          Digits.text("%s from %.0f %% to %.0f %%", each.subspace(), 100 * least, 100 * most));
    }
    return Digits.text(
        "a slider over the count told, %d to %d; the line ends, on average over next lengths: %s",
        counts.get(0), counts.get(counts.size() - 1), String.join("; ", parts));
  }
}
