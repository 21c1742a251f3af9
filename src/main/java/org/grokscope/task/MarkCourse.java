package org.grokscope.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Training on marks: new texts at every update, and {@value #FRESH} fresh ones to be examined on.
 * The training loss is that of the texts which the next update will learn from.
 */
final class MarkCourse implements Course {
  private static final int FRESH = 400;
  private static final long FRESH_SEED = 1;

  private final MarkCounting task;
  private final MarkBatch fresh;
  private final MarkBatch.Best best;

  MarkCourse(MarkCounting task) {
    this.task = task;
    fresh = task.fresh(FRESH_SEED, FRESH);
    best = fresh.best();
  }

  @Override
  public MarkBatch training(long seed, long update, int size) {
    return task.training(seed, update, size);
  }

  @Override
  public List<String> columns() {
    return List.of("train_loss", "test_loss", "best_loss", "stop_accuracy", "near_stop_accuracy");
  }

  @Override
  public Map<String, Double> examine(Student student, Batch next) {
    MarkAnswers answers = MarkAnswers.of(fresh, student.logits(fresh));
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("train_loss", student.loss(next).loss());
    values.put("test_loss", student.loss(fresh).loss());
    values.put("best_loss", best.loss());
    values.put("stop_accuracy", answers.stopAccuracy());
    values.put("near_stop_accuracy", answers.nearStopAccuracy());
    return values;
  }
}
