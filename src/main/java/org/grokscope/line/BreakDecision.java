package org.grokscope.line;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.grokscope.geometry.CategoricalProbe;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.PrincipalAngles;
import org.grokscope.geometry.PrincipalComponents;
import org.grokscope.task.LineFact;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The decision in a plane: what remains on the line and the length of the next word lie in
 * directions that are perpendicular, so that one straight cut tells a word that fits from one that
 * does not (E8).
 *
 * <p>The additive model x = r(remaining) + ℓ(next length) + noise gives both curves without each
 * other's effect. Their sums r(i) + ℓ(j), a point for every pair, have principal components; real
 * activations are projected on the first of them and divided by a linear discriminant, fitted to
 * other documents than those it is asked on.
 */
public final class BreakDecision {
  private final LineActivations activations;
  private final Manifold remaining;
  private final Manifold nextLength;

  private BreakDecision(LineActivations activations, Manifold remaining, Manifold nextLength) {
    this.activations = activations;
    this.remaining = remaining;
    this.nextLength = nextLength;
  }

  /**
   * The decision at some positions.
   *
   * @param activations at decisions, such as those of {@code blocks.1.hook_resid_post}
   * @param mostRemaining characters that remain at the most: far from the edge nothing is decided
   * @param least rows that a value needs
   * @throws IllegalArgumentException if fewer than three values of either have so many rows
   */
  public static BreakDecision of(LineActivations activations, int mostRemaining, int least) {
    LineActivations near =
        activations
            .where(LineFact.REMAINING, 0, mostRemaining)
            .where(LineFact.NEXT_LENGTH, 0, Integer.MAX_VALUE);
    int[] remaining = near.facts(LineFact.REMAINING);
    int[] next = near.facts(LineFact.NEXT_LENGTH);
    INDArray values = near.values();
    Manifold byRemaining = Manifold.adjusted(values, remaining, List.of(next));
    Manifold byNext = Manifold.adjusted(values, next, List.of(remaining));
    return new BreakDecision(
        near,
        enough(byRemaining.between(0, mostRemaining, least), LineFact.REMAINING),
        enough(byNext.between(0, Integer.MAX_VALUE, least), LineFact.NEXT_LENGTH));
  }

  private static Manifold enough(Manifold manifold, LineFact fact) {
    if (manifold.labels().length < 3) {
      throw new IllegalArgumentException(
          "break decision: got "
              + manifold.labels().length
              + " values of "
              + fact
              + " with enough examples, expected at least 3; read more documents");
    }
    return manifold;
  }

  /** The curve of what remains, the next length's effect taken out. */
  public Manifold remaining() {
    return remaining;
  }

  /** The curve of the next length, the effect of what remains taken out. */
  public Manifold nextLength() {
    return nextLength;
  }

  /**
   * The angles in degrees between the first r principal components of one curve and those of the
   * other, ascending: 90 where they are perpendicular.
   *
   * @param r components of each, at most as many as the shorter curve has
   */
  public double[] angles(int r) {
    return PrincipalAngles.between(
            remaining.principalComponents().basis(r), nextLength.principalComponents().basis(r))
        .angles()
        .muli(180 / Math.PI)
        .toDoubleVector();
  }

  /** The principal components of all sums r(i) + ℓ(j). */
  public PrincipalComponents sums() {
    INDArray left = remaining.means();
    INDArray right = nextLength.means();
    INDArray[] rows =
        IntStream.range(0, (int) left.size(0))
            .mapToObj(i -> right.addRowVector(left.getRow(i)))
            .toArray(INDArray[]::new);
    return PrincipalComponents.of(Nd4j.vstack(rows));
  }

  /**
   * How well one straight cut in the first k components of the sums tells words that fit from those
   * that do not: the area under the curve, 1 if always, ½ if never.
   *
   * @param settings of the cut, cross-validated by documents
   */
  public double areaUnderCurve(int k, ProbeSettings settings) {
    return areaUnderCurve(sums().basis(k), settings);
  }

  /** The same in random subspaces of k dimensions, the control, [draws]. */
  public double[] randomAreas(int k, int draws, RandomGenerator random, ProbeSettings settings) {
    long d = activations.values().size(1);
    return IntStream.range(0, draws)
        .mapToDouble(draw -> areaUnderCurve(orthonormal(k, (int) d, random), settings))
        .toArray();
  }

  private double areaUnderCurve(INDArray basis, ProbeSettings settings) {
    return CategoricalProbe.crossValidate(
            activations.values().mmul(basis.transpose()),
            activations.facts(LineFact.MUST_BREAK),
            settings.shrinkage(),
            AbilityProbes.folds(activations, settings))
        .auc();
  }

  /** Rows of a random orthonormal basis, uniform over all subspaces, [k, d]. */
  static INDArray orthonormal(int k, int d, RandomGenerator random) {
    if (k < 1 || k > d) {
      throw new IllegalArgumentException(
          "random subspace: got " + k + " dimensions of " + d + ", expected 1 … " + d);
    }
    return orthonormalised(gaussian(k, d, random));
  }

  /** Independent normal numbers, [k, d]. */
  static INDArray gaussian(int k, int d, RandomGenerator random) {
    double[][] rows = new double[k][d];
    for (double[] row : rows) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    return Nd4j.createFromArray(rows);
  }

  /** The orthonormal rows nearest to independent ones, U Vᵀ of their singular vectors. */
  static INDArray orthonormalised(INDArray rows) {
    SingularValueDecomposition svd =
        new SingularValueDecomposition(new Array2DRowRealMatrix(rows.toDoubleMatrix(), false));
    return Nd4j.createFromArray(svd.getU().multiply(svd.getVT()).getData());
  }
}
