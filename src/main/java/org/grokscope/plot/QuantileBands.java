package org.grokscope.plot;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/**
 * How a whole distribution changes over the epochs: the median as a line in a band that holds the
 * middle half, in a lighter band that holds the middle four fifths.
 *
 * @param title of the figure
 * @param quantity on the vertical axis, with its unit
 * @param series one row a checkpoint, with the columns {@code epoch} and the five quantiles
 * @param quantiles the five columns of the 10, 25, 50, 75 and 90 % quantiles, in this order
 * @param logEpochs whether the epochs stand on a log axis, which then begins at epoch 1
 */
public record QuantileBands(
    String title, String quantity, Table series, List<String> quantiles, boolean logEpochs)
    implements Chart {
  private static final String OPERATION = "quantile bands";
  private static final String OUTER = "rgba(0, 114, 178, 0.15)";
  private static final String INNER = "rgba(0, 114, 178, 0.3)";
  private static final int MEDIAN = 2;

  /**
   * @throws IllegalArgumentException if there are not five columns, one is missing, no row is to be
   *     drawn, or the quantiles of a row descend
   */
  public QuantileBands {
    quantiles = List.copyOf(quantiles);
    if (quantiles.size() != 5) {
      throw new IllegalArgumentException(
          OPERATION
              + ": got "
              + quantiles.size()
              + " columns, expected five: the 10, 25, 50, 75 and 90 % quantiles");
    }
    Inputs.numeric(OPERATION, series, "epoch");
    for (String column : quantiles) {
      Inputs.numeric(OPERATION, series, column);
    }
    Inputs.rows(OPERATION, series, logEpochs, OptionalLong.empty());
    for (int row = 0; row < series.rowCount(); row++) {
      for (int i = 1; i < quantiles.size(); i++) {
        if (at(series, quantiles.get(i - 1), row) > at(series, quantiles.get(i), row)) {
          throw new IllegalArgumentException(
              OPERATION
                  + ": got "
                  + quantiles.get(i)
                  + " below "
                  + quantiles.get(i - 1)
                  + " at epoch "
                  + at(series, "epoch", row)
                  + ", expected ascending quantiles; check the order of the columns");
        }
      }
    }
  }

  /** Five quantiles over the epochs: columns of the 10, 25, 50, 75 and 90 % quantiles. */
  public static QuantileBands of(
      String title, String quantity, Table series, List<String> quantiles) {
    return new QuantileBands(title, quantity, series, quantiles, false);
  }

  /** The same with epochs on a log axis, from epoch 1. */
  public QuantileBands withLogEpochs() {
    return new QuantileBands(title, quantity, series, quantiles, true);
  }

  private static double at(Table series, String column, int row) {
    return series.numberColumn(column).getDouble(row);
  }

  @Override
  public Figure figure() {
    double[] epochs = column("epoch");
    return Figure.declare(title, description())
        .traces(band("the middle 80 %", 0, 4, OUTER))
        .traces(band("the middle 50 %", 1, 3, INNER))
        .trace(
            line(quantiles.get(MEDIAN))
                .set("name", "median")
                .set("line", Map.of("color", HouseStyle.TRAIN, "width", 2.2))
                .set("customdata", others())
                .set(
                    "hovertemplate",
                    "epoch %{x:,d}<br>median %{y:.3g}<br>middle 50 %: %{customdata[1]:.3g} to"
                        + " %{customdata[2]:.3g}<br>middle 80 %: %{customdata[0]:.3g} to"
                        + " %{customdata[3]:.3g}<extra></extra>"))
        .set("xaxis", Axes.epochs(logEpochs, Math.max(2, epochs[epochs.length - 1])))
        .set("yaxis.title.text", quantity)
        .narrow("margin", HouseStyle.narrowMargin(2))
        .figure();
  }

  private double[] column(String name) {
    double[] values = Inputs.values(series, name);
    int[] rows = Inputs.rows(OPERATION, series, logEpochs, OptionalLong.empty());
    return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
  }

  private Attributes line(String column) {
    return Attributes.scatter("lines")
        .xy(Digits.significant(column("epoch"), 9), Digits.significant(column(column), 4));
  }

  private List<Attributes> band(String name, int lower, int upper, String colour) {
    List<Attributes> edges = filled(line(quantiles.get(lower)), line(quantiles.get(upper)), colour);
    edges.get(1).set("name", name);
    return edges;
  }

  /** Two lines without width, the upper one filled down to the lower one, which has no name. */
  static List<Attributes> filled(Attributes lower, Attributes upper, String colour) {
    lower.set("line.width", 0).set("showlegend", false).set("hoverinfo", "skip");
    upper
        .set("line.width", 0)
        .set("fill", "tonexty")
        .set("fillcolor", colour)
        .set("hoverinfo", "skip");
    return List.of(lower, upper);
  }

  private List<List<Number>> others() {
    List<List<Number>> columns =
        IntStream.of(0, 1, 3, 4)
            .mapToObj(i -> Digits.significant(column(quantiles.get(i)), 4))
            .toList();
    return IntStream.range(0, columns.get(0).size())
        .mapToObj(row -> columns.stream().map(values -> values.get(row)).toList())
        .toList();
  }

  private String description() {
    double[] epochs = column("epoch");
    double[] median = column(quantiles.get(MEDIAN));
    int end = epochs.length - 1;
    return Digits.text(
        "%s: its median goes from %.3g at epoch %,.0f to %.3g at epoch %,.0f, where the middle four"
            + " fifths lie from %.3g to %.3g",
        quantity,
        median[0],
        epochs[0],
        median[end],
        epochs[end],
        column(quantiles.get(0))[end],
        column(quantiles.get(4))[end]);
  }
}
