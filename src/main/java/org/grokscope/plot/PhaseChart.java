package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grokscope.probe.Interval;
import org.grokscope.probe.Phases;
import tech.tablesaw.api.Table;

/**
 * The losses of a training and its progress measures over the epochs, with shaded phases; below
 * them the norm of the weights.
 *
 * <p>How to read it: while a model memorises, the training loss falls alone; while its circuit
 * forms, the restricted loss falls and the excluded loss rises although both curves of the known
 * picture stand still; in the cleanup the test loss falls with the norm. A grey band at a boundary
 * is what is not known of it, since checkpoints are apart.
 *
 * @param series one row a checkpoint, with the columns {@code epoch}, {@code loss[train]}, {@code
 *     loss[test]} and those named below; numbers that are not positive have no place on a log axis
 *     and become gaps
 * @param measures further columns of losses, at most four
 * @param norm the column of the lower panel, or empty for none
 * @param phases shaded, from left to right
 * @param logEpochs whether the epochs stand on a log axis, which then begins at epoch 1
 * @param until the last epoch that is drawn, or empty for all
 */
public record PhaseChart(
    Table series,
    List<String> measures,
    Optional<String> norm,
    List<Phase> phases,
    boolean logEpochs,
    OptionalLong until)
    implements Chart {
  private static final String OPERATION = "phase chart";
  private static final int MOST_MEASURES = 4;

  /** Pixels of the epoch axis, in an article and on a phone. */
  private static final double WIDE = 800;

  private static final double NARROW = 230;

  private static final Pattern COLUMN = Pattern.compile("(\\w+)(?:\\.([^\\[]+))?\\[([^\\]]+)\\]");

  /** A moment of which only the checkpoints before and after it are known. */
  public record Boundary(double earliest, double latest) {

    /**
     * @throws IllegalArgumentException if the earliest is not finite or after the latest
     */
    public Boundary {
      if (!(earliest <= latest) || Double.isInfinite(earliest) || Double.isInfinite(latest)) {
        throw new IllegalArgumentException(
            "boundary: got " + earliest + " to " + latest + ", expected two epochs in order");
      }
    }

    double middle() {
      return (earliest + latest) / 2;
    }

    @Override
    public String toString() {
      return earliest == latest
          ? Digits.text("%,.0f", earliest)
          : Digits.text("%,.0f–%,.0f", earliest, latest);
    }
  }

  /** A stretch of the training, between two boundaries. */
  public record Phase(String label, Boundary from, Boundary to) {

    /**
     * @throws IllegalArgumentException if the stretch does not lead from left to right
     */
    public Phase {
      if (!(from.middle() < to.middle())) {
        throw new IllegalArgumentException(
            "phase '" + label + "': got " + from + " to " + to + ", expected left to right");
      }
    }

    /** A stretch whose ends are known. */
    public static Phase of(String label, double from, double to) {
      return new Phase(label, new Boundary(from, from), new Boundary(to, to));
    }
  }

  /**
   * @throws IllegalArgumentException if a column is missing, there are more than four measures, or
   *     no row is to be drawn
   */
  public PhaseChart {
    measures = List.copyOf(measures);
    phases = List.copyOf(phases);
    Inputs.count(OPERATION, "measures", measures.size(), 0, MOST_MEASURES);
    for (String column : List.of("epoch", "loss[train]", "loss[test]")) {
      Inputs.numeric(OPERATION, series, column);
    }
    for (String column : measures) {
      Inputs.numeric(OPERATION, series, column);
    }
    norm.ifPresent(column -> Inputs.numeric(OPERATION, series, column));
    Inputs.rows(OPERATION, series, logEpochs, until);
  }

  /**
   * Train and test loss and further losses.
   *
   * @param measures columns such as {@code "restricted.logits[test]"}
   */
  public static PhaseChart of(Table series, String... measures) {
    return new PhaseChart(
        series, List.of(measures), Optional.empty(), List.of(), false, OptionalLong.empty());
  }

  /** The same with a second panel for a column such as {@code "squared_norm[total]"}. */
  public PhaseChart withNorm(String column) {
    return new PhaseChart(series, measures, Optional.of(column), phases, logEpochs, until);
  }

  /** The same with shaded phases. */
  public PhaseChart withPhases(List<Phase> shaded) {
    return new PhaseChart(series, measures, norm, shaded, logEpochs, until);
  }

  /**
   * The same with the phases of a training that are complete: memorisation, circuit formation and
   * cleanup, each where both its ends were seen.
   */
  public PhaseChart withPhases(Phases seen) {
    List<Phase> shaded = new ArrayList<>();
    Optional<Boundary> memorised = seen.memorisationEnds().map(PhaseChart::boundary);
    Optional<Boundary> begun = seen.cleanupBegins().map(PhaseChart::boundary);
    Optional<Boundary> cleaned = seen.cleanupEnds().map(PhaseChart::boundary);
    add(shaded, "memorisation", Optional.of(new Boundary(0, 0)), memorised);
    add(shaded, "circuit formation", memorised, begun);
    add(shaded, "cleanup", begun, cleaned);
    return withPhases(shaded);
  }

  private static Boundary boundary(Interval interval) {
    return new Boundary(interval.from(), interval.to());
  }

  /** Adds a phase whose ends are known and lie from left to right. */
  private static void add(
      List<Phase> phases, String label, Optional<Boundary> from, Optional<Boundary> to) {
    if (from.isPresent() && to.isPresent() && from.get().middle() < to.get().middle()) {
      phases.add(new Phase(label, from.get(), to.get()));
    }
  }

  /** The same with epochs on a log axis, from epoch 1. */
  public PhaseChart withLogEpochs() {
    return new PhaseChart(series, measures, norm, phases, true, until);
  }

  /** The same without what comes after an epoch. */
  public PhaseChart withUntil(long epoch) {
    return new PhaseChart(series, measures, norm, phases, logEpochs, OptionalLong.of(epoch));
  }

  private int[] rows() {
    return Inputs.rows(OPERATION, series, logEpochs, until);
  }

  @Override
  public Figure figure() {
    List<Attributes> losses = new ArrayList<>();
    losses.add(line("loss[train]", "train loss", HouseStyle.TRAIN, "solid"));
    losses.add(line("loss[test]", "test loss", HouseStyle.TEST, "solid"));
    for (int i = 0; i < measures.size(); i++) {
      String column = measures.get(i);
      losses.add(
          line(column, name(column), HouseStyle.COLOURS.get(i), i % 2 == 0 ? "dash" : "dot"));
    }
    PhaseShading shading = new PhaseShading(phases, logEpochs, last());
    int named = shading.shown().size();
    int legendRows = (losses.size() + 2) / 3;
    Declaration figure =
        Figure.declare("The phases of a training", description())
            .traces(losses)
            .set("xaxis", epochAxis())
            .set("yaxis", Axes.losses(losses))
            .set("hovermode", "x unified")
            .set("hoversubplots", "axis")
            .set("height", norm.isPresent() ? 660 : 520)
            .set("margin.t", 96 + 24 * legendRows)
            .set("legend.y", 1.07)
            .layout(shading.names(WIDE))
            .narrow(shading.names(NARROW))
            .narrow("margin", HouseStyle.narrowMargin(2 + measures.size() + named))
            .narrow("height", (norm.isPresent() ? 640 : 500) + 21 * named)
            .narrow("legend.y", 1.02 + 0.07 * named);
    norm.ifPresent(
        column ->
            figure
                .trace(normLine(column))
                .set("xaxis.anchor", "y2")
                .set("yaxis.domain", List.of(0.32, 1))
                .set("yaxis2.domain", List.of(0, 0.26))
                .set("yaxis2.rangemode", "tozero")
                .set("yaxis2.tickformat", "~s")
                .set("yaxis2.title.text", "Σ w²"));
    return shading.onto(figure.traces(shading.swatches()).figure());
  }

  private Attributes line(String column, String name, String colour, String dash) {
    int[] rows = rows();
    double[] epochs = Inputs.values(series, "epoch");
    double[] values = Inputs.values(series, column);
    double[] x = Arrays.stream(rows).mapToDouble(row -> epochs[row]).toArray();
    double[] y =
        Arrays.stream(rows)
            .mapToDouble(row -> values[row] > 0 ? values[row] : Double.NaN)
            .toArray();
    int[] kept =
        Thinning.keep(
            logEpochs ? Arrays.stream(x).map(Math::log10).toArray() : x,
            Arrays.stream(y).map(Math::log10).toArray(),
            HistoryCurves.EARLY_POINTS,
            HistoryCurves.MOST_POINTS);
    return Attributes.scatter(kept.length == 1 ? "markers" : "lines")
        .set("name", name)
        .xy(
            Digits.significant(Arrays.stream(kept).mapToDouble(i -> x[i]).toArray(), 9),
            Digits.significant(Arrays.stream(kept).mapToDouble(i -> y[i]).toArray(), 5))
        .set("line", Map.of("color", colour, "width", 2.2, "dash", dash))
        .set("hovertemplate", "%{y:.3e}");
  }

  private Attributes normLine(String column) {
    return line(column, "norm of the weights", HouseStyle.INK, "solid")
        .set("yaxis", "y2")
        .set("showlegend", false)
        .set("hovertemplate", "%{y:,.4~g}");
  }

  /** {@code restricted.logits[test]} as "restricted loss (logits, test)". */
  private static String name(String column) {
    Matcher parts = COLUMN.matcher(column);
    if (!parts.matches()) {
      return column;
    }
    String variant = parts.group(2) == null ? "" : parts.group(2).replace('_', ' ') + ", ";
    return parts.group(1) + " loss (" + variant + parts.group(3) + ")";
  }

  private Attributes epochAxis() {
    double last = last();
    Attributes axis =
        logEpochs
            ? Axes.epochs(true, last)
                .set("range", List.of(0, Digits.significant(Math.log10(last), 6)))
            : Attributes.of("title.text", "epoch")
                .set("range", List.of(0, last))
                .set("tickformat", ",d");
    return axis.set("unifiedhovertitle.text", "epoch %{x:,d}");
  }

  private double last() {
    double[] epochs = Inputs.values(series, "epoch");
    double largest = Arrays.stream(rows()).mapToDouble(row -> epochs[row]).max().orElse(0);
    return Math.max(largest, 2);
  }

  private String description() {
    int[] rows = rows();
    int end = rows[rows.length - 1];
    String values =
        Stream.concat(Stream.of("loss[train]", "loss[test]"), measures.stream())
            .map(column -> text(column, end))
            .collect(Collectors.joining(", "));
    String shaded =
        phases.stream()
            .map(phase -> phase.label() + " from " + phase.from() + " to " + phase.to())
            .collect(Collectors.joining(", "));
    return Digits.text("at epoch %,.0f %s", Inputs.values(series, "epoch")[end], values)
        + norm.map(column -> ", " + text(column, end)).orElse("")
        + (shaded.isEmpty() ? "" : "; " + shaded);
  }

  private String text(String column, int row) {
    return Digits.text("%s %.3g", column, Inputs.values(series, column)[row]);
  }
}
