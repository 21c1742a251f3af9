package org.grokscope.task;

/**
 * An operation on residues: the rule behind a {@link OperationTable}, and what a researcher writes
 * as a lambda.
 */
@FunctionalInterface
public interface BinaryOperation {
  /** What {@link #apply} returns where a question has no answer, such as a/0. */
  long NO_ANSWER = Long.MIN_VALUE;

  /**
   * The answer to (a, b), or {@link #NO_ANSWER} where there is none. Any other integer is reduced
   * modulo p, so {@code (a, b, p) -> a * a + 3 * b} is a valid operation.
   *
   * @param a left operand, 0 ≤ a &lt; p
   * @param b right operand, 0 ≤ b &lt; p
   * @param p the modulus
   */
  long apply(long a, long b, long p);
}
