package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ModelShape;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuningTest {
  @TempDir Path home;

  private final OperationTable task = ModularAddition.mod(7);
  private final Split split = task.split(0.7, 1);
  private final TrainingConfig small =
      TrainingConfig.nanda2023()
          .withShape(ModelShape.nanda2023().withDModel(16).withHeads(2).withDMlp(24))
          .withEpochs(200)
          .withEvaluation(Cadence.every(50))
          .withCheckpoints(Cadence.every(100));

  @Test
  void begins_at_the_weights_that_it_is_given_and_leaves_them_as_they_are() {
    Run first = Trainer.of(small).in(home.resolve("first")).train(split);
    Checkpoint weights = first.last();
    float[] before = weights.parameters().values().clone();
    try (Training training = Trainer.of(small).from(weights).start(split)) {
      assertEquals(first.history().last().trainLoss(), training.evaluate().trainLoss());
      training.step();
    }
    assertArrayEquals(before, weights.parameters().values());
  }

  @Test
  void learns_to_refuse_and_its_checkpoints_are_read_again() {
    Split refusing = task.withRefusals(2).split(0.7, 1);
    Run run = Trainer.of(small.withEpochs(400)).in(home).train(refusing);
    assertEquals(1, run.history().last().trainAccuracy());
    assertEquals(7, run.last().labels()[2]);
    assertNotEquals(7, run.last().labels()[0]);
  }
}
