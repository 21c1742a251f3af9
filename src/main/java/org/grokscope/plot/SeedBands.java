package org.grokscope.plot;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.grokscope.claim.Measurement;
import org.grokscope.claim.Scale;
import org.grokscope.sweep.SweepResults;
import org.grokscope.train.History;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * What a sweep came to over its seeds: their mean as a line, and its 95 % interval, for each
 * combination of the other settings. Over the epochs the interval is a band, over a setting it is a
 * bar at each value.
 *
 * <pre>{@code
 * SeedBands.of(results, "test_accuracy")                                     // over the epochs
 * SeedBands.over(results.table(), "weight_decay", "test_accuracy")           // over a setting
 * }</pre>
 *
 * <p>Accuracies have their arithmetic mean and an interval that stays between 0 and 1, losses the
 * mean and interval of their logarithms, everything else Student's: {@link Measurement}. The axis
 * of losses reaches as far as the seeds do, and cuts off a band that is wider. An epoch is drawn
 * where every seed of a line was evaluated, so a line ends where its shortest run does, and no mean
 * is of the survivors. Runs that failed are left out.
 *
 * @param title of the figure
 * @param quantity what is averaged, as the column is called, such as {@code test_accuracy}
 * @param x what it is averaged at, {@code epoch} or a setting
 * @param groups 1 to 8, a line each
 * @param logX whether x stands on a log axis, which has no place for 0
 */
