package org.grokscope.geometry;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A number read off activations along a straight line: ŷ = b + x·w, where (b, w) minimise Σ (y − b
 * − x·w)² + λ‖w‖² (ridge regression; the offset is free).
 */
public final class LinearProbe {
  private final double[] weights; // (d)
  private final double offset;

  private LinearProbe(double[] weights, double offset) {
    this.weights = weights;
    this.offset = offset;
  }

  /**
   * Fits a probe.
   *
   * @param points [n, d]
   * @param values [n], what to read
   * @param ridge λ ≥ 0, in units of a squared activation times n
   */
  public static LinearProbe fit(INDArray points, double[] values, double ridge) {
    RealMatrix x = Matrices.of("linear probe", points);
    check(x, values, ridge);
    return fit(x, values, ridge);
  }

  private static LinearProbe fit(RealMatrix x, double[] values, double ridge) {
    double[] mean = Matrices.mean(x);
    double meanValue = Arrays.stream(values).average().orElseThrow();
    RealMatrix centred = Matrices.minus(x, mean);
    double[] rest = Arrays.stream(values).map(value -> value - meanValue).toArray();
    RealMatrix gram = centred.transpose().multiply(centred);
    double scale = gram.getTrace() / mean.length;
    for (int j = 0; j < mean.length; j++) {
      gram.addToEntry(j, j, ridge);
    }
    try {
      double[] weights =
          new CholeskyDecomposition(gram, 1e-9, 1e-12 * scale)
              .getSolver()
              .solve(new ArrayRealVector(centred.transpose().operate(rest)))
              .toArray();
      double offset = meanValue;
      for (int j = 0; j < weights.length; j++) {
        offset -= weights[j] * mean[j];
      }
      return new LinearProbe(weights, offset);
    } catch (NonPositiveDefiniteMatrixException e) {
      throw new IllegalArgumentException(
          "linear probe: the points of shape "
              + Matrices.shape(x)
              + " do not fix "
              + mean.length
              + " weights with a ridge of "
              + ridge
              + ", expected more points or a larger ridge",
          e);
    }
  }

  /**
   * How well probes read the points that they were not fitted to.
   *
   * @param points [n, d]
   * @param values [n]
   * @param ridge λ ≥ 0
   * @param folds of the n rows
   */
  public static Score crossValidate(INDArray points, double[] values, double ridge, Folds folds) {
    RealMatrix x = Matrices.of("linear probe", points);
    check(x, values, ridge);
    Matrices.requireSameRows("linear probe", x, folds.rows(), "rows of folds");
    double[] predicted = new double[values.length];
    for (int fold = 0; fold < folds.count(); fold++) {
      int[] known = folds.outside(fold);
      LinearProbe probe =
          fit(rows(x, known), Arrays.stream(known).mapToDouble(i -> values[i]).toArray(), ridge);
      for (int i : folds.inside(fold)) {
        predicted[i] = probe.predict(x.getRow(i));
      }
    }
    return Score.of(values, predicted);
  }

  static RealMatrix rows(RealMatrix matrix, int[] rows) {
    double[][] chosen = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      chosen[i] = matrix.getRow(rows[i]);
    }
    return new Array2DRowRealMatrix(chosen, false);
  }

  private static void check(RealMatrix x, double[] values, double ridge) {
    Matrices.requireSameRows("linear probe", x, values.length, "values");
    if (!(ridge >= 0 && ridge < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "linear probe: got a ridge of " + ridge + ", expected a number of at least 0");
    }
    double first = values[0];
    if (Arrays.stream(values).allMatch(value -> value == first)
        || !Arrays.stream(values).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "linear probe: got values that are all alike or not finite, expected numbers that vary");
    }
  }

  /** The direction w, [d]. */
  public INDArray weights() {
    return Matrices.array(weights);
  }

  /** The offset b. */
  public double offset() {
    return offset;
  }

  /** b + X w, [m]. */
  public INDArray predict(INDArray points) {
    RealMatrix x = Matrices.of("linear probe", points);
    if (x.getColumnDimension() != weights.length) {
      throw new IllegalArgumentException(
          "linear probe: got points of shape "
              + Matrices.shape(x)
              + ", expected "
              + weights.length
              + " columns, as it was fitted to");
    }
    double[] predicted = new double[x.getRowDimension()];
    Arrays.setAll(predicted, i -> predict(x.getRow(i)));
    return Matrices.array(predicted);
  }

  private double predict(double[] point) {
    double sum = offset;
    for (int j = 0; j < weights.length; j++) {
      sum += weights[j] * point[j];
    }
    return sum;
  }

  /**
   * How well values were read.
   *
   * @param r2 1 − Σ(y − ŷ)² / Σ(y − mean y)², over all points; below 0 if the mean reads better
   * @param rootMeanSquaredError √ of the mean of (y − ŷ)²
   */
  public record Score(double r2, double rootMeanSquaredError) {
    static Score of(double[] values, double[] predicted) {
      double mean = Arrays.stream(values).average().orElseThrow();
      double missed = 0;
      double total = 0;
      for (int i = 0; i < values.length; i++) {
        missed += Math.pow(values[i] - predicted[i], 2);
        total += Math.pow(values[i] - mean, 2);
      }
      return new Score(1 - missed / total, Math.sqrt(missed / values.length));
    }
  }
}
