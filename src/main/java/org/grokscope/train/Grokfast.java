package org.grokscope.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Grokfast-EMA (Lee et al. 2024, "Grokfast: Accelerated Grokking by Amplifying Slow Gradients"):
 * what is slow in the gradient is added to it once more, and then {@link AdamW} goes on with it.
 *
 * <pre>
 *   s ← α s + (1−α) g, s = g at the first update,  g ← g + λ s
 * </pre>
 *
 * @param alpha α, how slow
 * @param amplification λ
 * @param beta1 of AdamW, and so the following
 * @param beta2 of AdamW
 * @param epsilon of AdamW
 */
public record Grokfast(
    double alpha, double amplification, double beta1, double beta2, double epsilon)
    implements Optimiser {
  /** α = .98 and λ = 2, as in the code published with it; the rest as {@link AdamW#USUAL}. */
  public static final Grokfast USUAL = new Grokfast(0.98, 2, 0.9, 0.98, 1e-8);

  private static final String SLOW = "slow";

  public Grokfast {
    Requirement.that(alpha >= 0 && alpha < 1, "alpha", alpha, "0 ≤ alpha < 1");
    Requirement.that(
        amplification >= 0 && Double.isFinite(amplification),
        "amplification",
        amplification,
        "0 or more");
    new AdamW(beta1, beta2, epsilon);
  }

  @Override
  public String label() {
    return "grokfast";
  }

  @Override
  public Map<String, Double> settings() {
    Map<String, Double> settings = new LinkedHashMap<>();
    settings.put("alpha", alpha);
    settings.put("amplification", amplification);
    settings.putAll(rest().settings());
    return settings;
  }

  private AdamW rest() {
    return new AdamW(beta1, beta2, epsilon);
  }

  @Override
  public List<String> state() {
    return List.of("mean", "square", SLOW);
  }

  @Override
  public void update(Update update) {
    float[] g = update.gradients();
    float[] slow = update.state(SLOW);
    float keep = update.number() == 1 ? 0 : (float) alpha;
    for (int k = 0; k < g.length; k++) {
      slow[k] = keep * slow[k] + (1 - keep) * g[k];
      g[k] += (float) amplification * slow[k];
    }
    rest().update(update);
  }
}
