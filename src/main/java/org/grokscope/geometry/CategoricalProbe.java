package org.grokscope.geometry;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A label read off activations by linear discriminants: the nearest mean, in the metric of what
 * varies within a label.
 *
 * <p>With means μ<sub>c</sub>, shares π<sub>c</sub> and the covariance within labels Σ, the score
 * of label c is x·Σ<sub>λ</sub>⁻¹μ<sub>c</sub> − ½ μ<sub>c</sub>·Σ<sub>λ</sub>⁻¹μ<sub>c</sub> + ln
 * π<sub>c</sub>, Σ<sub>λ</sub> = (1 − λ) Σ + λ (tr Σ / d) 1; its probability is the softmax of the
 * scores. λ = 0 is Fisher's discriminant, λ = 1 the nearest mean in the plain distance. Where
 * nothing varies within labels, Σ<sub>λ</sub> = 1.
 */
public final class CategoricalProbe {
  /** What rounding leaves of a variance that is 0, relative to the variance of all points. */
  private static final double ROUNDING = 1e-24;

  private final int[] labels; // (c), ascending
  private final RealMatrix directions; // (c, d), Σ⁻¹μ
  private final double[] offsets; // (c)

  private CategoricalProbe(int[] labels, RealMatrix directions, double[] offsets) {
    this.labels = labels;
    this.directions = directions;
    this.offsets = offsets;
  }

  /**
   * Fits a probe.
   *
   * @param points [n, d]
   * @param labels [n], at least two different ones
   * @param shrinkage λ, 0 … 1
   */
  public static CategoricalProbe fit(INDArray points, int[] labels, double shrinkage) {
    RealMatrix x = Matrices.of("categorical probe", points);
    check(x, labels, shrinkage);
    return fit(x, labels, shrinkage);
  }

  private static CategoricalProbe fit(RealMatrix x, int[] labels, double shrinkage) {
    Manifold manifold = Manifold.of(Matrices.array(x), labels);
    int[] classes = manifold.labels();
    int[] counts = manifold.counts();
    RealMatrix means = Matrices.of("categorical probe", manifold.means());
    int d = x.getColumnDimension();
    RealMatrix deviations = x.copy();
    for (int i = 0; i < labels.length; i++) {
      int c = Arrays.binarySearch(classes, labels[i]);
      deviations.setRowVector(i, x.getRowVector(i).subtract(means.getRowVector(c)));
    }
    RealMatrix within =
        deviations.transpose().multiply(deviations).scalarMultiply(1.0 / labels.length);
    double spread = within.getTrace() / d;
    RealMatrix metric =
        within.getTrace() > ROUNDING * Matrices.squared(x) / labels.length
            ? within
                .scalarMultiply(1 - shrinkage)
                .add(MatrixUtils.createRealIdentityMatrix(d).scalarMultiply(shrinkage * spread))
            : MatrixUtils.createRealIdentityMatrix(d);
    RealMatrix directions = solve(metric, means, spread);
    double[] offsets = new double[classes.length];
    for (int c = 0; c < offsets.length; c++) {
      offsets[c] =
          Math.log((double) counts[c] / labels.length)
              - means.getRowVector(c).dotProduct(directions.getRowVector(c)) / 2;
    }
    return new CategoricalProbe(classes, directions, offsets);
  }

  private static RealMatrix solve(RealMatrix metric, RealMatrix means, double spread) {
    try {
      return new CholeskyDecomposition(metric, 1e-9, 1e-12 * spread)
          .getSolver()
          .solve(means.transpose())
          .transpose();
    } catch (NonPositiveDefiniteMatrixException e) {
      throw new IllegalArgumentException(
          "categorical probe: what varies within labels does not fill the "
              + metric.getRowDimension()
              + " dimensions, expected more points or a shrinkage above 0, such as 0.01",
          e);
    }
  }

  /**
   * How well probes read the points that they were not fitted to.
   *
   * @param points [n, d]
   * @param labels [n]
   * @param shrinkage λ, 0 … 1
   * @param folds of the n rows
   */
  public static Score crossValidate(INDArray points, int[] labels, double shrinkage, Folds folds) {
    RealMatrix x = Matrices.of("categorical probe", points);
    check(x, labels, shrinkage);
    Matrices.requireSameRows("categorical probe", x, folds.rows(), "rows of folds");
    int[] classes = Arrays.stream(labels).distinct().sorted().toArray();
    double[][] probabilities = new double[labels.length][classes.length];
    for (int fold = 0; fold < folds.count(); fold++) {
      int[] known = folds.outside(fold);
      int[] knownLabels = Arrays.stream(known).map(i -> labels[i]).toArray();
      requireTwo(knownLabels);
      CategoricalProbe probe = fit(LinearProbe.rows(x, known), knownLabels, shrinkage);
      for (int i : folds.inside(fold)) {
        double[] read = probe.probabilities(x.getRow(i));
        for (int c = 0; c < read.length; c++) {
          probabilities[i][Arrays.binarySearch(classes, probe.labels[c])] = read[c];
        }
      }
    }
    return Score.of(labels, classes, probabilities);
  }

