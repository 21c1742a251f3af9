package org.grokscope.train;

/** One row of a history, of whatever task. */
public interface Evaluation {

  /** Optimiser updates done. */
  long epoch();

  /** What was measured, in a few words: losses and accuracies. */
  String summary();
}
