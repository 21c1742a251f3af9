package org.grokscope.plot;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How many decisions follow when part of an activation is exchanged: {@link ControlBars} with an
 * interval a part; the random parts of the same size are the controls.
 *
 * @param title of the figure
 * @param what is counted, such as "decisions that follow"
 * @param rows 1 to 14, from the top
 */
public record SteeringBars(String title, String what, List<Row> rows) implements Chart {
  private static final String OPERATION = "steering bars";
  private static final int MOST = 14;

  /**
   * One part that is exchanged.
   *
   * @param name of the row, such as "6 components"
   * @param shares one, or one for each random draw, 0 … 1
   * @param documents that each share is of
   */
  public record Row(String name, List<Double> shares, int documents) {
    /**
     * @throws IllegalArgumentException if there is no share, one outside 0 … 1, or no document
     */
    public Row {
      shares = List.copyOf(shares);
      if (shares.isEmpty() || documents < 1 || !shares.stream().allMatch(s -> s >= 0 && s <= 1)) {
        throw new IllegalArgumentException(
            OPERATION
                + ": got "
                + shares
                + " of "
                + documents
                + " documents for '"
                + name
                + "', expected shares from 0 to 1 of at least one document");
      }
    }

    /** A part that was exchanged once. */
    public static Row of(String name, double share, int documents) {
      return new Row(name, List.of(share), documents);
    }

    /** The mean share. */
    public double mean() {
      return bar().mean();
    }

    /** The lower end of the 95 % interval. */
    public double low() {
      return bar().low();
    }

    /** The upper end of the 95 % interval. */
    public double high() {
      return bar().high();
    }

    private ControlBars.Row bar() {
      return new ControlBars.Row(name, shares, OptionalInt.of(documents));
    }
  }

  /**
   * @throws IllegalArgumentException if there are no rows, too many, or two of one name
   */
  public SteeringBars {
    rows = List.copyOf(rows);
    ControlBars.check(OPERATION, "rows", ControlBars.Scale.SHARE, bars(rows), MOST);
  }

  private static List<ControlBars.Row> bars(List<Row> rows) {
    return rows.stream().map(Row::bar).toList();
  }

  /** Rows from the top. */
  public static SteeringBars of(String title, String what, Row... rows) {
    return new SteeringBars(title, what, List.of(rows));
  }

  @Override
  public Figure figure() {
    ControlBars bars =
        new ControlBars(title, what, ControlBars.Scale.SHARE, bars(rows), OptionalDouble.empty());
    return bars.figure(what, bars.description(false), 80, 44);
  }
}
