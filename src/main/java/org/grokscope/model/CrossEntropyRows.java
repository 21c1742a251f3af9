package org.grokscope.model;

/**
 * {@link StandardLoss#CROSS_ENTROPY} of one row of logits after another, in float64, for the fast
 * paths.
 */
final class CrossEntropyRows implements RowLoss {
  /** Logit gradients below this become 0: denormal floats are slow, and no optimiser sees them. */
  private static final double NEGLIGIBLE = 1e-30;

  private final double[] exponentials; // [outputs]
  private final boolean arithmetic; // logarithms by arithmetic alone
  private double ofOthers; // Σ exp of all but the label, relative to the largest logit
  private double total;
  private boolean correct;

  CrossEntropyRows(int outputs) {
    this(outputs, false);
  }

  private CrossEntropyRows(int outputs, boolean arithmetic) {
    exponentials = new double[outputs];
    this.arithmetic = arithmetic;
  }

  /** The same to some units in the last place, and to the bit on every machine. */
  static CrossEntropyRows byArithmetic(int outputs) {
    return new CrossEntropyRows(outputs, true);
  }

  @Override
  public double loss(float[] logits, int label) {
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
    correct = largest == label && !Double.isNaN(total);
    return largest == label
        ? arithmetic ? RowKernels.log1p(ofOthers) : Math.log1p(ofOthers)
        : (arithmetic ? RowKernels.log1p(total - 1) : Math.log(total))
            - ((double) logits[label] - (double) logits[largest]);
  }

  @Override
  public boolean correct() {
    return correct;
  }

  @Override
  public void gradient(float[] logits, int label, double scale) {
    double[] e = exponentials;
    double each = scale / total;
    for (int j = 0; j < e.length; j++) {
      double gradient = e[j] * each;
      logits[j] = gradient < NEGLIGIBLE ? 0f : (float) gradient;
    }
    logits[label] = (float) (-ofOthers * each);
  }
}
