package org.grokscope.line;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.Procrustes;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Adding as turning: the one rotation about the common mean that best moves every point of a curve
 * to the one that lies {@code shift} labels on (E11).
 *
 * <p>X holds B(μ(i) − m) for every label i that has a partner i + shift, Y that of the partner; R
 * minimises ‖Y − X R‖² over rotations, without any translation, and the residual is ‖Y − X R‖² /
 * ‖Y‖². On a circle in even steps it is 0 for every shift; on a straight line through its mean it
 * is not, since a translation is no rotation.
 */
public final class ShiftRotation {
  private final Procrustes fit;
  private final int pairs;

  private ShiftRotation(Procrustes fit, int pairs) {
    this.fit = fit;
    this.pairs = pairs;
  }

  /**
   * The rotation for one shift.
   *
   * @param manifold of at least two labels that are {@code shift} apart
   * @param shift in labels, not 0; may be negative
   * @param basis [k, d], orthonormal rows: the subspace that is turned
   * @throws IllegalArgumentException if no two labels are so far apart
   */
  public static ShiftRotation of(Manifold manifold, int shift, INDArray basis) {
    int[] labels = manifold.labels();
    List<Integer> from = new ArrayList<>();
    List<Integer> to = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      int partner = Arrays.binarySearch(labels, labels[i] + shift);
      if (partner >= 0 && shift != 0) {
        from.add(i);
        to.add(partner);
      }
    }
    if (from.isEmpty()) {
      throw new IllegalArgumentException(
          "shift rotation: got a shift of "
              + shift
              + " for labels "
              + labels[0]
              + " … "
              + labels[labels.length - 1]
              + ", expected one that leads from a label to another, and not 0");
    }
    INDArray means = manifold.means();
    INDArray scores = means.subRowVector(means.mean(0)).mmul(basis.transpose()); // (m, k)
    INDArray x = scores.getRows(from.stream().mapToInt(Integer::intValue).toArray());
    INDArray y = scores.getRows(to.stream().mapToInt(Integer::intValue).toArray());
    // with every point's opposite the means are 0, so that nothing is translated
    Procrustes fit =
        Procrustes.fit(
            Nd4j.vstack(x, x.neg()),
            Nd4j.vstack(y, y.neg()),
            Procrustes.Scale.FIXED,
            Procrustes.Mirror.FORBIDDEN);
    return new ShiftRotation(fit, from.size());
  }

  /**
   * Whether turning composes, as adding does: ‖R(s) R(s) − R(2s)‖ / ‖R(2s)‖ with the rotations for
   * one shift and for twice as much. 0 on a circle in even steps.
   *
   * @param manifold with labels that are twice the shift apart
   * @param shift s, in labels
   * @param basis [k, d], orthonormal rows
   */
  public static double compositionError(Manifold manifold, int shift, INDArray basis) {
    INDArray once = of(manifold, shift, basis).rotation();
    INDArray twice = of(manifold, 2 * shift, basis).rotation();
    return once.mmul(once).sub(twice).norm2Number().doubleValue()
        / twice.norm2Number().doubleValue();
  }

  /** R, [k, k], applied to rows from the right. */
  public INDArray rotation() {
    return fit.rotation();
  }

  /** ‖Y − X R‖² / ‖Y‖²: 0 if shifting is turning. */
  public double residual() {
    return fit.residual();
  }

  /** How many pairs of labels it was fitted to. */
  public int pairs() {
    return pairs;
  }
}
