package org.grokscope.probe;

import java.math.BigInteger;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.task.Operation;

/**
 * How an operation turns into addition: where the operands and the answers stand on a circle of m
 * places, so that place(a) + place(b) = place(answer) mod m. All Fourier measures are those of
 * addition, taken in the order of the places.
 *
 * <table>
 *   <caption>The operations that are an addition on a circle</caption>
 *   <tr><th>operation</th><th>m</th><th>a at place i</th><th>b at place j</th><th>answer at place
 *       l</th></tr>
 *   <tr><td>a+b</td><td>p</td><td>i</td><td>j</td><td>l</td></tr>
 *   <tr><td>a−b</td><td>p</td><td>i</td><td>−j mod p</td><td>l</td></tr>
 *   <tr><td>a·b, p prime</td><td>p−1</td><td>g<sup>i</sup></td><td>g<sup>j</sup></td>
 *       <td>g<sup>l</sup></td></tr>
 * </table>
 *
 * <p>with g the smallest primitive root of p. So for a·b the places are discrete logarithms, the
 * questions are the (p−1)² pairs without a zero, and the answers are the p−1 residues that are not
 * zero: everything with a zero is left out, as '=' is left out of the answers. There n, p and p² of
 * the formulas stand for m², m and m², and since m = p−1 is even, the highest frequency k = m/2 =
 * (p−1)/2 is (−1)<sup>i</sup>, a cosine without a sine. Frequencies run from 1 to (p−1)/2 for each
 * of the three.
 *
 * <p>The operation is recognised by its answers, all p² of them; what a file says of its origin is
 * not asked.
 */
final class Circle {
  private final Operation operation;
  private final int[] left; // [m] the a at each place
  private final int[] right; // [m] the b at each place
  private final int[] answers; // [m] the answer at each place

  private Circle(Operation operation, int[] left, int[] right, int[] answers) {
    this.operation = operation;
    this.left = left;
    this.right = right;
    this.answers = answers;
  }

  /**
   * The circle of a checkpoint's operation.
   *
   * @throws IllegalArgumentException if p is even, or the answers are those of none of the three
   */
  static Circle of(Checkpoint checkpoint) {
    int p = checkpoint.p();
    requireOdd(p);
    int[] labels = checkpoint.labels();
    int[] residues = new int[p];
    int[] negatives = new int[p];
    for (int i = 0; i < p; i++) {
      residues[i] = i;
      negatives[i] = (p - i) % p;
    }
    if (isTable(labels, p, Operation.ADD)) {
      return new Circle(Operation.ADD, residues, residues, residues);
    }
    if (isTable(labels, p, Operation.SUBTRACT)) {
      return new Circle(Operation.SUBTRACT, residues, negatives, residues);
    }
    if (isTable(labels, p, Operation.MULTIPLY) && BigInteger.valueOf(p).isProbablePrime(64)) {
      int[] powers = powersOfSmallestPrimitiveRoot(p);
      return new Circle(Operation.MULTIPLY, powers, powers, powers);
    }
    throw new IllegalArgumentException(
        "Fourier measures: got labels that are not those of a+b, a-b or (p prime) a*b mod "
            + p
            + ", expected one of these; losses, norms and accuracies work for any operation");
  }

  /**
   * Checks a modulus.
   *
   * @throws IllegalArgumentException if it is even
   */
  static void requireOdd(int p) {
    if (p < 3 || p % 2 == 0) {
      throw new IllegalArgumentException(
          "Fourier measures: got p = " + p + ", expected an odd p; choose an odd modulus");
    }
  }

  /** Why a checkpoint has no circle, or empty if it has. */
  static Optional<String> refusal(Checkpoint checkpoint) {
    try {
      AllPairs.of(checkpoint).circle();
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static boolean isTable(int[] labels, int p, Operation operation) {
    for (int r = 0; r < labels.length; r++) {
      if (labels[r] != Math.floorMod(operation.apply(r / p, r % p, p), (long) p)) {
        return false;
      }
    }
    return true;
  }

  /** g⁰, g¹ … g^(p−2) of the smallest g whose powers are all residues but zero. */
  static int[] powersOfSmallestPrimitiveRoot(int p) {
    for (int g = 2; g < p; g++) {
      int[] powers = new int[p - 1];
      long power = 1;
      int length = 0;
      do {
        powers[length] = (int) power;
        length++;
        power = power * g % p;
      } while (power != 1 && power != 0 && length < p - 1);
      if (power == 1 && length == p - 1) {
        return powers;
      }
    }
    throw new IllegalArgumentException(
        "primitive root: got p = " + p + ", expected an odd prime, which has one");
  }

  /** The operation. */
  Operation operation() {
    return operation;
  }

  /** The number of places, m. */
  int size() {
    return left.length;
  }

  /** The row a·p + b of the question whose operands stand at places i and j. */
  int row(int i, int j, int p) {
    return left[i] * p + right[j];
  }

  /** The first operand at place i. */
  int left(int i) {
    return left[i];
  }

  /** The second operand at place j. */
  int right(int j) {
    return right[j];
  }

  /** The answer at place l. */
  int answer(int l) {
    return answers[l];
  }

  /** Whether every place holds itself, as for a+b. */
  boolean isPlain() {
    return operation == Operation.ADD;
  }
}
