package org.grokscope.task;

import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Sequences of tokens of one length, with what each position has to predict and how much that
 * weighs: what every model reads.
 *
 * <p>n sequences of T tokens; arrays over all positions have n·T entries in row-major order,
 * position t of sequence i being entry i·T + t. A batch of <em>questions</em> asks at the last
 * position of each sequence alone, with weight 1.
 */
public class Batch {
  private final int length; // T
  private final int[] tokens; // [n·T]
  private final int[] targets; // [n·T], of questions [n]
  private final double[] weights; // [n·T], null of questions

  /**
   * A batch that is asked at every position with a weight.
   *
   * @param length tokens a sequence, T
   * @param tokens [n·T]
   * @param targets [n·T], what each position has to predict
   * @param weights [n·T], 0 where nothing is asked
   * @throws IllegalArgumentException if the lengths do not fit, a token, target or weight is
   *     negative, or a weight is not finite
   */
  public Batch(int length, int[] tokens, int[] targets, double[] weights) {
    this(length, tokens.clone(), targets.clone(), weights.clone(), tokens.length);
    for (double weight : weights) {
      if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "batch: got the weight " + weight + ", expected finite ones, none below 0");
      }
    }
    if (weights.length != tokens.length) {
      throw new IllegalArgumentException(
          "batch: got "
              + weights.length
              + " weights for "
              + tokens.length
              + " positions, expected one each");
    }
  }

  /**
   * A batch of questions, each answered at its last position.
   *
   * @param length tokens a question, T
   * @param tokens [n·T], question after question
   * @param labels [n], the answers
   * @throws IllegalArgumentException if the lengths do not fit, or a token or label is negative
   */
  public static Batch ofQuestions(int length, int[] tokens, int[] labels) {
    return new Batch(
        length, tokens.clone(), labels.clone(), null, Math.multiplyExact(labels.length, length));
  }

  private Batch(int length, int[] tokens, int[] targets, double[] weights, int expected) {
    boolean perPosition = weights != null;
    if (length < 1
        || tokens.length != expected
        || tokens.length % length != 0
        || (perPosition && targets.length != tokens.length)) {
      throw new IllegalArgumentException(
          "batch: got "
              + tokens.length
              + " tokens and "
              + targets.length
              + (perPosition ? " targets" : " labels")
              + ", expected "
              + length
              + " tokens a sequence and "
              + (perPosition ? "a target for each token" : "a label for each sequence"));
    }
    requireNonNegative(tokens, "token");
    requireNonNegative(targets, perPosition ? "target" : "label");
    this.length = length;
    this.tokens = tokens;
    this.targets = targets;
    this.weights = weights;
  }

  private static void requireNonNegative(int[] values, String what) {
    for (int value : values) {
      if (value < 0) {
        throw new IllegalArgumentException(
            "batch: got the " + what + " " + value + ", expected none below 0");
      }
    }
  }

  /** Number of sequences, n. */
  public int size() {
    return tokens.length / length;
  }

  /** Tokens a sequence, T. */
  public int length() {
    return length;
  }

  /** Whether it asks questions: at the last position of each sequence, with weight 1. */
  public boolean asksQuestions() {
    return weights == null;
  }

  /** The token at position t of sequence i. */
  public int token(int i, int t) {
    return tokens[position(i, t)];
  }

  /** All tokens, [n·T]; a copy. */
  public int[] tokens() {
    return tokens.clone();
  }

  /** The answer to question i: what its last position has to predict. */
  public int label(int i) {
    return asksQuestions() ? targets[i] : target(i, length - 1);
  }

  /** The answers of all questions, [n]; a copy. */
  public int[] labels() {
    int[] labels = new int[size()];
    Arrays.setAll(labels, this::label);
    return labels;
  }

  /** What position t of sequence i has to predict; 0 where nothing is asked of a question. */
  public int target(int i, int t) {
    int position = position(i, t);
    return weights != null ? targets[position] : t == length - 1 ? targets[i] : 0;
  }

  /** All targets, [n·T]; a copy. */
  public int[] targets() {
    if (weights != null) {
      return targets.clone();
    }
    int[] all = new int[tokens.length];
    for (int i = 0; i < targets.length; i++) {
      all[(i + 1) * length - 1] = targets[i];
    }
    return all;
  }

  /** The weight in the loss of position t of sequence i: 0 where nothing is asked. */
  public double weight(int i, int t) {
    int position = position(i, t);
    return weights != null ? weights[position] : t == length - 1 ? 1 : 0;
  }

  /** All weights, [n·T]; a copy. */
  public double[] weights() {
    if (weights != null) {
      return weights.clone();
    }
    double[] all = new double[tokens.length];
    for (int i = 0; i < targets.length; i++) {
      all[(i + 1) * length - 1] = 1;
    }
    return all;
  }

  /** Σ of the weights of all positions. */
  public double totalWeight() {
    if (weights == null) {
      return size();
    }
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    return total;
  }

  /**
   * How many tokens there are that its sequences are written in, or empty where it does not know.
   * Models of another vocabulary are not meant for it.
   */
  public OptionalInt knownTokens() {
    return OptionalInt.empty();
  }

  /** The largest token, or −1 if there is none. */
  public int largestToken() {
    return Arrays.stream(tokens).max().orElse(-1);
  }

  /** The largest target, or −1 if there is none. */
  public int largestTarget() {
    return Arrays.stream(targets).max().orElse(-1);
  }

  /**
   * The sequences at the given indices, in the order given.
   *
   * @throws IndexOutOfBoundsException if there is none at an index
   */
  public Batch select(int[] indices) {
    for (int index : indices) {
      Objects.checkIndex(index, size());
    }
    int[] chosen = rows(tokens, length, indices);
    return asksQuestions()
        ? new Batch(length, chosen, rows(targets, 1, indices), null, chosen.length)
        : new Batch(
            length, chosen, rows(targets, length, indices), weights(indices), chosen.length);
  }

  private static int[] rows(int[] values, int width, int[] indices) {
    int[] chosen = new int[indices.length * width];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(values, indices[i] * width, chosen, i * width, width);
    }
    return chosen;
  }

  private double[] weights(int[] indices) {
    double[] chosen = new double[indices.length * length];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(weights, indices[i] * length, chosen, i * length, length);
    }
    return chosen;
  }

  /**
   * The sequences {@code from} to {@code to} − 1.
   *
   * @throws IndexOutOfBoundsException if there are not so many
   */
  public Batch part(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    return select(IntStream.range(from, to).toArray());
  }

  /**
   * Who sees whom.
   *
   * @throws IllegalArgumentException if the view asks for what these sequences have not, such as
   *     lines
   */
  public VisibleKeys visible(View view) {
    if (view != View.EVERYTHING && view != View.BOTH_WAYS) {
      throw new IllegalArgumentException(
          "batch: got the view "
              + view
              + " of sequences without lines, expected EVERYTHING or BOTH_WAYS; give the layer"
              + " another view, or the model documents of lines");
    }
    int[] starts = new int[tokens.length + 1];
    for (int position = 0; position < tokens.length; position++) {
      int seen = view == View.BOTH_WAYS ? length : position % length + 1;
      starts[position + 1] = starts[position] + seen;
    }
    int[] keys = new int[starts[tokens.length]];
    for (int position = 0; position < tokens.length; position++) {
      for (int j = starts[position]; j < starts[position + 1]; j++) {
        keys[j] = j - starts[position];
      }
    }
    return new VisibleKeys(starts, keys);
  }

  /** The entry of position t of sequence i, i·T + t. */
  final int position(int i, int t) {
    return Objects.checkIndex(i, size()) * length + Objects.checkIndex(t, length);
  }
}
