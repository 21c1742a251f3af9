package org.grokscope.train;

import java.util.List;
import java.util.Map;

/**
 * From gradients to new weights. Shipped are {@link AdamW}, {@link Sgd}, {@link Muon} and {@link
 * Grokfast}; one of your own implements this, and trains, stops and goes on as they do.
 *
 * <p>An optimiser keeps nothing itself: what it remembers from update to update are named arrays,
 * which a run keeps on disk beside the weights.
 */
public interface Optimiser {
  /** Its name in configurations, such as {@code adamw}. */
  String label();

  /** Its settings by name, all that decides what it does but the learning rate and the decay. */
  Map<String, Double> settings();

  /** The names of its state arrays, each as long as the parameters and 0 at the beginning. */
  List<String> state();

  /** One update of the parameters, in place. */
  void update(Update update);

  /**
   * The shipped optimiser of a name.
   *
   * @param settings those that are not at their usual values
   * @throws IllegalArgumentException if there is none of this name, or it has no such setting
   */
  static Optimiser of(String label, Map<String, Double> settings) {
    return switch (label) {
      case "adamw" -> {
        require(label, settings, AdamW.USUAL);
        yield new AdamW(
            value(settings, AdamW.USUAL, "beta1"),
            value(settings, AdamW.USUAL, "beta2"),
            value(settings, AdamW.USUAL, "epsilon"));
      }
      case "sgd" -> {
        require(label, settings, Sgd.USUAL);
        yield new Sgd(value(settings, Sgd.USUAL, "momentum"));
      }
      case "muon" -> {
        require(label, settings, Muon.USUAL);
        yield new Muon(
            value(settings, Muon.USUAL, "momentum"),
            value(settings, Muon.USUAL, "beta1"),
            value(settings, Muon.USUAL, "beta2"),
            value(settings, Muon.USUAL, "epsilon"));
      }
      case "grokfast" -> {
        require(label, settings, Grokfast.USUAL);
        yield new Grokfast(
            value(settings, Grokfast.USUAL, "alpha"),
            value(settings, Grokfast.USUAL, "amplification"),
            value(settings, Grokfast.USUAL, "beta1"),
            value(settings, Grokfast.USUAL, "beta2"),
            value(settings, Grokfast.USUAL, "epsilon"));
      }
      default ->
          throw new IllegalArgumentException(
              "optimiser: got '" + label + "', expected adamw, sgd, muon or grokfast");
    };
  }

  private static double value(Map<String, Double> settings, Optimiser usual, String name) {
    return settings.getOrDefault(name, usual.settings().get(name));
  }

  private static void require(String label, Map<String, Double> settings, Optimiser usual) {
    for (String name : settings.keySet()) {
      if (!usual.settings().containsKey(name)) {
        throw new IllegalArgumentException(
            "optimiser "
                + label
                + ": got the setting '"
                + name
                + "', expected some of "
                + usual.settings().keySet());
      }
    }
  }
}
