package org.grokscope.model;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mean cross-entropy of a batch of logits, and its gradient, both in float64.
 *
 * <p>With m the largest logit of a row and y its label, the row's loss is
 *
 * <pre>  −log softmax(z)[y] = (m − z_y) + log1p(Σ exp(z_c − m)),</pre>
 *
 * the sum running over all classes but the one that m stands for. Where the label's logit is the
 * largest this is log1p(Σ exp(z_c − z_y)): nothing is subtracted from 1, so a loss of 1e-20 is
 * neither 0 nor noise. For the same reason the gradient's entry at the label is −Σ of the other
 * classes' probabilities rather than a probability minus 1.
 */
public final class CrossEntropy {
  private final int outputs;
  private final int[] labels; // [n]
  private final double[] weights; // [n]
  private final double total; // what the weights are shares of
  private final double[] probabilities; // [n · outputs], softmax of each row
  private double lossSum;
  private int correct;

  private CrossEntropy(double[] logits, int outputs, int[] labels, double[] weights, double total) {
    this.outputs = outputs;
    this.labels = labels;
    this.weights = weights;
    this.total = total;
    this.probabilities = logits;
    for (int row = 0; row < labels.length; row++) {
      addRow(row, labels[row]);
    }
  }

  /**
   * Compares logits with labels.
   *
   * @param logits (n, outputs), any precision; computed on in float64
   * @param labels [n], each from 0 to outputs − 1
   * @throws IllegalArgumentException if there is no row, or labels and rows do not fit
   */
  public static CrossEntropy of(INDArray logits, int[] labels) {
    double[] alike = new double[labels.length];
    Arrays.fill(alike, 1);
    return of(logits, labels, alike, labels.length);
  }

  /**
   * The same with a weight for each row, as a share of a total: the loss is Σ weight · loss of the
   * row / total.
   *
   * @param weights [n], each 0 or more
   * @param total positive
   */
  static CrossEntropy of(INDArray logits, int[] labels, double[] weights, double total) {
    if (logits.rank() != 2 || labels.length == 0 || logits.size(0) != labels.length) {
      throw new IllegalArgumentException(
          "cross-entropy: got logits of shape "
              + Arrays.toString(logits.shape())
              + " and "
              + labels.length
              + " labels, expected (n, outputs) logits and n ≥ 1 labels");
    }
    int outputs = Math.toIntExact(logits.size(1));
    for (int label : labels) {
      if (label < 0 || label >= outputs) {
        throw new IllegalArgumentException(
            "cross-entropy: got the label " + label + ", expected 0 to " + (outputs - 1));
      }
    }
    return new CrossEntropy(
        NativeValues.of(logits), outputs, labels.clone(), weights.clone(), total);
  }

  /** Mean over the rows of −log softmax(logits)[label], in nats. */
  public double loss() {
    return lossSum / total;
  }

  /** Rows whose largest logit is the label's; of equal ones the first counts. */
  public int correct() {
    return correct;
  }

  /** Loss, right answers and rows together. */
  public BatchLoss batchLoss() {
    return new BatchLoss(loss(), correct, labels.length);
  }

  /**
   * The gradient of the mean loss, (softmax(logits) − onehot(label)) / n, as (n, outputs) DOUBLE.
   */
  public INDArray gradient() {
    int n = labels.length;
    double[] gradient = new double[n * outputs];
    for (int row = 0; row < n; row++) {
      int from = row * outputs;
      int labelled = from + labels[row];
      double others = 0;
      for (int c = from; c < from + outputs; c++) {
        gradient[c] = probabilities[c] * weights[row] / total;
        others += c == labelled ? 0 : gradient[c];
      }
      gradient[labelled] = -others;
    }
    return Nd4j.create(gradient, new long[] {n, outputs}, 'c');
  }

  /** Adds one row's loss, and turns its logits into probabilities where they stand. */
  private void addRow(int row, int label) {
    double[] z = probabilities;
    int from = row * outputs;
    int largest = 0;
    for (int c = 1; c < outputs; c++) {
      largest = z[from + c] > z[from + largest] ? c : largest;
    }
    double m = z[from + largest];
    double behind = m - z[from + label];
    double others = 0;
    for (int c = 0; c < outputs; c++) {
      z[from + c] = Math.exp(z[from + c] - m);
      others += c == largest ? 0 : z[from + c];
    }
    for (int c = 0; c < outputs; c++) {
      z[from + c] /= 1 + others;
    }
    double loss = behind + Math.log1p(others);
    lossSum += weights[row] * loss;
    correct += largest == label && !Double.isNaN(loss) ? 1 : 0;
  }
}
