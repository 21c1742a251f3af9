package org.grokscope.model;

/**
 * Cross-entropy of one row of logits after another, and its gradient, in float64: what {@link
 * CrossEntropy} says, for the fast path.
 */
final class RowLoss {
  /** Logit gradients below this become 0: denormal floats are slow, and no optimiser sees them. */
  private static final double NEGLIGIBLE = 1e-30;

  private final double[] exponentials; // [outputs]
  private double ofOthers; // Σ exp of all but the label, relative to the largest logit
  private double total;
  private boolean correct;

  RowLoss(int outputs) {
    exponentials = new double[outputs];
  }

  /** The loss of a row. */
  double loss(float[] logits, int label) {
    double[] e = exponentials;
    int largest = 0;
    for (int j = 1; j < e.length; j++) {
      if (logits[j] > logits[largest]) {
        largest = j;
      }
    }
    RowKernels.exponentials(logits, logits[largest], e);
    double ofLabel = e[label];
    e[label] = 0;
    ofOthers = RowKernels.total(e);
    total = ofOthers + ofLabel;
    correct = largest == label;
    return correct
        ? Math.log1p(ofOthers)
        : Math.log(total) - ((double) logits[label] - (double) logits[largest]);
  }

  /** Whether the label's logit was the largest of the row last given to {@link #loss}. */
  boolean correct() {
    return correct;
  }

  /** Overwrites the row last given to {@link #loss} by scale · (softmax − one-hot). */
  void gradient(float[] logits, int label, double scale) {
    double[] e = exponentials;
    double each = scale / total;
    for (int j = 0; j < e.length; j++) {
      double gradient = e[j] * each;
      logits[j] = gradient < NEGLIGIBLE ? 0f : (float) gradient;
    }
    logits[label] = (float) (-ofOthers * each);
  }
}
