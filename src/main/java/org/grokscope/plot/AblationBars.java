package org.grokscope.plot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * What is left of a model when parts of it are taken away or kept alone. Each condition is a row:
 * blue where it was measured once, grey with a point for each try where it was measured several
 * times, such as with random sets; the number beside it is then the mean.
 *
 * @param measure what is measured
 * @param conditions 1 to 12, from the top
 * @param chance what guessing would give, drawn as a dashed line, or empty
 */
public record AblationBars(Measure measure, List<Condition> conditions, OptionalDouble chance)
    implements Chart {
  private static final String OPERATION = "ablation bars";
  private static final int MOST = 12;

  /** What is measured. */
  public enum Measure {
    /** The share answered right, from 0 to 1: bars. */
    ACCURACY("accuracy"),
    /** The cross-entropy in nats on a log axis, where a bar has no beginning: dots. */
    LOSS("loss");

    private final String noun;

    Measure(String noun) {
      this.noun = noun;
    }

    private boolean allows(double value) {
      return this == ACCURACY ? value >= 0 && value <= 1 : value > 0;
    }

    private String text(double value) {
      return this == ACCURACY
          ? String.format(Locale.ROOT, "%.1f %%", 100 * value)
          : String.format(Locale.ROOT, value < 0.01 ? "%.2e" : "%.3g", value);
    }
  }

  /**
   * One way to ablate.
   *
   * @param name of the row, such as "key frequencies removed"
   * @param values one, or one for each random set
   */
  public record Condition(String name, List<Double> values) {

    /**
     * @throws IllegalArgumentException if there is no value, or one that is not finite
     */
    public Condition {
      values = List.copyOf(values);
      if (values.isEmpty() || !values.stream().allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "condition '" + name + "': got " + values + ", expected at least one finite number");
      }
    }

    /** A condition that was measured once. */
    public static Condition of(String name, double value) {
      return new Condition(name, List.of(value));
    }

    private boolean isRepeated() {
      return values.size() > 1;
    }

    private double mean() {
      return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
  }

  /**
   * @throws IllegalArgumentException if there are no conditions or more than twelve, two of one
   *     name, an accuracy outside 0 … 1, or a loss that is not positive
   */
  public AblationBars {
    conditions = List.copyOf(conditions);
    Inputs.count(OPERATION, "conditions", conditions.size(), 1, MOST);
    List<String> names = conditions.stream().map(Condition::name).toList();
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          OPERATION + ": got the conditions " + names + ", expected different names");
    }
    for (Condition condition : conditions) {
      if (!condition.values().stream().allMatch(measure::allows)) {
        throw new IllegalArgumentException(
            OPERATION
                + ": got "
                + condition.values()
                + " for '"
                + condition.name()
                + "', expected "
                + (measure == Measure.ACCURACY ? "shares from 0 to 1" : "positive losses"));
      }
    }
  }

  /** Conditions from the top, without a line at chance. */
  public static AblationBars of(Measure measure, Condition... conditions) {
    return new AblationBars(measure, List.of(conditions), OptionalDouble.empty());
  }

  /** The same with a dashed line at what guessing gives: 1/p, or ln p nats. */
  public AblationBars withChance(double level) {
    return new AblationBars(measure, conditions, OptionalDouble.of(level));
  }

  @Override
  public Figure figure() {
    Figure figure =
        Figure.of(
                description(),
                List.of(means(), tries()),
                Map.of(
                    "xaxis",
                    valueAxis(),
                    "yaxis",
                    Map.of(
                        "type",
                        "category",
                        "categoryarray",
                        conditions.stream().map(Condition::name).toList(),
                        "range",
                        List.of(conditions.size() - 0.4, -0.6),
                        "showgrid",
                        false,
                        "ticks",
                        ""),
                    "showlegend",
                    false,
                    "bargap",
                    0.4,
                    "margin",
                    Map.of("t", 90, "l", 20),
                    "height",
                    190 + 48 * conditions.size()))
            .withTitle((measure == Measure.ACCURACY ? "Accuracy" : "Loss") + " after ablation")
            .withNarrow(
                Map.of(
                    "margin",
                    Map.of("l", 10, "r", 10),
                    "title",
                    Map.of("xref", "container", "x", 0.03),
                    "yaxis",
                    Map.of("tickfont", Map.of("size", 12)),
                    "xaxis",
                    narrowAxis()));
    if (chance.isEmpty()) {
      return figure;
    }
    double level = chance.getAsDouble();
    return figure.withVerticalLine(level, "").with("annotations", List.of(chanceLabel(level)));
  }

  /** Room for the numbers beside the marks, since the names of the rows take most of it. */
  private Map<String, Object> narrowAxis() {
    if (measure == Measure.ACCURACY) {
      return Map.of("range", List.of(0, 1.5), "tickvals", List.of(0, 0.5, 1));
    }
    double[] ends = ends();
    double room = 0.5 + 0.25 * (ends[1] - ends[0]);
    return Map.of("range", range(room), "dtick", Math.max(1, Math.ceil((ends[1] - ends[0]) / 3)));
  }

  /** Above the dashed line. */
  private Map<String, Object> chanceLabel(double level) {
    return Map.of(
        "text",
        "chance",
        "x",
        measure == Measure.ACCURACY ? level : Digits.significant(Math.log10(level), 5),
        "yref",
        "paper",
        "y",
        1,
        "yanchor",
        "bottom",
        "showarrow",
        false,
        "font",
        Map.of("size", 13, "color", HouseStyle.REFERENCE));
  }

  /** The value of each condition, with its number beside it. */
  private Map<String, Object> means() {
    Map<String, Object> trace = new LinkedHashMap<>();
    List<String> colours =
        conditions.stream()
            .map(condition -> condition.isRepeated() ? "#C4C4C4" : HouseStyle.TRAIN)
            .toList();
    double[] means = conditions.stream().mapToDouble(Condition::mean).toArray();
    trace.put("y", conditions.stream().map(Condition::name).toList());
    trace.put("x", Digits.significant(means, 5));
    trace.put("text", conditions.stream().map(c -> measure.text(c.mean())).toList());
    if (measure == Measure.ACCURACY) {
      trace.put("type", "bar");
      trace.put("orientation", "h");
      trace.put("textposition", "outside");
      trace.put("marker", Map.of("color", colours));
    } else {
      trace.put("type", "scatter");
      trace.put("mode", "markers+text");
      trace.put("textposition", "top center");
      trace.put("marker", Map.of("color", colours, "size", 13));
    }
    trace.put("hovertemplate", "%{y}<br>%{text}<extra></extra>");
    return trace;
  }

  /** A point for each try of the conditions that were tried several times. */
  private Map<String, Object> tries() {
    List<String> names = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (Condition condition : conditions) {
      if (condition.isRepeated()) {
        for (double value : condition.values()) {
          names.add(condition.name());
          texts.add(measure.text(value));
          values.add(Digits.significant(value, 5));
        }
      }
    }
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "markers");
    trace.put("y", names);
    trace.put("x", values);
    trace.put("text", texts);
    trace.put(
        "marker",
        Map.of("size", 8, "color", HouseStyle.INK, "opacity", 0.55, "symbol", "line-ns-open"));
    trace.put("hovertemplate", "%{y}<br>one try: %{text}<extra></extra>");
    return trace;
  }

  private Map<String, Object> valueAxis() {
    Map<String, Object> axis = new LinkedHashMap<>();
    if (measure == Measure.ACCURACY) {
      axis.put("title", Map.of("text", "share answered right"));
      axis.put("range", List.of(0, 1.2));
      axis.put("tickvals", List.of(0, 0.25, 0.5, 0.75, 1));
      axis.put("tickformat", ".0%");
      return axis;
    }
    double[] ends = ends();
    axis.putAll(HistoryCurves.logAxis(Math.pow(10, ends[0]), Math.pow(10, ends[1])));
    axis.put("range", range(0.25 + 0.08 * (ends[1] - ends[0])));
    axis.put("title", Map.of("text", "loss (nats, log scale)"));
    return axis;
  }

  /** The logarithms of the smallest and the largest loss. */
  private double[] ends() {
    double[] all =
        DoubleStream.concat(
                conditions.stream().flatMap(c -> c.values().stream()).mapToDouble(v -> v),
                chance.stream())
            .map(Math::log10)
            .sorted()
            .toArray();
    return new double[] {all[0], all[all.length - 1]};
  }

  private List<Double> range(double room) {
    double[] ends = ends();
    return List.of(Digits.significant(ends[0] - room, 5), Digits.significant(ends[1] + room, 5));
  }

  private String description() {
    return measure.noun
        + ": "
        + conditions.stream().map(this::sentence).collect(Collectors.joining("; "))
        + (chance.isPresent() ? "; chance " + measure.text(chance.getAsDouble()) : "");
  }

  private String sentence(Condition condition) {
    if (!condition.isRepeated()) {
      return condition.name() + " " + measure.text(condition.mean());
    }
    List<Double> sorted = condition.values().stream().sorted().toList();
    return String.format(
        Locale.ROOT,
        "%s %s on average of %d, from %s to %s",
        condition.name(),
        measure.text(condition.mean()),
        sorted.size(),
        measure.text(sorted.get(0)),
        measure.text(sorted.get(sorted.size() - 1)));
  }
}
