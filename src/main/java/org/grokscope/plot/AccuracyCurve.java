package org.grokscope.plot;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.grokscope.train.History;

/**
 * Train and test accuracy over the epochs.
 *
 * @param runs the histories by name; a single one may have the empty name
 * @param logEpochs whether the epochs stand on a log axis, which then begins at epoch 1
 * @param chance the accuracy of guessing, drawn as a dashed line, or empty
 */
public record AccuracyCurve(Map<String, History> runs, boolean logEpochs, OptionalDouble chance)
    implements Chart {

  /**
   * @throws IllegalArgumentException if there is no run, more than six, one without evaluations, or
   *     a chance outside (0, 1)
   */
  public AccuracyCurve {
    runs = new HistoryCurves("accuracy curve", runs, logEpochs, false).runs();
    if (chance.isPresent() && !(chance.getAsDouble() > 0 && chance.getAsDouble() < 1)) {
      throw new IllegalArgumentException(
          "accuracy curve: got the chance level "
              + chance.getAsDouble()
              + ", expected one between 0 and 1, such as 1.0 / 113");
    }
  }

  /** The accuracy of one training. */
  public static AccuracyCurve of(History history) {
    return of(Map.of("", history));
  }

  /** The accuracies of several trainings in one picture, in the order of the map. */
  public static AccuracyCurve of(Map<String, History> runs) {
    return new AccuracyCurve(runs, false, OptionalDouble.empty());
  }

  /** The same with epochs on a log axis, from epoch 1. */
  public AccuracyCurve withLogEpochs() {
    return new AccuracyCurve(runs, true, chance);
  }

  /**
   * The same with a line at the accuracy of guessing.
   *
   * @param level 1/p where p answers are equally likely
   */
  public AccuracyCurve withChance(double level) {
    return new AccuracyCurve(runs, logEpochs, OptionalDouble.of(level));
  }

  @Override
  public Figure figure() {
    HistoryCurves curves = new HistoryCurves("accuracy curve", runs, logEpochs, false);
    Figure figure =
        Figure.declare("Known and unknown questions answered right", description(curves))
            .traces(
                curves.traces(
                    List.of(
                        new HistoryCurves.Part(
                            "train accuracy", HouseStyle.TRAIN, History.Row::trainAccuracy),
                        new HistoryCurves.Part(
                            "test accuracy", HouseStyle.TEST, History.Row::testAccuracy)),
                    ".2%"))
            .set("xaxis", curves.epochAxis())
            .set("yaxis", Axes.shares().set("title.text", "share answered right"))
            .narrow(HouseStyle.narrow(2 * runs.size()))
            .figure();
    return chance.isPresent()
        ? figure.withHorizontalLine(
            chance.getAsDouble(), Digits.text("chance %.1f %%", 100 * chance.getAsDouble()))
        : figure;
  }

  private static String description(HistoryCurves curves) {
    return curves.sentence(
        row ->
            Digits.text(
                "train accuracy %.1f %%, test accuracy %.1f %%",
                100 * row.trainAccuracy(), 100 * row.testAccuracy()));
  }
}
