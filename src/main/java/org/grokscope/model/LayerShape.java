package org.grokscope.model;

import java.util.List;
import java.util.Objects;
import org.grokscope.task.View;

/**
 * One layer of a transformer: attention, an MLP, or both.
 *
 * @param view which tokens a position may attend to
 * @param heads attention heads, 0 for a layer without attention
 * @param dHead width of a head's queries, keys and values, 0 without attention
 * @param dMlp neurons, 0 for a layer without MLP
 * @param slopes what a head takes off its scores for each position of distance (ALiBi, Press, Smith
 *     and Lewis 2022), one a head; empty for none
 * @param sink the initial logit of a place that every position may attend to and that says nothing,
 *     learnt by each head; {@link #NO_SINK} for none
 * @param valueGain factor on the initial W_V
 * @param bounds what bounds its heads' scores
 * @param site what the residual stream goes through behind it
 */
public record LayerShape(
    View view,
    int heads,
    int dHead,
    int dMlp,
    List<Double> slopes,
    double sink,
    double valueGain,
    ScoreBounds bounds,
    Site site) {

  /** A layer whose attention weights add up to 1 over the tokens. */
  public static final double NO_SINK = Double.NEGATIVE_INFINITY;

  public LayerShape {
    Objects.requireNonNull(view, "view");
    slopes = List.copyOf(slopes);
    require(heads >= 0 && dMlp >= 0 && heads + dMlp > 0, "heads or neurons", heads, dMlp);
    require(
        (heads > 0) == (dHead > 0), "a width for every head and no width without", heads, dHead);
    require(slopes.isEmpty() || slopes.size() == heads, "one slope a head", heads, slopes.size());
    if (Double.isNaN(sink) || sink == Double.POSITIVE_INFINITY || !(valueGain > 0)) {
      throw new IllegalArgumentException(
          "layer: got a sink of "
              + sink
              + " and a gain of "
              + valueGain
              + ", expected a number or NO_SINK, and a positive gain");
    }
    Objects.requireNonNull(bounds, "bounds");
    Objects.requireNonNull(site, "site");
  }

  /** A layer whose scores nothing bounds and behind which nothing happens. */
  public LayerShape(
      View view,
      int heads,
      int dHead,
      int dMlp,
      List<Double> slopes,
      double sink,
      double valueGain) {
    this(view, heads, dHead, dMlp, slopes, sink, valueGain, ScoreBounds.NONE, Site.NONE);
  }

  /** Attention that sees some of the earlier tokens, and an MLP if {@code dMlp} is not 0. */
  public static LayerShape attention(View view, int heads, int dHead, int dMlp) {
    return new LayerShape(view, heads, dHead, dMlp, List.of(), NO_SINK, 1);
  }

  /** An MLP alone. */
  public static LayerShape mlp(int dMlp) {
    return new LayerShape(View.EVERYTHING, 0, 0, dMlp, List.of(), NO_SINK, 1);
  }

  /** The same with other heads; 0 and 0 for none, and then without slopes and sink. */
  public LayerShape withHeads(int newHeads, int newDHead) {
    return newHeads == 0
        ? new LayerShape(
            view, 0, newDHead, dMlp, List.of(), NO_SINK, valueGain, ScoreBounds.NONE, site)
        : new LayerShape(view, newHeads, newDHead, dMlp, slopes, sink, valueGain, bounds, site);
  }

  /** The same with another number of neurons, 0 for none. */
  public LayerShape withDMlp(int newDMlp) {
    return new LayerShape(view, heads, dHead, newDMlp, slopes, sink, valueGain, bounds, site);
  }

  /** The same with another view. */
  public LayerShape seeing(View newView) {
    return new LayerShape(newView, heads, dHead, dMlp, slopes, sink, valueGain, bounds, site);
  }

  /** The same with slopes, one a head. */
  public LayerShape withSlopes(Double... newSlopes) {
    return new LayerShape(
        view, heads, dHead, dMlp, List.of(newSlopes), sink, valueGain, bounds, site);
  }

  /** The same with a sink, and with larger initial values, which it makes small. */
  public LayerShape withSink(double newSink, double newValueGain) {
    return new LayerShape(view, heads, dHead, dMlp, slopes, newSink, newValueGain, bounds, site);
  }

  /**
   * The same with bounded scores.
   *
   * @throws IllegalArgumentException if it has no heads
   */
  public LayerShape withBounds(ScoreBounds value) {
    require(heads > 0 || value.absent(), "heads whose scores are bounded", heads, dHead);
    return new LayerShape(view, heads, dHead, dMlp, slopes, sink, valueGain, value, site);
  }

  /** The same with another site behind it. */
  public LayerShape withSite(Site value) {
    return new LayerShape(view, heads, dHead, dMlp, slopes, sink, valueGain, bounds, value);
  }

  /** Whether it has attention. */
  public boolean attends() {
    return heads > 0;
  }

  /** Whether its heads may attend to nothing. */
  public boolean hasSink() {
    return sink != NO_SINK;
  }

  private static void require(boolean holds, String expected, int first, int second) {
    if (!holds) {
      throw new IllegalArgumentException(
          "layer: got " + first + " and " + second + ", expected " + expected);
    }
  }
}
