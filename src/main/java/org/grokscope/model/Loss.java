package org.grokscope.model;

/**
 * What a training minimises: a loss of one row of logits and the answer that is right.
 *
 * <p>The shipped ones are {@link StandardLoss}. One of your own needs a name and {@link #of}; the
 * fast paths then compute it row by row in float64.
 */
public interface Loss {
  /** Its name, such as {@code cross-entropy}. */
  String label();

  /**
   * The loss of a row, and its derivative by each logit.
   *
   * @param logits [outputs], stays as it is
   * @param label the right answer
   * @param gradient [outputs], overwritten
   */
  double of(double[] logits, int label, double[] gradient);

  /** For one thread of a fast path. */
  default RowLoss rows(int outputs) {
    return new RowLoss.Plain(this, outputs);
  }
}
