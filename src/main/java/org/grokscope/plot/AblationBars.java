package org.grokscope.plot;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What is left of a model when parts of it are taken away or kept alone: {@link ControlBars} of its
 * accuracy or its loss.
 *
 * @param measure what is measured
 * @param conditions 1 to 12, from the top
 * @param chance what guessing would give, drawn as a dashed line, or empty
 */
public record AblationBars(Measure measure, List<Condition> conditions, OptionalDouble chance)
    implements Chart {
  private static final String OPERATION = "ablation bars";
  private static final int MOST = 12;

  /** What is measured. */
  public enum Measure {
    /** The share answered right, from 0 to 1: bars. */
    ACCURACY("Accuracy", "share answered right", ControlBars.Scale.SHARE),
    /** The cross-entropy in nats on a log axis, where a bar has no beginning: dots. */
    LOSS("Loss", "loss (nats, log scale)", ControlBars.Scale.LOSS);

    private final String noun;
    private final String axis;
    private final ControlBars.Scale scale;

    Measure(String noun, String axis, ControlBars.Scale scale) {
      this.noun = noun;
      this.axis = axis;
      this.scale = scale;
    }
  }

  /**
   * One way to ablate.
   *
   * @param name of the row, such as "key frequencies removed"
   * @param values one, or one for each random set
   */
  public record Condition(String name, List<Double> values) {

    /**
     * @throws IllegalArgumentException if there is no value, or one that is not finite
     */
    public Condition {
      values = new ControlBars.Row(name, values, OptionalInt.empty()).values();
    }

    /** A condition that was measured once. */
    public static Condition of(String name, double value) {
      return new Condition(name, List.of(value));
    }
  }

  /**
   * @throws IllegalArgumentException if there are no conditions or more than twelve, two of one
   *     name, an accuracy outside 0 … 1, or a loss that is not positive
   */
  public AblationBars {
    conditions = List.copyOf(conditions);
    ControlBars.check(OPERATION, "conditions", measure.scale, rows(conditions), MOST);
  }

  private static List<ControlBars.Row> rows(List<Condition> conditions) {
    return conditions.stream()
        .map(each -> new ControlBars.Row(each.name(), each.values(), OptionalInt.empty()))
        .toList();
  }

  /** Conditions from the top, without a line at chance. */
  public static AblationBars of(Measure measure, Condition... conditions) {
    return new AblationBars(measure, List.of(conditions), OptionalDouble.empty());
  }

  /** The same with a dashed line at what guessing gives: 1/p, or ln p nats. */
  public AblationBars withChance(double level) {
    return new AblationBars(measure, conditions, OptionalDouble.of(level));
  }

  @Override
  public Figure figure() {
    String title = measure.noun + " after ablation";
    ControlBars bars =
        new ControlBars(
            title, measure.noun.toLowerCase(Locale.ROOT), measure.scale, rows(conditions), chance);
    return bars.figure(measure.axis, bars.description(true), 90, 48)
        .with("meta.narrow.title.xref", "container")
        .with("meta.narrow.title.x", 0.03);
  }
}
