package org.grokscope.seams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Split;
import org.grokscope.train.Cadence;
import org.grokscope.train.Optimiser;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.grokscope.train.TrainingInterruptedException;
import org.grokscope.train.TrainingListener;
import org.grokscope.train.Update;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** An optimiser of one's own. */
class OwnOptimiserTest {

  /**
   * Lion (Chen et al. 2023): θ ← θ (1 − ηλ) − η sign(β₁ m + (1−β₁) g); m ← β₂ m + (1−β₂) g.
   *
   * @param beta1 share of the momentum in the direction
   * @param beta2 decay of the momentum
   */
  record Lion(double beta1, double beta2) implements Optimiser {
    @Override
    public String label() {
      return "lion";
    }

    @Override
    public Map<String, Double> settings() {
      return Map.of("beta1", beta1, "beta2", beta2);
    }

    @Override
    public List<String> state() {
      return List.of("momentum");
    }

    @Override
    public void update(Update update) {
      float[] theta = update.parameters();
      float[] g = update.gradients();
      float[] m = update.state("momentum");
      for (ParameterLayout.Slot slot : update.layout().slots()) {
        float kept = update.kept(slot);
        for (int k = slot.offset(); k < slot.offset() + slot.length(); k++) {
          double direction = Math.signum(beta1 * m[k] + (1 - beta1) * g[k]);
          theta[k] = (float) (theta[k] * kept - update.rate() * direction);
          m[k] = (float) (beta2 * m[k] + (1 - beta2) * g[k]);
        }
      }
    }
  }

  @TempDir Path home;

  private final Split split = ModularAddition.mod(11).split(0.6, 1);
  private final TrainingConfig config =
      TrainingConfig.nanda2023()
          .withShape(ModelShape.nanda2023().withDModel(32).withHeads(2).withDMlp(48))
          .withOptimiser(new Lion(0.9, 0.99))
          .withWeightDecay(0.1)
          .withLearningRate(3e-3)
          .withEpochs(100)
          .withBatchSize(36)
          .withEvaluation(Cadence.every(10))
          .withCheckpoints(Cadence.every(25));

  private Trainer trainer(TrainingConfig of, String folder) {
    return Trainer.of(of).withoutDefaultListener().in(home.resolve(folder));
  }

  @Test
  void trains_stops_goes_on_and_its_runs_are_opened_and_probed() {
    Run whole = trainer(config, "whole").train(split);
    double first = whole.history().rows().get(0).trainLoss();
    assertTrue(whole.history().last().trainLoss() < first / 2, whole.toString());

    Trainer stopping = trainer(config, "parts").listener(interruptingAt(37));
    assertThrows(TrainingInterruptedException.class, () -> stopping.train(split));
    Run parts = trainer(config, "parts").train(split);
    assertArrayEquals(whole.last().parameters().values(), parts.last().parameters().values());
    assertEquals(
        whole.table().removeColumns("seconds").print(99),
        parts.table().removeColumns("seconds").print(99));

    String message =
        assertThrows(CheckpointException.class, () -> Run.open(home.resolve("parts"))).getMessage();
    assertTrue(message.contains("got 'lion', expected adamw, sgd, muon or grokfast"), message);
    assertTrue(message.contains("Run.open(folder, task, config)"), message);
    Run opened = Run.open(home.resolve("parts"), split, config);
    assertEquals(config, opened.config());
    assertEquals(whole.toString(), opened.toString());
    assertThrows(
        CheckpointException.class,
        () -> Run.open(home.resolve("parts"), split, config.withOptimiser(new Lion(0.9, 0.98))));

    Table measured = opened.probe(c -> Map.of("norm", c.parameters().squaredNorm()));
    assertEquals(List.of(0L, 25L, 50L, 75L, 100L), measured.longColumn("epoch").asList());
    assertEquals(opened.history().last().squaredNorm(), measured.doubleColumn("norm").get(4));
  }

  @Test
  void settings_of_its_own_are_another_run() {
    trainer(config.withEpochs(5), "one").train(split);
    for (Lion other : List.of(new Lion(0.8, 0.99), new Lion(0.9, 0.98))) {
      TrainingConfig changed = config.withOptimiser(other).withEpochs(5);
      String message =
          assertThrows(IllegalArgumentException.class, () -> trainer(changed, "one").train(split))
              .getMessage();
      assertTrue(message.contains("training/optimiser/settings/beta"), message);
      assertTrue(trainer(changed, "beta " + other).train(split).history().last().epoch() == 5);
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
