package org.grokscope.model;

import java.util.List;
import java.util.Objects;
import org.grokscope.task.LineView;

/**
 * One layer of a model that reads lines: attention, an MLP, or both.
 *
 * @param view which earlier tokens a position may attend to
 * @param heads attention heads, 0 for a layer without attention
 * @param dHead width of a head's queries, keys and values, 0 without attention
 * @param dMlp neurons, 0 for a layer without MLP
 * @param slopes what a head takes off its scores for each position of distance (ALiBi, Press, Smith
 *     and Lewis 2022), one a head; empty for none
 * @param sink the initial logit of a place that every position may attend to and that says nothing,
 *     learnt by each head; {@link #NO_SINK} for none
 * @param valueGain factor on the initial W_V
 */
public record ReaderLayer(
    LineView view,
    int heads,
    int dHead,
    int dMlp,
    List<Double> slopes,
    double sink,
    double valueGain) {

  /** A layer whose attention weights add up to 1 over the tokens. */
  public static final double NO_SINK = Double.NEGATIVE_INFINITY;

  public ReaderLayer {
    Objects.requireNonNull(view, "view");
    slopes = List.copyOf(slopes);
    require(heads >= 0 && dMlp >= 0 && heads + dMlp > 0, "heads or neurons", heads, dMlp);
    require(
        (heads > 0) == (dHead > 0), "a width for every head and no width without", heads, dHead);
    require(slopes.isEmpty() || slopes.size() == heads, "one slope a head", heads, slopes.size());
    if (Double.isNaN(sink) || sink == Double.POSITIVE_INFINITY || !(valueGain > 0)) {
      throw new IllegalArgumentException(
          "reader layer: got a sink of "
              + sink
              + " and a gain of "
              + valueGain
              + ", expected a number or NO_SINK, and a positive gain");
    }
  }

  /** Attention that sees some of the earlier tokens, and an MLP if {@code dMlp} is not 0. */
  public static ReaderLayer attention(LineView view, int heads, int dHead, int dMlp) {
    return new ReaderLayer(view, heads, dHead, dMlp, List.of(), NO_SINK, 1);
  }

  /** An MLP alone. */
  public static ReaderLayer mlp(int dMlp) {
    return new ReaderLayer(LineView.OWN_LINE, 0, 0, dMlp, List.of(), NO_SINK, 1);
  }

  /** The same with another view. */
  public ReaderLayer seeing(LineView newView) {
    return new ReaderLayer(newView, heads, dHead, dMlp, slopes, sink, valueGain);
  }

  /** The same with slopes, one a head. */
  public ReaderLayer withSlopes(Double... newSlopes) {
    return new ReaderLayer(view, heads, dHead, dMlp, List.of(newSlopes), sink, valueGain);
  }

  /** The same with a sink, and with larger initial values, which it makes small. */
  public ReaderLayer withSink(double newSink, double newValueGain) {
    return new ReaderLayer(view, heads, dHead, dMlp, slopes, newSink, newValueGain);
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
          "reader layer: got " + first + " and " + second + ", expected " + expected);
    }
  }
}
