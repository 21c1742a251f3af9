package org.grokscope.probe;

/**
 * Cross-entropy of one row of logits after another, in float64.
 *
 * <p>The loss of a row with label y is −log softmax(z)[y] = (max − z_y) + log1p(Σ exp(z_c − max)),
 * the sum over all classes but the one of the maximum: for a confident row nothing is subtracted
 * from 1, so a loss of 1e-20 is neither 0 nor noise.
 *
 * <p>All pairs of p = 113 have 1.4 million logits, and a suite of metrics asks for them some ten
 * times. So the exponentials are a polynomial, of which HotSpot makes vector instructions: x = k ln
 * 2 + r with a whole k and |r| ≤ ½ ln 2, exp r by its Taylor series to degree 13, whose first
 * omitted term is below 1e-17, and 2ᵏ into the exponent's bits. Each is within some 2 units in the
 * last place. {@link org.grokscope.model.StandardLoss#CROSS_ENTROPY} is the readable reference.
 *
 * <p>Holds scratch space, so a thread has its own.
 */
final class CrossEntropy {
  private static final double LOWEST = -700; // of x: above it 2ᵏ has bits of its own
  private static final double PER_LN2 = 1.4426950408889634;
  private static final double LN2_HIGH = 0x1.62e42fee00000p-1; // so short that k times it is exact
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
  private static final double TO_WHOLE = 0x1.8p52; // added, it leaves the nearest whole number

  private final double[] x; // [classes], logits below the largest
  private final double[] whole; // [classes], k in the lowest bits
  private final double[] rest; // [classes], r
  private final double[] exponentials; // [classes], exp r

  CrossEntropy(int classes) {
    x = new double[classes];
    whole = new double[classes];
    rest = new double[classes];
    exponentials = new double[classes];
  }

  /** The loss of the logits z[from] … z[from + classes − 1]. */
  double of(double[] z, int from, int label) {
    int largest = Questions.largest(z, from, x.length);
    double maximum = z[from + largest];
    System.arraycopy(z, from, x, 0, x.length);
    reduce(maximum);
    double others = 0;
    for (int c = 0; c < x.length; c++) {
      others += c == largest ? 0 : exponential(c);
    }
    return maximum - z[from + label] + Math.log1p(others);
  }

  /**
   * x, k and exp r of the whole row. Loops so short, and with nothing but the plain index, are what
   * HotSpot makes vectors of.
   */
  private void reduce(double maximum) {
    for (int c = 0; c < x.length; c++) {
      x[c] -= maximum;
    }
    for (int c = 0; c < x.length; c++) {
      whole[c] = x[c] * PER_LN2 + TO_WHOLE;
    }
    for (int c = 0; c < x.length; c++) {
      double k = whole[c] - TO_WHOLE;
      rest[c] = (x[c] - k * LN2_HIGH) - k * LN2_LOW;
    }
    for (int c = 0; c < x.length; c++) {
      double r = rest[c];
      double r2 = r * r;
      exponentials[c] =
          (1.0 / 3_628_800 + r * (1.0 / 39_916_800))
              + r2 * (1.0 / 479_001_600 + r * (1.0 / 6_227_020_800.0));
    }
    for (int c = 0; c < x.length; c++) {
      double r = rest[c];
      double r2 = r * r;
      exponentials[c] =
          (1.0 / 720 + r * (1.0 / 5_040))
              + r2 * ((1.0 / 40_320 + r * (1.0 / 362_880)) + r2 * exponentials[c]);
    }
    for (int c = 0; c < x.length; c++) {
      double r = rest[c];
      double r2 = r * r;
      exponentials[c] =
          1
              + (r
                  + r2
                      * ((1.0 / 2 + r * (1.0 / 6))
                          + r2 * ((1.0 / 24 + r * (1.0 / 120)) + r2 * exponentials[c])));
    }
  }

  /** exp x of a class; where 2ᵏ has no bits of its own, by {@link Math}. */
  private double exponential(int c) {
    return x[c] < LOWEST
        ? Math.exp(x[c])
        : Double.longBitsToDouble(
            Double.doubleToRawLongBits(exponentials[c])
                + (Double.doubleToRawLongBits(whole[c]) << 52));
  }
}
