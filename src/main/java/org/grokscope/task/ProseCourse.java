package org.grokscope.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Training on prose: new texts at every update, and {@value #FRESH} fresh ones to be examined on.
 * The training loss is that of the texts which the next update will learn from.
 */
final class ProseCourse implements Course {
  private static final int FRESH = 100; // some 10,000 decisions
  private static final long FRESH_SEED = 1;

  private final Prose task;
  private final ProseBatch fresh;
  private final Optional<ProseBatch> unseen;
  private final double reader;
  private final double readerNearEdge;

  ProseCourse(Prose task) {
    this.task = task;
    fresh = task.fresh(FRESH_SEED, FRESH);
    unseen =
        task.widths().heldOut().isEmpty()
            ? Optional.empty()
            : Optional.of(task.unseen(FRESH_SEED, FRESH));
    ProseReader inferring = ProseReader.of(task);
    reader = inferring.accuracy(fresh);
    readerNearEdge = inferring.nearEdgeAccuracy(fresh);
  }

  @Override
  public ProseBatch training(long seed, long update, int size) {
    return task.training(seed, update, size);
  }

  @Override
  public List<String> columns() {
    List<String> columns =
        new ArrayList<>(List.of("train_loss", "test_loss", "break_accuracy", "near_edge_accuracy"));
    if (unseen.isPresent()) {
      columns.add("unseen_width_accuracy");
    }
    columns.addAll(List.of("reader_accuracy", "reader_near_edge_accuracy"));
    return columns;
  }

  @Override
  public Map<String, Double> examine(Student student, Batch next) {
    ProseAnswers answers = ProseAnswers.of(fresh, student::logits);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("train_loss", student.loss(next).loss());
    values.put("test_loss", student.loss(fresh).loss());
    values.put("break_accuracy", answers.breakAccuracy(position -> true));
    values.put("near_edge_accuracy", answers.nearEdgeAccuracy());
    unseen.ifPresent(
        batch ->
            values.put(
                "unseen_width_accuracy",
                ProseAnswers.of(batch, student::logits).breakAccuracy(position -> true)));
    values.put("reader_accuracy", reader);
    values.put("reader_near_edge_accuracy", readerNearEdge);
    return values;
  }
}
