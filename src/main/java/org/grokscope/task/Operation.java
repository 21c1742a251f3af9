package org.grokscope.task;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final Pattern GROUP = Pattern.compile("([SD])(\\d{1,3})");
  private static final Pattern PARITY = Pattern.compile("parity:(\\d{1,2})/(\\d{1,2})");

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
                    "operation: got '"
                        + text
                        + "', expected one of "
                        + symbols()
                        + ", a+b+c, S3 … S6, D3 …, parity:3/20"));
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

  /**
   * The table that a text names: one of these operations; {@code a+b+c} and longer sums; a group,
   * {@code S3} to {@code S6} or {@code D3} and on; {@code parity:3/20}, the parity of 3 of 20 bits.
   *
   * @param text as on the command line
   * @param p the modulus of modular arithmetic; what is no modular arithmetic passes it over
   * @throws IllegalArgumentException if nothing is named so; the message lists what is
   */
  public static OperationTable table(String text, int p) {
    Matcher group = GROUP.matcher(text);
    if (group.matches()) {
      int n = Integer.parseInt(group.group(2));
      return (group.group(1).equals("S") ? Group.symmetric(n) : Group.dihedral(n)).table();
    }
    Matcher parity = PARITY.matcher(text);
    if (parity.matches()) {
      return Parity.of(Integer.parseInt(parity.group(1)), Integer.parseInt(parity.group(2)));
    }
    if (text.length() > 3 && "a+b+c+d+e+f+g+h".startsWith(text) && text.length() % 2 == 1) {
      return OperationTable.sum(text.length() / 2 + 1, p);
    }
    return OperationTable.of(named(text), p);
  }

  /** Whether a text names an operation of modular arithmetic, which needs a modulus. */
  public static boolean isModular(String text) {
    return !GROUP.matcher(text).matches() && !PARITY.matcher(text).matches();
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
