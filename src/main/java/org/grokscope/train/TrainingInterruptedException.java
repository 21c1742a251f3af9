package org.grokscope.train;

/**
 * A training stopped because its thread was interrupted. Everything is saved; the same call goes
 * on.
 */
public final class TrainingInterruptedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long epoch;

  TrainingInterruptedException(long epoch) {
    super("training stopped at epoch " + epoch + "; all is saved: run the same again to go on");
    this.epoch = epoch;
  }

  /** Updates that were done and saved. */
  public long epoch() {
    return epoch;
  }
}
