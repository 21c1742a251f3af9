package org.grokscope.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.QRDecomposition;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A curve of points by label as a sum of few functions of the label, fitted by least squares, and
 * how well it foretells points that it was not fitted to.
 *
 * <p>With t from 0 at the first label to 1 at the last, the functions are one of:
 *
 * <ul>
 *   <li>{@link #waves}: 1, cos 2πft and sin 2πft for each of k frequencies, and 2t − 1 if there is
 *       an axis. One frequency and an axis are a helix: the angle ft says the fine place, the
 *       height the coarse one. The frequencies, in turns from end to end, are looked for: one after
 *       the other on a grid of {@value #STEP}, the best first, then each anew beside the others, at
 *       last in steps of {@value #FINE};
 *   <li>{@link #spline}: the natural cubic splines of so many knots evenly from 0 to 1, the
 *       smoothest curves with as many functions that nothing is supposed of.
 * </ul>
 *
 * <p>Own definition.
 */
public final class CurveFit {
  private static final double STEP = 0.1;
  private static final double FINE = 0.02;
  private static final double LOWEST = 0.25; // turns; below it a wave is an axis, a little bent
  private static final double APART = 0.25; // of two frequencies
  private static final int LABELS_A_TURN = 6; // at least
  private static final int ROUNDS = 4;

  /** Values of all functions at a place. */
  private interface Functions {
    double[] at(double t);
  }

  private final int first;
  private final int last;
  private final double[] turns;
  private final Functions functions;
  private final double[][] coefficients; // (functions, d)

  private CurveFit(
      int first, int last, double[] turns, Functions functions, double[][] coefficients) {
    this.first = first;
    this.last = last;
    this.turns = turns;
    this.functions = functions;
    this.coefficients = coefficients;
  }

  /** What is fitted. */
  public sealed interface Kind {
    /** How many functions it has, the constant among them. */
    int functions();
  }

  /**
   * Waves, with an axis or without.
   *
   * @param count of frequencies, at least 1
   * @param axis whether there is one
   */
  public record Waves(int count, boolean axis) implements Kind {
    public Waves {
      if (count < 1) {
        throw new IllegalArgumentException(
            "curve fit: got " + count + " waves, expected at least 1");
      }
    }

    @Override
    public int functions() {
      return 1 + 2 * count + (axis ? 1 : 0);
    }
  }

  /**
   * A natural cubic spline.
   *
   * @param functions as many as knots, at least 2; 2 are a straight line
   */
  public record Spline(int functions) implements Kind {
    public Spline {
      if (functions < 2) {
        throw new IllegalArgumentException(
            "curve fit: got a spline of "
                + functions
                + " functions, expected at least 2, a straight line");
      }
    }
  }

  /** Waves. */
  public static Kind waves(int count, boolean axis) {
    return new Waves(count, axis);
  }

  /** A spline of so many functions. */
  public static Kind spline(int functions) {
    return new Spline(functions);
  }

  /**
   * Fits a curve.
   *
   * @param kind of functions
   * @param points [m, d]
   * @param labels [m], ascending
   * @throws IllegalArgumentException unless there are more points than functions
   */
  public static CurveFit of(Kind kind, INDArray points, int[] labels) {
    return of(
        kind,
        Matrices.of("curve fit", points).getData(),
        labels,
        labels[0],
        labels[labels.length - 1]);
  }

  private static CurveFit of(Kind kind, double[][] points, int[] labels, int first, int last) {
    if (labels.length != points.length || points.length <= kind.functions() || first >= last) {
      throw new IllegalArgumentException(
          "curve fit: got "
              + points.length
              + " points and "
              + labels.length
              + " labels for "
              + kind
              + " of "
              + kind.functions()
              + " functions, expected more points than functions and a label for each");
    }
    double[] places =
        Arrays.stream(labels)
            .mapToDouble(label -> (label - first) / (double) (last - first))
            .toArray();
    double[] turns =
        kind instanceof Waves waves
            ? turns(waves, places, points, (last - first) / LABELS_A_TURN)
            : new double[0];
    Functions functions =
        kind instanceof Waves waves
            ? t -> waves(t, turns, waves.axis())
            : t -> spline(t, kind.functions());
    double[][] values = Arrays.stream(places).mapToObj(functions::at).toArray(double[][]::new);
    double[][] coefficients =
        new QRDecomposition(new Array2DRowRealMatrix(values, false))
            .getSolver()
            .solve(new Array2DRowRealMatrix(points, false))
            .getData();
    return new CurveFit(first, last, turns, functions, coefficients);
  }

  private static double[] waves(double t, double[] turns, boolean axis) {
    double[] values = new double[1 + 2 * turns.length + (axis ? 1 : 0)];
    values[0] = 1;
    for (int k = 0; k < turns.length; k++) {
      values[1 + 2 * k] = Math.cos(2 * Math.PI * turns[k] * t);
      values[2 + 2 * k] = Math.sin(2 * Math.PI * turns[k] * t);
    }
    if (axis) {
      values[values.length - 1] = 2 * t - 1;
    }
    return values;
  }

  /** 1, t, and d_j − d_last, d_j the difference of two cut cubes: Hastie et al., eq. 5.4 f. */
  private static double[] spline(double t, int knots) {
    double[] values = new double[knots];
    values[0] = 1;
    values[1] = t;
    for (int j = 0; j + 2 < knots; j++) {
      values[j + 2] = cut(t, j, knots) - cut(t, knots - 2, knots);
    }
    return values;
  }

  private static double cut(double t, int knot, int knots) {
    double at = knot / (knots - 1.0);
    return (Math.pow(Math.max(0, t - at), 3) - Math.pow(Math.max(0, t - 1), 3)) / (1 - at);
  }

  private static double[] turns(Waves waves, double[] places, double[][] points, int most) {
    List<Double> found = new ArrayList<>();
    for (int k = 0; k < waves.count(); k++) {
      found.add(best(waves, found, LOWEST, most, STEP, places, points));
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (int k = 0; k < found.size(); k++) {
        double now = found.remove(k);
        boolean coarse = round < ROUNDS / 2;
        found.add(
            k,
            coarse
                ? best(waves, found, LOWEST, most, STEP, places, points)
                : best(
                    waves, found, Math.max(LOWEST, now - STEP), now + STEP, FINE, places, points));
      }
    }
    return found.stream().mapToDouble(turn -> turn).toArray();
  }

  /** The frequency that leaves least beside others. */
  private static double best(
      Waves waves,
      List<Double> others,
      double from,
      double to,
      double step,
      double[] places,
      double[][] points) {
    double best = Double.NaN;
    double most = Double.NEGATIVE_INFINITY;
    double[] turns = new double[others.size() + 1];
    for (int k = 0; k < others.size(); k++) {
      turns[k] = others.get(k);
    }
    for (int i = 0; from + i * step <= to + 1e-9; i++) {
      double turn = from + i * step;
      if (others.stream().allMatch(other -> Math.abs(other - turn) > APART)) {
        turns[others.size()] = turn;
        double explained = explained(turns, waves.axis(), places, points);
        if (explained > most) {
          most = explained;
          best = turn;
        }
      }
    }
    if (Double.isNaN(best)) {
      throw new IllegalArgumentException(
          "curve fit: got "
              + waves
              + " for "
              + places.length
              + " points, expected fewer, as a turn takes "
              + LABELS_A_TURN
              + " labels and frequencies are apart");
    }
    return best;
  }

  /** ‖Qᵀ X‖² with Q an orthonormal basis of the functions: Σ X² minus what is left. */
  private static double explained(
      double[] turns, boolean axis, double[] places, double[][] points) {
    int m = places.length;
    int d = points[0].length;
    double[][] columns = new double[1 + 2 * turns.length + (axis ? 1 : 0)][m];
    for (int i = 0; i < m; i++) {
      double[] row = waves(places[i], turns, axis);
      for (int j = 0; j < row.length; j++) {
        columns[j][i] = row[j];
      }
    }
    double sum = 0;
    for (int j = 0; j < columns.length; j++) {
      double[] column = columns[j];
      for (int again = 0; again < 2; again++) { // Gram and Schmidt, twice is enough
        for (int k = 0; k < j; k++) {
          double product = 0;
          for (int i = 0; i < m; i++) {
            product += columns[k][i] * column[i];
          }
          for (int i = 0; i < m; i++) {
            column[i] -= product * columns[k][i];
          }
        }
      }
      double norm = Math.sqrt(Arrays.stream(column).map(x -> x * x).sum());
      double[] along = new double[d];
      for (int i = 0; i < m; i++) {
        column[i] /= norm;
        for (int c = 0; c < d; c++) {
          along[c] += column[i] * points[i][c];
        }
      }
      sum += Arrays.stream(along).map(x -> x * x).sum();
    }
    return sum;
  }

  /** The frequencies, in turns from the first label to the last; none of a spline. */
  public double[] turns() {
    return turns.clone();
  }

  /** The point that it has at a label, [d]. */
  public double[] at(int label) {
    double[] values = functions.at((label - first) / (double) (last - first));
    double[] point = new double[coefficients[0].length];
    for (int j = 0; j < values.length; j++) {
      for (int c = 0; c < point.length; c++) {
        point[c] += values[j] * coefficients[j][c];
      }
    }
    return point;
  }

  /**
   * The share of the variance that is foretold: 1 − Σ‖x − x̂‖² / Σ‖x − x̄‖², each point by what was
   * fitted to the other folds, frequencies too, x̄ their mean.
   *
   * @param points [m, d]
   * @param labels [m], ascending
   * @param folds of the m points
   * @return at most 1; below 0 where the mean foretells better
   */
  public static double heldOut(Kind kind, INDArray points, int[] labels, Folds folds) {
    double[][] all = Matrices.of("curve fit", points).getData();
    Matrices.requireSameRows("curve fit", Matrices.of("curve fit", points), folds.rows(), "rows");
    double left = 0;
    double total = 0;
    for (int fold = 0; fold < folds.count(); fold++) {
      int[] known = folds.outside(fold);
      double[][] fitted = Arrays.stream(known).mapToObj(i -> all[i]).toArray(double[][]::new);
      CurveFit fit =
          of(
              kind,
              fitted,
              Arrays.stream(known).map(i -> labels[i]).toArray(),
              labels[0],
              labels[labels.length - 1]);
      for (int i : folds.inside(fold)) {
        double[] told = fit.at(labels[i]);
        for (int c = 0; c < told.length; c++) {
          int column = c;
          double mean =
              Arrays.stream(fitted).mapToDouble(row -> row[column]).average().orElseThrow();
          left += Math.pow(all[i][c] - told[c], 2);
          total += Math.pow(all[i][c] - mean, 2);
        }
      }
    }
    return 1 - left / total;
  }
}
