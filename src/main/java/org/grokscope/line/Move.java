package org.grokscope.line;

/**
 * How the count inside a subspace is changed from c to c'. P is the projection on the subspace, B
 * its basis, μ(c) the manifold, m the mean of the μ.
 */
public enum Move {
  /** x + P(μ(c') − x): what lies in the subspace is exchanged for the mean at c'. */
  SWAP,
  /** x + P(μ(c') − μ(c)): along the chord of the curve, all else in the subspace stays. */
  CHORD,
  /**
   * x + Bᵀ(R − 1)B(x − m): turned along the curve, with R the rotation for c' − c that best moves
   * every mean onto the one so many counts on, min ‖B(μ(i + δ) − m) − R B(μ(i) − m)‖ over i.
   */
  ROTATE,
  /**
   * x ± |P(μ(c') − μ(c))| u: straight on for as long as the chord, u the unit direction in the
   * subspace along which the means go with the count, Σ<sub>i</sub> (i − mean i) P(μ(i) − m), the
   * sign that of c' − c. Where the count is a line this is the chord; on a curve it leaves it.
   */
  STRAIGHT
}
