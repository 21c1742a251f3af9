package org.grokscope.sweep;

/** A sweep stopped because its thread was interrupted. Finished runs are kept. */
public final class SweepInterruptedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SweepInterruptedException(int done, int runs) {
    super(
        "sweep stopped with "
            + done
            + " of "
            + runs
            + " runs done; all is saved: start the same sweep again to go on");
  }
}
