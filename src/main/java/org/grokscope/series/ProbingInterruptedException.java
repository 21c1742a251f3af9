package org.grokscope.series;

/** A series of measurements stopped because its thread was interrupted. */
public final class ProbingInterruptedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int done;

  ProbingInterruptedException(ProbeListener.Progress progress) {
    super(
        "probe: stopped after "
            + progress.done()
            + " of "
            + progress.total()
            + " checkpoints; "
            + (progress.kept()
                ? "what was measured is kept: run the same again to go on"
                : "what has an identity is kept, a lambda begins anew: run the same again"));
    this.done = progress.done();
  }

  /** Checkpoints of which all numbers were there. */
  public int done() {
    return done;
  }
}
