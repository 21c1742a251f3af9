package org.grokscope.probe;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The three phases of a training that groks, memorisation, circuit formation and cleanup (Nanda et
 * al., <i>Progress measures for grokking via mechanistic interpretability</i>, 2023, section 5),
 * from a series of measurements.
 *
 * <p>The rule, fixed before any run was measured by it. Let c₀ &lt; c₁ &lt; … be the epochs of the
 * checkpoints.
 *
 * <ul>
 *   <li><b>Memorisation ends</b> at the checkpoint at which the excluded loss (all key frequencies,
 *       logits, train) is smallest over the whole run. Smallest at c_i, its end lies in [c_{i−1},
 *       c_{i+1}]; the first of equal ones counts. If that is the first or the last checkpoint, no
 *       end was seen.
 *   <li><b>Cleanup begins</b> after the last checkpoint whose test loss is at least half of its
 *       maximum over the whole run. That being c_i, cleanup begins in [c_i, c_{i+1}]. If that is
 *       the last checkpoint, it has not begun.
 *   <li><b>Cleanup ends</b> at the first later checkpoint with test loss ≤ 1 % of its maximum and
 *       test accuracy ≥ 99 %. That being c_j, cleanup ends in [c_{j−1}, c_j].
 * </ul>
 *
 * <p>Circuit formation is what lies between memorisation and cleanup. The paper drew its boundaries
 * by eye (about 1,400, 9,400 and 14,000 epochs).
 *
 * <pre>{@code
 * var phases = Phases.of(run.probe(…));
 * phases.inOrder()
 * phases.lead("restricted.logits[all]", "loss[test]")
 * }</pre>
 *
 * <p>Immutable.
 */
public final class Phases {
  /** The column whose minimum ends memorisation. */
  public static final String EXCLUDED_LOSS = "excluded.logits[train]";

  private static final String TRAIN_LOSS = "loss[train]";
  private static final String TEST_LOSS = "loss[test]";
  private static final String TEST_ACCURACY = "accuracy[test]";
  private static final String NOT_SEEN = "not reached";
  private static final double LOW_LOSS = 0.01; // of the maximum
  private static final double HIGH_ACCURACY = 0.99;

  /**
   * How far the excluded loss rises once memorisation has ended.
   *
   * @param minimum its smallest value over the whole run, nats
   * @param maximum its largest value at or after the checkpoint of the smallest, nats
   * @param largestTrainLoss the largest train loss from the one checkpoint to the other, both
   *     counted, nats: small if training loss stays flat meanwhile
   * @param epochs of the two checkpoints
   */
  public record ExcludedRise(
      double minimum, double maximum, double largestTrainLoss, Interval epochs) {

    /** maximum / minimum. */
    public double ratio() {
      return maximum / minimum;
    }
  }

  private final Table series;
  private final SeriesColumn excluded;
  private final SeriesColumn trainLoss;
  private final SeriesColumn testLoss;
  private final OptionalInt memorised; // the checkpoint of the minimum
  private final OptionalInt lastHigh; // the last checkpoint of high test loss
  private final OptionalInt firstLow; // the first one after it of low test loss

  private Phases(Table series) {
    this.series = series;
    excluded = SeriesColumn.of(series, EXCLUDED_LOSS);
    trainLoss = SeriesColumn.of(series, TRAIN_LOSS);
    testLoss = SeriesColumn.of(series, TEST_LOSS);
    SeriesColumn testAccuracy = SeriesColumn.of(series, TEST_ACCURACY);
    int smallest = excluded.smallest();
    memorised =
        smallest == 0 || smallest == excluded.size() - 1
            ? OptionalInt.empty()
            : OptionalInt.of(smallest);
    lastHigh = testLoss.lastAboveHalf(0);
    double low = LOW_LOSS * testLoss.at(testLoss.largest(0));
    firstLow =
        lastHigh.isEmpty()
            ? OptionalInt.empty()
            : IntStream.range(lastHigh.getAsInt() + 1, testLoss.size())
                .filter(i -> testLoss.at(i) <= low && testAccuracy.at(i) >= HIGH_ACCURACY)
                .findFirst();
  }

  /**
   * The phases of a series.
   *
   * @param series a row a checkpoint, by ascending epoch, with the columns {@code epoch}, {@code
   *     loss[train]}, {@code loss[test]}, {@code accuracy[test]} and {@code excluded.logits[train]}
   * @throws IllegalArgumentException if a column or a number is missing, there are no rows, or the
   *     epochs do not ascend
   */
  public static Phases of(Table series) {
    return new Phases(series.copy());
  }

  /** Where memorisation ends and circuit formation begins. */
  public Optional<Interval> memorisationEnds() {
    return interval(memorised, -1, 1);
  }

  /** Where circuit formation ends and cleanup begins. */
  public Optional<Interval> cleanupBegins() {
    return interval(lastHigh, 0, 1);
  }

