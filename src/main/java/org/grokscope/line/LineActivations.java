package org.grokscope.line;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.grokscope.task.LineFact;
import org.grokscope.task.LinedBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The activations of one hook at some positions of a batch, a row each, with what is true there.
 *
 * <p>A position is named i·T + t, as {@link LinedBatch} does: token t of document i.
 */
public final class LineActivations {
  private final String hook;
  private final LinedBatch batch;
  private final int[] positions; // (n)
  private final INDArray values; // (n, d), float64

  private LineActivations(String hook, LinedBatch batch, int[] positions, INDArray values) {
    this.hook = hook;
    this.batch = batch;
    this.positions = positions;
    this.values = values;
  }

  /**
   * Chosen rows of an activation.
   *
   * @param hook its name, such as {@code blocks.1.hook_resid_post}
   * @param activation [B, T, …] at every position of the batch; what follows is flattened to d
   * @param batch that the model read
   * @param positions [n], such as {@link LinedBatch#decisions()}
   * @throws IllegalArgumentException if the activation is not that of B documents of T tokens, or
   *     there are no positions or one that the batch does not have
   */
  public static LineActivations of(
      String hook, INDArray activation, LinedBatch batch, int[] positions) {
    Objects.requireNonNull(hook, "hook");
    int all = batch.size() * batch.length();
    if (activation.rank() < 3
        || activation.size(0) != batch.size()
        || activation.size(1) != batch.length()) {
      throw new IllegalArgumentException(
          "line activations: got "
              + hook
              + " of shape "
              + Arrays.toString(activation.shape())
              + ", expected ["
              + batch.size()
              + ", "
              + batch.length()
              + ", …], every position of the batch");
    }
    if (positions.length == 0 || IntStream.of(positions).anyMatch(p -> p < 0 || p >= all)) {
      throw new IllegalArgumentException(
          "line activations: got "
              + positions.length
              + " positions, expected at least one and all in 0 … "
              + (all - 1)
              + "; take those of the batch, such as batch.decisions()");
    }
    double[] numbers = activation.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    return new LineActivations(
        hook, batch, positions.clone(), rows(numbers, numbers.length / all, positions));
  }

  /**
   * Some rows of a matrix whose numbers lie row by row, copied at once: INDArray.getRows makes an
   * array of every row.
   */
  static INDArray rows(double[] numbers, int width, int[] positions) {
    double[] chosen = new double[positions.length * width];
    for (int i = 0; i < positions.length; i++) {
      System.arraycopy(numbers, positions[i] * width, chosen, i * width, width);
    }
    return Nd4j.createFromArray(chosen).reshape('c', positions.length, width);
  }

  /** The name of the hook. */
  public String hook() {
    return hook;
  }

  /** The batch that was read. */
  public LinedBatch batch() {
    return batch;
  }

  /** The positions, [n]; a copy. */
  public int[] positions() {
    return positions.clone();
  }

  /** How many positions there are, n. */
  public int size() {
    return positions.length;
  }

  /**
   * The same rows with other values, such as the codes of a dictionary.
   *
   * @param name of the values, in the place of the hook
   * @param others [n, …]
   */
  LineActivations with(String name, INDArray others) {
    return new LineActivations(name, batch, positions, others.castTo(DataType.DOUBLE));
  }

  /** The activations, [n, d]. */
  public INDArray values() {
    return values.dup();
  }

  /** A fact at every row, [n]. */
  public int[] facts(LineFact fact) {
    return batch.facts(fact, positions);
  }

  /** The token at every row, [n]. */
  public int[] tokens() {
    int[] all = batch.tokens();
    return IntStream.of(positions).map(position -> all[position]).toArray();
  }

  /** The document of every row, [n]: what belongs together in cross-validation. */
  public int[] documents() {
    return IntStream.of(positions).map(position -> position / batch.length()).toArray();
  }

  /**
   * The rows whose position fulfils a condition.
   *
   * @throws IllegalArgumentException if there is none
   */
  public LineActivations where(IntPredicate position) {
    int[] kept = IntStream.range(0, size()).filter(row -> position.test(positions[row])).toArray();
    if (kept.length == 0) {
      throw new IllegalArgumentException(
          "line activations: got a condition that none of "
              + size()
              + " positions of "
              + hook
              + " fulfils, expected some; widen it or read more documents");
    }
    return new LineActivations(
        hook,
        batch,
        IntStream.of(kept).map(row -> positions[row]).toArray(),
        rows(values.dup('c').data().asDouble(), (int) values.size(1), kept));
  }

  /** The rows where a fact lies in a range, both ends included. */
  public LineActivations where(LineFact fact, int from, int to) {
    int[] all = batch.facts(fact);
    return where(position -> all[position] >= from && all[position] <= to);
  }

  /** Adds noise to an activation: σ times a standard normal on each of its numbers. */
  static UnaryOperator<INDArray> noise(double sigma, long seed) {
    Random random = new Random(seed);
    return activation -> {
      double[] numbers = activation.castTo(DataType.DOUBLE).dup('c').data().asDouble();
      Arrays.setAll(numbers, k -> numbers[k] + sigma * random.nextGaussian());
      return Nd4j.createFromArray(numbers).reshape('c', activation.shape());
    };
  }

  @Override
  public String toString() {
    return hook + " at " + size() + " positions, " + values.size(1) + " wide";
  }
}
