package org.grokscope.task;

import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * The whole table of a binary operation on Z<sub>p</sub>: p² questions (a, b) in row-major order r
 * = a·p + b, each with one answer, or with none where the operation is undefined.
 *
 * <p>A question is read as three tokens, a, b and '='; '=' is the token p, so the vocabulary has
 * p+1 tokens.
 */
public final class ModularTask {
  /** The label of a question that has no answer, such as a/0; such questions belong to no split. */
  public static final int UNDEFINED = -1;

  /** Tokens of a question: a, b and '='. */
  public static final int CONTEXT_LENGTH = 3;

  private final int p;
  private final String operation;
  private final OptionalLong labelSeed;
  private final int[] labels; // [p·p], answer or UNDEFINED

  private ModularTask(int p, String operation, OptionalLong labelSeed, int[] labels) {
    this.p = p;
    this.operation = operation;
    this.labelSeed = labelSeed;
    this.labels = labels;
  }

  /**
   * The table of a named operation.
   *
   * @throws IllegalArgumentException if p is below 3, or not prime for a division
   */
  public static ModularTask of(Operation operation, int p) {
    Objects.requireNonNull(operation, "operation");
    requireModulus(p);
    operation.requireModulus(p);
    return of(operation.symbol(), p, operation);
  }

  /**
   * The table of a researcher's own operation.
   *
   * @param name how the operation is called in file headers and titles
   * @param p the modulus, at least 3
   * @param operation the rule; its values are reduced modulo p, {@link BinaryOperation#NO_ANSWER}
   *     leaves a question out
   * @throws IllegalArgumentException if p is below 3 or no question has an answer
   */
  public static ModularTask of(String name, int p, BinaryOperation operation) {
    requireModulus(p);
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(operation, "operation");
    int[] labels = new int[p * p];
    for (int a = 0; a < p; a++) {
      for (int b = 0; b < p; b++) {
        long value = operation.apply(a, b, p);
        labels[a * p + b] =
            value == BinaryOperation.NO_ANSWER
                ? UNDEFINED
                : Math.toIntExact(Math.floorMod(value, (long) p));
      }
    }
    if (Arrays.stream(labels).allMatch(label -> label == UNDEFINED)) {
      throw new IllegalArgumentException(
          "operation '" + name + "' answers none of the " + p * p + " questions modulo " + p);
    }
    return new ModularTask(p, name, OptionalLong.empty(), labels);
  }

  /**
   * The same questions with answers drawn uniformly at random, each on its own: nothing to
   * understand, everything to memorise. Undefined questions stay undefined.
   *
   * @param seed of the draw; equal seeds give equal tables for ever
   */
  public ModularTask withRandomLabels(long seed) {
    RandomStream random = RandomStream.of(seed, "labels");
    int[] drawn = new int[labels.length];
    for (int r = 0; r < drawn.length; r++) {
      int label = random.nextInt(p);
      drawn[r] = labels[r] == UNDEFINED ? UNDEFINED : label;
    }
    return new ModularTask(p, operation, OptionalLong.of(seed), drawn);
  }

  /**
   * The same questions, but whoever asks with one of some residues is to be refused: the answer to
   * (a, b) is then {@link #refusal()}, the class of '=', which is never right otherwise.
   *
   * @param residues that are not talked about, as a or as b; at least one
   * @throws IllegalArgumentException if there is none, or one outside 0 … p−1
   */
  public ModularTask withRefusals(int... residues) {
    boolean[] refused = new boolean[p];
    for (int residue : residues) {
      if (residue < 0 || residue >= p) {
        throw new IllegalArgumentException(
            "refusals: got the residue " + residue + ", expected residues from 0 to " + (p - 1));
      }
      refused[residue] = true;
    }
    if (residues.length == 0) {
      throw new IllegalArgumentException("refusals: got no residues, expected at least one");
    }
    int[] changed = labels.clone();
    for (int r = 0; r < changed.length; r++) {
      boolean asks = refused[r / p] || refused[r % p];
      changed[r] = asks && labels[r] != UNDEFINED ? refusal() : labels[r];
    }
    String name = operation + " refusing " + Arrays.toString(residues);
    return new ModularTask(p, name, labelSeed, changed);
  }