  /** Where cleanup ends. */
  public Optional<Interval> cleanupEnds() {
    return interval(firstLow, -1, 0);
  }

  /** Whether all three boundaries were seen. */
  public boolean complete() {
    return memorised.isPresent() && lastHigh.isPresent() && firstLow.isPresent();
  }

  /**
   * Whether memorisation certainly ends before cleanup begins, and that before cleanup ends: their
   * intervals follow one another. Intervals that touch in one checkpoint are in order, since no
   * choice of boundaries within them is the wrong way round; intervals that overlap are not, since
   * the checkpoints are then too far apart to tell. False unless {@link #complete()}.
   */
  public boolean inOrder() {
    return complete()
        && memorisationEnds().orElseThrow().before(cleanupBegins().orElseThrow())
        && cleanupBegins().orElseThrow().before(cleanupEnds().orElseThrow());
  }

  /**
   * Where a column of this series begins to fall: after the last checkpoint at which it is at least
   * half of its maximum, both from the checkpoint that ends memorisation on. That being c_i, in
   * [c_i, c_{i+1}]. Empty if memorisation has no end, or the column has not fallen by the end.
   *
   * @throws IllegalArgumentException if there is no such column, or a number in it is missing
   */
  public Optional<Interval> fallBegins(String column) {
    return fallBegins(series, column);
  }

  /** The same for a column of another series of the same run, whose checkpoints may be others. */
  public Optional<Interval> fallBegins(Table other, String column) {
    SeriesColumn values = SeriesColumn.of(other, column);
    if (memorised.isEmpty()) {
      return Optional.empty();
    }
    OptionalInt from = values.firstFrom(excluded.epochs().get(memorised.getAsInt()));
    OptionalInt last = from.isEmpty() ? from : values.lastAboveHalf(from.getAsInt());
    return last.isEmpty()
        ? Optional.empty()
        : Optional.of(values.between(last.getAsInt(), last.getAsInt() + 1));
  }

  /**
   * By how many epochs the fall of one column begins before that of another; negative if it begins
   * after it. Empty if either does not fall.
   *
   * @param early such as a restricted loss
   * @param late such as {@code loss[test]}
   * @see #fallBegins
   */
  public Optional<Interval> lead(String early, String late) {
    Optional<Interval> earlyFall = fallBegins(early);
    return fallBegins(late).flatMap(fall -> earlyFall.map(fall::minus));
  }

  /** How far the excluded loss rises after its minimum; empty if memorisation has no end. */
  public Optional<ExcludedRise> excludedRise() {
    if (memorised.isEmpty()) {
      return Optional.empty();
    }
    int from = memorised.getAsInt();
    int to = excluded.largest(from);
    double flat = IntStream.rangeClosed(from, to).mapToDouble(trainLoss::at).max().orElseThrow();
    return Optional.of(
        new ExcludedRise(excluded.at(from), excluded.at(to), flat, excluded.between(from, to)));
  }

  /**
   * Which share of a column's fall lies in the cleanup phase: (v(c_i) − v(c_j)) / (max v − last v),
   * c_i being the last checkpoint of high test loss and c_j the first one of low test loss, by
   * which cleanup begins and ends. The maximum is that of the whole run; nothing is interpolated.
   * Empty if cleanup has not ended, or the column never falls below its maximum.
   *
   * @param column such as {@code squared_norm[total]}
   * @throws IllegalArgumentException if there is no such column, or a number in it is missing
   */
  public OptionalDouble cleanupShareOfFall(String column) {
    SeriesColumn values = SeriesColumn.of(series, column);
    double fall = values.at(values.largest(0)) - values.last();
    return firstLow.isEmpty() || fall <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            (values.at(lastHigh.getAsInt()) - values.at(firstLow.getAsInt())) / fall);
  }

  /** One row a phase, for reading: where it begins and where it ends, in epochs. */
  public Table table() {
    String start = new Interval(testLoss.epochs().get(0), testLoss.epochs().get(0)).toString();
    String formation = text(memorisationEnds());
    String cleanup = text(cleanupBegins());
    return Table.create(
        "phases",
        StringColumn.create("phase", "memorisation", "circuit formation", "cleanup"),
        StringColumn.create("from (epoch)", start, formation, cleanup),
        StringColumn.create("to (epoch)", formation, cleanup, text(cleanupEnds())));
  }

  @Override
  public String toString() {
    return "memorisation ends: "
        + text(memorisationEnds())
        + ", cleanup begins: "
        + text(cleanupBegins())
        + ", cleanup ends: "
        + text(cleanupEnds());
  }

  private static String text(Optional<Interval> interval) {
    return interval.map(Interval::toString).orElse(NOT_SEEN);
  }

  private Optional<Interval> interval(OptionalInt checkpoint, int before, int after) {
    return checkpoint.isEmpty()
        ? Optional.empty()
        : Optional.of(
            excluded.between(checkpoint.getAsInt() + before, checkpoint.getAsInt() + after));
  }
}
