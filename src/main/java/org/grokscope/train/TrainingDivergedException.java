package org.grokscope.train;

/** The loss of a training is not finite any more. What was kept of it before stays. */
public final class TrainingDivergedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  TrainingDivergedException(double loss, long epoch, double learningRate) {
    super(
        "training: the loss became "
            + loss
            + " at epoch "
            + epoch
            + "; try a smaller learning rate than "
            + learningRate);
  }
}
