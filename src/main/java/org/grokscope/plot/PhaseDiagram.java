package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What became of many runs over two settings, such as weight decay and share of the data: a cell a
 * pair of settings, coloured by the fate of its runs (all seeds together, the median run decides),
 * with the epoch of understanding written in it.
 *
 * @param title of the figure
 * @param x name of the column on the horizontal axis: numbers, which ascend, or texts, which stay
 *     in the order of the runs
 * @param y name of the column on the vertical axis, likewise
 * @param runs a row a run with these columns and epochs_done, train_99_epoch and test_99_epoch, the
 *     latter two missing where never, as a sweep's table has them
 */
public record PhaseDiagram(String title, String x, String y, Table runs) implements Chart {
  private static final String OPERATION = "phase diagram";

  /** Understanding that takes so many times as long as memorising is late. */
  public static final double LATE = 5;

  /** What can become of a run. */
  public enum Fate {
    /** 99 % of the training pairs are never right. */
    NOTHING("nothing learnt", HouseStyle.CONTEXT),
    /** The training pairs are known, 99 % of the test pairs never. */
    NEVER("by heart, never more", "#CC79A7"),
    /** Understanding takes at least {@link #LATE} times as long as memorising: grokking. */
    LATE("late: grokking", "#E69F00"),
    /** Understanding comes along with memorising. */
    AT_ONCE("at once", "#009E73");

    private final String label;
    private final String colour;

    Fate(String label, String colour) {
      this.label = label;
      this.colour = colour;
    }

    /** In words. */
    public String label() {
      return label;
    }

    String colour() {
      return colour;
    }

    /**
     * Of one run.
     *
     * @param memorised epoch with 99 % of the training pairs right, infinite if never
     * @param understood epoch with 99 % of the test pairs right, infinite if never
     */
    public static Fate of(double memorised, double understood) {
      if (Double.isInfinite(memorised)) {
        return NOTHING;
      }
      return Double.isInfinite(understood)
          ? NEVER
          : understood >= PhaseDiagram.LATE * memorised ? LATE : AT_ONCE;
    }
  }

  /** The runs of one pair of settings; epochs are medians, infinite where most runs never. */
  private record Cell(int runs, long understanding, double memorised, double understood) {
    Fate fate() {
      return Fate.of(memorised, understood);
    }

    String text() {
      return Double.isInfinite(understood)
          ? understanding > 0 ? understanding + " of " + runs : ""
          : Digits.text("%,.0f", understood);
    }

    String hover() {
      return Digits.text(
          "%s<br>by heart at %s, understood at %s<br>%d of %d runs understood",
          fate().label(), epoch(memorised), epoch(understood), understanding, runs);
    }

    private static String epoch(double epoch) {
      return Double.isInfinite(epoch) ? "–" : Digits.text("%,.0f", epoch);
    }
  }

  /**
   * @throws IllegalArgumentException if a column is missing, epochs are no numbers, or there is no
   *     run
   */
  public PhaseDiagram {
    require(OPERATION, runs, List.of(x, y));
    runs = runs.copy();
  }

  /**
   * @throws IllegalArgumentException if a setting or an epoch is missing among the columns, epochs
   *     are no numbers, or there is no run
   */
  static void require(String operation, Table runs, List<String> settings) {
    for (String column : settings) {
      if (!isText(runs, column)) {
        Inputs.numeric(operation, runs, column);
      }
    }
    Inputs.numeric(operation, runs, "train_99_epoch");
    Inputs.numeric(operation, runs, "test_99_epoch");
    if (runs.isEmpty()) {
      throw new IllegalArgumentException(
          operation + ": got a table without rows, expected a run or more");
    }
  }

  /** The fates of some runs over two of their settings. */
  public static PhaseDiagram of(String title, String x, String y, Table runs) {
    return new PhaseDiagram(title, x, y, runs);
  }

  @Override
  public Figure figure() {
    List<Object> across = settings(runs, x);
    List<Object> up = settings(runs, y);
    Declaration figure =
        Figure.declare(title, description(across, up))
            .trace(cells(across, up))
            .set("xaxis", axis(x, across))
            .set("yaxis", axis(y, up))
            .narrow("margin", Map.of("l", 55, "r", 10, "t", 150))
            .narrow("font.size", 11);
    for (Fate fate : Fate.values()) {
      figure.trace(HouseStyle.swatch(fate.label, fate.colour));
    }
    return figure.figure();
  }

  private static boolean isText(Table runs, String column) {
    return runs.containsColumn(column) && runs.column(column) instanceof StringColumn;
  }

