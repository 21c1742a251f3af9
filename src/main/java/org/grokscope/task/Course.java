package org.grokscope.task;

import java.util.List;
import java.util.Map;

/**
 * What one training of a {@link Task} is fed with, and how it is examined. Made once a training, so
 * that what is dear to make, such as a text to be examined on, is made once.
 */
public interface Course {
  /**
   * What an update learns from; the same for equal arguments, whatever was asked before.
   *
   * @param seed of the training
   * @param update updates done before
   * @param size sequences, or 0 for all that there are
   */
  Batch training(long seed, long update, int size);

  /** The names of what {@link #examine} measures, such as {@code train_loss}, in its order. */
  List<String> columns();

  /**
   * Examines a model on what it learns from and on what it has never seen.
   *
   * @param student the model
   * @param next what the next update will learn from
   * @return a number for each of {@link #columns()}
   */
  Map<String, Double> examine(Student student, Batch next);
}
