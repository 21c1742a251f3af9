package org.grokscope.task;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The whole table of an operation on a finite set: every question that can be asked of it, each
 * with one answer, or with none where the operation is undefined.
 *
 * <p>The n elements are numbered from 0. An operation of k operands has n<sup>k</sup> questions, in
 * row-major order; of two operands question (a, b) is row r = a·n + b. A question is read as k + 1
 * tokens, the operands and '='; '=' is the token n, so the vocabulary has n + 1 tokens.
 *
 * <p>For Z<sub>p</sub> start at {@link ModularAddition#mod}; for groups at {@link Group}; for bits
 * at {@link Parity}; for an operation of your own at {@link #of(String, int, BinaryOperation)} or
 * {@link #of(String, List, int, ToIntFunction)}.
 */
public final class OperationTable {
  /** The label of a question that has no answer, such as a/0; such questions belong to no split. */
  public static final int UNDEFINED = -1;

  private static final long MOST_QUESTIONS = 400_000_000;

  private final String operation;
  private final String title;
  private final List<String> elements; // [n], or empty where numbers are their names
  private final int n;
  private final int arity; // k
  private final OptionalLong labelSeed;
  private final int[] labels; // [n^k], answer or UNDEFINED

  private OperationTable(
      String operation,
      String title,
      List<String> elements,
      int n,
      int arity,
      OptionalLong labelSeed,
      int[] labels) {
    this.operation = operation;
    this.title = title;
    this.elements = elements;
    this.n = n;
    this.arity = arity;
    this.labelSeed = labelSeed;
    this.labels = labels;
  }

  /**
   * The table of a named operation on Z<sub>p</sub>.
   *
   * @throws IllegalArgumentException if p is below 3, or not prime for a division
   */
  public static OperationTable of(Operation operation, int p) {
    Objects.requireNonNull(operation, "operation");
    requireModulus(p);
    operation.requireModulus(p);
    return of(operation.symbol(), p, operation);
  }

  /**
   * The table of a researcher's own operation on Z<sub>p</sub>.
   *
   * @param name how the operation is called in file headers and titles
   * @param p the modulus, at least 3
   * @param operation the rule; its values are reduced modulo p, {@link BinaryOperation#NO_ANSWER}
   *     leaves a question out
   * @throws IllegalArgumentException if p is below 3 or no question has an answer
   */
  public static OperationTable of(String name, int p, BinaryOperation operation) {
    requireModulus(p);
    Objects.requireNonNull(operation, "operation");
    return modular(
        name,
        p,
        2,
        operands -> {
          long value = operation.apply(operands[0], operands[1], p);
          return value == BinaryOperation.NO_ANSWER
              ? UNDEFINED
              : Math.toIntExact(Math.floorMod(value, (long) p));
        });
  }

  /**
   * The sum of several operands on Z<sub>p</sub>: {@code a+b+c mod p} of three.
   *
   * @param operands how many, 2 to 8
   * @throws IllegalArgumentException if they are fewer or more, or p is below 3
   */
  public static OperationTable sum(int operands, int p) {
    requireModulus(p);
    if (operands < 2 || operands > 8) {
      throw new IllegalArgumentException(
          "sum: got " + operands + " operands, expected 2 to 8 (the table has p to that power)");
    }
    String name =
        IntStream.range(0, operands)
            .mapToObj(i -> String.valueOf((char) ('a' + i)))
            .collect(Collectors.joining("+"));
    return modular(name, p, operands, values -> Arrays.stream(values).sum() % p);
  }

  private static OperationTable modular(
      String name, int p, int arity, ToIntFunction<int[]> operation) {
    return of(name, name + " mod " + p, List.of(), p, arity, operation);
  }

  /**
   * The table of an operation on a finite set with named elements.
   *
   * @param title what it is called everywhere, such as {@code S4}
   * @param elements their names, each once, at least 2; they are numbered in this order
   * @param arity number of operands, at least 1
   * @param operation from the numbers of the operands to that of the answer, or {@link #UNDEFINED}
   * @throws IllegalArgumentException if names do not fit, an answer is no element, or no question
   *     has an answer
   */
  public static OperationTable of(
      String title, List<String> elements, int arity, ToIntFunction<int[]> operation) {
    if (elements.stream().distinct().count() != elements.size() || elements.size() < 2) {
      throw new IllegalArgumentException(
          title
              + ": got the elements "
              + elements
              + ", expected at least two names, each once; name them anew");
    }
    return of(title, title, List.copyOf(elements), elements.size(), arity, operation);
  }

  private static OperationTable of(
      String name,
      String title,
      List<String> elements,
      int n,
      int arity,
      ToIntFunction<int[]> operation) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(operation, "operation");
    int[] labels = new int[questions(title, n, arity)];
    for (int r = 0; r < labels.length; r++) {
      labels[r] = operation.applyAsInt(operands(r, n, arity));
      requireLabel(title, labels[r], n - 1);
    }
    requireAnswers(title, labels);
    return new OperationTable(name, title, elements, n, arity, OptionalLong.empty(), labels);
  }

  /**
   * A table whose answers are known, such as those in a file.
   *
   * @param operation its name
   * @param title what it is called in titles
   * @param n number of elements
   * @param arity number of operands
   * @param labels [n^arity], {@link #UNDEFINED} where there is no answer, n where it is refused
   * @throws IllegalArgumentException if there are more or fewer answers, or one is no element
   */
  public static OperationTable ofLabels(
      String operation, String title, int n, int arity, int[] labels) {
    if (labels.length != questions(title, n, arity)) {
      throw new IllegalArgumentException(
          title
              + ": got "
              + labels.length
              + " answers, expected "
              + questions(title, n, arity)
              + ", one for each question");
    }
    for (int label : labels) {
      requireLabel(title, label, n);
    }
    requireAnswers(title, labels);
    return new OperationTable(
        operation, title, List.of(), n, arity, OptionalLong.empty(), labels.clone());
  }

  private static void requireLabel(String title, int label, int largest) {
    if (label < UNDEFINED || label > largest) {
      throw new IllegalArgumentException(
          title
              + ": got the answer "
              + label
              + ", expected 0 … "
              + largest
              + ", or "
              + UNDEFINED
              + " where there is none");
    }
  }

  private static void requireAnswers(String title, int[] labels) {
    if (Arrays.stream(labels).allMatch(label -> label == UNDEFINED)) {
      throw new IllegalArgumentException(
          "operation '" + title + "' answers none of the " + labels.length + " questions");
    }
  }

  private static int questions(String title, int n, int arity) {
    double questions = Math.pow(n, arity);
    if (arity < 1 || n < 2 || questions > MOST_QUESTIONS) {
      throw new IllegalArgumentException(
          title
              + ": got "
              + arity
              + " operands on "
              + n
              + " elements, expected at least one operand and two elements, and at most "
              + MOST_QUESTIONS
              + " questions");
    }
    return (int) questions;
  }

  /** The numbers of the operands of row r. */
  private static int[] operands(int r, int n, int arity) {
    int[] operands = new int[arity];
    for (int i = arity - 1, rest = r; i >= 0; i--, rest /= n) {
      operands[i] = rest % n;
    }
    return operands;
  }

  /**
   * The same questions with answers drawn uniformly at random, each on its own: nothing to
   * understand, everything to memorise. Undefined questions stay undefined.
   *
   * @param seed of the draw; equal seeds give equal tables for ever
   */
  public OperationTable withRandomLabels(long seed) {
    RandomStream random = RandomStream.of(seed, "labels");
    int[] drawn = new int[labels.length];
    for (int r = 0; r < drawn.length; r++) {
      int label = random.nextInt(n);
      drawn[r] = labels[r] == UNDEFINED ? UNDEFINED : label;
    }
    return with(operation, title, OptionalLong.of(seed), drawn);
  }

  /**
   * The same questions, but whoever asks with one of some elements is to be refused: the answer is
   * then {@link #refusal()}, the class of '=', which is never right otherwise.
   *
   * @param refusedElements that are not talked about, as any operand; at least one
   * @throws IllegalArgumentException if there is none, or one outside 0 … n−1
   */
  public OperationTable withRefusals(int... refusedElements) {
    boolean[] refused = new boolean[n];
    for (int element : refusedElements) {
      if (element < 0 || element >= n) {
        throw new IllegalArgumentException(
            "refusals: got the element " + element + ", expected elements from 0 to " + (n - 1));
      }
      refused[element] = true;
    }
    if (refusedElements.length == 0) {
      throw new IllegalArgumentException("refusals: got no elements, expected at least one");
    }
    int[] changed = labels.clone();
    for (int r = 0; r < changed.length; r++) {
      boolean asks = Arrays.stream(operands(r)).anyMatch(operand -> refused[operand]);
      changed[r] = asks && labels[r] != UNDEFINED ? refusal() : labels[r];
    }
    return renamed(operation + " refusing " + Arrays.toString(refusedElements), changed);
  }

  /**
   * The same questions, every answer renamed: who answered c is to answer another element.
   *
   * @param name of the new operation, such as {@code a+b, answers shuffled}
   * @param newAnswers [n], the new answer for each old one, each element once; refusals stay
   * @throws IllegalArgumentException if it is no permutation of 0 … n−1
   */
  public OperationTable withAnswers(String name, int[] newAnswers) {
    Objects.requireNonNull(name, "name");
    int[] sorted = newAnswers.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, IntStream.range(0, n).toArray())) {
      throw new IllegalArgumentException(
          "answers: got "
              + newAnswers.length
              + " new answers, expected each of 0 … "
              + (n - 1)
              + " once");
    }
    return renamed(
        name, Arrays.stream(labels).map(c -> c >= 0 && c < n ? newAnswers[c] : c).toArray());
  }

  private OperationTable renamed(String name, int[] newLabels) {
    return with(name, isModular() ? name + " mod " + n : name, labelSeed, newLabels);
  }

  private boolean isModular() {
    return title.endsWith(" mod " + n);
  }

  private OperationTable with(
      String newName, String newTitle, OptionalLong newSeed, int[] newLabels) {
    return new OperationTable(newName, newTitle, elements, n, arity, newSeed, newLabels);
  }

  /**
   * Divides the answerable questions at random into known (training) and unknown (test) ones.
   *
   * @param fraction share of the questions to train on, strictly between 0 and 1
   * @param seed of the shuffle; equal arguments give equal splits for ever
   * @throws IllegalArgumentException if the fraction is outside (0, 1) or leaves one side empty
   */
  public Split split(double fraction, long seed) {
    return Split.of(this, fraction, seed, false);
  }

  /**
   * The same, but questions that are mirror images of each other, with the same operands in another
   * order, stand on the same side, so that no unknown question is the image of a known one.
   *
   * @throws IllegalArgumentException as {@link #split}, or if there is one operand only
   */
  public Split splitMirrorsTogether(double fraction, long seed) {
    if (arity < 2) {
      throw new IllegalArgumentException(
          "split: got "
              + title
              + ", whose questions have one operand and no mirror image; use split");
    }
    return Split.of(this, fraction, seed, true);
  }

  /** The number of elements, n; of modular arithmetic the modulus p. */
  public int size() {
    return n;
  }

  /** The modulus, or the number of elements of another set: {@link #size()}. */
  public int p() {
    return n;
  }

  /** Number of operands, k. */
  public int arity() {
    return arity;
  }

  /** How an element is written. */
  public String element(int index) {
    Objects.checkIndex(index, n);
    return elements.isEmpty() ? Integer.toString(index) : elements.get(index);
  }

  /** The operation's name, such as {@code a+b}. */
  public String operation() {
    return operation;
  }

  /** What it is called in titles, such as {@code a+b mod 113} or {@code S4}. */
  public String title() {
    return title
        + (labelSeed.isPresent() ? ", random labels of seed " + labelSeed.getAsLong() : "");
  }

  /** The seed of the random labels, or empty if the labels are the operation's own. */
  public OptionalLong labelSeed() {
    return labelSeed;
  }

  /** The token '='. */
  public int equalsToken() {
    return n;
  }

  /** The class that refuses to answer: that of '=', for models of n + 1 answers. */
  public int refusal() {
    return n;
  }

  /** Number of tokens, n elements and '='. */
  public int vocabulary() {
    return n + 1;
  }

  /** Tokens of a question: the operands and '='. */
  public int length() {
    return arity + 1;
  }

  /** The answer to a question, or {@link #UNDEFINED}. */
  public int label(int... operands) {
    return labels[row(operands)];
  }

  /** The row of a question. */
  public int row(int... operands) {
    if (operands.length != arity) {
      throw new IllegalArgumentException(
          title + ": got " + operands.length + " operands, expected " + arity);
    }
    int row = 0;
    for (int operand : operands) {
      row = row * n + Objects.checkIndex(operand, n);
    }
    return row;
  }

  /** The numbers of the operands of row r, [arity]. */
  public int[] operands(int r) {
    return operands(Objects.checkIndex(r, labels.length), n, arity);
  }

  /** How the question of row r is written, such as {@code (1, 2)}. */
  String question(int r) {
    return IntStream.of(operands(r))
        .mapToObj(this::element)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** The row of the mirror image with ascending operands, which all images of a question share. */
  int sortedImage(int r) {
    int[] operands = operands(r);
    Arrays.sort(operands);
    return row(operands);
  }

  /** Whether the operands may change places in every question without changing its answer. */
  public boolean isSymmetric() {
    return IntStream.range(0, labels.length).allMatch(r -> labels[r] == labels[sortedImage(r)]);
  }

  /** A copy of all answers, [n^k] in row-major order. */
  public int[] labels() {
    return labels.clone();
  }

  /** All answerable questions, in row-major order. */
  public Batch all() {
    return questions(answerable());
  }

  /**
   * The questions of the given rows, in the order given.
   *
   * @param rows each answerable
   */
  public Batch questions(int[] rows) {
    int length = length();
    int[] tokens = new int[Math.multiplyExact(rows.length, length)];
    int[] answers = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int r = Objects.checkIndex(rows[i], labels.length);
      if (labels[r] == UNDEFINED) {
        throw new IllegalArgumentException(
            "question " + question(r) + " has no answer under " + operation);
      }
      for (int t = arity - 1, rest = r; t >= 0; t--, rest /= n) {
        tokens[i * length + t] = rest % n;
      }
      tokens[i * length + arity] = n;
      answers[i] = labels[r];
    }
    return Batch.ofQuestions(length, tokens, answers);
  }

  int[] answerable() {
    return IntStream.range(0, labels.length).filter(r -> labels[r] != UNDEFINED).toArray();
  }

  /** Its title. */
  @Override
  public String toString() {
    return title();
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
