package org.grokscope.plot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    int active = 2 * counts.size() / 3; // where short words still fit and long ones do not
    List<Map<String, Object>> traces = new ArrayList<>();
    for (int i = 0; i < told.size(); i++) {
      traces.add(line(i, 0, told.get(i).lengths(), ends(i, active)));
    }
    for (int i = 0; i < told.size() && columns(); i++) {
      List<Integer> all = IntStream.rangeClosed(0, width).boxed().toList();
      traces.add(line(i, 1, all, named(i, active)));
    }
    traces.add(mark(0, breaksFrom(counts.get(active))));
    if (columns()) {
      traces.add(mark(1, counts.get(active)));
    }
    List<Map<String, Object>> frames =
        IntStream.range(0, counts.size()).mapToObj(this::frame).toList();
    return Figure.of(description(), traces, layout(active))
        .withTitle(title)
        .withFrames(frames)
        .withNarrow(Map.of("margin", HouseStyle.narrowMargin(told.size())));
  }

  private boolean columns() {
    return told.get(0).namesColumns();
  }

  /** Next lengths above this do not fit: count + 1 + next &gt; width. */
  private double breaksFrom(int count) {
    return width - count - 0.5;
  }

  private List<Number> ends(int subspace, int m) {
    return numbers(told.get(subspace).ends(), m);
  }

  private List<Number> named(int subspace, int m) {
    return numbers(told.get(subspace).columns(), m);
  }

  private static List<Number> numbers(INDArray rows, int m) {
    double[] row = rows.getRow(m).toDoubleVector();
    return IntStream.range(0, row.length)
        .mapToObj(i -> (Number) (Math.round(row[i] * 1e3) / 1e3))
        .toList();
  }

  private Map<String, Object> line(int i, int panel, List<Integer> x, List<Number> y) {
    List<String> colours =
        List.of(HouseStyle.TRAIN, HouseStyle.CONTEXT, HouseStyle.COLOURS.get(0), "#E69F00");
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", panel == 0 ? "lines+markers" : "lines");
    trace.put("name", told.get(i).subspace());
    trace.put("legendgroup", String.valueOf(i));
    trace.put("showlegend", panel == 0);
    trace.put("xaxis", PanelPairs.reference("x", panel));
    trace.put("yaxis", PanelPairs.reference("y", panel));
    trace.put("x", x);
    trace.put("y", y);
    trace.put("line", Map.of("color", colours.get(i)));
    trace.put("hovertemplate", "%{x}: %{y:.1%}<extra>" + told.get(i).subspace() + "</extra>");
    return trace;
  }

  private static Map<String, Object> mark(int panel, double x) {
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "lines");
    trace.put("xaxis", PanelPairs.reference("x", panel));
    trace.put("yaxis", PanelPairs.reference("y", panel));
    trace.put("x", List.of(x, x));
    trace.put("y", List.of(0, 1));
    trace.put("line", Map.of("color", HouseStyle.REFERENCE, "dash", "dash", "width", 1.5));
    trace.put("showlegend", false);
    trace.put("hoverinfo", "skip");
    return trace;
  }

  private Map<String, Object> frame(int m) {
    int count = told.get(0).counts().get(m);
    List<Map<String, Object>> data = new ArrayList<>();
    for (int i = 0; i < told.size(); i++) {
      data.add(Map.of("y", ends(i, m)));
    }
    for (int i = 0; i < told.size() && columns(); i++) {
      data.add(Map.of("y", named(i, m)));
    }
    data.add(Map.of("x", List.of(breaksFrom(count), breaksFrom(count))));
    if (columns()) {
      data.add(Map.of("x", List.of(count, count)));
    }
    return Map.of(
        "name",
        String.valueOf(count),
        "traces",
        IntStream.range(0, data.size()).boxed().toList(),
        "data",
        data);
  }

  private Map<String, Object> layout(int active) {
    List<Integer> lengths = told.get(0).lengths();
    Map<String, Object> layout = new LinkedHashMap<>();
    layout.put("height", columns() ? 680 : 520);
    layout.put("margin", Map.of("t", 110, "b", 165));
    layout.put("showlegend", true);
    Map<String, Object> across = new LinkedHashMap<>();
    across.put("title", Map.of("text", "length of the next word"));
    across.put("range", List.of(lengths.get(0) - 0.5, lengths.get(lengths.size() - 1) + 0.5));
    across.put("dtick", 1);
    across.put("anchor", "y");
    layout.put("xaxis", across);
    layout.put(
        "yaxis",
        Map.of(
            "title",
            Map.of("text", "ends the line"),
            "range",
            List.of(-0.03, 1.05),
            "tickformat",
            ".0%",
            "domain",
            List.of(columns() ? 0.6 : 0, 1)));
    if (columns()) {
      layout.put(
          "xaxis2",
          Map.of(
              "title",
              Map.of("text", "column that it would name"),
              "range",
              List.of(0, width + 0.5),
              "anchor",
              "y2"));
      layout.put(
          "yaxis2",
          Map.of(
              "title",
              Map.of("text", "probability"),
              "range",
              List.of(-0.03, 1.05),
              "tickformat",
              ".0%",
              "domain",
              List.of(0, 0.4),
              "anchor",
              "x2"));
    }
    List<String> names = told.get(0).counts().stream().map(String::valueOf).toList();
    layout.put("sliders", List.of(FrameSlider.slider(names, names, "told count: ", active)));
    layout.put("updatemenus", List.of(FrameSlider.buttons(500)));
    return layout;
  }

  private String description() {
    List<Integer> counts = told.get(0).counts();
    List<String> parts = new ArrayList<>();
    for (ToldCounts each : told) {
      double least = each.ends().getRow(0).meanNumber().doubleValue();
      double most = each.ends().getRow(counts.size() - 1).meanNumber().doubleValue();
      parts.add(
          String.format(
              Locale.ROOT, "%s from %.0f %% to %.0f %%", each.subspace(), 100 * least, 100 * most));
    }
    return String.format(
        Locale.ROOT,
        "a slider over the count told, %d to %d; the line ends, on average over next lengths: %s",
        counts.get(0),
        counts.get(counts.size() - 1),
        String.join("; ", parts));
  }
}
