package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
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
  List<Map<String, ?>> swatches() {
    List<Map<String, ?>> swatches = new ArrayList<>();
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
  Map<String, Object> names(double pixels) {
    boolean fit = labelsFit(pixels);
    Map<String, Object> legend = new LinkedHashMap<>();
    legend.put("visible", !fit);
    legend.put("orientation", "h");
    legend.put("x", 0);
    legend.put("xanchor", "left");
    legend.put("y", 1.01);
    legend.put("yanchor", "bottom");
    return Map.of("annotations", fit ? labels() : List.of(), "legend2", legend);
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
  private List<Map<String, Object>> labels() {
    List<Map<String, Object>> labels = new ArrayList<>();
    for (Phase phase : shown()) {
      Map<String, Object> label = new LinkedHashMap<>();
      label.put("text", phase.label());
      label.put("x", Digits.significant((drawn(left(phase)) + drawn(right(phase))) / 2, 6));
      label.put("yref", "paper");
      label.put("y", 1);
      label.put("yanchor", "bottom");
      label.put("showarrow", false);
      label.put("font", Map.of("size", 13, "color", HouseStyle.REFERENCE));
      labels.add(label);
    }
    return labels;
  }

  /** An entry of the second legend, which names the phases where labels do not fit. */
  private static Map<String, ?> swatch(Phase phase, int index) {
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("type", "scatter");
    trace.put("mode", "markers");
    trace.put("name", phase.label());
    trace.put("legend", "legend2");
    trace.put("x", Collections.singletonList(null));
    trace.put("y", Collections.singletonList(null));
    trace.put("hoverinfo", "skip");
    trace.put(
        "marker",
        Map.of(
            "symbol",
            "square",
            "size",
            13,
            "color",
            HouseStyle.SHADES.get(index % HouseStyle.SHADES.size()),
            "line",
            Map.of("width", 1, "color", HouseStyle.CONTEXT)));
    return trace;
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
