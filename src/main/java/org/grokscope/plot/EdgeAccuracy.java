package org.grokscope.plot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.grokscope.task.LineAnswers;
import tech.tablesaw.api.Table;

/**
 * How often a model breaks a line where it should, by the characters that the next word would leave
 * on it: at 0 it fits exactly, at −1 it is one too long. A line a table, named after it; below, how
 * many decisions there were.
 *
 * @param title of the figure
 * @param tables 1 to 5, each with the columns {@code spare}, {@code decisions} and {@code right} of
 *     {@link LineAnswers#byDistance()}
 * @param reach distances from −reach to reach are drawn
 */
public record EdgeAccuracy(String title, List<Table> tables, int reach) implements Chart {
  private static final String OPERATION = "edge accuracy";

  /**
   * @throws IllegalArgumentException if there is no table, more than five, or one without such
   *     columns
   */
  public EdgeAccuracy {
    tables = List.copyOf(tables);
    Inputs.count(OPERATION, "tables", tables.size(), 1, 5);
    for (Table table : tables) {
      for (String column : List.of("spare", "decisions", "right")) {
        Inputs.numeric(OPERATION, table, column);
      }
    }
    if (reach < 1) {
      throw new IllegalArgumentException(
          OPERATION + ": got a reach of " + reach + ", expected at least 1 character, such as 12");
    }
  }

  /** Up to twelve characters to both sides, the length of the longest word. */
  public static EdgeAccuracy of(String title, Table... tables) {
    return new EdgeAccuracy(title, List.of(tables), 12);
  }

  @Override
  public Figure figure() {
    List<String> colours = new ArrayList<>(List.of(HouseStyle.TRAIN, HouseStyle.TEST));
    colours.addAll(HouseStyle.COLOURS);
    List<Map<String, Object>> traces = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      traces.add(line(tables.get(i), colours.get(i)));
    }
    traces.add(numbers(tables.get(0)));
    double lowest =
        tables.stream()
            .flatMap(table -> near(table).stream())
            .mapToDouble(Row::share)
            .min()
            .orElse(0);
    return Figure.of(description(), traces, layout(Math.min(0.95, lowest - 0.02)))
        .withTitle(title)
        .withVerticalLine(-0.5, "")
        .withNarrow(Map.of("margin", HouseStyle.narrowMargin(tables.size()), "height", 460));
  }

  /** One distance. */
  private record Row(double spare, double decisions, double right) {
    double share() {
      return right / decisions;
    }
  }

  private List<Row> near(Table table) {
    double[] spare = Inputs.values(table, "spare");
    double[] decisions = Inputs.values(table, "decisions");
    double[] right = Inputs.values(table, "right");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < spare.length; i++) {
      if (Math.abs(spare[i]) <= reach && decisions[i] > 0) {
        rows.add(new Row(spare[i], decisions[i], right[i]));
      }
    }
    return rows;
  }

  private Map<String, Object> line(Table table, String colour) {
    List<Row> rows = near(table);
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "lines+markers");
    trace.put("name", table.name());
    trace.put("x", rows.stream().map(Row::spare).toList());
    trace.put("y", Digits.significant(rows.stream().mapToDouble(Row::share).toArray(), 5));
    trace.put("customdata", rows.stream().map(row -> (int) row.decisions()).toList());
    trace.put("line", Map.of("color", colour));
    trace.put(
        "hovertemplate",
        "%{x} to spare: %{y:.1%} of %{customdata}<extra>" + table.name() + "</extra>");
    return trace;
  }

  private Map<String, Object> numbers(Table table) {
    List<Row> rows = near(table);
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "bar");
    trace.put("yaxis", "y2");
    trace.put("x", rows.stream().map(Row::spare).toList());
    trace.put("y", rows.stream().map(row -> (int) row.decisions()).toList());
    trace.put("marker", Map.of("color", "#C4C4C4"));
    trace.put("showlegend", false);
    trace.put("hovertemplate", "%{y} decisions<extra></extra>");
    return trace;
  }

  private Map<String, Object> layout(double from) {
    Map<String, Object> layout = new LinkedHashMap<>();
    layout.put(
        "xaxis",
        Map.of(
            "title",
            Map.of("text", "characters to spare after the next word (below 0: does not fit)"),
            "anchor",
            "y2",
            "dtick",
            2,
            "range",
            List.of(-reach - 0.7, reach + 0.7)));
    layout.put(
        "yaxis",
        Map.of(
            "title",
            Map.of("text", "right decisions"),
            "domain",
            List.of(0.3, 1),
            "range",
            List.of(Digits.significant(Math.max(0, from), 3), 1.005),
            "tickformat",
            ".0%"));
    layout.put(
        "yaxis2",
        Map.of("title", Map.of("text", "decisions"), "domain", List.of(0, 0.22), "nticks", 3));
    layout.put("showlegend", true);
    layout.put("height", 520);
    return layout;
  }

  private String description() {
    return "right decisions by characters to spare, -"
        + reach
        + " to "
        + reach
        + ": "
        + tables.stream().map(this::sentence).collect(Collectors.joining("; "));
  }

  private String sentence(Table table) {
    List<Row> rows = near(table);
    double decisions = rows.stream().mapToDouble(Row::decisions).sum();
    double right = rows.stream().mapToDouble(Row::right).sum();
    Row worst =
        rows.stream().min((a, b) -> Double.compare(a.share(), b.share())).orElse(new Row(0, 1, 0));
    return String.format(
        Locale.ROOT,
        "%s %.1f %% of %,.0f, least at %.0f with %.1f %%",
        table.name(),
        100 * right / Math.max(1, decisions),
        decisions,
        worst.spare(),
        100 * worst.share());
  }
}
