package org.grokscope.probe;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The places of a {@link Circle} modulo p: where the operands and the answers of its operation
 * stand, so that place(a) + place(b) = place(answer) mod m; the table is in the description of this
 * package. All Fourier measures are those of addition, taken in the order of the places.
 *
 * <p>For a·b the places are discrete logarithms to the smallest primitive root: everything with a
 * zero is left out, as '=' is left out of the answers, and n, p and p² of the formulas stand for
 * m², m and m².
 */
final class Places {
  private final Circle circle;
  private final int p;
  private final int[] left; // [m] the a at each place
  private final int[] right; // [m] the b at each place
  private final int[] answers; // [m] the answer at each place
  private final int[] places; // [p] the place of each answer, −1 where it has none

  private Places(Circle circle, int p, int[] left, int[] right, int[] answers) {
    this.circle = circle;
    this.p = p;
    this.left = left;
    this.right = right;
    this.answers = answers;
    this.places = new int[p];
    Arrays.fill(places, Questions.NO_ANSWER);
    for (int l = 0; l < answers.length; l++) {
      places[answers[l]] = l;
    }
  }

  /**
   * Those of a circle.
   *
   * @param circle not the task's own, which only a checkpoint has
   */
  static Places of(Circle circle, int p) {
    int[] residues = IntStream.range(0, p).toArray();
    return switch (circle) {
      case SUM -> new Places(circle, p, residues, residues, residues);
      case DIFFERENCE -> {
        int[] negatives = IntStream.range(0, p).map(i -> (p - i) % p).toArray();
        yield new Places(circle, p, residues, negatives, residues);
      }
      case PRODUCT -> {
        int[] powers = powersOfSmallestPrimitiveRoot(p);
        yield new Places(circle, p, powers, powers, powers);
      }
      case OWN ->
          throw new IllegalArgumentException(
              "places: got the task's own circle, expected the one that was recognised");
    };
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

  /** The number of places, m. */
  int size() {
    return left.length;
  }

  /** The row a·p + b of the question whose operands stand at places i and j. */
  int row(int i, int j) {
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

  /** The place of an answer, −1 if it has none. */
  int placeOf(int answer) {
    return answer == Questions.NO_ANSWER ? Questions.NO_ANSWER : places[answer];
  }

  /** Whether every place holds itself, as for a+b. */
  boolean isPlain() {
    return circle == Circle.SUM;
  }
}
