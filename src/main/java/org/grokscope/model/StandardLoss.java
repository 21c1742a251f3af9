package org.grokscope.model;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The losses that are shipped. */
public enum StandardLoss implements Loss {
  /**
   * −log softmax(z)[y] in float64.
   *
   * <p>With m the largest logit this is (m − z_y) + log1p(Σ exp(z_c − m)), the sum running over all
   * classes but the one that m stands for. Where the label's logit is the largest nothing is
   * subtracted from 1, so a loss of 1e-20 is neither 0 nor noise. For the same reason the gradient
   * at the label is −Σ of the other classes' probabilities rather than a probability minus 1.
   */
  CROSS_ENTROPY("cross-entropy") {
    @Override
    public double of(double[] z, int label, double[] gradient) {
      int largest = LossOfLogits.largest(z);
      double others = 0;
      for (int c = 0; c < z.length; c++) {
        gradient[c] = Math.exp(z[c] - z[largest]);
        others += c == largest ? 0 : gradient[c];
      }
      double ofOthers = 0;
      for (int c = 0; c < z.length; c++) {
        gradient[c] /= 1 + others;
        ofOthers += c == label ? 0 : gradient[c];
      }
      gradient[label] = -ofOthers;
      return z[largest] - z[label] + Math.log1p(others);
    }

    @Override
    public RowLoss rows(int outputs) {
      return new CrossEntropyRows(outputs);
    }
  },

  /**
   * The same in float32, as deep-learning libraries compute it: (z_y − m) − log Σ exp(z_c − m), and
   * the gradient softmax − one-hot. Once the label leads by some 17, Σ rounds to 1: the loss and
   * the label's gradient are exactly 0. Prieto et al. (2025), "Grokking at the Edge of Numerical
   * Stability", call it softmax collapse.
   */
  CROSS_ENTROPY_FLOAT32("cross-entropy-float32") {
    @Override
    public double of(double[] z, int label, double[] gradient) {
      float largest = (float) z[LossOfLogits.largest(z)];
      float sum = 0;
      for (int c = 0; c < z.length; c++) {
        gradient[c] = (float) Math.exp((float) z[c] - largest);
        sum += (float) gradient[c];
      }
      for (int c = 0; c < z.length; c++) {
        gradient[c] = (float) gradient[c] / sum - (c == label ? 1f : 0f);
      }
      return (float) Math.log(sum) - ((float) z[label] - largest);
    }
  },

  /**
   * StableMax cross-entropy of Prieto et al. (2025), in float64: −log (s(z_y) / Σ s(z_c)) with s(x)
   * = x + 1 for x ≥ 0 and 1/(1 − x) below, which grows as x does and so absorbs nothing.
   */
  STABLEMAX("stablemax") {
    @Override
    public double of(double[] z, int label, double[] gradient) {
      double sum = 0;
      for (double x : z) {
        sum += stretched(x);
      }
      for (int c = 0; c < z.length; c++) {
        gradient[c] = slope(z[c]) / sum;
      }
      gradient[label] -= slope(z[label]) / stretched(z[label]);
      return Math.log(sum) - Math.log(stretched(z[label]));
    }

    private double stretched(double x) {
      return x >= 0 ? x + 1 : 1 / (1 - x);
    }

    private double slope(double x) {
      return x >= 0 ? 1 : 1 / ((1 - x) * (1 - x));
    }
  };

  private final String label;

  StandardLoss(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /**
   * The loss of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static StandardLoss of(String name) {
    return Arrays.stream(values())
        .filter(loss -> loss.label.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "loss: got '"
                        + name
                        + "', expected one of "
                        + Arrays.stream(values())
                            .map(loss -> loss.label)
                            .collect(Collectors.joining(", "))));
  }
}
