package org.grokscope.plot;

import java.util.Arrays;

/**
 * Fewer points of a curve without losing its looks.
 *
 * <p>The first points and the last one always stay. Of the rest, the points are dealt into
 * stretches of equal count, and each stretch keeps the one that spans the largest triangle with the
 * point kept before it and the middle of the next stretch, so that spikes survive. Source: S.
 * Steinarsson, "Downsampling Time Series for Visual Representation", University of Iceland 2013
 * (largest triangle three buckets).
 */
final class Thinning {
  private Thinning() {}

  /**
   * Which points to keep.
   *
   * @param x as drawn (the logarithm, on a log axis), ascending
   * @param y as drawn; a point that is not finite counts as a spike, so that its gap stays
   * @param early how many points at the beginning stay in any case
   * @param most how many points stay at the most; more than {@code early} + 2
   * @return ascending indices
   */
  static int[] keep(double[] x, double[] y, int early, int most) {
    if (most < early + 3) {
      throw new IllegalArgumentException(
          "thinning: got at most " + most + " points, expected more than " + (early + 2));
    }
    int n = x.length;
    int[] kept = new int[Math.min(n, most)];
    Arrays.setAll(kept, i -> i);
    if (n <= most) {
      return kept;
    }
    // points early … n−2 are dealt into stretches; the last point stays
    int stretches = most - early - 1;
    int before = early - 1;
    for (int s = 0; s < stretches; s++) {
      int from = start(early, n, stretches, s);
      int to = start(early, n, stretches, s + 1);
      int next = s == stretches - 1 ? n : start(early, n, stretches, s + 2);
      int best = largestTriangle(x, y, Math.max(before, 0), from, to, next);
      kept[early + s] = best;
      before = best;
    }
    kept[most - 1] = n - 1;
    return kept;
  }

  private static int start(int early, int n, int stretches, int s) {
    return early + (int) ((long) (n - 1 - early) * s / stretches);
  }

  private static int largestTriangle(
      double[] x, double[] y, int before, int from, int to, int next) {
    double middleX = mean(x, to, next);
    double middleY = mean(y, to, next);
    int best = from;
    double largest = -1;
    for (int i = from; i < to; i++) {
      if (!Double.isFinite(y[i])) {
        return i;
      }
      double area =
          Math.abs(
              (x[before] - middleX) * (y[i] - y[before])
                  - (x[before] - x[i]) * (middleY - y[before]));
      if (area > largest) {
        largest = area;
        best = i;
      }
    }
    return best;
  }

  private static double mean(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).average().orElse(values[values.length - 1]);
  }
}
