package org.grokscope.probe;

import java.util.Optional;
import java.util.Set;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.OneLayerPass;
import org.grokscope.task.Group;

/**
 * What a {@link Metric} asks of a checkpoint, or has to be given besides. A metric without needs
 * works on any checkpoint.
 */
public enum Need {
  /** The model answers all questions of a table, of any number of operands. */
  TABLE,
  /** The table has two operands. */
  PAIR,
  /**
   * The table has two operands and an odd p, so that residues stand on a {@link Circle}: the task's
   * own, the one named, or else in their order. Where the sum of two places lies is not asked, so
   * this holds for random labels too.
   */
  PLACES,
  /** Waves of the sum of places: the circle is named, or the labels are those of one. */
  SUM,
  /** The table is that of a {@link Group}, S<sub>n</sub> or D<sub>n</sub>. */
  GROUP,
  /** The model is one layer of ReLU neurons without LayerNorm. */
  NEURONS,
  /** The same, with attention. */
  ATTENTION,
  /** Key frequencies have to be given. */
  KEYS,
  /** Random sets have to be given beside the keys. */
  CONTROLS;

  private static final int TWO = 2;

  /** Why a checkpoint does not have this, or empty if it has. */
  Optional<String> refusal(Checkpoint checkpoint, Circle circle) {
    return switch (this) {
      case TABLE -> noTable(checkpoint);
      case PAIR -> noPair(checkpoint);
      case PLACES -> noPair(checkpoint).or(() -> circle.refusal(checkpoint.p()));
      case SUM -> PLACES.refusal(checkpoint, circle).or(() -> noCircle(checkpoint, circle));
      case GROUP -> noPair(checkpoint).or(() -> noGroup(checkpoint));
      case NEURONS -> noPair(checkpoint).or(() -> OneLayerPass.refusal(checkpoint.config()));
      case ATTENTION ->
          NEURONS
              .refusal(checkpoint, circle)
              .or(
                  () ->
                      unless(
                          checkpoint.config().shape().attends(),
                          "got a model without attention, expected one with W_Q … W_O"));
      case KEYS, CONTROLS -> Optional.empty();
    };
  }

  /** The first reason why a checkpoint does not have all of these, or empty. */
  static Optional<String> refusal(Set<Need> needs, Checkpoint checkpoint, Circle circle) {
    return needs.stream()
        .sorted()
        .flatMap(need -> need.refusal(checkpoint, circle).stream())
        .findFirst();
  }

  /**
   * Checks a checkpoint.
   *
   * @throws IllegalArgumentException if it does not have all of these
   */
  static void require(String what, Set<Need> needs, Checkpoint checkpoint, Circle circle) {
    refusal(needs, checkpoint, circle)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(what + ": " + reason);
            });
  }

  private static Optional<String> noTable(Checkpoint checkpoint) {
    return unless(
        checkpoint.hasTable(),
        "got a model that learnt from no table of questions, expected one that did");
  }

  private static Optional<String> noPair(Checkpoint checkpoint) {
    return noTable(checkpoint)
        .or(
            () ->
                unless(
                    checkpoint.table().arity() == TWO,
                    "got a table of "
                        + checkpoint.table().arity()
                        + " operands, expected one of two, a and b"));
  }

  private static Optional<String> noCircle(Checkpoint checkpoint, Circle circle) {
    boolean there = circle != Circle.OWN || AllPairs.of(checkpoint).recognised().isPresent();
    return unless(
        there,
        "got labels of no circle, expected those of a+b, a-b or (p prime) a*b; name a circle,"
            + " such as a+b");
  }

  private static Optional<String> noGroup(Checkpoint checkpoint) {
    return unless(
        AllPairs.of(checkpoint).group().isPresent(),
        "got a table that is no group's, expected that of S3 to S6 or of D3 to D200; for modular"
            + " arithmetic there are measures along a circle");
  }

  private static Optional<String> unless(boolean holds, String reason) {
    return holds ? Optional.empty() : Optional.of(reason);
  }
}
