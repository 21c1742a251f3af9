package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Something measured under several conditions, a row a condition: blue where it was measured once,
 * grey with a mark for each try where it was measured several times, as controls with random parts
 * are; the number beside it is then the mean.
 *
 * <p>A row that says how many documents its shares are of has a 95 % interval: Wilson's for one
 * share, Student's for the mean of several.
 *
 * @param title of the figure
 * @param what is measured, for the axis and the description
 * @param scale of the values
 * @param rows from the top
 * @param chance what guessing would give, drawn as a dashed line, or empty
 */
public record ControlBars(
    String title, String what, Scale scale, List<Row> rows, OptionalDouble chance)
    implements Chart {
  private static final String OPERATION = "bars with controls";
  private static final int MOST = 14;
  private static final double Z = 1.959964; // two-sided 95 % of the normal distribution

  /** What the values are. */
  public enum Scale {
    /** Shares from 0 to 1: bars. */
    SHARE,
    /** Losses in nats on a log axis, where a bar has no beginning: dots. */
    LOSS;

    boolean allows(double value) {
      return this == SHARE ? value >= 0 && value <= 1 : value > 0;
    }

    String expected() {
      return this == SHARE ? "shares from 0 to 1" : "positive losses";
    }

    String text(double value) {
      return this == SHARE
          ? Digits.text("%.1f %%", 100 * value)
          : Digits.text(value < 0.01 ? "%.2e" : "%.3g", value);
    }
  }

  /**
   * One condition.
   *
   * @param name of the row, such as "key frequencies removed"
   * @param values one, or one for each random part
   * @param documents that each share is of, for its interval; or empty
   */
  public record Row(String name, List<Double> values, OptionalInt documents) {

    /**
     * @throws IllegalArgumentException if there is no value, one that is not finite, or no document
     */
    public Row {
      values = List.copyOf(values);
      if (values.isEmpty() || !values.stream().allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "row '" + name + "': got " + values + ", expected at least one finite number");
      }
      if (documents.isPresent() && documents.getAsInt() < 1) {
        throw new IllegalArgumentException(
            "row '" + name + "': got " + documents.getAsInt() + " documents, expected at least 1");
      }
    }

    /** Whether it was measured several times. */
    public boolean isControl() {
      return values.size() > 1;
    }

    /** The mean value. */
    public double mean() {
      return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** The lower end of the 95 % interval; the mean where the documents are not known. */
    public double low() {
      return Math.max(0, end(-1));
    }

    /** The upper end of the 95 % interval. */
    public double high() {
      return Math.min(1, end(1));
    }

    private double end(int side) {
      double mean = mean();
      if (documents.isEmpty()) {
        return mean;
      }
      if (!isControl()) {
        double n = documents.getAsInt();
        double root = Math.sqrt(mean * (1 - mean) / n + Z * Z / (4 * n * n));
        return (mean + Z * Z / (2 * n) + side * Z * root) / (1 + Z * Z / n);
      }
      int n = values.size();
      double squares = values.stream().mapToDouble(value -> Math.pow(value - mean, 2)).sum();
      double t = new TDistribution(n - 1).inverseCumulativeProbability(0.975);
      return mean + side * t * Math.sqrt(squares / (n - 1) / n);
    }

    private double largest() {
      return Math.max(high(), values.stream().mapToDouble(Double::doubleValue).max().orElse(0));
    }
  }

  /**
   * @throws IllegalArgumentException if there are no rows or more than fourteen, two of one name, a
   *     value that the scale does not allow, or intervals on another scale than of shares
   */
  public ControlBars {
    rows = List.copyOf(rows);
    check(OPERATION, "rows", scale, rows, MOST);
  }

  static void check(String operation, String noun, Scale scale, List<Row> rows, int most) {
    Inputs.count(operation, noun, rows.size(), 1, most);
    List<String> names = rows.stream().map(Row::name).toList();
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          operation + ": got the " + noun + " " + names + ", expected different names");
    }
    for (Row row : rows) {
      if (!row.values().stream().allMatch(scale::allows)) {
        throw new IllegalArgumentException(
            String.format(
                "%s: got %s for '%s', expected %s",
                operation, row.values(), row.name(), scale.expected()));
      }
      if (row.documents().isPresent() && scale != Scale.SHARE) {
        throw new IllegalArgumentException(
            String.format(
                "%s: got documents for '%s', expected them with shares only; leave them out",
                operation, row.name()));
      }
    }
  }

  /** Shares from the top, without a line at chance. */
  public static ControlBars of(String title, String what, Row... rows) {
    return new ControlBars(title, what, Scale.SHARE, List.of(rows), OptionalDouble.empty());
  }

  /** The same with a dashed line at what guessing gives. */
  public ControlBars withChance(double level) {
    return new ControlBars(title, what, scale, rows, OptionalDouble.of(level));
  }

  @Override
  public Figure figure() {
    return figure(what, description(true), 90, 48);
  }

  /**
   * The figure as its two callers size it.
   *
   * @param axis below the values
   * @param description of the whole
   * @param top pixels above the rows
   * @param each pixels of a row
   */
  Figure figure(String axis, String description, int top, int each) {
    boolean intervals = hasIntervals();
    Declaration figure =
        Figure.declare(title, description)
            .trace(intervals ? withIntervals() : means().lay(numbers()))
            .trace(tries())
            .set("xaxis", valueAxis().set("title.text", axis))
            .set("yaxis", Axes.rows(names()))
            .set("showlegend", false)
            .set("bargap", 0.4)
            .set("margin", Map.of("t", top, "l", 20))
            .set("height", 100 + top + each * rows.size())
            .narrow("margin", Map.of("l", 10, "r", 10))
            .narrow("yaxis.tickfont.size", 12)
            .narrow("xaxis", narrowAxis());
    List<Attributes> notes = new ArrayList<>();
    if (isNumberedBeside()) {
      rows.forEach(row -> notes.add(numberBeside(row)));
    }
    chance.ifPresent(level -> notes.add(chanceLabel(level)));
    if (!notes.isEmpty()) {
      figure.set("annotations", notes);
    }
    return chance.isPresent()
        ? figure.figure().withVerticalLine(chance.getAsDouble(), "")
        : figure.figure();
  }

  /** Above the dashed line. */
  private Attributes chanceLabel(double level) {
    double at = scale == Scale.SHARE ? level : Digits.significant(Math.log10(level), 5);
    return Attributes.note("chance", at, 1)
        .set("yref", "paper")
        .set("yanchor", "bottom")
        .set("font", Map.of("size", 13, "color", HouseStyle.REFERENCE));
  }

  private boolean hasIntervals() {
    return rows.stream().anyMatch(row -> row.documents().isPresent());
  }

  /** Where something is drawn past the end of a bar, its number has to stand clear of that. */
  private boolean isNumberedBeside() {
    return hasIntervals() || (scale == Scale.SHARE && rows.stream().anyMatch(Row::isControl));
  }

  private int digits() {
    return hasIntervals() ? 4 : 5;
  }

  private List<String> names() {
    return rows.stream().map(Row::name).toList();
  }

  private List<Number> numbers(ToDoubleFunction<Row> of) {
    return Digits.significant(rows.stream().mapToDouble(of).toArray(), digits());
  }

  /** The value of each row: a bar, or a dot where a bar has no beginning. */
  private Attributes means() {
    List<String> colours =
        rows.stream().map(row -> row.isControl() ? HouseStyle.PALE : HouseStyle.TRAIN).toList();
    Attributes trace =
        scale == Scale.SHARE
            ? Attributes.bars().set("orientation", "h")
            : Attributes.scatter("markers+text").set("marker.size", 13);
    return trace.xy(numbers(Row::mean), names()).set("marker.color", colours);
  }

  /** The number of each row, at its mark, or only where the mouse is if it stands beside. */
  private Attributes numbers() {
    String place = isNumberedBeside() ? "none" : "outside";
    return Attributes.of("text", rows.stream().map(row -> scale.text(row.mean())).toList())
        .set("textposition", scale == Scale.SHARE ? place : "top center")
        .set("hovertemplate", "%{y}<br>%{text}<extra></extra>");
  }

  private Attributes withIntervals() {
    return means()
        .set("error_x.type", "data")
        .set("error_x.symmetric", false)
        .set("error_x.array", numbers(row -> Math.max(0, row.high() - row.mean())))
        .set("error_x.arrayminus", numbers(row -> Math.max(0, row.mean() - row.low())))
        .set("error_x.color", HouseStyle.INK)
        .set("error_x.thickness", 1.5)
        .set("error_x.width", 5)
        .set(
            "customdata",
            rows.stream()
                .map(row -> scale.text(row.low()) + " to " + scale.text(row.high()))
                .toList())
        .set("hovertemplate", "%{y}<br>%{x:.1%}, 95 % interval %{customdata}<extra></extra>");
  }

  /** The number beside a bar, clear of its interval and draws. */
  private Attributes numberBeside(Row row) {
    return Attributes.note(
            scale.text(row.mean()), Digits.significant(row.largest(), digits()), row.name())
        .set("xanchor", "left")
        .set("xshift", 8)
        .set("font.size", 13);
  }

  /** A mark for each try of the rows that were tried several times. */
  private Attributes tries() {
    List<Row> controls = rows.stream().filter(Row::isControl).toList();
    double[] values =
        controls.stream().flatMap(row -> row.values().stream()).mapToDouble(v -> v).toArray();
    List<String> names =
        controls.stream().flatMap(row -> row.values().stream().map(v -> row.name())).toList();
    Attributes trace =
        Attributes.scatter("markers")
            .xy(Digits.significant(values, digits()), names)
            .set("marker.size", 8)
            .set("marker.color", HouseStyle.INK)
            .set("marker.opacity", 0.55)
            .set("marker.symbol", "line-ns-open");
    return hasIntervals()
        ? trace.set("hovertemplate", "%{y}<br>one draw: %{x:.1%}<extra></extra>")
        : trace
            .set("text", DoubleStream.of(values).mapToObj(scale::text).toList())
            .set("hovertemplate", "%{y}<br>one try: %{text}<extra></extra>");
  }

  private Attributes valueAxis() {
    if (scale == Scale.SHARE) {
      return Attributes.of("range", List.of(0, hasIntervals() ? 1.25 : 1.2))
          .set("tickvals", List.of(0, 0.25, 0.5, 0.75, 1))
          .set("tickformat", ".0%");
    }
    double[] ends = ends();
    return Axes.log(Math.pow(10, ends[0]), Math.pow(10, ends[1]))
        .set("range", range(0.25 + 0.08 * (ends[1] - ends[0])));
  }

  /** Room for the numbers beside the marks, since the names of the rows take most of it. */
  private Attributes narrowAxis() {
    if (scale == Scale.SHARE) {
      return Attributes.of("range", List.of(0, hasIntervals() ? 1.4 : 1.5))
          .set("tickvals", List.of(0, 0.5, 1));
    }
    double decades = ends()[1] - ends()[0];
    return Attributes.of("range", range(0.5 + 0.25 * decades))
        .set("dtick", Math.max(1, Math.ceil(decades / 3)));
  }

  /** The logarithms of the smallest and the largest value. */
  private double[] ends() {
    DoubleStream values = rows.stream().flatMap(row -> row.values().stream()).mapToDouble(v -> v);
    double[] all = DoubleStream.concat(values, chance.stream()).map(Math::log10).sorted().toArray();
    return new double[] {all[0], all[all.length - 1]};
  }

  private List<Double> range(double room) {
    double[] ends = ends();
    return List.of(Digits.significant(ends[0] - room, 5), Digits.significant(ends[1] + room, 5));
  }

  /**
   * Every row in words.
   *
   * @param spread whether the smallest and the largest try are told too
   */
  String description(boolean spread) {
    return what
        + ": "
        + rows.stream().map(row -> sentence(row, spread)).collect(Collectors.joining("; "))
        + (chance.isPresent() ? "; chance " + scale.text(chance.getAsDouble()) : "");
  }

  private String sentence(Row row, boolean spread) {
    String mean = row.name() + " " + scale.text(row.mean());
    if (!row.isControl()) {
      return mean;
    }
    List<Double> sorted = row.values().stream().sorted().toList();
    String tries = mean + " on average of " + sorted.size();
    return spread
        ? tries
            + ", from "
            + scale.text(sorted.get(0))
            + " to "
            + scale.text(sorted.get(sorted.size() - 1))
        : tries;
  }
}
