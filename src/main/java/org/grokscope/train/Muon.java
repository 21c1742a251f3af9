package org.grokscope.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grokscope.model.NewtonSchulz;
import org.grokscope.model.ParameterLayout;

/**
 * Muon (Jordan et al. 2024): the momentum of each matrix of a layer is made orthogonal before it is
 * added, so that all its directions move alike; everything else is updated by {@link AdamW}.
 *
 * <pre>
 *   M ← μ M + g,  U = g + μ M (Nesterov),  O = the orthogonal factor of U by NewtonSchulz,
 *   θ ← θ (1 − ηλ) − η · 0.2 √max(rows, columns) · O
 * </pre>
 *
 * <p>The factor gives an update the size of AdamW's (Liu et al. 2025, "Muon is Scalable for LLM
 * Training"), so that one learning rate serves both. W_Q, W_K, W_V and W_O are taken head by head.
 *
 * @param momentum μ
 * @param beta1 of AdamW for the rest, and so the following
 * @param beta2 of AdamW
 * @param epsilon of AdamW
 */
public record Muon(double momentum, double beta1, double beta2, double epsilon)
    implements Optimiser {
  /** Momentum .95, the rest as {@link AdamW#USUAL}. */
  public static final Muon USUAL = new Muon(0.95, 0.9, 0.98, 1e-8);

  private static final double SIZE = 0.2; // Liu et al.

  public Muon {
    Requirement.that(momentum >= 0 && momentum < 1, "momentum", momentum, "0 ≤ momentum < 1");
    new AdamW(beta1, beta2, epsilon);
  }

  @Override
  public String label() {
    return "muon";
  }

  @Override
  public Map<String, Double> settings() {
    Map<String, Double> settings = new LinkedHashMap<>();
    settings.put("momentum", momentum);
    settings.putAll(rest().settings());
    return settings;
  }

  private AdamW rest() {
    return new AdamW(beta1, beta2, epsilon);
  }

  @Override
  public List<String> state() {
    return List.of("mean", "square"); // of a matrix the momentum, and nothing
  }

  @Override
  public void update(Update update) {
    for (ParameterLayout.Slot slot : update.layout().slots()) {
      if (Decays.isMatrixOfLayer(slot)) {
        List<Integer> shape = slot.shape();
        int columns = shape.get(shape.size() - 1);
        int rows = shape.get(shape.size() - 2);
        for (int at = slot.offset(); at < slot.offset() + slot.length(); at += rows * columns) {
          matrix(update, at, rows, columns, update.kept(slot));
        }
      } else {
        rest().update(update, slot);
      }
    }
  }

  private void matrix(Update update, int at, int rows, int columns, float kept) {
    float[] theta = update.parameters();
    float[] g = update.gradients();
    float[] m = update.state("mean");
    float mu = (float) momentum;
    float[] ahead = new float[rows * columns];
    for (int k = 0; k < ahead.length; k++) {
      m[at + k] = mu * m[at + k] + g[at + k];
      ahead[k] = g[at + k] + mu * m[at + k];
    }
    float[] direction = NewtonSchulz.orthogonal(ahead, rows, columns);
    float step = (float) (update.rate() * SIZE * Math.sqrt(Math.max(rows, columns)));
    for (int k = 0; k < direction.length; k++) {
      theta[at + k] = theta[at + k] * kept - step * direction[k];
    }
  }
}
