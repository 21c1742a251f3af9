package org.grokscope.plot;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grokscope.plot.PhaseChart.Boundary;
import org.grokscope.plot.PhaseChart.Phase;

/**
 * The phases behind a chart over epochs, and their names: above them where all fit, else in a
 * second legend.
 *
 * @param phases from left to right
 * @param logEpochs whether the epochs stand on a log axis, from epoch 1
 * @param last the epoch at which the axis ends
 */
record PhaseShading(List<Phase> phases, boolean logEpochs, double last) {

  /** The shades and the grey bands of the boundaries, added to a figure. */
  Figure onto(Figure figure) {
    Figure shaded = figure;
    for (Phase phase : shown()) {
      shaded = shaded.withPhase(left(phase), right(phase), "");
    }
    for (List<Double> band : boundaries()) {
      shaded = shaded.withUncertainty(band.get(0), band.get(1));
    }
    return shaded;
  }

  /** Entries of the second legend. */
  List<Attributes> swatches() {
    List<Attributes> swatches = new ArrayList<>();
    for (Phase phase : shown()) {
      swatches.add(swatch(phase, swatches.size()));
    }
    return swatches;
  }

  /**
   * Settings of a layout that name the phases in one of the two ways.
   *
   * @param pixels how wide the axis is
   */
  Attributes names(double pixels) {
    boolean fit = labelsFit(pixels);
    return Attributes.of("annotations", fit ? labels() : List.of())
        .set("legend2.visible", !fit)
        .set("legend2.orientation", "h")
        .set("legend2.x", 0)
        .set("legend2.xanchor", "left")
        .set("legend2.y", 1.01)
        .set("legend2.yanchor", "bottom");
  }

  /** Whether each phase is wide enough for its label above it. */
  private boolean labelsFit(double pixels) {
    double all = drawn(last) - drawn(first());
    return shown().stream()
        .allMatch(
            phase ->
                7.5 * phase.label().length()
                    < (drawn(right(phase)) - drawn(left(phase))) / all * pixels);
  }

  /** A label above each phase. */
  private List<Attributes> labels() {
    return shown().stream()
        .map(
            phase -> {
              double middle = (drawn(left(phase)) + drawn(right(phase))) / 2;
              return Attributes.note(phase.label(), Digits.significant(middle, 6), 1)
                  .set("yref", "paper")
                  .set("yanchor", "bottom")
                  .set("font", Map.of("size", 13, "color", HouseStyle.REFERENCE));
            })
        .toList();
  }

  /** An entry of the second legend, which names the phases where labels do not fit. */
  private static Attributes swatch(Phase phase, int index) {
    String shade = HouseStyle.SHADES.get(index % HouseStyle.SHADES.size());
    return HouseStyle.swatch(phase.label(), shade)
        .set("legend", "legend2")
        .set("marker.line", Map.of("width", 1, "color", HouseStyle.CONTEXT));
  }

  /** The phases that the axis shows, wholly or in part. */
  List<Phase> shown() {
    return phases.stream().filter(phase -> left(phase) < right(phase)).toList();
  }

  /** What is not known of the boundaries, as far as the axis shows it. */
  private List<List<Double>> boundaries() {
    Set<Boundary> known = new LinkedHashSet<>();
    phases.forEach(phase -> known.addAll(List.of(phase.from(), phase.to())));
    return known.stream()
        .map(
            boundary ->
                List.of(Math.max(boundary.earliest(), first()), Math.min(boundary.latest(), last)))
        .filter(band -> band.get(0) < band.get(1))
        .toList();
  }

  private double left(Phase phase) {
    return Math.max(phase.from().middle(), first());
  }

  private double right(Phase phase) {
    return Math.min(phase.to().middle(), last);
  }

  private double drawn(double epoch) {
    return logEpochs ? Math.log10(epoch) : epoch;
  }

  private double first() {
    return logEpochs ? 1 : 0;
  }
}
