package org.grokscope.model;

/** A {@link Loss} of one float32 row after another, for the fast paths; one thread's own. */
public interface RowLoss {
  /** The loss of a row. */
  double loss(float[] logits, int label);

  /**
   * Whether the label's logit was the largest of the row last given to {@link #loss}, the first of
   * equals.
   */
  boolean correct();

  /** Overwrites the row last given to {@link #loss} by scale · its gradient. */
  void gradient(float[] logits, int label, double scale);

  /** Any loss, by its definition. */
  final class Plain implements RowLoss {
    private final Loss loss;
    private final double[] row; // [outputs]
    private final double[] gradient; // [outputs]
    private boolean correct;

    Plain(Loss loss, int outputs) {
      this.loss = loss;
      row = new double[outputs];
      gradient = new double[outputs];
    }

    @Override
    public double loss(float[] logits, int label) {
      for (int j = 0; j < row.length; j++) {
        row[j] = logits[j];
      }
      double value = loss.of(row, label, gradient);
      correct = LossOfLogits.largest(row) == label && !Double.isNaN(value);
      return value;
    }

    @Override
    public boolean correct() {
      return correct;
    }

    @Override
    public void gradient(float[] logits, int label, double scale) {
      for (int j = 0; j < row.length; j++) {
        logits[j] = (float) (scale * gradient[j]);
      }
    }
  }
}
