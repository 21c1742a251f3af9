package org.grokscope.train;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), in float32 as PyTorch's: θ ← θ (1
 * − ηλ); m ← β₁ m + (1−β₁) g; v ← β₂ v + (1−β₂) g²; θ ← θ − η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε), t
 * counted from 1.
 */
final class AdamW {
  private final TrainingConfig config;
  private final float[] mean; // m
  private final float[] square; // v
  private long updates; // t

  AdamW(TrainingConfig config, int size) {
    this(config, new float[size], new float[size], 0);
  }

  /** An optimiser that goes on from a saved state; the arrays are taken over. */
  AdamW(TrainingConfig config, float[] mean, float[] square, long updates) {
    this.config = config;
    this.mean = mean;
    this.square = square;
    this.updates = updates;
  }

  /** One update of {@code parameters} by {@code gradients}, in place. */
  void update(float[] parameters, float[] gradients) {
    double rate = config.learningRateAt(updates);
    updates++;
    float keep = (float) (1 - rate * config.weightDecay());
    float step = (float) (rate / (1 - Math.pow(config.beta1(), updates)));
    float correction = (float) (1 / Math.sqrt(1 - Math.pow(config.beta2(), updates)));
    step(
        parameters,
        gradients,
        mean,
        square,
        keep,
        step,
        correction,
        (float) config.beta1(),
        (float) (1 - config.beta1()),
        (float) config.beta2(),
        (float) (1 - config.beta2()),
        (float) config.epsilon());
  }

  private static void step(
      float[] theta,
      float[] g,
      float[] m,
      float[] v,
      float keep,
      float step,
      float correction,
      float beta1,
      float oneMinusBeta1,
      float beta2,
      float oneMinusBeta2,
      float epsilon) {
    for (int k = 0; k < theta.length; k++) {
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
