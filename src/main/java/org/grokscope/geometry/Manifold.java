package org.grokscope.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean activation of every label, in ascending order of the labels: for the count of characters
 * a curve.
 *
 * <p>Where something else varies with the label, such as the word that stands at a count, its
 * additive effect can be taken out: the model x<sub>i</sub> = a(label<sub>i</sub>) + Σ<sub>f</sub>
 * b<sub>f</sub>(level<sub>if</sub>) + noise is fitted by least squares, with Σ<sub>i</sub>
 * b<sub>f</sub>(level<sub>if</sub>) = 0 for each factor f, and the means are a. With no factor a is
 * the plain mean.
 */
public final class Manifold {
  private final int[] labels; // (m), ascending
  private final int[] counts; // (m), points of each label
  private final INDArray means; // (m, d)
  private final double betweenShare;

  private Manifold(int[] labels, int[] counts, INDArray means, double betweenShare) {
    this.labels = labels;
    this.counts = counts;
    this.means = means;
    this.betweenShare = betweenShare;
  }

  /**
   * The means by label.
   *
   * @param activations [n, d]
   * @param labels [n]
   */
  public static Manifold of(INDArray activations, int[] labels) {
    return adjusted(activations, labels, List.of());
  }

  /**
   * The means by label, without the additive effect of other factors.
   *
   * @param activations [n, d]
   * @param labels [n]
   * @param factors [n] each, such as the token at every row
   * @throws IllegalArgumentException if a factor cannot be told from the label or another factor
   */
  public static Manifold adjusted(INDArray activations, int[] labels, List<int[]> factors) {
    RealMatrix points = Matrices.of("manifold", activations);
    Matrices.requireSameRows("manifold", points, labels.length, "labels");
    List<int[]> columns = new ArrayList<>();
    int[] levels = distinct(labels);
    columns.add(indices(labels, levels));
    int width = levels.length;
    for (int[] factor : factors) {
      Matrices.requireSameRows("manifold", points, factor.length, "levels of a factor");
      int[] factorLevels = distinct(factor);
      int offset = width - 1; // level 0 of a factor is the reference and has no column
      columns.add(
          Arrays.stream(indices(factor, factorLevels))
              .map(level -> level == 0 ? -1 : offset + level)
              .toArray());
      width += factorLevels.length - 1;
    }
    double[][] effects = solve(points, columns, width);
    int[] counts = new int[levels.length];
    for (int index : columns.get(0)) {
      counts[index]++;
    }
    double[][] means = Arrays.copyOf(effects, levels.length);
    for (int[] column : columns.subList(1, columns.size())) {
      addMeanEffect(means, effects, column);
    }
    RealMatrix result = new Array2DRowRealMatrix(means, false);
    return new Manifold(
        levels, counts, Matrices.array(result), betweenShare(points, result, columns, effects));
  }

  /** Solves the normal equations of the indicator columns, [width, d]. */
  private static double[][] solve(RealMatrix points, List<int[]> columns, int width) {
    double[][] gram = new double[width][width];
    double[][] right = new double[width][points.getColumnDimension()];
    for (int i = 0; i < points.getRowDimension(); i++) {
      for (int[] a : columns) {
        if (a[i] < 0) {
          continue;
        }
        for (int[] b : columns) {
          if (b[i] >= 0) {
            gram[a[i]][b[i]]++;
          }
        }
        for (int j = 0; j < right[0].length; j++) {
          right[a[i]][j] += points.getEntry(i, j);
        }
      }
    }
    try {
      // pivots of whole numbers: one below 1e-9 is a rounded 0
      return new CholeskyDecomposition(new Array2DRowRealMatrix(gram, false), 1e-12, 1e-9)
          .getSolver()
          .solve(new Array2DRowRealMatrix(right, false))
          .getData();
    } catch (NonPositiveDefiniteMatrixException e) {
      throw new IllegalArgumentException(
          "manifold: got factors that cannot be told from the label or from each other, expected"
              + " levels that occur with several labels; use more points or leave a factor out",
          e);
    }
  }

