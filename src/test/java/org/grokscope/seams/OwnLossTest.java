package org.grokscope.seams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.model.ComputationPath;
import org.grokscope.model.Loss;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.Batch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Split;
import org.grokscope.task.Task;
import org.grokscope.train.AdamW;
import org.grokscope.train.Cadence;
import org.grokscope.train.Run;
import org.grokscope.train.Schedule;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;
import org.grokscope.train.TrainingInterruptedException;
import org.grokscope.train.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import tech.tablesaw.api.Table;

/** A loss of one's own. */
class OwnLossTest {

  /**
   * Half the squared distance of the logits from the answer's corner: ½ Σ (z_c − a [c = y])².
   *
   * @param corner a, what the answer's logit should be
   */
  record SquaredError(double corner) implements Loss {
    @Override
    public String label() {
      return "squared-error-" + corner;
    }

    @Override
    public double of(double[] logits, int label, double[] gradient) {
      double sum = 0;
      for (int c = 0; c < logits.length; c++) {
        gradient[c] = logits[c] - (c == label ? corner : 0);
        sum += gradient[c] * gradient[c] / 2;
      }
      return sum;
    }
  }

  @TempDir Path home;

  private final Loss loss = new SquaredError(3);
  private final Split split = ModularAddition.mod(11).split(0.6, 1);
  private final TrainingConfig config =
      TrainingConfig.nanda2023()
          .withShape(ModelShape.nanda2023().withDModel(32).withHeads(2).withDMlp(48))
          .withLoss(loss)
          .withWeightDecay(0)
          .withLearningRate(3e-3)
          .withSchedule(Schedule.constant(0))
          .withEpochs(100)
          .withEvaluation(Cadence.every(10))
          .withCheckpoints(Cadence.every(25));

  private Trainer trainer(String folder) {
    return Trainer.of(config).withoutDefaultListener().in(home.resolve(folder));
  }

  /** The mean loss over questions by its definition, from a model's logits. */
  private double byDefinition(ReferenceTransformer model, Batch questions) {
    INDArray logits = model.logits(questions);
    int outputs = (int) logits.size(1);
    double sum = 0;
    for (int i = 0; i < questions.size(); i++) {
      double[] row = logits.getRow(i).toDoubleVector();
      sum += loss.of(row, questions.label(i), new double[outputs]);
    }
    return sum / questions.size();
  }

  @Test
  void trains_stops_goes_on_and_its_runs_are_opened_and_probed() {
    Run whole = trainer("whole").train(split);
    double first = whole.history().rows().get(0).trainLoss();
    assertTrue(whole.history().last().trainLoss() < first / 2, whole.toString());
    try (ReferenceTransformer end = whole.model()) {
      // the history's losses are this one, not cross-entropy; float32 against the fast path
      assertEquals(
          byDefinition(end, split.train()), whole.history().last().trainLoss(), 1e-4 * first);
      assertEquals(
          byDefinition(end, split.test()), whole.history().last().testLoss(), 1e-4 * first);
    }

    Trainer stopping = trainer("parts").listener(interruptingAt(37));
    assertThrows(TrainingInterruptedException.class, () -> stopping.train(split));
    Run parts = trainer("parts").train(split);
    assertArrayEquals(whole.last().parameters().values(), parts.last().parameters().values());
    assertEquals(
        whole.table().removeColumns("seconds").print(99),
        parts.table().removeColumns("seconds").print(99));

    String message =
        assertThrows(CheckpointException.class, () -> Run.open(home.resolve("parts"))).getMessage();
    assertTrue(message.contains("loss: got 'squared-error-3.0', expected one of "), message);
    assertTrue(message.contains("Run.open(folder, task, config)"), message);
    Run opened = Run.open(home.resolve("parts"), split, config);
    assertEquals(config, opened.config());
    assertEquals(whole.toString(), opened.toString());
    assertThrows(
        CheckpointException.class,
        () -> Run.open(home.resolve("parts"), split, config.withLoss(new SquaredError(2))));

    Table measured =
        opened.probe(
            c -> {
              try (var model = ReferenceTransformer.of(c.config(), c.parameters())) {
                return Map.of("squared_error", byDefinition(model, c.train()));
              }
            });
    assertEquals(List.of(0L, 25L, 50L, 75L, 100L), measured.longColumn("epoch").asList());
    assertEquals(first, measured.doubleColumn("squared_error").get(0), 1e-4 * first);
  }

  @Test
  void is_minimised_alike_by_every_path_and_on_every_task() {
    LineBreaking lines = LineBreaking.box();
    TrainingConfig reading =
        TrainingConfig.lines(lines).withLoss(loss).withBatchSize(4).withOptimiser(AdamW.USUAL);
    assertPathsAlike(config, split);
    assertPathsAlike(reading, lines);
  }

  private static void assertPathsAlike(TrainingConfig config, Task task) {
    try (Training fast = Trainer.of(config).on(ComputationPath.FAST).start(task);
        Training reference = Trainer.of(config).on(ComputationPath.REFERENCE).start(task)) {
      double first = Double.NaN;
      for (int step = 0; step < 5; step++) {
        double expected = reference.step().loss();
        // float32 rounding differs between the paths; it has not had time to grow
        assertEquals(expected, fast.step().loss(), 1e-4 * expected, "step " + step);
        assertNotEquals(first, expected);
        first = expected;
      }
    }
  }

  private static TrainingListener interruptingAt(long epoch) {
    return new TrainingListener() {
      @Override
      public void stepped(Progress progress) {
        if (progress.epoch() == epoch) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }
}