  /** Numbers ascending, texts in the order of the runs. */
  static List<Object> settings(Table runs, String column) {
    Set<Object> settings = isText(runs, column) ? new LinkedHashSet<>() : new TreeSet<>();
    IntStream.range(0, runs.rowCount()).forEach(row -> settings.add(setting(runs, column, row)));
    return List.copyOf(settings);
  }

  static Object setting(Table runs, String column, int row) {
    return isText(runs, column) ? runs.stringColumn(column).get(row) : number(runs, column, row);
  }

  private Attributes cells(List<Object> across, List<Object> up) {
    List<List<Integer>> fates = new ArrayList<>();
    List<List<String>> texts = new ArrayList<>();
    List<List<String>> hovers = new ArrayList<>();
    for (Object row : up) {
      List<Cell> cells = across.stream().map(column -> cell(column, row)).toList();
      fates.add(map(cells, cell -> cell.fate().ordinal()));
      texts.add(cells.stream().map(cell -> cell == null ? "" : cell.text()).toList());
      hovers.add(map(cells, Cell::hover));
    }
    return Attributes.of("type", "heatmap")
        .xy(labels(across), labels(up))
        .set("z", fates)
        .set("text", texts)
        .set("customdata", hovers)
        .set("texttemplate", "%{text}")
        .set(
            "hovertemplate",
            words(x) + " %{x}, " + words(y) + " %{y}<br>%{customdata}<extra></extra>")
        .set("zmin", -0.5)
        .set("zmax", Fate.values().length - 0.5)
        .set("colorscale", steps())
        .set("showscale", false)
        .set("xgap", 2)
        .set("ygap", 2);
  }

  /** A row of cells as a list, empty places as null. */
  private static <T> List<T> map(List<Cell> cells, Function<Cell, T> what) {
    List<T> values = new ArrayList<>();
    cells.forEach(cell -> values.add(cell == null ? null : what.apply(cell)));
    return values;
  }

  private Cell cell(Object column, Object row) {
    int[] here =
        IntStream.range(0, runs.rowCount())
            .filter(i -> setting(runs, x, i).equals(column) && setting(runs, y, i).equals(row))
            .toArray();
    if (here.length == 0) {
      return null;
    }
    double[] memorised = epochs("train_99_epoch", here);
    double[] understood = epochs("test_99_epoch", here);
    long understanding = Arrays.stream(understood).filter(Double::isFinite).count();
    return new Cell(here.length, understanding, median(memorised), median(understood));
  }

  private double[] epochs(String column, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> epoch(runs, column, row)).toArray();
  }

  /** The epoch of a milestone, infinite if never. */
  static double epoch(Table runs, String column, int row) {
    return runs.column(column).isMissing(row)
        ? Double.POSITIVE_INFINITY
        : number(runs, column, row);
  }

  private static double number(Table runs, String column, int row) {
    return ((Number) runs.column(column).get(row)).doubleValue();
  }

  /** The middle one, the later of two: it is reached by half of the runs or more. */
  private static double median(double[] epochs) {
    double[] sorted = epochs.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static List<List<Object>> steps() {
    List<List<Object>> steps = new ArrayList<>();
    int count = Fate.values().length;
    for (Fate fate : Fate.values()) {
      steps.add(List.of((double) fate.ordinal() / count, fate.colour));
      steps.add(List.of((fate.ordinal() + 1.0) / count, fate.colour));
    }
    return steps;
  }

  private static Attributes axis(String column, List<Object> values) {
    return Attributes.of("title.text", words(column))
        .set("type", "category")
        .set("categoryorder", "array")
        .set("categoryarray", labels(values))
        .set("showgrid", false);
  }

  static List<String> labels(List<Object> values) {
    return values.stream()
        .map(value -> value instanceof String text ? text : shortest(Digits.text("%.4g", value)))
        .toList();
  }

  private static String shortest(String number) {
    return number.contains(".") ? number.replaceAll("0+$", "").replaceAll("\\.$", "") : number;
  }

  static String words(String column) {
    return column.replace('_', ' ');
  }

  private String description(List<Object> across, List<Object> up) {
    Map<Fate, Integer> counts = new LinkedHashMap<>();
    for (Object row : up) {
      for (Object column : across) {
        Cell cell = cell(column, row);
        if (cell != null) {
          counts.merge(cell.fate(), 1, Integer::sum);
        }
      }
    }
    return "fates over "
        + words(y)
        + " and "
        + words(x)
        + ": "
        + Arrays.stream(Fate.values())
            .filter(counts::containsKey)
            .map(fate -> counts.get(fate) + " cells " + fate.label())
            .collect(Collectors.joining(", "));
  }
}
