package org.grokscope.sweep;

/**
 * What hears of a sweep as it goes, on the thread that runs it; all methods do nothing unless
 * overridden.
 */
public interface SweepListener {

  /** The sweep begins; {@code progress.done()} runs were done before. */
  default void started(Progress progress) {}

  /**
   * One more run has ended.
   *
   * @param label the values in which the run differs, such as {@code seed 0, weight_decay 0.5}
   */
  default void ended(Progress progress, String label, RunResult result) {}

  /**
   * How far a sweep is.
   *
   * @param runs of the sweep
   * @param done runs that came to their end, earlier calls included
   * @param failed runs that could not, in this call
   * @param secondsInCall wall-clock seconds since this call began
   * @param secondsLeft what the rest takes at the pace of this call, weighing runs by their size;
   *     not a number before the first has ended
   */
  record Progress(int runs, int done, int failed, double secondsInCall, double secondsLeft) {}
}
