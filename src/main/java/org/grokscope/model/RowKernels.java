package org.grokscope.model;

/**
 * The innermost loops of the fast path, over whole rows.
 *
 * <p>Every array is indexed by the plain loop variable and by nothing else: HotSpot then knows that
 * no two iterations touch the same entry, even if arrays should be the same one, and turns the loop
 * into vector instructions. An index such as {@code offset + k} forbids that and costs a factor of
 * 5 to 20. For the same reason there are no branches: the rectifier and its mask are minima and
 * maxima.
 */
final class RowKernels {
  private RowKernels() {}

  /**
   * target = base + Σ weights[from+j] · rows[from+j], j from 0 to 3. HotSpot of JDK 17 vectorises
   * up to five such terms; six took ten times as long.
   */
  static void combine(float[] target, float[] base, float[] weights, float[][] rows, int from) {
    float w0 = weights[from];
    float w1 = weights[from + 1];
    float w2 = weights[from + 2];
    float w3 = weights[from + 3];
    float[] r0 = rows[from];
    float[] r1 = rows[from + 1];
    float[] r2 = rows[from + 2];
    float[] r3 = rows[from + 3];
    for (int k = 0; k < target.length; k++) {
      target[k] = base[k] + w0 * r0[k] + w1 * r1[k] + w2 * r2[k] + w3 * r3[k];
    }
  }

  /** target = a + b. */
  static void sum(float[] target, float[] a, float[] b) {
    for (int k = 0; k < target.length; k++) {
      target[k] = a[k] + b[k];
    }
  }

  /** target += source. */
  static void add(float[] target, float[] source) {
    for (int k = 0; k < target.length; k++) {
      target[k] += source[k];
    }
  }

  /** The first {@code count} entries of target += those of source. */
  static void add(float[] target, float[] source, int count) {
    for (int k = 0; k < count; k++) {
      target[k] += source[k];
    }
  }

  /** All entries become 0. */
  static void clear(float[] row) {
    for (int k = 0; k < row.length; k++) {
      row[k] = 0;
    }
  }

  /** target += a∘b. */
  static void addProduct(float[] target, float[] a, float[] b) {
    for (int k = 0; k < target.length; k++) {
      target[k] += a[k] * b[k];
    }
  }

  /** The entries from … to − 1 of target become source + shift. */
  static void shift(float[] target, float[] source, float shift, int from, int to) {
    for (int k = from; k < to; k++) {
      target[k] = source[k] + shift;
    }
  }

  /** The entries from … to − 1 are multiplied. */
  static void scale(float[] row, float scale, int from, int to) {
    for (int k = from; k < to; k++) {
      row[k] *= scale;
    }
  }

  /** The entries from … to − 1 of dx += (du − mean − u·along)·inverse. */
  static void addUnalong(
      float[] dx, float[] du, float[] u, float mean, float along, float inverse, int from, int to) {
    for (int k = from; k < to; k++) {
      dx[k] += (du[k] - mean - u[k] * along) * inverse;
    }
  }

  /** The first {@code count} entries become the doubles, rounded. */
  static void narrow(float[] target, double[] source, int count) {
    for (int k = 0; k < count; k++) {
      target[k] = (float) source[k];
    }
  }

