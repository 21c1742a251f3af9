package org.grokscope.model;

/**
 * What bounds the scores of a layer's heads.
 *
 * <pre>
 *   s = q·k/√d_head,  or with QK-norm  s = qkNorm · (q/|q|)·(k/|k|)
 *   s ← softCap · tanh(s / softCap)
 * </pre>
 *
 * <p>Lengths are |q| = √(Σq² + d_head ε), ε = 1e-5. Slopes and views act behind both. Sources:
 * Henry et al. 2020, "Query-Key Normalization for Transformers", here with a fixed scale; Gemma
 * Team 2024 for soft caps.
 *
 * @param qkNorm the largest score that a head can give; {@link #NO_NORM} where queries and keys
 *     have the lengths that they have
 * @param softCap what no score can pass; {@link #NO_CAP} for none
 */
public record ScoreBounds(double qkNorm, double softCap) {
  /** Queries and keys as they are. */
  public static final double NO_NORM = 0;

  /** Scores as they are. */
  public static final double NO_CAP = Double.POSITIVE_INFINITY;

  /** Nothing bounds them. */
  public static final ScoreBounds NONE = new ScoreBounds(NO_NORM, NO_CAP);

  public ScoreBounds {
    if (!(qkNorm >= 0 && qkNorm < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "score bounds: got a QK-norm of scale "
              + qkNorm
              + ", expected a finite number above 0, such as 10, or 0 for none");
    }
    if (!(softCap > 0)) {
      throw new IllegalArgumentException(
          "score bounds: got a soft cap of "
              + softCap
              + ", expected a number above 0, such as 20, or infinity for none");
    }
  }

  /** Whether queries and keys are normalised. */
  public boolean normed() {
    return qkNorm != NO_NORM;
  }

  /** Whether scores are capped. */
  public boolean capped() {
    return softCap != NO_CAP;
  }

  /** Whether nothing bounds the scores. */
  public boolean absent() {
    return !normed() && !capped();
  }

  /** What q·k is multiplied by, q and k being of mean square 1 each where they are normalised. */
  double scale(int dHead) {
    return normed() ? qkNorm / dHead : 1 / Math.sqrt(dHead);
  }
}
