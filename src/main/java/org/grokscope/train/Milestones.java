package org.grokscope.train;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Predicate;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * When a training memorised, when it understood, and how it got from the one to the other. Epochs
 * are those of the first evaluation at which a level is seen, so they are late by at most the
 * spacing of evaluations.
 *
 * @param memorised train accuracy first at least 99 %
 * @param tenPercent test accuracy first at least 10 % after memorising
 * @param ninetyPercent test accuracy first at least 90 % after memorising
 * @param understood test accuracy first at least 99 %
 * @param plateauAccuracy mean test accuracy over the evaluations from memorising to the last one
 *     before ten percent
 * @param worstTestLoss the largest test loss of all evaluations, nats
 */
public record Milestones(
    OptionalLong memorised,
    OptionalLong tenPercent,
    OptionalLong ninetyPercent,
    OptionalLong understood,
    OptionalDouble plateauAccuracy,
    double worstTestLoss) {

  private static final double KNOWN = 0.99;

  /** The milestones of a history; those not reached are empty. */
  public static Milestones of(History history) {
    OptionalLong memorised = history.firstEpoch(row -> row.trainAccuracy() >= KNOWN);
    long from = memorised.orElse(Long.MAX_VALUE);
    OptionalLong ten = history.firstEpoch(after(from, 0.10));
    long until = ten.orElse(Long.MAX_VALUE);
    return new Milestones(
        memorised,
        ten,
        history.firstEpoch(after(from, 0.90)),
        history.firstEpoch(row -> row.testAccuracy() >= KNOWN),
        history.rows().stream()
            .filter(row -> row.epoch() >= from && row.epoch() < until)
            .mapToDouble(History.Row::testAccuracy)
            .average(),
        history.rows().stream().mapToDouble(History.Row::testLoss).max().orElse(Double.NaN));
  }

  private static Predicate<History.Row> after(long epoch, double testAccuracy) {
    return row -> row.epoch() >= epoch && row.testAccuracy() >= testAccuracy;
  }

  /**
   * Epochs between memorising and the first tenth of the unknown questions: how long nothing
   * showed.
   */
  public OptionalLong plateauEpochs() {
    return difference(memorised, tenPercent);
  }

  /** Epochs from 10 % to 90 % test accuracy: how long the change took. */
  public OptionalLong jumpEpochs() {
    return difference(tenPercent, ninetyPercent);
  }

  /** Epochs to understand over epochs to memorise. */
  public OptionalDouble delay() {
    return memorised.isPresent() && understood.isPresent()
        ? OptionalDouble.of((double) understood.getAsLong() / Math.max(1, memorised.getAsLong()))
        : OptionalDouble.empty();
  }

  /** The jump's length over the plateau's: near 0 is a sudden change. */
  public OptionalDouble suddenness() {
    OptionalLong jump = jumpEpochs();
    OptionalLong plateau = plateauEpochs();
    return jump.isPresent() && plateau.isPresent() && plateau.getAsLong() > 0
        ? OptionalDouble.of((double) jump.getAsLong() / plateau.getAsLong())
        : OptionalDouble.empty();
  }

  /** One row a milestone, for reading. */
  public Table table() {
    StringColumn names = StringColumn.create("milestone");
    StringColumn values = StringColumn.create("value");
    names.append("train accuracy ≥ 99 % (epoch)").append("test accuracy ≥ 10 % after that (epoch)");
    names.append("test accuracy ≥ 90 % after that (epoch)").append("test accuracy ≥ 99 % (epoch)");
    names.append("plateau (epochs)").append("mean test accuracy on the plateau");
    names.append("10 % to 90 % (epochs)").append("jump over plateau");
    names.append("understanding over memorising (epochs)").append("worst test loss (nats)");
    values.append(text(memorised)).append(text(tenPercent));
    values.append(text(ninetyPercent)).append(text(understood));
    values.append(text(plateauEpochs()));
    values.append(plateauAccuracy.isPresent() ? text(plateauAccuracy) : "no plateau");
    values.append(text(jumpEpochs()));
    values.append(plateauAccuracy.isPresent() ? text(suddenness()) : "no plateau");
    values.append(text(delay())).append(text(OptionalDouble.of(worstTestLoss)));
    return Table.create("milestones", names, values);
  }

  private static OptionalLong difference(OptionalLong from, OptionalLong to) {
    return from.isPresent() && to.isPresent()
        ? OptionalLong.of(to.getAsLong() - from.getAsLong())
        : OptionalLong.empty();
  }

  private static String text(OptionalLong value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%,d", value.getAsLong()) : "not reached";
  }

  private static String text(OptionalDouble value) {
    return value.isPresent()
        ? String.format(Locale.ROOT, "%.4g", value.getAsDouble())
        : "not reached";
  }
}
