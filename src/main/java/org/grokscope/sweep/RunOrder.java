package org.grokscope.sweep;

import java.io.Serializable;

/**
 * What an engine is asked to compute; travels to other machines.
 *
 * @param number of the run in its sweep, from 0
 * @param plan the run
 * @param sweep the sweep's folder
 * @param run name of the run's folder in {@code sweep/runs}
 * @param token what stands in the sweep's folder if it is the right one
 * @param threads of the training
 */
record RunOrder(int number, RunPlan plan, String sweep, String run, String token, int threads)
    implements Serializable {

  /** The same with this number of threads. */
  RunOrder onThreads(int count) {
    return new RunOrder(number, plan, sweep, run, token, count);
  }
}
