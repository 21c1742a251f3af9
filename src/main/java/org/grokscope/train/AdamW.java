package org.grokscope.train;

import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), in float32 as PyTorch's: θ ← θ (1
 * − ηλ); m ← β₁ m + (1−β₁) g; v ← β₂ v + (1−β₂) g²; θ ← θ − η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε), t
 * counted from 1.
 */
final class AdamW {
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final float[] mean; // m
  private final float[] square; // v
  private long updates; // t

  /** An optimiser that goes on from a saved state; the arrays are taken over. */
  AdamW(double beta1, double beta2, double epsilon, float[] mean, float[] square, long updates) {
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.mean = mean;
    this.square = square;
    this.updates = updates;
  }

  /** An optimiser at its beginning. */
  AdamW(double beta1, double beta2, double epsilon, int size) {
    this(beta1, beta2, epsilon, new float[size], new float[size], 0);
  }

  /**
   * Parameters that decay alike.
   *
   * @param from index of the first
   * @param to index after the last
   * @param decay λ
   */
  record Group(int from, int to, double decay) {}

  /**
   * One update of {@code parameters} by {@code gradients}, in place.
   *
   * @param rate η
   * @param groups all parameters, each in one of them
   */
  void update(float[] parameters, float[] gradients, double rate, List<Group> groups) {
    updates++;
    float step = (float) (rate / (1 - Math.pow(beta1, updates)));
    float correction = (float) (1 / Math.sqrt(1 - Math.pow(beta2, updates)));
    for (Group group : groups) {
      step(
          parameters,
          gradients,
          mean,
          square,
          group.from(),
          group.to(),
          (float) (1 - rate * group.decay()),
          step,
          correction,
          (float) beta1,
          (float) (1 - beta1),
          (float) beta2,
          (float) (1 - beta2),
          (float) epsilon);
    }
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

  /** m, a copy. */
  float[] mean() {
    return mean.clone();
  }

  /** v, a copy. */
  float[] square() {
    return square.clone();
  }

  /** Updates done. */
  long updates() {
    return updates;
  }
}
