package org.grokscope.line;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.PlaneTurns;

/**
 * How curves that mean nothing ring and turn: what the curve of a count has to pass to be more than
 * smooth.
 *
 * <p>Every draw has the labels and the dimensions of the curve that it is held against. A null is
 * used by its 99th percentile: the value that one draw of a hundred passes, taken between draws as
 * NumPy does (linear interpolation at .99 (n − 1)).
 */
public final class CurveNull {
  /** What is drawn. */
  public enum Kind {
    /** {@link OneGeometry#smoothCurve}, as smooth as the curve itself, see {@link #reach}. */
    SMOOTH,
    /** {@link OneGeometry#randomWalk}. */
    WALK;

    /** In lower case. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Map<String, double[]> draws; // ascending, by number

  private CurveNull(Map<String, double[]> draws) {
    this.draws = draws;
  }

  /**
   * Draws a null.
   *
   * @param curve that it is for
   * @param count of draws, at least 1; 200 for a 99th percentile
   * @param random of the draws
   */
  public static CurveNull of(Kind kind, Manifold curve, int count, RandomGenerator random) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "curve null: got " + count + " draws, expected at least 1, such as 200");
    }
    int[] labels = curve.labels();
    int d = (int) curve.means().size(1);
    Function<RandomGenerator, Manifold> draw =
        kind == Kind.WALK
            ? source -> OneGeometry.randomWalk(labels, d, source)
            : smooth(labels, d, reach(curve));
    Map<String, double[]> draws = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int index = i;
      numbers(draw.apply(random))
          .forEach(
              (name, value) ->
                  draws.computeIfAbsent(name, unseen -> new double[count])[index] = value);
    }
    draws.values().forEach(Arrays::sort);
    return new CurveNull(draws);
  }

  /**
   * The numbers that a curve and its nulls are compared by: {@code rise}, how much the mean cosine
   * rises after its trough, and {@code plane_turns}, {@link PlaneTurns}.
   */
  public static Map<String, Double> numbers(Manifold curve) {
    return Map.of(
        "rise", curve.cosines().ringing().rise(), "plane_turns", PlaneTurns.of(curve.means()));
  }

  private static Function<RandomGenerator, Manifold> smooth(int[] labels, int d, double reach) {
    double most = Math.min(reach, labels.length); // beyond it nothing gets smoother
    return source -> OneGeometry.smoothCurve(labels, d, most, source);
  }

  /**
   * The reach of a smooth curve whose neighbours are as alike as those of a curve: with
   * P<sub>1</sub> the mean cosine of neighbours, seen from the mean of all, 1/√(−2 ln
   * P<sub>1</sub>).
   *
   * @return in labels; infinity where neighbours do not differ
   * @throws IllegalArgumentException if neighbours are not alike at all, P<sub>1</sub> ≤ 0
   */
  public static double reach(Manifold curve) {
    double neighbours = neighbours(curve);
    if (!(neighbours > 0)) {
      throw new IllegalArgumentException(
          "curve null: got a curve whose neighbours have a mean cosine of "
              + neighbours
              + ", expected one above 0; it is no curve, hold it against noise");
    }
    return 1 / Math.sqrt(-2 * Math.log(Math.min(1, neighbours)));
  }

  /** The mean cosine of neighbours, P<sub>1</sub>; at most 0 where there is no curve. */
  static double neighbours(Manifold curve) {
    return curve.cosines().profile().getDouble(1);
  }

  /**
   * A percentile.
   *
   * @param name of the number, {@code rise} or {@code plane_turns}
   * @param share 0 … 1, such as .99
   * @throws IllegalArgumentException if there is no such number or share
   */
  public double percentile(String name, double share) {
    double[] values = draws.get(name);
    if (values == null || !(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "curve null: got '"
              + name
              + "' at "
              + share
              + ", expected one of "
              + String.join(", ", draws.keySet())
              + " at 0 … 1");
    }
    return percentile(values, share);
  }

  /** A percentile of ascending values. */
  static double percentile(double[] values, double share) {
    double at = share * (values.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, values.length - 1);
    return values[below] + (at - below) * (values[above] - values[below]);
  }

  /** The share of the draws in which a number is at least a value. */
  public double shareAtLeast(String name, double value) {
    double[] values = draws.get(name);
    return IntStream.range(0, values.length).filter(i -> values[i] >= value).count()
        / (double) values.length;
  }
}
