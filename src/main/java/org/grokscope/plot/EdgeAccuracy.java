package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
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
    double lowest =
        tables.stream()
            .flatMap(table -> near(table).stream())
            .mapToDouble(Row::share)
            .min()
            .orElse(0);
    double from = Math.max(0, Math.min(0.95, lowest - 0.02));
    Declaration figure = Figure.declare(title, description());
    for (int i = 0; i < tables.size(); i++) {
      figure.trace(line(tables.get(i), HouseStyle.line(i)));
    }
    return figure
        .trace(numbers(tables.get(0)))
        .set("xaxis.title.text", "characters to spare after the next word (below 0: does not fit)")
        .set("xaxis.anchor", "y2")
        .set("xaxis.dtick", 2)
        .set("xaxis.range", List.of(-reach - 0.7, reach + 0.7))
        .set("yaxis.title.text", "right decisions")
        .set("yaxis.domain", List.of(0.3, 1))
        .set("yaxis.range", List.of(Digits.significant(from, 3), 1.005))
        .set("yaxis.tickformat", ".0%")
        .set("yaxis2.title.text", "decisions")
        .set("yaxis2.domain", List.of(0, 0.22))
        .set("yaxis2.nticks", 3)
        .set("showlegend", true)
        .set("height", 520)
        .narrow("margin", HouseStyle.narrowMargin(tables.size()))
        .narrow("height", 460)
        .figure()
        .withVerticalLine(-0.5, "");
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

  private Attributes line(Table table, String colour) {
    List<Row> rows = near(table);
    String name = table.name();
    return along(Attributes.scatter("lines+markers"), rows)
        .set("name", name)
        .set("y", Digits.significant(rows.stream().mapToDouble(Row::share).toArray(), 5))
        .set("customdata", decisions(rows))
        .set("line.color", colour)
        .set(
            "hovertemplate", "%{x} to spare: %{y:.1%} of %{customdata}<extra>" + name + "</extra>");
  }

  private Attributes numbers(Table table) {
    List<Row> rows = near(table);
    return along(Attributes.bars(), rows)
        .set("yaxis", "y2")
        .set("y", decisions(rows))
        .set("marker.color", HouseStyle.PALE)
        .set("showlegend", false)
        .set("hovertemplate", "%{y} decisions<extra></extra>");
  }

  private static Attributes along(Attributes trace, List<Row> rows) {
    return trace.set("x", rows.stream().map(Row::spare).toList());
  }

  private static List<Integer> decisions(List<Row> rows) {
    return rows.stream().map(row -> (int) row.decisions()).toList();
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
    return Digits.text(
        "%s %.1f %% of %,.0f, least at %.0f with %.1f %%",
        table.name(),
        100 * right / Math.max(1, decisions),
        decisions,
        worst.spare(),
        100 * worst.share());
  }
}
