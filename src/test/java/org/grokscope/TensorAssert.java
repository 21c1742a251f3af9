package org.grokscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Compares numbers: what is not finite fails first, on either side; then every pair must satisfy |a
 * − b| ≤ atol + rtol·max(|a|, |b|).
 */
public final class TensorAssert {
  private TensorAssert() {}

  /** Compares two numbers. */
  public static void assertClose(
      String what, double expected, double actual, double rtol, double atol) {
    assertClose(what, new double[] {expected}, new double[] {actual}, rtol, atol);
  }

  /** Compares entry by entry. */
  public static void assertClose(
      String what, double[] expected, double[] actual, double rtol, double atol) {
    assertEquals(expected.length, actual.length, what + ": number of entries");
    assertFinite(what + ", expected", expected);
    assertFinite(what + ", actual", actual);
    for (int i = 0; i < expected.length; i++) {
      double scale = Math.max(Math.abs(expected[i]), Math.abs(actual[i]));
      double difference = Math.abs(expected[i] - actual[i]);
      if (difference > atol + rtol * scale) {
        fail(
            "%s, entry %d: expected %s, got %s; they differ by %.3e, more than %.1e + %.1e·%.3e"
                .formatted(what, i, expected[i], actual[i], difference, atol, rtol, scale));
      }
    }
  }

  /** Compares shapes, then entry by entry. */
  public static void assertClose(
      String what, INDArray expected, INDArray actual, double rtol, double atol) {
    assertEquals(
        Arrays.toString(expected.shape()), Arrays.toString(actual.shape()), what + ": shape");
    assertClose(what, doubles(expected), doubles(actual), rtol, atol);
  }

  /** Fails on the first entry that is NaN or infinite. */
  public static void assertFinite(String what, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        fail(what + ", entry " + i + ": got " + values[i] + ", expected a finite number");
      }
    }
  }

  /** The entries in row-major order. */
  public static double[] doubles(INDArray array) {
    return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }

  /** The same numbers in double. */
  public static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }
}
