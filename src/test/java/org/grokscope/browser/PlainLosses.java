package org.grokscope.browser;

import java.util.ArrayList;
import java.util.List;

/** Training losses of what a page would train, in this JVM. */
public final class PlainLosses {
  private PlainLosses() {}

  /** The losses before each of the first updates, with as many neurons as the model is wide. */
  public static List<Double> of(
      int p, double share, int seed, double rate, double decay, int width, int updates) {
    LiveTraining training =
        new LiveTraining(
            Live.split(p, share, seed, false), Live.config(seed, rate, decay, width, width));
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i < updates; i++) {
      losses.add(training.step());
    }
    return losses;
  }
}
