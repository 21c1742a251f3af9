package org.grokscope.plot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * How many decisions follow when part of an activation is exchanged: a bar a part, with a 95 %
 * interval; grey for the random parts of the same size, with a mark for each draw.
 *
 * <p>The interval of one try is Wilson's for a share of n documents; that of several draws is
 * Student's for their mean.
 *
 * @param title of the figure
 * @param what is counted, such as "decisions that follow"
 * @param rows 1 to 14, from the top
 */
public record SteeringBars(String title, String what, List<Row> rows) implements Chart {
  private static final String OPERATION = "steering bars";
  private static final double Z = 1.959964; // two-sided 95 % of the normal distribution

  /**
   * One part that is exchanged.
   *
   * @param name of the row, such as "6 components"
   * @param shares one, or one for each random draw, 0 … 1
   * @param documents that each share is of
   */
  public record Row(String name, List<Double> shares, int documents) {
    /**
     * @throws IllegalArgumentException if there is no share, one outside 0 … 1, or no document
     */
    public Row {
      shares = List.copyOf(shares);
      if (shares.isEmpty() || documents < 1 || !shares.stream().allMatch(s -> s >= 0 && s <= 1)) {
        throw new IllegalArgumentException(
            OPERATION
                + ": got "
                + shares
                + " of "
                + documents
                + " documents for '"
                + name
                + "', expected shares from 0 to 1 of at least one document");
      }
    }

    /** A part that was exchanged once. */
    public static Row of(String name, double share, int documents) {
      return new Row(name, List.of(share), documents);
    }

    private boolean isControl() {
      return shares.size() > 1;
    }

    /** The mean share. */
    public double mean() {
      return shares.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** The lower end of the 95 % interval. */
    public double low() {
      return Math.max(0, isControl() ? mean() - halfWidth() : wilson(-1));
    }

    /** The upper end of the 95 % interval. */
    public double high() {
      return Math.min(1, isControl() ? mean() + halfWidth() : wilson(1));
    }

    private double wilson(int side) {
      double share = mean();
      double n = documents;
      double root = Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
      return (share + Z * Z / (2 * n) + side * Z * root) / (1 + Z * Z / n);
    }

    private double halfWidth() {
      int n = shares.size();
      double mean = mean();
      double squares = shares.stream().mapToDouble(share -> Math.pow(share - mean, 2)).sum();
      return new TDistribution(n - 1).inverseCumulativeProbability(0.975)
          * Math.sqrt(squares / (n - 1) / n);
    }
  }

  /**
   * @throws IllegalArgumentException if there are no rows, too many, or two of one name
   */
  public SteeringBars {
    rows = List.copyOf(rows);
    Inputs.count(OPERATION, "rows", rows.size(), 1, 14);
    List<String> names = rows.stream().map(Row::name).toList();
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          OPERATION + ": got the rows " + names + ", expected different names");
    }
  }

  /** Rows from the top. */
  public static SteeringBars of(String title, String what, Row... rows) {
    return new SteeringBars(title, what, List.of(rows));
  }

  @Override
  public Figure figure() {
    List<String> names = rows.stream().map(Row::name).toList();
    return Figure.of(description(), List.of(bars(names), draws()), layout(names))
        .withTitle(title)
        .withNarrow(
            Map.of(
                "margin",
                Map.of("l", 10, "r", 10),
                "yaxis",
                Map.of("tickfont", Map.of("size", 12)),
                "xaxis",
                Map.of("range", List.of(0, 1.3), "tickvals", List.of(0, 0.5, 1))));
  }

  private Map<String, Object> bars(List<String> names) {
    Map<String, Object> trace = new LinkedHashMap<>();
    double[] means = rows.stream().mapToDouble(Row::mean).toArray();
    trace.put("type", "bar");
    trace.put("orientation", "h");
    trace.put("y", names);
    trace.put("x", Digits.significant(means, 4));
    trace.put(
        "marker",
        Map.of(
            "color",
            rows.stream().map(row -> row.isControl() ? "#C4C4C4" : HouseStyle.TRAIN).toList()));
    Map<String, Object> interval = new LinkedHashMap<>();
    interval.put("type", "data");
    interval.put("symmetric", false);
    interval.put(
        "array",
        Digits.significant(
            rows.stream().mapToDouble(row -> Math.max(0, row.high() - row.mean())).toArray(), 4));
    interval.put(
        "arrayminus",
        Digits.significant(
            rows.stream().mapToDouble(row -> Math.max(0, row.mean() - row.low())).toArray(), 4));
    interval.put("color", HouseStyle.INK);
    interval.put("thickness", 1.5);
    interval.put("width", 5);
    trace.put("error_x", interval);
    trace.put("hovertemplate", "%{y}<br>%{x:.1%}, 95 % interval %{customdata}<extra></extra>");
    trace.put("customdata", intervals());
    return trace;
  }

  private List<String> intervals() {
    return rows.stream().map(row -> percent(row.low()) + " to " + percent(row.high())).toList();
  }

  /** A mark for each draw of the random parts. */
  private Map<String, Object> draws() {
    List<String> names = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    for (Row row : rows) {
      for (double share : row.isControl() ? row.shares() : List.<Double>of()) {
        names.add(row.name());
        shares.add(Digits.significant(share, 4));
      }
    }
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "markers");
    trace.put("y", names);
    trace.put("x", shares);
    trace.put(
        "marker",
        Map.of("size", 8, "color", HouseStyle.INK, "opacity", 0.55, "symbol", "line-ns-open"));
    trace.put("hovertemplate", "%{y}<br>one draw: %{x:.1%}<extra></extra>");
    return trace;
  }

  private Map<String, Object> layout(List<String> names) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("title", Map.of("text", what));
    values.put("range", List.of(0, 1.25));
    values.put("tickvals", List.of(0, 0.25, 0.5, 0.75, 1));
    values.put("tickformat", ".0%");
    Map<String, Object> layout = new LinkedHashMap<>();
    layout.put("xaxis", values);
    layout.put(
        "yaxis",
        Map.of(
            "type",
            "category",
            "categoryarray",
            names,
            "range",
            List.of(rows.size() - 0.4, -0.6),
            "showgrid",
            false,
            "ticks",
            ""));
    layout.put("annotations", rows.stream().map(SteeringBars::number).toList());
    layout.put("showlegend", false);
    layout.put("bargap", 0.4);
    layout.put("margin", Map.of("t", 80, "l", 20));
    layout.put("height", 180 + 44 * rows.size());
    return layout;
  }

  /** The number beside a bar, clear of its interval and draws. */
  private static Map<String, Object> number(Row row) {
    double end = Math.max(row.high(), row.shares().stream().mapToDouble(s -> s).max().orElse(0));
    Map<String, Object> number = new LinkedHashMap<>();
    number.put("text", percent(row.mean()));
    number.put("x", Digits.significant(end, 4));
    number.put("y", row.name());
    number.put("xanchor", "left");
    number.put("xshift", 8);
    number.put("showarrow", false);
    number.put("font", Map.of("size", 13));
    return number;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private String description() {
    return what
        + ": "
        + rows.stream()
            .map(
                row ->
                    row.name()
                        + " "
                        + percent(row.mean())
                        + (row.isControl() ? " on average of " + row.shares().size() : ""))
            .collect(Collectors.joining("; "));
  }
}