public record SeedBands(String title, String quantity, String x, List<Group> groups, boolean logX)
    implements Chart {
  private static final String OPERATION = "seed bands";
  private static final String EPOCH = "epoch";
  private static final String STATE = "state";
  private static final String LABELS = "random_label_seed";
  private static final int MOST_GROUPS = 8;
  private static final int MOST_POINTS = 300;
  private static final int EARLY_POINTS = 50;

  /**
   * The seeds of one combination of settings.
   *
   * @param name the settings in words; empty if there is nothing to tell apart
   * @param at where they are measured, ascending
   * @param measured the values of all seeds at each of these
   */
  public record Group(String name, List<Double> at, List<Measurement> measured) {
    /**
     * @throws IllegalArgumentException if there is no point, the lists differ in length, or a place
     *     is not above the one before it
     */
    public Group {
      at = List.copyOf(at);
      measured = List.copyOf(measured);
      if (at.isEmpty() || at.size() != measured.size()) {
        throw new IllegalArgumentException(
            "%s: got %d places and %d measurements%s, expected as many, and one at least; all seeds"
                    .formatted(
                        OPERATION, at.size(), measured.size(), name.isEmpty() ? "" : " for " + name)
                + " need a value at the same place");
      }
      Inputs.ascending(OPERATION, "the place", at);
    }

    /**
     * Readings along trainings, where there is one of every seed.
     *
     * @param readings with a column {@code epoch}, a row for each seed and epoch
     * @param column of what is averaged, numbers
     * @param scale on which it is averaged
     */
    public static Group along(String name, Table readings, String column, Scale scale) {
      Map<Double, List<Double>> at = new TreeMap<>();
      NumericColumn<?> epochs = readings.numberColumn(EPOCH);
      NumericColumn<?> values = readings.numberColumn(column);
      for (int row = 0; row < readings.rowCount(); row++) {
        at.computeIfAbsent(epochs.getDouble(row), epoch -> new ArrayList<>())
            .add(values.getDouble(row));
      }
      int seeds = at.values().stream().mapToInt(List::size).max().orElse(0);
      at.values().removeIf(some -> some.size() < seeds);
      return new Group(
          name,
          List.copyOf(at.keySet()),
          at.values().stream().map(all -> new Measurement(all, scale)).toList());
    }

    private int seeds() {
      return measured.get(0).seeds();
    }

    private String legend() {
      String seeds = seeds() == 1 ? "one seed" : seeds() + " seeds";
      return name.isEmpty() ? seeds : name + " (" + seeds + ")";
    }

    private double[] values(ToDoubleFunction<Measurement> of) {
      return measured.stream().mapToDouble(of).toArray();
    }

    private Group only(int[] kept) {
      return new Group(
          name,
          Arrays.stream(kept).mapToObj(at::get).toList(),
          Arrays.stream(kept).mapToObj(measured::get).toList());
    }
  }

  /**
   * @throws IllegalArgumentException if there are no groups or more than eight, or nothing is to be
   *     drawn of one on a log axis
   */
  public SeedBands {
    groups = List.copyOf(groups);
    Inputs.count(OPERATION, "combinations of settings", groups.size(), 1, MOST_GROUPS);
    if (logX) {
      groups =
          groups.stream()
              .map(
                  group ->
                      group.only(
                          IntStream.range(0, group.at.size())
                              .filter(i -> group.at.get(i) > 0)
                              .toArray()))
              .toList();
    }
  }

  /**
   * A column of the histories of a sweep's runs over the epochs, a line for each combination of the
   * settings that are no seeds.
   *
   * @param column such as {@code test_accuracy} or {@code test_loss}
   * @throws IllegalArgumentException if no run is done, the runs have no such column, or there are
   *     more than eight combinations
   */
  public static SeedBands of(SweepResults results, String column) {
    Table table = results.table();
    Map<String, List<History>> histories = new LinkedHashMap<>();
    for (int row : done(table)) {
      histories
          .computeIfAbsent(settings(table, row, EPOCH), name -> new ArrayList<>())
          .add(results.run(row).history());
    }
    requireRuns(histories);
    List<Group> groups = new ArrayList<>();
    histories.forEach(
        (name, runs) -> {
          Map<Double, List<Double>> values = new TreeMap<>();
          runs.forEach(
              history ->
                  history
                      .rows()
                      .forEach(row -> put(values, (double) row.epoch(), row.value(column))));
          groups.add(group(name, column, values, runs.size()));
        });
    return new SeedBands(words(column) + ", mean of seeds", column, EPOCH, groups, false);
  }

  /**
   * A column of a sweep's table over one of its settings, a line for each combination of the other
   * settings that are no seeds.
   *
   * @param sweep as {@link SweepResults#table} or {@link SweepResults#read} gives it
   * @param setting a varied field with numbers, such as {@code weight_decay}
   * @param column such as {@code test_accuracy} or {@code test_99_epoch}; where a seed has no value
   *     there is no point
   * @throws IllegalArgumentException if it is no such table, no run is done, a column is missing or
   *     has no numbers, or there are more than eight combinations
   */
  public static SeedBands over(Table sweep, String setting, String column) {
    Inputs.numeric(OPERATION, sweep, setting);
    Inputs.numeric(OPERATION, sweep, column);
    Map<String, List<Integer>> rows = new LinkedHashMap<>();
    for (int row : done(sweep)) {
      rows.computeIfAbsent(settings(sweep, row, setting), name -> new ArrayList<>()).add(row);
    }
    requireRuns(rows);
    double[] places = Inputs.values(sweep, setting);
    double[] values = Inputs.values(sweep, column);
    List<Group> groups = new ArrayList<>();
    rows.forEach(
        (name, of) -> {
          Map<Double, List<Double>> measured = new TreeMap<>();
          of.stream()
              .filter(row -> Double.isFinite(places[row]))
              .forEach(row -> put(measured, places[row], values[row]));
          groups.add(group(name, column, measured, 1));
        });
    return new SeedBands(words(column) + ", mean of seeds", column, setting, groups, false);
  }

  /** The same with x on a log axis; epochs then begin at 1. */
  public SeedBands withLogX() {
    return new SeedBands(title, quantity, x, groups, true);
  }

  private static void put(Map<Double, List<Double>> values, double at, double value) {
    values.computeIfAbsent(at, place -> new ArrayList<>()).add(value);
  }

  /** What can be averaged: where there are enough values, and all of them are numbers. */
  private static Group group(
      String name, String column, Map<Double, List<Double>> values, int fewest) {
    Scale scale = scale(column);
    List<Double> at = new ArrayList<>();
    List<Measurement> measured = new ArrayList<>();
    values.forEach(
        (place, seeds) -> {
          boolean drawn =
              seeds.stream()
                  .allMatch(value -> Double.isFinite(value) && (scale != Scale.LOG || value > 0));
          if (drawn && seeds.size() >= fewest) {
            at.add(place);
            measured.add(new Measurement(seeds, scale));
          }
        });
    return new Group(name, at, measured);
  }

  private static Scale scale(String column) {
    if (column.endsWith("_accuracy")) {
      return Scale.SHARE;
    }
    return column.endsWith("_loss") ? Scale.LOG : Scale.LINEAR;
  }

  private static int[] done(Table sweep) {
    if (!sweep.containsColumn(STATE) || sweep.columnIndex(STATE) == 0) {
      throw new IllegalArgumentException(
          "%s: got the columns %s, expected the table of a sweep, from run to error"
              .formatted(OPERATION, sweep.columnNames()));
    }
    return IntStream.range(0, sweep.rowCount())
        .filter(row -> sweep.column(STATE).getString(row).equals("done"))
        .toArray();
  }

  private static void requireRuns(Map<String, ?> groups) {
    if (groups.isEmpty()) {
      throw new IllegalArgumentException(
          OPERATION + ": got no run that is done, expected one or more; run the sweep first");
    }
  }

  /** The settings of a run that differ from run to run, without seeds. */
  private static String settings(Table sweep, int row, String without) {
    List<String> parts = new ArrayList<>();
    for (String name : sweep.columnNames().subList(1, sweep.columnIndex(STATE))) {
      Column<?> column = sweep.column(name);
      if (name.equals(LABELS)) { // without one, a run has the operation's own labels
        int missing = column.countMissing();
        if (missing > 0 && missing < column.size()) {
          parts.add(column.isMissing(row) ? "own labels" : "random labels");
        }
      } else if (!name.equals(without)
          && !name.equals("seed")
          && !name.endsWith("_seed")
          && !column.isMissing(row)
          && column.countUnique() > 1) {
        parts.add(words(name) + " " + text(column, row));
      }
    }
    return String.join(", ", parts);
  }

  private static String text(Column<?> column, int row) {
    return column instanceof NumericColumn<?> numbers
        ? number(numbers.getDouble(row))
        : column.getUnformattedString(row);
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private static String words(String name) {
    return name.replace('_', ' ');
  }

  private boolean isOverEpochs() {
    return x.equals(EPOCH);
  }

  @Override
  public Figure figure() {
    Declaration figure =
        Figure.declare(title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1), told())
            .set("xaxis", xAxis())
            .set("yaxis", yAxis())
            .set("showlegend", true) // tells how many seeds, of one line too
            .narrow(HouseStyle.narrow(groups.size()));
    for (int i = 0; i < groups.size(); i++) {
      Group group = thinned(groups.get(i));
      if (isOverEpochs() && group.seeds() > 1) {
        figure.traces(band(group, HouseStyle.line(i)));
      }
      figure.trace(line(group, HouseStyle.line(i)));
    }
    return figure.figure();
  }

  private Group thinned(Group group) {
    double[] places = group.at.stream().mapToDouble(Double::doubleValue).toArray();
    double[] means = group.values(Measurement::mean);
    boolean logY = scale(quantity) == Scale.LOG;
    return group.only(
        Thinning.keep(
            logX ? logarithms(places) : places,
            logY ? logarithms(means) : means,
            EARLY_POINTS,
            MOST_POINTS));
  }

  private static double[] logarithms(double[] values) {
    return Arrays.stream(values).map(Math::log10).toArray();
  }

  private List<Attributes> band(Group group, String colour) {
    List<Number> at = Digits.significant(group.at.stream().mapToDouble(v -> v).toArray(), 9);
    return QuantileBands.filled(
            Attributes.scatter("lines").xy(at, ends(group, Measurement.Interval::low)),
            Attributes.scatter("lines").xy(at, ends(group, Measurement.Interval::high)),
            translucent(colour))
        .stream()
        .map(edge -> edge.set("showlegend", false).set("legendgroup", group.name))
        .toList();
  }

  private static List<Number> ends(Group group, ToDoubleFunction<Measurement.Interval> end) {
    return Digits.significant(group.values(m -> end(m, end)), 4);
  }

  private static double end(Measurement measured, ToDoubleFunction<Measurement.Interval> end) {
    return measured.interval().map(end::applyAsDouble).orElse(measured.mean());
  }

  /** Light enough to see the other bands through it. */
  private static String translucent(String colour) {
    int rgb = Integer.parseInt(colour.substring(1), 16);
    return "rgba(%d, %d, %d, 0.2)".formatted(rgb >> 16, (rgb >> 8) & 255, rgb & 255);
  }

  private Attributes line(Group group, String colour) {
    double[] means = group.values(Measurement::mean);
    String mode = isOverEpochs() ? "lines" : "lines+markers";
    Attributes line =
        Attributes.scatter(means.length == 1 ? "markers" : mode)
            .set("name", group.legend())
            .set("legendgroup", group.name)
            .xy(
                Digits.significant(group.at.stream().mapToDouble(v -> v).toArray(), 9),
                Digits.significant(means, 4))
            .set("line", Map.of("color", colour, "width", 2.2))
            .set("marker.color", colour)
            .set("text", group.measured.stream().map(Measurement::toString).toList())
            .set(
                "hovertemplate", words(x) + (isOverEpochs() ? " %{x:,d}" : " %{x}") + "<br>%{text}")
            .set("hoverlabel.namelength", -1);
    boolean hasBars = group.measured.stream().anyMatch(measured -> measured.seeds() > 1);
    if (!isOverEpochs() && hasBars) {
      line.set("error_y", bars(group, means));
    }
    return line;
  }

  private static Attributes bars(Group group, double[] means) {
    double[] above = group.values(m -> end(m, Measurement.Interval::high));
    double[] below = group.values(m -> end(m, Measurement.Interval::low));
    return Attributes.of("type", "data")
        .set("symmetric", false)
        .set("array", Digits.significant(differences(above, means), 4))
        .set("arrayminus", Digits.significant(differences(means, below), 4));
  }

  private static double[] differences(double[] above, double[] below) {
    return IntStream.range(0, above.length).mapToDouble(i -> above[i] - below[i]).toArray();
  }

  private Attributes xAxis() {
    DoubleStream places = groups.stream().flatMap(g -> g.at.stream()).mapToDouble(v -> v);
    double[] ascending = places.sorted().toArray();
    double last = ascending[ascending.length - 1];
    if (isOverEpochs()) {
      return Axes.epochs(logX, Math.max(2, last));
    }
    return logX
        ? Axes.log(ascending[0], last).set("title.text", words(x) + " (log scale)")
        : Axes.column(x);
  }

  private Attributes yAxis() {
    return switch (scale(quantity)) {
      case SHARE -> Axes.shares().set("title.text", words(quantity));
      case LOG -> { // three seeds far apart have a band over many powers of ten
        double[] drawn =
            groups.stream()
                .flatMap(group -> group.measured.stream())
                .flatMap(measured -> measured.values().stream())
                .mapToDouble(value -> value)
                .sorted()
                .toArray();
        double least = drawn[0] / 1.2;
        double most = drawn[drawn.length - 1] * 1.2;
        yield Axes.log(least, most)
            .set("title.text", words(quantity) + " (nats, log scale)")
            .set("range", List.of(Math.log10(least), Math.log10(most)));
      }
      case LINEAR, CORRELATION, SEEDS -> Axes.column(quantity);
    };
  }

  private String told() {
    return "%s over %s: a line for the mean of the seeds, and %s for its 95 %% interval; %s"
        .formatted(
            words(quantity),
            words(x),
            isOverEpochs() ? "a band" : "bars",
            groups.stream().map(this::told).collect(Collectors.joining("; ")));
  }

  /** The seeds of a line, and their mean where it begins and where it ends. */
  private String told(Group group) {
    int end = group.at.size() - 1;
    return group.legend()
        + ": "
        + IntStream.of(0, end)
            .distinct()
            .mapToObj(i -> told(group.at.get(i), group.measured.get(i)))
            .collect(Collectors.joining(", "));
  }

  private String told(double at, Measurement measured) {
    String text = measured.toString();
    return "%s at %s %s"
        .formatted(
            text.substring(0, text.lastIndexOf(", ")), // the seeds are told once
            words(x),
            isOverEpochs()
                ? Digits.text("%,.0f", at)
                : number(at < 1000 ? Digits.significant(at, 4) : at));
  }
}