  /** Σ of the entries from … to − 1, in four partial sums that do not wait for one another. */
  static float total(float[] row, int from, int to) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int k = from;
    for (; k + 3 < to; k += 4) {
      a += row[k];
      b += row[k + 1];
      c += row[k + 2];
      d += row[k + 3];
    }
    for (; k < to; k++) {
      a += row[k];
    }
    return (a + b) + (c + d);
  }

  /** The scalar product over the entries from … to − 1, in four partial sums. */
  static float product(float[] x, float[] y, int from, int to) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int k = from;
    for (; k + 3 < to; k += 4) {
      a += x[k] * y[k];
      b += x[k + 1] * y[k + 1];
      c += x[k + 2] * y[k + 2];
      d += x[k + 3] * y[k + 3];
    }
    for (; k < to; k++) {
      a += x[k] * y[k];
    }
    return (a + b) + (c + d);
  }

  /** The first {@code count} entries become max(x, 0). */
  static void rectify(float[] row, int count) {
    for (int k = 0; k < count; k++) {
      row[k] = Math.max(row[k], 0f);
    }
  }

  /**
   * The first {@code count} entries become those of source, or 0 where the rectified value is 0.
   */
  static void mask(float[] target, float[] source, float[] rectified, int count) {
    for (int k = 0; k < count; k++) {
      // the smallest positive float times the largest is above 1e-7, so scale twice
      target[k] = source[k] * Math.min(rectified[k] * Float.MAX_VALUE * 1e10f, 1f);
    }
  }

  /**
   * The scalar products of one row with four others of its length, into {@code products[at …
   * at+3]}.
   *
   * <p>A sum in order cannot be vectorised, so the first 768 terms of each are folded onto {@value
   * #LANES} places at constant distances, which HotSpot can tell apart; what lies beyond is summed
   * one by one.
   *
   * @param lanes scratch, [4][{@value #LANES}]
   */
  static void products(
      float[] x,
      float[] y0,
      float[] y1,
      float[] y2,
      float[] y3,
      float[][] lanes,
      float[] products,
      int at) {
    int folded = 0;
    float[] l0 = lanes[0];
    float[] l1 = lanes[1];
    float[] l2 = lanes[2];
    float[] l3 = lanes[3];
    if (x.length >= 2 * LANES) {
      folded = Math.min(x.length, 3 * LANES);
      for (int k = 0; k < LANES; k++) {
        float near = x[k];
        float far = x[k + LANES];
        l0[k] = near * y0[k] + far * y0[k + LANES];
        l1[k] = near * y1[k] + far * y1[k + LANES];
        l2[k] = near * y2[k] + far * y2[k + LANES];
        l3[k] = near * y3[k] + far * y3[k + LANES];
      }
      for (int k = 0; k < folded - 2 * LANES; k++) {
        float rest = x[k + 2 * LANES];
        l0[k] += rest * y0[k + 2 * LANES];
        l1[k] += rest * y1[k + 2 * LANES];
        l2[k] += rest * y2[k + 2 * LANES];
        l3[k] += rest * y3[k + 2 * LANES];
      }
      fold(l0, l1, l2, l3);
    }
    products[at] = sum(l0, folded > 0) + product(x, y0, folded);
    products[at + 1] = sum(l1, folded > 0) + product(x, y1, folded);
    products[at + 2] = sum(l2, folded > 0) + product(x, y2, folded);
    products[at + 3] = sum(l3, folded > 0) + product(x, y3, folded);
  }

  /** Folds the places in halves, and these again. */
  private static void fold(float[] l0, float[] l1, float[] l2, float[] l3) {
    for (int k = 0; k < LANES / 2; k++) {
      l0[k] += l0[k + LANES / 2];
      l1[k] += l1[k + LANES / 2];
      l2[k] += l2[k + LANES / 2];
      l3[k] += l3[k + LANES / 2];
    }
    for (int k = 0; k < LANES / 4; k++) {
      l0[k] += l0[k + LANES / 4];
      l1[k] += l1[k + LANES / 4];
      l2[k] += l2[k + LANES / 4];
      l3[k] += l3[k + LANES / 4];
    }
  }

  /** The sum of the folded places, 0 if nothing was folded. */
  private static float sum(float[] lanes, boolean folded) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int k = 0; folded && k < LANES / 4; k += 4) {
      a += lanes[k];
      b += lanes[k + 1];
      c += lanes[k + 2];
      d += lanes[k + 3];
    }
    return (a + b) + (c + d);
  }

  /** The scalar product from an entry on, term by term. */
  private static float product(float[] x, float[] y, int from) {
    float sum = 0;
    for (int k = from; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }

  /** Places onto which {@link #products} folds. */
  static final int LANES = 256;

  /**
   * exponentials[j] = exp(logits[j] − largest) in double, to a relative error below 1e-12 and never
   * below exp(−80).
   *
   * <p>exp(x) = exp(x/1024)^1024: a Taylor polynomial of degree 8 on [−0.079, 0], whose first
   * omitted term is below 3e-16, squared ten times. Plain multiplications vectorise, Math.exp does
   * not; in Estrin's order, fewer of them wait for one another than in Horner's (0.8 against 1.0 ms
   * for 3,830 rows of 114).
   */
  static void exponentials(float[] logits, float largest, double[] exponentials) {
    exponentials(logits, largest, exponentials, exponentials.length);
  }

  /** The same for the first {@code count} entries. */
  static void exponentials(float[] logits, float largest, double[] exponentials, int count) {
    for (int j = 0; j < count; j++) {
      exponentials[j] = (logits[j] - (double) largest) * (1.0 / 1024);
    }
    for (int j = 0; j < count; j++) {
      exponentials[j] = Math.max(exponentials[j], -80.0 / 1024);
    }
    for (int j = 0; j < count; j++) {
      double y = exponentials[j];
      double y2 = y * y;
      double y4 = y2 * y2;
      double tail =
          (1.0 / 24 + y * (1.0 / 120)) + y2 * (1.0 / 720 + y * (1.0 / 5040) + y2 * (1.0 / 40320));
      double e = ((1 + y) + y2 * (1.0 / 2 + y * (1.0 / 6))) + y4 * tail;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      exponentials[j] = e;
    }
  }

  private static final int TERMS = 12;
  private static final double LN2_HIGH = 0x1.62e42fee00000p-1; // so short that 1023 of it is exact
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  /**
   * log(1 + x) for x ≥ 0 to some units in the last place, by arithmetic alone: {@link Math} may
   * give other last digits on another machine, and that of a browser no digit of a small x.
   *
   * <p>1 + x = 2ᵉ (1 + f) with f between √½ − 1 and √2 − 1, and log(1 + f) = 2 artanh s = 2 (s +
   * s³/3 + s⁵/5 + …) with s = f/(2 + f), whose first omitted term is below 1e-19.
   */
  static double log1p(double x) {
    double f = x;
    int exponent = 0;
    if (x > 0.41) {
      double mantissa = 1 + x;
      exponent = (int) (Double.doubleToRawLongBits(mantissa) >>> 52) - 1023;
      if (exponent > 1023) {
        return mantissa; // infinity, or not a number
      }
      mantissa =
          Double.longBitsToDouble(Double.doubleToRawLongBits(mantissa) - ((long) exponent << 52));
      if (mantissa > 1.4142) {
        mantissa *= 0.5;
        exponent++;
      }
      f = mantissa - 1;
    }
    double s = f / (2 + f);
    double square = s * s;
    double sum = 0;
    for (int n = TERMS; n > 0; n--) {
      sum = square * (1.0 / (2 * n + 1) + sum);
    }
    return exponent * LN2_HIGH + (exponent * LN2_LOW + 2 * s * sum + 2 * s);
  }

  /** The sum of all entries, in four partial sums that do not wait for one another. */
  static double total(double[] values) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int j = 0;
    for (; j + 3 < values.length; j += 4) {
      a += values[j];
      b += values[j + 1];
      c += values[j + 2];
      d += values[j + 3];
    }
    for (; j < values.length; j++) {
      a += values[j];
    }
    return (a + b) + (c + d);
  }
}
