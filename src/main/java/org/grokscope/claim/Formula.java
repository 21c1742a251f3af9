package org.grokscope.claim;

import java.util.function.DoubleBinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is made of one or two numbers, x and y, as the ledger writes it: {@code x}, {@code x / y},
 * {@code x / (2 * y)}, {@code abs(x - 2000)}, {@code (x <= 2 * y) * (y <= 10)}. Known are x, y,
 * numbers, {@code + - * /} from left to right with {@code * /} first, one comparison ({@code < <= >
 * >=}: 1 if it holds, else 0) of two sums, brackets, and {@code abs(…)}.
 *
 * @param text as the ledger writes it
 */
public record Formula(String text) implements DoubleBinaryOperator {
  /** x itself. */
  static final Formula X = new Formula("x");

  /**
   * @throws IllegalArgumentException if the text is no such formula, or has no x
   */
  public Formula {
    new Reader(text, 1, 1).whole();
    if (!text.contains("x")) {
      throw new IllegalArgumentException(
          "formula: got '" + text + "' without x, expected what is made of it, such as x / y");
    }
  }

  /** Whether it takes a second number. */
  boolean takesTwo() {
    return text.contains("y");
  }

  @Override
  public double applyAsDouble(double x, double y) {
    return new Reader(text, x, y).whole();
  }

  @Override
  public String toString() {
    return text;
  }

  /** Reads a formula from left to right and computes as it goes. */
  private static final class Reader {
    private static final Pattern TOKEN =
        Pattern.compile("\\s*(abs\\(|\\d+(?:\\.\\d+)?|[<>]=?|[xy+*/()-])\\s*");

    private final String text;
    private final Matcher matcher;
    private final double x;
    private final double y;
    private String token; // the next one, empty at the end

    Reader(String text, double x, double y) {
      this.text = text;
      this.matcher = TOKEN.matcher(text);
      this.x = x;
      this.y = y;
      advance();
    }

    private void advance() {
      if (matcher.regionStart() == text.length()) {
        token = "";
      } else if (matcher.lookingAt()) {
        token = matcher.group(1);
        matcher.region(matcher.end(), text.length());
      } else {
        throw wrong(text.substring(matcher.regionStart()).strip());
      }
    }

    private boolean takes(String wanted) {
      boolean next = token.equals(wanted);
      if (next) {
        advance();
      }
      return next;
    }

    private IllegalArgumentException wrong(String at) {
      return new IllegalArgumentException(
          "formula: got '"
              + text
              + "', wrong "
              + (at.isEmpty() ? "at its end" : "at '" + at + "'")
              + "; expected x, y, numbers, + - * /, < <= > >=, brackets and abs(…)");
    }

    double whole() {
      double value = comparison();
      if (!token.isEmpty()) {
        throw wrong(token);
      }
      return value;
    }

    private double comparison() {
      double left = sum();
      String sign = token;
      if (!sign.matches("[<>]=?")) {
        return left;
      }
      advance();
      double right = sum();
      boolean holds =
          switch (sign) {
            case "<" -> left < right;
            case "<=" -> left <= right;
            case ">" -> left > right;
            default -> left >= right;
          };
      return holds ? 1 : 0;
    }

    private double sum() {
      double value = product();
      while (true) {
        if (takes("+")) {
          value += product();
        } else if (takes("-")) {
          value -= product();
        } else {
          return value;
        }
      }
    }

    private double product() {
      double value = factor();
      while (true) {
        if (takes("*")) {
          value *= factor();
        } else if (takes("/")) {
          value /= factor();
        } else {
          return value;
        }
      }
    }

    private double factor() {
      String first = token;
      if (first.isEmpty() || "+-*/)<=>=".contains(first)) {
        throw wrong(first);
      }
      advance();
      return switch (first) {
        case "x" -> x;
        case "y" -> y;
        case "(" -> closed();
        case "abs(" -> Math.abs(closed());
        default -> Double.parseDouble(first);
      };
    }

    private double closed() {
      double value = comparison();
      if (!takes(")")) {
        throw wrong(token);
      }
      return value;
    }
  }
}
