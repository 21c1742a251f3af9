package org.grokscope.train;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.grokscope.model.ParameterLayout;

/** What is done to the gradient before an optimiser sees it. */
public enum GradientFilter {
  /** Nothing. */
  NONE("none"),

  /**
   * ⊥Grad of Prieto et al. (2025): of each parameter, the part of the gradient along the weights is
   * taken out, and the rest stretched to the old length, so that no step only makes the logits
   * larger: g⊥ = g − (θ·g/θ·θ) θ, g ← g⊥ ‖g‖/‖g⊥‖, as in the code published with it.
   */
  PERPENDICULAR("perpendicular");

  private static final double NOTHING = 1e-30;

  private final String label;

  GradientFilter(String label) {
    this.label = label;
  }

  /** Its name in configurations. */
  public String label() {
    return label;
  }

  /**
   * The filter of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static GradientFilter of(String label) {
    return Arrays.stream(values())
        .filter(filter -> filter.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "gradient filter: got '"
                        + label
                        + "', expected one of "
                        + Arrays.stream(values())
                            .map(GradientFilter::label)
                            .collect(Collectors.joining(", "))));
  }

  /** Changes the gradients in place. */
  void apply(ParameterLayout layout, float[] parameters, float[] gradients) {
    if (this == NONE) {
      return;
    }
    for (ParameterLayout.Slot slot : layout.slots()) {
      int from = slot.offset();
      int to = from + slot.length();
      double along =
          product(parameters, gradients, from, to)
              / (product(parameters, parameters, from, to) + NOTHING);
      double before = Math.sqrt(product(gradients, gradients, from, to));
      for (int k = from; k < to; k++) {
        gradients[k] = (float) (gradients[k] - along * parameters[k]);
      }
      double after = Math.sqrt(product(gradients, gradients, from, to)) + NOTHING;
      for (int k = from; k < to; k++) {
        gradients[k] = (float) (gradients[k] * (before / after));
      }
    }
  }

  private static double product(float[] a, float[] b, int from, int to) {
    double sum = 0;
    for (int k = from; k < to; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }
}
