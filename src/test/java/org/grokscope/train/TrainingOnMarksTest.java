package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import org.grokscope.model.ComputationPath;
import org.grokscope.model.ModelShape;
import org.grokscope.task.MarkCounting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training of a model with noise on its residual stream, which is one as any other. */
class TrainingOnMarksTest {
  @TempDir Path home;

  private final MarkCounting task = MarkCounting.underline().withLength(24);
  private final TrainingConfig small =
      TrainingConfig.marks(task, 0.3)
          .withEpochs(24)
          .withBatchSize(9)
          .withEvaluation(Cadence.every(8))
          .withCheckpoints(Cadence.every(8));

  private Run train(String folder, Trainer trainer) {
    return trainer.withoutDefaultListener().in(home.resolve(folder)).train(task);
  }

  private static float[] weights(Run run) {
    return run.last().parameters().values();
  }

  @Test
  void a_killed_run_goes_on_with_the_same_noise_and_threads_do_not_change_it() {
    Run whole = train("whole", Trainer.of(small).threads(1));
    Trainer dying =
        Trainer.of(small)
            .threads(2)
            .listener(
                new TrainingListener() {
                  @Override
                  public void stepped(Progress progress) {
                    if (progress.epoch() == 13) {
                      throw new UnsupportedOperationException("power cut");
                    }
                  }
                });
    assertThrows(UnsupportedOperationException.class, () -> train("killed", dying));
    Run resumed = train("killed", Trainer.of(small).threads(2));
    assertArrayEquals(weights(whole), weights(resumed));
    assertEquals(
        whole.table().removeColumns("seconds").print(20),
        resumed.table().removeColumns("seconds").print(20));
  }

  @Test
  void noise_changes_what_is_learnt_and_not_how_it_is_examined() {
    Run noisy = train("noisy", Trainer.of(small).threads(1));
    ModelShape quiet = ModelShape.marks(task, 0);
    Run silent = train("silent", Trainer.of(small.withShape(quiet)).threads(1));
    assertFalse(Arrays.equals(weights(noisy), weights(silent)));
    assertEquals(
        noisy.history().rows().get(0).value("test_loss"),
        silent.history().rows().get(0).value("test_loss"));
  }

  @Test
  void it_learns_towards_the_best_that_can_be() {
    Run run = train("run", Trainer.of(small.withEpochs(64)).threads(1));
    History.Row first = run.history().rows().get(0);
    History.Row last = run.history().last();
    double best = last.value("best_loss");
    assertEquals(first.value("best_loss"), best);
    assertTrue(last.value("test_loss") < first.value("test_loss") - 1, last.toString());
    assertTrue(last.value("test_loss") > best, last.toString());
    assertEquals(ComputationPath.FAST, ComputationPath.bestFor(run.last().config()));
  }

  @Test
  void its_shape_comes_back_from_disk() {
    Run run = train("run", Trainer.of(small.withEpochs(8)).threads(1));
    assertEquals(small.shape(), run.last().config().shape());
  }
}
