package org.grokscope.train;

import java.nio.file.Path;

/**
 * What hears of a training as it goes: a progress bar, a researcher's own callback. Called on the
 * training thread, so a slow listener slows the training; all methods do nothing unless overridden.
 */
public interface TrainingListener {

  /** Training begins, or goes on from {@code progress.epoch()} > 0. */
  default void started(Progress progress) {}

  /** One more update is done; called after every update, so be quick. */
  default void stepped(Progress progress) {}

  /**
   * One more row of the history is there; of a run that is complete already, its last one, so that
   * there is something to show.
   */
  default void evaluated(Progress progress, History.Row row) {}

  /** Training ended by itself: the budget is spent, or the stop rule holds. */
  default void finished(Progress progress) {}

  /** Training was interrupted; everything is saved, and the same call goes on from here. */
  default void interrupted(Progress progress) {}

  /**
   * How far a training is.
   *
   * @param epoch optimiser updates done
   * @param epochs updates to do at the most
   * @param startEpoch updates that were done before this call began (0 unless resumed)
   * @param secondsInCall wall-clock seconds since this call began
   * @param directory where the run is kept, or null if it is not
   */
  record Progress(long epoch, long epochs, long startEpoch, double secondsInCall, Path directory) {

    /** Updates a second since this call began. */
    public double stepsPerSecond() {
      return secondsInCall <= 0 ? 0 : (epoch - startEpoch) / secondsInCall;
    }
  }
}
