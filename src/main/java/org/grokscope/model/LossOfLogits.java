package org.grokscope.model;

import java.util.Arrays;
import org.grokscope.task.BatchLoss;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The weighted mean of a {@link Loss} over the rows of a batch of logits, and its gradient, both in
 * float64.
 */
public final class LossOfLogits {
  private final int outputs;
  private final double[] weights; // [n]
  private final double total; // what the weights are shares of
  private final double[] gradients; // [n · outputs], of each row's own loss
  private double lossSum;
  private int correct;
  private int asked;

  private LossOfLogits(
      double[] logits, int outputs, int[] labels, double[] weights, double total, Loss loss) {
    this.outputs = outputs;
    this.weights = weights;
    this.total = total;
    this.gradients = logits;
    double[] gradient = new double[outputs];
    for (int row = 0; row < labels.length; row++) {
      int from = row * outputs;
      if (weights[row] == 0) {
        Arrays.fill(gradients, from, from + outputs, 0);
        continue;
      }
      double[] z = Arrays.copyOfRange(logits, from, from + outputs);
      double value = loss.of(z, labels[row], gradient);
      System.arraycopy(gradient, 0, gradients, from, outputs);
      lossSum += weights[row] * value;
      asked++;
      correct += largest(z) == labels[row] && !Double.isNaN(value) ? 1 : 0;
    }
  }

  /** The index of the largest entry, the first of equals. */
  static int largest(double[] z) {
    int largest = 0;
    for (int c = 1; c < z.length; c++) {
      largest = z[c] > z[largest] ? c : largest;
    }
    return largest;
  }

  /**
   * Compares logits with labels by cross-entropy, every row alike.
   *
   * @param logits (n, outputs), any precision; computed on in float64
   * @param labels [n], each from 0 to outputs − 1
   * @throws IllegalArgumentException if there is no row, or labels and rows do not fit
   */
  public static LossOfLogits of(INDArray logits, int[] labels) {
    double[] alike = new double[labels.length];
    Arrays.fill(alike, 1);
    return of(logits, labels, alike, labels.length, StandardLoss.CROSS_ENTROPY);
  }

  /**
   * The same by any loss, with a weight for each row, as a share of a total: Σ weight · loss of the
   * row / total.
   *
   * @param weights [n], each 0 or more
   * @param total positive
   */
  static LossOfLogits of(INDArray logits, int[] labels, double[] weights, double total, Loss loss) {
    if (logits.rank() != 2 || labels.length == 0 || logits.size(0) != labels.length) {
      throw new IllegalArgumentException(
          "loss of logits: got logits of shape "
              + Arrays.toString(logits.shape())
              + " and "
              + labels.length
              + " labels, expected (n, outputs) logits and n ≥ 1 labels");
    }
    int outputs = Math.toIntExact(logits.size(1));
    for (int label : labels) {
      if (label < 0 || label >= outputs) {
        throw new IllegalArgumentException(
            "loss of logits: got the label " + label + ", expected 0 to " + (outputs - 1));
      }
    }
    return new LossOfLogits(NativeValues.of(logits), outputs, labels, weights.clone(), total, loss);
  }

  /** Weighted mean over the rows, in nats. */
  public double loss() {
    return lossSum / total;
  }

  /** Rows with a weight whose largest logit is the label's; of equal ones the first counts. */
  public int correct() {
    return correct;
  }

  /** Loss, right answers and rows with a weight together. */
  public BatchLoss batchLoss() {
    return new BatchLoss(loss(), correct, asked);
  }

  /** The gradient of {@link #loss()} by the logits, (n, outputs) DOUBLE. */
  public INDArray gradient() {
    double[] scaled = new double[gradients.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = gradients[i] * weights[i / outputs] / total;
    }
    return Nd4j.create(scaled, new long[] {weights.length, outputs}, 'c');
  }
}
