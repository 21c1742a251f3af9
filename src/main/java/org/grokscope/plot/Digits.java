package org.grokscope.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers as short as a picture needs them: a committed notebook stays small. Whole numbers are
 * written without a fraction; what is not finite stays, and becomes a gap.
 */
final class Digits {
  private Digits() {}

  /** A text with numbers in it, the same in every country. */
  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Rounded to so many significant digits. */
  static double significant(double value, int digits) {
    return Double.isFinite(value)
        ? BigDecimal.valueOf(value).round(new MathContext(digits)).doubleValue()
        : value;
  }

  /** Each rounded to so many significant digits, for curves over many orders of magnitude. */
  static List<Number> significant(double[] values, int digits) {
    List<Number> rounded = new ArrayList<>(values.length);
    for (double value : values) {
      rounded.add(shortest(significant(value, digits)));
    }
    return rounded;
  }

  /**
   * All rounded to the same decimals, such that the largest magnitude has so many significant
   * digits: for linear axes and colours.
   */
  static List<Number> fixed(double[] values, int digits) {
    return fixed(values, decimals(DoubleStream.of(values), digits), values.length);
  }

  /** The rows of a matrix, as {@link #fixed(double[], int)} of all of its values. */
  static List<List<Number>> fixed(INDArray matrix, int digits) {
    double[][] rows = matrix.toDoubleMatrix();
    int decimals = decimals(Arrays.stream(rows).flatMapToDouble(Arrays::stream), digits);
    return Arrays.stream(rows).map(row -> fixed(row, decimals, row.length)).toList();
  }

  private static List<Number> fixed(double[] values, int decimals, int n) {
    List<Number> rounded = new ArrayList<>(n);
    for (double value : values) {
      rounded.add(
          Double.isFinite(value)
              ? shortest(
                  BigDecimal.valueOf(value)
                      .setScale(decimals, RoundingMode.HALF_EVEN)
                      .doubleValue())
              : value);
    }
    return rounded;
  }

  private static int decimals(DoubleStream values, int digits) {
    double largest = values.filter(Double::isFinite).map(Math::abs).max().orElse(0);
    return largest == 0 ? 0 : digits - 1 - (int) Math.floor(Math.log10(largest));
  }

  private static Number shortest(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return (long) value;
    }
    return value;
  }
}
