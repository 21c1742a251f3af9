package org.grokscope.model;

/**
 * What the residual stream goes through behind a layer, at the site {@code
 * blocks.N.hook_resid_post}, before the next layer or the unembedding reads it:
 *
 * <pre>
 *   x ← x / √(mean(x²) + ε)  if rmsNorm,   x ← x + noise · e,  e ~ N(0, 1) in training, 0 elsewhere
 * </pre>
 *
 * <p>With both, a place of the stream has a bounded norm, √d_model, and has to be told from others
 * through noise: what is written there has to trade capacity against resolution.
 *
 * @param rmsNorm whether the stream itself is normalised (RMSNorm without scales, Zhang and
 *     Sennrich 2019; ε = 1e-5)
 * @param noise σ, the standard deviation of what is added to each of its numbers while the model
 *     learns; 0 for none
 */
public record Site(boolean rmsNorm, double noise) {
  /** Nothing happens. */
  public static final Site NONE = new Site(false, 0);

  public Site {
    if (!(noise >= 0 && noise < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "site: got noise of σ = " + noise + ", expected 0 or more and finite, such as 0.3");
    }
  }

  /** A norm, and noise behind it. */
  public static Site normed(double noise) {
    return new Site(true, noise);
  }

  /** The same with other noise. */
  public Site withNoise(double value) {
    return new Site(rmsNorm, value);
  }

  /** Whether anything happens. */
  public boolean present() {
    return rmsNorm || noise > 0;
  }
}
