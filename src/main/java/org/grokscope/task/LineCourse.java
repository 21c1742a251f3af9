package org.grokscope.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Training on lines: new documents at every update, and {@value #FRESH_DOCUMENTS} fresh ones to be
 * examined on. The training loss is that of the documents which the next update will learn from.
 */
final class LineCourse implements Course {
  private static final int FRESH_DOCUMENTS = 400;
  private static final long FRESH_SEED = 1;

  private final LineBreaking task;
  private final LineCorpus corpus;
  private final LineBatch fresh;
  private final Optional<LineBatch> unseen;
  private final OptionalDouble ceiling;

  LineCourse(LineBreaking task) {
    this.task = task;
    corpus = task.corpus();
    WidthSource source = task.widths().source();
    fresh = corpus.fresh(FRESH_SEED, FRESH_DOCUMENTS);
    unseen =
        source != WidthSource.GIVEN && !task.widths().heldOut().isEmpty()
            ? Optional.of(corpus.unseen(FRESH_SEED, FRESH_DOCUMENTS))
            : Optional.empty();
    ceiling =
        source == WidthSource.INFERRED
            ? OptionalDouble.of(IdealReader.of(task).ceiling(fresh).everywhere())
            : OptionalDouble.empty();
  }

  @Override
  public LineBatch training(long seed, long update, int size) {
    return corpus.training(seed, update, size);
  }

  @Override
  public List<String> columns() {
    List<String> columns =
        new ArrayList<>(List.of("train_loss", "test_loss", "break_accuracy", "near_edge_accuracy"));
    if (task.ending() == LineEnding.PADDED) {
      columns.add("column_accuracy");
    }
    if (task.header().present()) {
      columns.add("label_accuracy");
    }
    if (unseen.isPresent()) {
      columns.add("unseen_width_accuracy");
    }
    if (ceiling.isPresent()) {
      columns.add("bayes_ceiling");
    }
    return columns;
  }

  @Override
  public Map<String, Double> examine(Student student, Batch next) {
    LineAnswers answers = answers(student, fresh);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("train_loss", student.loss(next).loss());
    values.put("test_loss", student.loss(fresh).loss());
    values.put("break_accuracy", answers.breakAccuracy(position -> true));
    values.put("near_edge_accuracy", answers.nearEdgeAccuracy());
    values.put("column_accuracy", answers.columnAccuracy().orElse(Double.NaN));
    values.put("label_accuracy", answers.labelAccuracy().orElse(Double.NaN));
    unseen.ifPresent(
        batch ->
            values.put(
                "unseen_width_accuracy", answers(student, batch).breakAccuracy(position -> true)));
    ceiling.ifPresent(value -> values.put("bayes_ceiling", value));
    values.keySet().retainAll(columns());
    return values;
  }

  private static LineAnswers answers(Student student, LineBatch batch) {
    float[] logits = student.logits(batch);
    double[] wide = new double[logits.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = logits[i];
    }
    return LineAnswers.of(batch, wide);
  }
}