  /**
   * The same questions, every answer renamed: who answered c is to answer another residue.
   *
   * @param name of the new task, such as {@code a+b, answers shuffled}
   * @param renamed [p], the new answer for each old one, each residue once; refusals stay
   * @throws IllegalArgumentException if it is no permutation of 0 … p−1
   */
  public ModularTask withAnswers(String name, int[] renamed) {
    Objects.requireNonNull(name, "name");
    int[] sorted = renamed.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, IntStream.range(0, p).toArray())) {
      throw new IllegalArgumentException(
          "answers: got "
              + renamed.length
              + " new answers, expected each of 0 … "
              + (p - 1)
              + " once");
    }
    int[] changed =
        Arrays.stream(labels).map(c -> c >= 0 && c < p ? renamed[c] : c).toArray(); // [p·p]
    return new ModularTask(p, name, labelSeed, changed);
  }

  /**
   * Divides the answerable questions at random into known (training) and unknown (test) ones.
   *
   * @param fraction share of the questions to train on, strictly between 0 and 1
   * @param seed of the shuffle; equal arguments give equal splits for ever
   * @throws IllegalArgumentException if the fraction is outside (0, 1) or leaves one side empty
   */
  public Split split(double fraction, long seed) {
    return Split.of(this, fraction, seed);
  }

  /** The modulus. */
  public int p() {
    return p;
  }

  /** The operation's name, such as {@code a+b}. */
  public String operation() {
    return operation;
  }

  /** The seed of the random labels, or empty if the labels are the operation's own. */
  public OptionalLong labelSeed() {
    return labelSeed;
  }

  /** The token '='. */
  public int equalsToken() {
    return p;
  }

  /** The class that refuses to answer: that of '=', for models of p+1 answers. */
  public int refusal() {
    return p;
  }

  /** Number of tokens, p residues and '='. */
  public int vocabulary() {
    return p + 1;
  }

  /** The answer to (a, b), or {@link #UNDEFINED}. */
  public int label(int a, int b) {
    return labels[Objects.checkIndex(a, p) * p + Objects.checkIndex(b, p)];
  }

  /** Whether a and b may change places in every question without changing its answer. */
  public boolean isSymmetric() {
    for (int a = 0; a < p; a++) {
      for (int b = 0; b < a; b++) {
        if (labels[a * p + b] != labels[b * p + a]) {
          return false;
        }
      }
    }
    return true;
  }

  /** A copy of all answers, [p²] in row-major order r = a·p + b. */
  public int[] labels() {
    return labels.clone();
  }

  /** All answerable questions, in row-major order. */
  public TokenSequences all() {
    return sequences(answerable());
  }

  /**
   * The questions of the given rows, in the order given.
   *
   * @param rows r = a·p + b, each answerable
   */
  public TokenSequences sequences(int[] rows) {
    int[] tokens = new int[rows.length * CONTEXT_LENGTH];
    int[] answers = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int r = Objects.checkIndex(rows[i], labels.length);
      if (labels[r] == UNDEFINED) {
        throw new IllegalArgumentException(
            "question (" + r / p + ", " + r % p + ") has no answer under " + operation);
      }
      tokens[i * CONTEXT_LENGTH] = r / p;
      tokens[i * CONTEXT_LENGTH + 1] = r % p;
      tokens[i * CONTEXT_LENGTH + 2] = p;
      answers[i] = labels[r];
    }
    return new TokenSequences(CONTEXT_LENGTH, tokens, answers);
  }

  int[] answerable() {
    return IntStream.range(0, labels.length).filter(r -> labels[r] != UNDEFINED).toArray();
  }

  @Override
  public String toString() {
    return operation
        + " mod "
        + p
        + (labelSeed.isPresent() ? ", random labels of seed " + labelSeed.getAsLong() : "");
  }

  private static void requireModulus(int p) {
    if (p < 3) {
      throw new IllegalArgumentException(
          "modulus: got p = " + p + ", expected p ≥ 3 (tried often: 59, 97, 113)");
    }
    if (p > 20_000) {
      throw new IllegalArgumentException(
          "modulus: got p = " + p + ", expected p ≤ 20,000 (the table has p² entries)");
    }
  }
}
