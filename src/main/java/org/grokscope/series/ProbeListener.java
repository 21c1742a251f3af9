package org.grokscope.series;

import java.io.UncheckedIOException;

/**
 * What hears of a series of measurements as it goes: a progress bar, a researcher's own callback.
 * Called on the thread that asked for the series; all methods do nothing unless overridden.
 */
public interface ProbeListener {

  /** Measuring begins; {@code progress.read()} checkpoints need nothing, all being kept. */
  default void started(Progress progress) {}

  /** One more checkpoint is measured. */
  default void measured(Progress progress) {}

  /** What was measured could not be kept beside the run; measuring goes on without. */
  default void notKept(Progress progress, UncheckedIOException why) {}

  /** Every checkpoint is measured. */
  default void finished(Progress progress) {}

  /** The thread was interrupted; measuring has stopped. */
  default void interrupted(Progress progress) {}

  /** A probe threw; measuring has stopped. */
  default void failed(Progress progress) {}

  /**
   * How far a series is.
   *
   * @param done checkpoints of which all numbers are there, those read included
   * @param total checkpoints of the series
   * @param read checkpoints whose numbers were all kept by an earlier call
   * @param seconds wall-clock seconds since this call began
   * @param kept whether everything measured is kept, so that the same call goes on from here
   */
  record Progress(int done, int total, int read, double seconds, boolean kept) {

    /** Checkpoints a second that were measured since this call began. */
    public double checkpointsPerSecond() {
      return seconds <= 0 ? 0 : (done - read) / seconds;
    }
  }
}
