package org.grokscope.train;

import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum and decoupled decay, as PyTorch's without dampening: θ
 * ← θ (1 − ηλ); v ← μ v + g; θ ← θ − η v.
 *
 * @param momentum μ; 0 for plain descent
 */
public record Sgd(double momentum) implements Optimiser {
  /** Momentum .9. */
  public static final Sgd USUAL = new Sgd(0.9);

  public Sgd {
    Requirement.that(momentum >= 0 && momentum < 1, "momentum", momentum, "0 ≤ momentum < 1");
  }

  @Override
  public String label() {
    return "sgd";
  }

  @Override
  public Map<String, Double> settings() {
    return Map.of("momentum", momentum);
  }

  @Override
  public List<String> state() {
    return List.of("velocity");
  }

  @Override
  public void update(Update update) {
    float[] theta = update.parameters();
    float[] g = update.gradients();
    float[] v = update.state("velocity");
    float mu = (float) momentum;
    float rate = (float) update.rate();
    update
        .layout()
        .slots()
        .forEach(
            slot -> {
              float kept = update.kept(slot);
              int end = slot.offset() + slot.length();
              for (int k = slot.offset(); k < end; k++) {
                v[k] = mu * v[k] + g[k];
                theta[k] = theta[k] * kept - rate * v[k];
              }
            });
  }
}
