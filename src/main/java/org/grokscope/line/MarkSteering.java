package org.grokscope.line;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.task.MarkAnswers;
import org.grokscope.task.MarkBatch;
import org.grokscope.task.MarkVocabulary;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a model of marks does when it is told another count: at one place of every text, where the
 * last layer reads the stream, the count's component is changed from c to c', and the answer is
 * held against what c' asks for. In every other text c' is what was wanted, and the marks have to
 * end; in the rest there are enough, c' is fewer by {@value #LEAST} or more, and they have to go
 * on.
 *
 * <p>So the end of a rule moves with the count, or does not. Untouched, a model that is always
 * right follows in no text.
 */
public final class MarkSteering {
  private static final int LEAST = 3;
  private static final int FEWEST = 20;
  private static final int LEFT = 6; // marks, at least, where the end is moved to
  private static final int BEFORE = 3; // counts before the end at which marks have to go on

  private final MarkSubject model;
  private final Manifold curve;
  private final List<Ask> asks;

  /** One position, its count, and what it is told. */
  private record Ask(int position, int from, int to) {}

  private MarkSteering(MarkSubject model, List<Ask> asks) {
    this.model = model;
    this.curve = model.count();
    this.asks = List.copyOf(asks);
  }

  /**
   * Chooses positions and counts.
   *
   * @param seed of the choice
   * @throws IllegalArgumentException if fewer than {@value #FEWEST} texts have a position to change
   */
  public static MarkSteering of(MarkSubject model, long seed) {
    RandomGenerator random = new Random(seed);
    int[] counts = model.count().labels();
    Telling telling =
        (text, from, wanted) -> {
          if (!isOn(counts, wanted)) {
            return OptionalInt.empty();
          }
          boolean toEnd = text % 2 == 0;
          int fewer = wanted - LEAST - random.nextInt(8);
          int to = toEnd ? wanted : fewer;
          return (from == wanted) != toEnd && isOn(counts, to)
              ? OptionalInt.of(to)
              : OptionalInt.empty();
        };
    return of(model, random, telling, "in which another count would change the answer");
  }

  /** What a mark of a text is told, from its count and the one that is wanted; nothing for most. */
  @FunctionalInterface
  private interface Telling {
    OptionalInt to(int text, int from, int wanted);
  }

  private static boolean isOn(int[] counts, int count) {
    return Arrays.binarySearch(counts, count) >= 0;
  }

  /** One mark of each text that has any, drawn of those that are told something. */
  private static MarkSteering of(
      MarkSubject model, RandomGenerator random, Telling telling, String which) {
    MarkBatch batch = model.batch();
    int[] counts = model.count().labels();
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      List<Ask> choices = new ArrayList<>();
      for (int position = i * batch.length(); position < (i + 1) * batch.length(); position++) {
        int at = position;
        int from = batch.count(position);
        if (batch.kind(position) == MarkVocabulary.Kind.MARKS && isOn(counts, from)) {
          telling
              .to(i, from, batch.wanted(position))
              .ifPresent(to -> choices.add(new Ask(at, from, to)));
        }
      }
      if (!choices.isEmpty()) {
        asks.add(choices.get(random.nextInt(choices.size())));
      }
    }
    if (asks.size() < FEWEST) {
      throw new IllegalArgumentException(
          "mark steering: got "
              + asks.size()
              + " texts "
              + which
              + ", expected at least "
              + FEWEST
              + "; read more texts");
    }
    return new MarkSteering(model, asks);
  }

  /** How many texts are asked. */
  public int size() {
    return asks.size();
  }

  /** Share of the texts that do what another count asks for, untouched. */
  public double untouched() {
    return followed(model.answers());
  }

  /** Share of the texts that do what the count asks for that they were told. */
  public double followed(Move move, Subspace subspace) {
    return followed(told(move, subspace));
  }

  /** What the model says when it is told other counts. */
  private MarkAnswers told(Move move, Subspace subspace) {
    int[] positions = asks.stream().mapToInt(Ask::position).toArray();
    int[] from = asks.stream().mapToInt(Ask::from).toArray();
    int[] to = asks.stream().mapToInt(Ask::to).toArray();
    CountMove moves = new CountMove(curve, move, subspace);
    return model.answers(
        Map.of(
            model.site(),
            activation ->
                Steering.exchanged(activation, positions, rows -> moves.moved(rows, from, to))));
  }

  private double followed(MarkAnswers answers) {
    return asks.stream()
        .mapToDouble(
            ask ->
                answers.stops(ask.position()) == (ask.to() == model.batch().wanted(ask.position()))
                    ? 1
                    : 0)
        .average()
        .orElseThrow();
  }

  /**
   * Share of the texts whose marks end exactly where they are told to: at one mark, chosen where
   * {@value #LEFT} or more are left, the count is made the number that is wanted, and the marks
   * have to end; and by one to {@value #BEFORE} fewer, and they have to go on each time. Untouched
   * they never end there, so no text is counted.
   *
   * @param seed of the choice
   * @throws IllegalArgumentException if fewer than {@value #FEWEST} texts have such a mark
   */
  public static double ends(MarkSubject model, long seed, Move move, Subspace subspace) {
    int[] counts = model.count().labels();
    Telling telling =
        (text, from, wanted) ->
            wanted - from >= LEFT
                    && IntStream.rangeClosed(wanted - BEFORE, wanted)
                        .allMatch(to -> isOn(counts, to))
                ? OptionalInt.of(wanted)
                : OptionalInt.empty();
    List<Ask> asks =
        of(model, new Random(seed), telling, "with a mark before the last " + LEFT).asks;
    boolean[] exact = new boolean[asks.size()];
    Arrays.fill(exact, true);
    for (int fewer = 0; fewer <= BEFORE; fewer++) {
      int less = fewer;
      List<Ask> told =
          asks.stream().map(ask -> new Ask(ask.position, ask.from, ask.to - less)).toList();
      MarkAnswers answers = new MarkSteering(model, told).told(move, subspace);
      for (int i = 0; i < exact.length; i++) {
        exact[i] &= answers.stops(told.get(i).position) == (fewer == 0);
      }
    }
    return IntStream.range(0, exact.length).filter(i -> exact[i]).count() / (double) exact.length;
  }

  /**
   * Share of the marks after which the model is right about whether there are enough, when at all
   * of them the mean over the curve takes the place of what lies in a subspace.
   */
  public double rightWithout(Subspace subspace) {
    int[] marks = model.batch().positionsOf(MarkVocabulary.Kind.MARKS);
    INDArray mean = curve.means().mean(0);
    return model
        .answers(
            Map.of(
                model.site(),
                activation ->
                    Steering.exchanged(activation, marks, rows -> subspace.moved(rows, mean))))
        .nearStopAccuracy();
  }
}
