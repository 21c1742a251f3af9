package org.grokscope.plot;

import java.util.List;
import java.util.Map;
import org.grokscope.train.History;

/**
 * Train and test loss over the epochs, in nats on a log axis.
 *
 * <p>How to read it: the blue curve falls when the model learns the answers that it is shown, the
 * orange one when it answers what it was never shown; grokking is the gap between the two falls.
 * Several trainings are told apart by their dashes.
 *
 * @param runs the histories by name; a single one may have the empty name
 * @param logEpochs whether the epochs stand on a log axis too, which then begins at epoch 1
 */
public record LossCurve(Map<String, History> runs, boolean logEpochs) implements Chart {

  /**
   * @throws IllegalArgumentException if there is no run, more than six, or one without evaluations
   */
  public LossCurve {
    runs = new HistoryCurves("loss curve", runs, logEpochs, true).runs();
  }

  /** The loss of one training. */
  public static LossCurve of(History history) {
    return of(Map.of("", history));
  }

  /** The losses of several trainings in one picture, in the order of the map. */
  public static LossCurve of(Map<String, History> runs) {
    return new LossCurve(runs, false);
  }

  /** The same with epochs on a log axis, from epoch 1. */
  public LossCurve withLogEpochs() {
    return new LossCurve(runs, true);
  }

  @Override
  public Figure figure() {
    HistoryCurves curves = new HistoryCurves("loss curve", runs, logEpochs, true);
    List<Attributes> traces =
        curves.traces(
            List.of(
                new HistoryCurves.Part("train loss", HouseStyle.TRAIN, History.Row::trainLoss),
                new HistoryCurves.Part("test loss", HouseStyle.TEST, History.Row::testLoss)),
            ".3e");
    return Figure.declare("Loss on known and unknown questions", description(curves))
        .traces(traces)
        .set("xaxis", curves.epochAxis())
        .set("yaxis", Axes.losses(traces))
        .narrow(HouseStyle.narrow(traces.size()))
        .figure();
  }

  private static String description(HistoryCurves curves) {
    return curves.sentence(
        row -> Digits.text("train loss %.2e, test loss %.2e", row.trainLoss(), row.testLoss()));
  }
}
