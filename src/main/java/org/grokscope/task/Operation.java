package org.grokscope.task;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
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
   * The operation of this symbol, such as {@code a+b}, or this name, such as {@code add}.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static Operation named(String text) {
    return Arrays.stream(values())
        .filter(operation -> operation.symbol.equals(text) || operation.word().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "operation: got '" + text + "', expected one of " + symbols()));
  }

  /** The operation's name in lower case, such as {@code sum-of-squares}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Every symbol and name, separated by commas. */
  public static String symbols() {
    return Arrays.stream(values())
        .map(operation -> operation.symbol + " (" + operation.word() + ")")
        .collect(Collectors.joining(", "));
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
