package org.grokscope.compression;

import java.util.Locale;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * The code length of a string under a model that learns while it reads:
 *
 * <pre>
 *   L(s) = Σ_i −log2 P_i(s_i),  P_i the prediction after s_1 … s_{i−1}
 * </pre>
 *
 * <p>No weights have to be sent: the reader of the code trains the same model on what was decoded
 * so far. So what a model has to learn is paid for by the digits that it predicts badly meanwhile.
 * Source: Dawid (1984); Rissanen (1986).
 */
public final class Prequential {
  private final DigitString string;
  private final double[] bits; // [length + 1], of the first i digits

  private Prequential(DigitString string, double[] bits) {
    this.string = string;
    this.bits = bits;
  }

  /**
   * Reads a string once.
   *
   * @param model fresh; it has learnt the string afterwards
   * @throws IllegalArgumentException if a prediction is no probability
   */
  public static Prequential of(SequenceModel model, DigitString string) {
    double[] bits = new double[string.length() + 1];
    for (int i = 0; i < string.length(); i++) {
      double probability = model.predict()[string.digit(i)];
      if (!(probability > 0 && probability <= 1)) {
        throw new IllegalArgumentException(
            "prequential: got the probability "
                + probability
                + " for digit "
                + i
                + ", expected above 0 and at most 1; the model must leave every digit possible");
      }
      bits[i + 1] = bits[i] - Math.log(probability) / Math.log(2);
      model.learn(string.digit(i));
    }
    return new Prequential(string, bits);
  }

  /** The whole code length in bits. */
  public double bits() {
    return bits[bits.length - 1];
  }

  /** Code length over the length's floor log2 10 a digit: 1 is what guessing pays. */
  public double overFloor() {
    return bits() / string.floorBits();
  }

  /**
   * Bits a digit along the string: columns {@code digits} and {@code bits_per_digit}, one row a
   * stretch.
   *
   * @param stretches into how many equal stretches it is cut
   * @throws IllegalArgumentException if there are none, or more than digits
   */
  public Table table(int stretches) {
    if (stretches < 1 || stretches > string.length()) {
      throw new IllegalArgumentException(
          "prequential: got "
              + stretches
              + " stretches, expected 1 to "
              + string.length()
              + ", the digits");
    }
    IntColumn digits = IntColumn.create("digits");
    DoubleColumn each = DoubleColumn.create("bits_per_digit");
    int from = 0;
    for (int i = 1; i <= stretches; i++) {
      int to = (int) ((long) string.length() * i / stretches);
      digits.append(to);
      each.append((bits[to] - bits[from]) / (to - from));
      from = to;
    }
    return Table.create(string.name(), digits, each);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %,.0f bits, %.3f of what guessing pays",
        string.name(),
        bits(),
        overFloor());
  }
}