  private static void check(RealMatrix x, int[] labels, double shrinkage) {
    Matrices.requireSameRows("categorical probe", x, labels.length, "labels");
    requireTwo(labels);
    if (!(shrinkage >= 0 && shrinkage <= 1)) {
      throw new IllegalArgumentException(
          "categorical probe: got a shrinkage of " + shrinkage + ", expected 0 … 1, such as 0.01");
    }
  }

  private static void requireTwo(int[] labels) {
    if (Arrays.stream(labels).distinct().limit(2).count() < 2) {
      throw new IllegalArgumentException(
          "categorical probe: got the label "
              + labels[0]
              + " alone, expected at least two different ones (in every fold's complement)");
    }
  }

  /** The labels, ascending; a copy. */
  public int[] labels() {
    return labels.clone();
  }

  /** The directions Σ<sub>λ</sub>⁻¹μ<sub>c</sub>, [c, d], in the order of the labels. */
  public INDArray directions() {
    return Matrices.array(directions);
  }

  /** The label of highest score of every point, [m]. */
  public int[] predict(INDArray points) {
    RealMatrix x = fitting(points);
    int[] predicted = new int[x.getRowDimension()];
    Arrays.setAll(predicted, i -> labels[largest(probabilities(x.getRow(i)))]);
    return predicted;
  }

  /** The probability of every label at every point, [m, c], in the order of the labels. */
  public INDArray probabilities(INDArray points) {
    RealMatrix x = fitting(points);
    double[][] read = new double[x.getRowDimension()][];
    Arrays.setAll(read, i -> probabilities(x.getRow(i)));
    return Matrices.array(new Array2DRowRealMatrix(read, false));
  }

  private RealMatrix fitting(INDArray points) {
    RealMatrix x = Matrices.of("categorical probe", points);
    if (x.getColumnDimension() != directions.getColumnDimension()) {
      throw new IllegalArgumentException(
          "categorical probe: got points of shape "
              + Matrices.shape(x)
              + ", expected "
              + directions.getColumnDimension()
              + " columns, as it was fitted to");
    }
    return x;
  }

  private double[] probabilities(double[] point) {
    double[] scores = directions.operate(point);
    Arrays.setAll(scores, c -> scores[c] + offsets[c]);
    double highest = Arrays.stream(scores).max().orElseThrow();
    double[] weights = Arrays.stream(scores).map(score -> Math.exp(score - highest)).toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / sum).toArray();
  }

  private static int largest(double[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }

  /**
   * The area under the curve of hits against false alarms: the chance that a positive point scores
   * above a negative one, a tie counting half.
   *
   * @param scores [n]
   * @param positive [n], with both kinds in it
   */
  public static double areaUnderCurve(double[] scores, boolean[] positive) {
    double[] ranks = new NaturalRanking().rank(scores);
    double rankSum = 0;
    long positives = 0;
    for (int i = 0; i < scores.length; i++) {
      rankSum += positive[i] ? ranks[i] : 0;
      positives += positive[i] ? 1 : 0;
    }
    long negatives = scores.length - positives;
    if (positives == 0 || negatives == 0) {
      throw new IllegalArgumentException(
          "area under curve: got "
              + positives
              + " positive and "
              + negatives
              + " negative points, expected some of both");
    }
    return (rankSum - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
  }

  /**
   * How well labels were read.
   *
   * @param accuracy share of points whose label was of highest score
   * @param auc area under the curve of each label's probability against all other labels, averaged
   *     over the labels; for two labels it is the usual one
   * @param meanDistance mean of |label read − label|: how far off, where labels are counts
   */
  public record Score(double accuracy, double auc, double meanDistance) {
    static Score of(int[] labels, int[] classes, double[][] probabilities) {
      double right = 0;
      double distance = 0;
      for (int i = 0; i < labels.length; i++) {
        int read = classes[largest(probabilities[i])];
        right += read == labels[i] ? 1 : 0;
        distance += Math.abs(read - labels[i]);
      }
      double auc = 0;
      for (int c = 0; c < classes.length; c++) {
        double[] scores = new double[labels.length];
        boolean[] positive = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
          scores[i] = probabilities[i][c];
          positive[i] = labels[i] == classes[c];
        }
        auc += areaUnderCurve(scores, positive) / classes.length;
      }
      return new Score(right / labels.length, auc, distance / labels.length);
    }
  }
}
