package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.plot.PhaseDiagram.Fate;
import tech.tablesaw.api.Table;

/**
 * When each of many runs understood, a strip of dots a setting, seeds beside each other; runs that
 * never did stand on a line of their own at the top, away from all numbers of the axis. Colour is
 * the run's fate, as in {@link PhaseDiagram}, which shows the median run of two settings; this
 * shows every run of one.
 *
 * <p>How to read it: a strip that is high took long; dots on the top line ended their budget
 * without the rule. Grey dots did not even learn what they were trained on.
 *
 * @param title of the figure
 * @param x name of the column on the horizontal axis: numbers, which ascend, or texts, which stay
 *     in the order of the runs
 * @param runs a row a run with this column, train_99_epoch and test_99_epoch, the latter two
 *     missing where never, as a sweep's table has them
 */
public record FateStrip(String title, String x, Table runs) implements Chart {
  private static final String OPERATION = "fate strip";
  private static final double WIDTH = 0.5; // of a strip, in distances between settings

  /**
   * @throws IllegalArgumentException if a column is missing, epochs are no numbers, or there is no
   *     run
   */
  public FateStrip {
    PhaseDiagram.require(OPERATION, runs, List.of(x));
    runs = runs.copy();
  }

  /** The fates of some runs over one of their settings. */
  public static FateStrip of(String title, String x, Table runs) {
    return new FateStrip(title, x, runs);
  }

  private record Dot(double place, double memorised, double understood, String setting) {
    Fate fate() {
      return Fate.of(memorised, understood);
    }
  }

  private List<Dot> dots() {
    List<Object> settings = PhaseDiagram.settings(runs, x);
    List<String> labels = PhaseDiagram.labels(settings);
    List<Dot> dots = new ArrayList<>();
    for (int s = 0; s < settings.size(); s++) {
      Object setting = settings.get(s);
      int[] here =
          IntStream.range(0, runs.rowCount())
              .filter(row -> PhaseDiagram.setting(runs, x, row).equals(setting))
              .toArray();
      for (int i = 0; i < here.length; i++) {
        double aside = here.length == 1 ? 0 : WIDTH * (i / (here.length - 1.0) - 0.5);
        dots.add(
            new Dot(
                s + aside,
                PhaseDiagram.epoch(runs, "train_99_epoch", here[i]),
                PhaseDiagram.epoch(runs, "test_99_epoch", here[i]),
                labels.get(s)));
      }
    }
    return dots;
  }

  @Override
  public Figure figure() {
    List<Dot> dots = dots();
    List<String> labels = PhaseDiagram.labels(PhaseDiagram.settings(runs, x));
    double[] reached =
        dots.stream().mapToDouble(Dot::understood).filter(Double::isFinite).sorted().toArray();
    double least = reached.length == 0 ? 100 : reached[0];
    double most = reached.length == 0 ? 1_000 : reached[reached.length - 1];
    double never = most * Math.pow(most / least, 0.15) * 1.6;
    Declaration figure = Figure.declare(title, description(dots));
    for (Fate fate : Fate.values()) {
      List<Dot> here = dots.stream().filter(dot -> dot.fate() == fate).toList();
      if (!here.isEmpty()) {
        figure.trace(strip(fate, here, never));
      }
    }
    // no number nearer to the line of what never came than half-way from the last run that did
    Attributes epochs = Axes.log(least, most, Math.sqrt(most * never));
    return figure
        .set("xaxis.title.text", PhaseDiagram.words(x))
        .set("xaxis.tickvals", IntStream.range(0, labels.size()).boxed().toList())
        .set("xaxis.ticktext", labels)
        .set("xaxis.range", List.of(-0.6, labels.size() - 0.4))
        .set("xaxis.showgrid", false)
        .set("yaxis", epochs)
        .set("yaxis.title.text", "epoch of 99 % of the test questions (log scale)")
        .set("yaxis.range", List.of(Math.log10(least / 1.3), Math.log10(never * 1.25)))
        .set("annotations", List.of(top(never)))
        .set("shapes", List.of(line(never)))
        .narrow(HouseStyle.narrow(4))
        .narrow("font.size", 12)
        .figure();
  }

  private Attributes strip(Fate fate, List<Dot> dots, double never) {
    return Attributes.scatter("markers")
        .set("name", fate.label())
        .xy(
            Digits.fixed(dots.stream().mapToDouble(Dot::place).toArray(), 3),
            dots.stream().map(dot -> finite(dot.understood(), never)).toList())
        .set(
            "customdata",
            dots.stream().map(dot -> dot.setting() + ": " + told(dot.understood())).toList())
        .set("marker", Map.of("color", fate.colour(), "size", 10))
        .set("marker.line", Map.of("color", "#FFFFFF", "width", 1))
        .set("hovertemplate", "%{customdata}<extra></extra>");
  }

  private static double finite(double epoch, double never) {
    return Double.isFinite(epoch) ? epoch : Digits.significant(never, 4);
  }

  private static String told(double epoch) {
    return Double.isFinite(epoch) ? Digits.text("epoch %,.0f", epoch) : "never";
  }

  private static Attributes top(double never) {
    return Attributes.note("<b>never</b>", 0, Math.log10(never))
        .set("xref", "paper")
        .set("xanchor", "right")
        .set("xshift", -8);
  }

  private static Attributes line(double never) {
    return Attributes.of("type", "line")
        .set("layer", "below")
        .set("xref", "paper")
        .set("x0", 0)
        .set("x1", 1)
        .set("y0", never)
        .set("y1", never)
        .set("line", Map.of("color", HouseStyle.PALE, "width", 1, "dash", "dot"));
  }

  private String description(List<Dot> dots) {
    Map<Fate, Integer> counts = new EnumMap<>(Fate.class);
    dots.forEach(dot -> counts.merge(dot.fate(), 1, Integer::sum));
    List<Object> settings = PhaseDiagram.settings(runs, x);
    String medians =
        PhaseDiagram.labels(settings).stream()
            .map(label -> label + " " + median(dots, label))
            .collect(Collectors.joining(", "));
    return dots.size()
        + " runs by "
        + PhaseDiagram.words(x)
        + ": "
        + counts.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey().label())
            .collect(Collectors.joining(", "))
        + "; the median run understood at "
        + medians;
  }

  private static String median(List<Dot> dots, String setting) {
    double[] epochs =
        dots.stream()
            .filter(dot -> dot.setting().equals(setting))
            .mapToDouble(Dot::understood)
            .toArray();
    Arrays.sort(epochs);
    return told(epochs[epochs.length / 2]);
  }
}
