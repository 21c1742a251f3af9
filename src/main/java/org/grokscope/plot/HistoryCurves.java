package org.grokscope.plot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.grokscope.train.History;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.traces.ScatterTrace;

/** Curves over the epochs of one or more trainings; what loss and accuracy curves share. */
final class HistoryCurves {
  /** So many points a curve at the most; a committed notebook stays small. */
  static final int MOST_POINTS = 600;

  /** So many evaluations at the beginning always stay: there they are one an epoch. */
  static final int EARLY_POINTS = 100;

  private static final List<Line.Dash> DASHES =
      List.of(
          Line.Dash.SOLID,
          Line.Dash.DOT,
          Line.Dash.DASH,
          Line.Dash.DASH_DOT,
          Line.Dash.LONG_DASH,
          Line.Dash.LONG_DASH_DOT);

  private static final List<Double> COARSE_TICKS = List.of(1.0, 2.0, 5.0);
  private static final List<Double> FINE_TICKS =
      List.of(1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0);

  /**
   * One kind of curve.
   *
   * @param name in the legend
   * @param colour of the line
   * @param value what is drawn of a row
   */
  record Part(String name, String colour, ToDoubleFunction<History.Row> value) {}

  private final Map<String, History> runs;
  private final boolean logEpochs;
  private final boolean logValues;

  /**
   * @param operation for errors, such as "loss curve"
   * @param runs by name; the name of a single run may be empty
   */
  HistoryCurves(String operation, Map<String, History> runs, boolean logEpochs, boolean logValues) {
    if (runs.isEmpty() || runs.size() > DASHES.size()) {
      throw new IllegalArgumentException(
          operation
              + ": got "
              + runs.size()
              + " runs, expected 1 to "
              + DASHES.size()
              + ", as more line styles cannot be told apart; draw several figures");
    }
    runs.forEach(
        (name, history) -> {
          if (rows(history, logEpochs).isEmpty()) {
            throw new IllegalArgumentException(
                operation
                    + ": got a history without evaluations"
                    + (name.isEmpty() ? "" : " for '" + name + "'")
                    + ", expected at least one"
                    + (logEpochs ? " at epoch 1 or later" : "")
                    + "; train first");
          }
        });
    this.runs = Collections.unmodifiableMap(new LinkedHashMap<>(runs));
    this.logEpochs = logEpochs;
    this.logValues = logValues;
  }

  /** All curves: for each run, each part; colour tells the part and dashes tell the run. */
  ArrayNode traces(List<Part> parts, String valueFormat) {
    ArrayNode data = PlotlyJson.object(Map.of("data", List.of())).withArray("data");
    int run = 0;
    for (Map.Entry<String, History> entry : runs.entrySet()) {
      for (Part part : parts) {
        String name = entry.getKey().isEmpty() ? part.name() : entry.getKey() + " · " + part.name();
        ObjectNode trace = trace(name, rows(entry.getValue(), logEpochs), part, DASHES.get(run));
        trace.put(
            "hovertemplate",
            "epoch %{x:,d}<br>"
                + part.name()
                + " %{y:"
                + valueFormat
                + "}<extra>%{fullData.name}"
                + "</extra>");
        data.add(trace);
      }
      run++;
    }
    return data;
  }

  private ObjectNode trace(String name, List<History.Row> rows, Part part, Line.Dash dash) {
    double[] x = rows.stream().mapToDouble(History.Row::epoch).toArray();
    double[] y = rows.stream().mapToDouble(part.value()).toArray();
    if (logValues) { // a log axis has no place for 0
      y = Arrays.stream(y).map(value -> value > 0 ? value : Double.NaN).toArray();
    }
    int[] kept = Thinning.keep(drawn(x, logEpochs), drawn(y, logValues), EARLY_POINTS, MOST_POINTS);
    double[] shown = y;
    return JsplotBridge.trace(
        ScatterTrace.builder(
                Arrays.stream(kept).mapToDouble(i -> x[i]).toArray(),
                Arrays.stream(kept).mapToDouble(i -> Digits.significant(shown[i], 6)).toArray())
            .mode(kept.length == 1 ? ScatterTrace.Mode.MARKERS : ScatterTrace.Mode.LINE)
            .name(name)
            .line(Line.builder().color(part.colour()).width(2.2).dash(dash).build())
            .build());
  }

  /** The x axis. */
  Map<String, Object> epochAxis() {
    Map<String, Object> axis = new LinkedHashMap<>();
    axis.put("title", Map.of("text", logEpochs ? "epoch (log scale)" : "epoch"));
    if (logEpochs) {
      axis.putAll(logAxis(1, lastEpoch()));
    } else {
      axis.put("rangemode", "tozero");
      axis.put("tickformat", ",d");
    }
    return axis;
  }

  /** All runs, checked, in their order. */
  Map<String, History> runs() {
    return runs;
  }

  /** Where each run ended, in words. */
  String sentence(Function<History.Row, String> values) {
    return runs.entrySet().stream()
        .map(
            run ->
                (run.getKey().isEmpty() ? "" : run.getKey() + ": ")
                    + "after "
                    + String.format(Locale.ROOT, "%,d", run.getValue().last().epoch())
                    + " epochs "
                    + values.apply(run.getValue().last()))
        .collect(Collectors.joining("; "));
  }

  private long lastEpoch() {
    return runs.values().stream().mapToLong(history -> history.last().epoch()).max().orElse(0);
  }

  /**
   * A log axis whose ticks are powers of ten; or 1, 2, 5 and so on, written out, when it spans
   * little more than one of them.
   */
  static Map<String, Object> logAxis(double smallest, double largest) {
    double decades = Math.log10(largest / smallest);
    if (decades >= 1.5) {
      int step = (int) Math.max(1, Math.ceil(decades / 10));
      return Map.of("type", "log", "exponentformat", "power", "dtick", step);
    }
    List<Double> ticks = ticks(smallest, largest, decades > 0.7 ? COARSE_TICKS : FINE_TICKS);
    return Map.of(
        "type",
        "log",
        "tickvals",
        ticks,
        "ticktext",
        ticks.stream()
            .map(tick -> BigDecimal.valueOf(tick).stripTrailingZeros().toPlainString())
            .toList());
  }

  private static List<Double> ticks(double smallest, double largest, List<Double> digits) {
    List<Double> ticks = new ArrayList<>();
    int from = (int) Math.floor(Math.log10(smallest));
    int to = (int) Math.ceil(Math.log10(largest));
    for (int exponent = from; exponent <= to; exponent++) {
      for (double digit : digits) {
        ticks.add(Digits.significant(digit * Math.pow(10, exponent), 6));
      }
    }
    return ticks;
  }

  /** The log axis that fits the values of some curves. */
  static Map<String, Object> logAxis(ArrayNode traces) {
    double smallest = Double.POSITIVE_INFINITY;
    double largest = 0;
    for (JsonNode trace : traces) {
      for (JsonNode value : trace.get("y")) {
        if (value.isNumber()) {
          smallest = Math.min(smallest, value.doubleValue());
          largest = Math.max(largest, value.doubleValue());
        }
      }
    }
    return largest > 0 ? logAxis(smallest, largest) : logAxis(1, 1);
  }

  private static List<History.Row> rows(History history, boolean logEpochs) {
    return logEpochs
        ? history.rows().stream().filter(row -> row.epoch() > 0).toList()
        : history.rows();
  }

  private static double[] drawn(double[] values, boolean log) {
    DoubleUnaryOperator scale = log ? Math::log10 : DoubleUnaryOperator.identity();
    return Arrays.stream(values).map(scale).toArray();
  }
}
