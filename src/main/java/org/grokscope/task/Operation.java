package org.grokscope.task;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The operations that come with names, as in Power et al. (2022). */
public enum Operation implements BinaryOperation {
  /** a + b mod p. */
  ADD("a+b", (a, b, p) -> a + b),
  /** a − b mod p. */
  SUBTRACT("a-b", (a, b, p) -> a - b),
  /** a · b mod p. */
  MULTIPLY("a*b", (a, b, p) -> a * b),
  /** a / b mod p, for prime p: the c with c·b ≡ a. Undefined for b = 0. */
  DIVIDE("a/b", Operation::divide),
  /** a² + b² mod p. */
  SUM_OF_SQUARES("a^2+b^2", (a, b, p) -> a * a + b * b);

  private final String symbol;
  private final BinaryOperation rule;

  Operation(String symbol, BinaryOperation rule) {
    this.symbol = symbol;
    this.rule = rule;
  }

  /** How the operation is written in file headers and on the command line, such as {@code a+b}. */
  public String symbol() {
    return symbol;
  }

  @Override
  public long apply(long a, long b, long p) {
    return rule.apply(a, b, p);
  }

  /**
   * The operation written as {@code symbol}.
   *
   * @throws IllegalArgumentException if no operation is written so; the message lists those there
   *     are
   */
  public static Operation ofSymbol(String symbol) {
    return Arrays.stream(values())
        .filter(operation -> operation.symbol.equals(symbol))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "operation: got '" + symbol + "', expected one of " + symbols()));
  }

  /** Every symbol, separated by commas. */
  public static String symbols() {
    return Arrays.stream(values()).map(Operation::symbol).collect(Collectors.joining(", "));
  }

  /** Checks that the operation makes sense for this modulus. */
  void requireModulus(int p) {
    if (this == DIVIDE && !BigInteger.valueOf(p).isProbablePrime(64)) {
      throw new IllegalArgumentException(
          "division modulo p needs a prime p (other moduli leave quotients undefined), got p = "
              + p
              + "; try "
              + BigInteger.valueOf(p).nextProbablePrime());
    }
  }

  private static long divide(long a, long b, long p) {
    if (b == 0) {
      return NO_ANSWER;
    }
    long inverse = BigInteger.valueOf(b).modInverse(BigInteger.valueOf(p)).longValueExact();
    return a * inverse;
  }
}
