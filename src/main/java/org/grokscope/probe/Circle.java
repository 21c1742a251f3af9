package org.grokscope.probe;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.task.Operation;

/**
 * Along which circle waves are measured: where operands and answers stand on it, so that a question
 * (a, b) stands at the place of the answer that the circle's operation gives.
 *
 * <pre>{@code
 * Circle sum = Circle.named("a+b");
 * KeyFrequencies keys = KeyFrequencies.of(control, KeyRule.ENERGY, sum);
 * Metric.named("excluded.logits").readings(control, keys)
 * Metric.named("embedding_gini").along(sum).probe()
 * }</pre>
 *
 * <p>A circle decides where waves run, w_k(a+b) and w_k(a+b−c), and nothing else. The answers y are
 * the checkpoint's own, whatever the circle: every loss, accuracy and margin, {@code wave.right}
 * and {@code wave.wrong} are of them. So a control, a model of random labels or of another
 * operation, is measured along a+b as the model of a+b is. The places are those of {@code
 * package-info}; an answer that has no place, 0 for a·b, leaves its question without an answer.
 */
public enum Circle {
  /**
   * The task's own, recognised by its answers. Where they are those of no circle, only measures
   * that do not ask for a sum of places work, on the residues in their order.
   */
  OWN(null),
  /** a + b mod p. */
  SUM(Operation.ADD),
  /** a − b mod p. */
  DIFFERENCE(Operation.SUBTRACT),
  /** a · b mod p for prime p, without zero. */
  PRODUCT(Operation.MULTIPLY);

  private final Operation operation; // null for OWN

  Circle(Operation operation) {
    this.operation = operation;
  }

  /**
   * The circle of an operation, such as {@code a+b}.
   *
   * @throws IllegalArgumentException if the operation has none; the message lists those that have
   */
  public static Circle named(String symbol) {
    return Arrays.stream(values())
        .filter(circle -> circle != OWN && circle.label().equals(symbol))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "circle: got '"
                        + symbol
                        + "', expected one of "
                        + Arrays.stream(values())
                            .filter(circle -> circle != OWN)
                            .map(Circle::label)
                            .collect(Collectors.joining(", "))));
  }

  /** The operation's symbol, such as {@code a+b}, or {@code own}. */
  public String label() {
    return this == OWN ? "own" : operation.symbol();
  }

  /** What is added to an identity: nothing for the task's own. */
  String suffix() {
    return this == OWN ? "" : ", along " + label();
  }

  /** The circle whose answers a checkpoint of two operands has, or empty. */
  static Optional<Circle> recognised(Checkpoint checkpoint) {
    int p = checkpoint.p();
    int[] labels = checkpoint.labels();
    return Arrays.stream(values())
        .filter(circle -> circle != OWN && circle.refusal(p).isEmpty() && circle.answers(labels, p))
        .findFirst();
  }

  private boolean answers(int[] labels, int p) {
    for (int r = 0; r < labels.length; r++) {
      if (labels[r] != Math.floorMod(operation.apply(r / p, r % p, p), (long) p)) {
        return false;
      }
    }
    return true;
  }

  /** Why there is no such circle modulo p, or empty if there is. */
  Optional<String> refusal(int p) {
    if (p < 3 || p % 2 == 0) {
      return Optional.of("got p = " + p + ", expected an odd p; choose an odd modulus");
    }
    return this == PRODUCT && !BigInteger.valueOf(p).isProbablePrime(64)
        ? Optional.of("got p = " + p + ", expected a prime for the circle of a*b")
        : Optional.empty();
  }
}