  /** Moves a factor's mean effect over the points into the label's. */
  private static void addMeanEffect(double[][] means, double[][] effects, int[] column) {
    double[] mean = new double[means[0].length];
    for (int row : column) {
      for (int j = 0; row >= 0 && j < mean.length; j++) {
        mean[j] += effects[row][j] / column.length;
      }
    }
    for (int m = 0; m < means.length; m++) {
      double[] shifted = means[m].clone();
      Arrays.setAll(shifted, j -> shifted[j] + mean[j]);
      means[m] = shifted;
    }
  }

  /** Σ_i |a(label_i) − mean a|² / (the same + Σ_i |residual_i|²). */
  private static double betweenShare(
      RealMatrix points, RealMatrix means, List<int[]> columns, double[][] effects) {
    int[] label = columns.get(0);
    int n = points.getRowDimension();
    double[] centre = new double[points.getColumnDimension()];
    for (int index : label) {
      for (int j = 0; j < centre.length; j++) {
        centre[j] += means.getEntry(index, j) / n;
      }
    }
    double between = 0;
    double within = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < centre.length; j++) {
        double fitted = 0;
        for (int[] column : columns) {
          fitted += column[i] < 0 ? 0 : effects[column[i]][j];
        }
        double distance = means.getEntry(label[i], j) - centre[j];
        double residual = points.getEntry(i, j) - fitted;
        between += distance * distance;
        within += residual * residual;
      }
    }
    return between / (between + within);
  }

  private static int[] distinct(int[] values) {
    return Arrays.stream(values).distinct().sorted().toArray();
  }

  private static int[] indices(int[] values, int[] levels) {
    return Arrays.stream(values).map(value -> Arrays.binarySearch(levels, value)).toArray();
  }

  /** The labels, [m] ascending; a copy. */
  public int[] labels() {
    return labels.clone();
  }

  /** The mean of every label, [m, d], in the order of {@link #labels()}. */
  public INDArray means() {
    return means.dup();
  }

  /** How many points of each label there were, [m]; a copy. */
  public int[] counts() {
    return counts.clone();
  }

  /**
   * The mean of one label, [d].
   *
   * @throws IllegalArgumentException if no point had it
   */
  public INDArray mean(int label) {
    int index = Arrays.binarySearch(labels, label);
    if (index < 0) {
      throw new IllegalArgumentException(
          "manifold: got the label "
              + label
              + ", expected one of the "
              + labels.length
              + " on it, "
              + labels[0]
              + " … "
              + labels[labels.length - 1]
              + "; take more points or another label");
    }
    return means.getRow(index).dup();
  }

  /**
   * The share of the variance that lies between the labels, the factors' own taken out: 1 where
   * label and factors say everything.
   */
  public double betweenShare() {
    return betweenShare;
  }

  /**
   * The part of the manifold whose labels are in a range and have enough points.
   *
   * @param first smallest label to keep
   * @param last largest label to keep
   * @param least points that a label needs
   * @throws IllegalArgumentException if nothing is left
   */
  public Manifold between(int first, int last, int least) {
    int[] kept =
        IntStream.range(0, labels.length)
            .filter(i -> labels[i] >= first && labels[i] <= last && counts[i] >= least)
            .toArray();
    if (kept.length == 0) {
      throw new IllegalArgumentException(
          "manifold: got no label in "
              + first
              + " … "
              + last
              + " with at least "
              + least
              + " points, expected some of "
              + labels[0]
              + " … "
              + labels[labels.length - 1]
              + "; widen the range or ask for fewer points");
    }
    return new Manifold(
        Arrays.stream(kept).map(i -> labels[i]).toArray(),
        Arrays.stream(kept).map(i -> counts[i]).toArray(),
        means.getRows(kept),
        betweenShare);
  }

  /** The principal components of the means, each label counting once. */
  public PrincipalComponents principalComponents() {
    return PrincipalComponents.of(means);
  }

  /** The cosines of the means with one another. */
  public CosineMatrix cosines() {
    return CosineMatrix.of(means);
  }
}
