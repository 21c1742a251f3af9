package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
  List<Attributes> traces(List<Part> parts, String valueFormat) {
    List<Attributes> traces = new ArrayList<>();
    int run = 0;
    for (Map.Entry<String, History> entry : runs.entrySet()) {
      for (Part part : parts) {
        String name = entry.getKey().isEmpty() ? part.name() : entry.getKey() + " · " + part.name();
        traces.add(
            trace(name, rows(entry.getValue(), logEpochs), part, DASHES.get(run))
                .set(
                    "hovertemplate",
                    String.format(
                        "epoch %%{x:,d}<br>%s %%{y:%s}<extra>%%{fullData.name}</extra>",
                        part.name(), valueFormat)));
      }
      run++;
    }
    return traces;
  }

  private Attributes trace(String name, List<History.Row> rows, Part part, Line.Dash dash) {
    double[] x = rows.stream().mapToDouble(History.Row::epoch).toArray();
    double[] y = rows.stream().mapToDouble(part.value()).toArray();
    if (logValues) { // a log axis has no place for 0
      y = Arrays.stream(y).map(value -> value > 0 ? value : Double.NaN).toArray();
    }
    int[] kept = Thinning.keep(drawn(x, logEpochs), drawn(y, logValues), EARLY_POINTS, MOST_POINTS);
    double[] shown = y;
    return JsplotBridge.attributes(
        ScatterTrace.builder(
                Arrays.stream(kept).mapToDouble(i -> x[i]).toArray(),
                Arrays.stream(kept).mapToDouble(i -> Digits.significant(shown[i], 6)).toArray())
            .mode(kept.length == 1 ? ScatterTrace.Mode.MARKERS : ScatterTrace.Mode.LINE)
            .name(name)
            .line(Line.builder().color(part.colour()).width(2.2).dash(dash).build())
            .build());
  }

  /** The x axis. */
  Attributes epochAxis() {
    return Axes.epochs(logEpochs, lastEpoch());
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
                    + Digits.text("%,d", run.getValue().last().epoch())
                    + " epochs "
                    + values.apply(run.getValue().last()))
        .collect(Collectors.joining("; "));
  }

  private long lastEpoch() {
    return runs.values().stream().mapToLong(history -> history.last().epoch()).max().orElse(0);
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
