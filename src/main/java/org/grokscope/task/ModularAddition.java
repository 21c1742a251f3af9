package org.grokscope.task;

/**
 * Addition modulo p, the task of Power et al. (2022) and Nanda et al. (2023): given the tokens a, b
 * and '=', answer a+b mod p.
 */
public final class ModularAddition {
  private ModularAddition() {}

  /**
   * The full table of a+b mod p.
   *
   * @param p the modulus, at least 3; it need not be prime
   * @throws IllegalArgumentException if p is below 3
   */
  public static OperationTable mod(int p) {
    return OperationTable.of(Operation.ADD, p);
  }
}
