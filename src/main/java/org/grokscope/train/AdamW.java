package org.grokscope.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grokscope.model.ParameterLayout;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), in float32 as PyTorch's: θ ← θ (1
 * − ηλ); m ← β₁ m + (1−β₁) g; v ← β₂ v + (1−β₂) g²; θ ← θ − η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε), t
 * counted from 1.
 *
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squared gradients
 * @param epsilon added to the root of the mean square
 */
public record AdamW(double beta1, double beta2, double epsilon) implements Optimiser {
  /** As published with Nanda et al. (2023): betas .9 and .98; PyTorch's ε, 1e-8. */
  public static final AdamW USUAL = new AdamW(0.9, 0.98, 1e-8);

  public AdamW {
    Requirement.that(beta1 >= 0 && beta1 < 1, "beta1", beta1, "0 ≤ beta1 < 1");
    Requirement.that(beta2 >= 0 && beta2 < 1, "beta2", beta2, "0 ≤ beta2 < 1");
    Requirement.that(epsilon > 0 && epsilon < 1, "epsilon", epsilon, "0 < epsilon < 1");
  }

  @Override
  public String label() {
    return "adamw";
  }

  @Override
  public Map<String, Double> settings() {
    Map<String, Double> settings = new LinkedHashMap<>();
    settings.put("beta1", beta1);
    settings.put("beta2", beta2);
    settings.put("epsilon", epsilon);
    return settings;
  }

  @Override
  public List<String> state() {
    return List.of("mean", "square");
  }

  @Override
  public void update(Update update) {
    update.layout().slots().forEach(slot -> update(update, slot));
  }

  /** The update of one parameter. */
  void update(Update update, ParameterLayout.Slot slot) {
    float step = (float) (update.rate() / (1 - Math.pow(beta1, update.number())));
    float correction = (float) (1 / Math.sqrt(1 - Math.pow(beta2, update.number())));
    step(
        update.parameters(),
        update.gradients(),
        update.state("mean"),
        update.state("square"),
        slot.offset(),
        slot.offset() + slot.length(),
        update.kept(slot),
        step,
        correction,
        (float) beta1,
        (float) (1 - beta1),
        (float) beta2,
        (float) (1 - beta2),
        (float) epsilon);
  }

  private static void step(
      float[] theta,
      float[] g,
      float[] m,
      float[] v,
      int from,
      int to,
      float keep,
      float step,
      float correction,
      float beta1,
      float oneMinusBeta1,
      float beta2,
      float oneMinusBeta2,
      float epsilon) {
    for (int k = from; k < to; k++) {
      float mk = beta1 * m[k] + oneMinusBeta1 * g[k];
      float vk = beta2 * v[k] + oneMinusBeta2 * g[k] * g[k];
      m[k] = mk;
      v[k] = vk;
      theta[k] = theta[k] * keep - step * mk / ((float) Math.sqrt(vk) * correction + epsilon);
    }
  }
}
