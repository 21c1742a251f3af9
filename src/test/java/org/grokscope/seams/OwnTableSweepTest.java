package org.grokscope.seams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grokscope.model.Loss;
import org.grokscope.model.ModelShape;
import org.grokscope.model.StandardLoss;
import org.grokscope.sweep.Engine;
import org.grokscope.sweep.RunResult;
import org.grokscope.sweep.Sweep;
import org.grokscope.sweep.SweepListener;
import org.grokscope.sweep.SweepResults;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.train.Cadence;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** A task that is defined in code, swept: an operation of three operands on four seasons. */
class OwnTableSweepTest {
  private static final OperationTable SEASONS =
      OperationTable.of(
          "the middle season",
          List.of("spring", "summer", "autumn", "winter"),
          3,
          operands -> {
            int[] sorted = operands.clone();
            java.util.Arrays.sort(sorted);
            return sorted[1];
          });

  private static final TrainingConfig CONFIG =
      TrainingConfig.nanda2023()
          .withShape(ModelShape.nanda2023().withDModel(8).withHeads(2).withDMlp(16))
          .withEpochs(30)
          .withCheckpoints(Cadence.every(10));

  @TempDir Path folder;

  private static Split task(TrainingConfig config) {
    return SEASONS.split(0.7, config.seed());
  }

  private static Sweep sweep() {
    return Sweep.of(CONFIG, OwnTableSweepTest::task)
        .over("seed", 0, 1)
        .over("weight_decay", 0.5, 1.0);
  }

  private List<String> computed(Sweep sweep) {
    List<String> labels = new ArrayList<>();
    sweep.run(
        Engine.local().runsAtATime(1),
        folder,
        new SweepListener() {
          @Override
          public void ended(Progress progress, String label, RunResult result) {
            labels.add(label);
          }
        });
    return labels;
  }

  @Test
  void two_seeds_under_two_weight_decays_have_the_numbers_of_the_trainer(@TempDir Path alone) {
    SweepResults results = sweep().run(Engine.local(), folder);
    assertEquals(4, results.done());
    Table table = results.table();
    assertEquals(List.of(0L, 0L, 1L, 1L), table.longColumn("seed").asList());
    assertEquals(List.of(0.5, 1.0, 0.5, 1.0), table.doubleColumn("weight_decay").asList());
    TrainingConfig config = CONFIG.withSeed(1).withWeightDecay(0.5);
    Run run = Trainer.of(config).threads(1).in(alone).train(task(config));
    for (String column : List.of("train_loss", "test_loss", "test_accuracy", "squared_norm")) {
      assertEquals(
          run.history().last().value(column), table.doubleColumn(column).get(2), 0, column);
    }
    assertEquals("the middle season", results.run(2).split().title());
    assertEquals(3, results.run(2).last().table().arity());
  }

  @Test
  void what_is_done_is_not_computed_again_and_another_task_is() {
    assertEquals(4, computed(sweep()).size());
    assertEquals(List.of(), computed(sweep()));
    assertEquals(
        List.of("seed 2, weight_decay 0.5", "seed 2, weight_decay 1.0"),
        computed(
            Sweep.of(CONFIG, OwnTableSweepTest::task)
                .over("seed", 1, 2)
                .over("weight_decay", 0.5, 1.0)));
    Sweep shuffled =
        Sweep.of(
                CONFIG,
                config ->
                    SEASONS
                        .withAnswers("the middle season", new int[] {1, 2, 3, 0})
                        .split(0.7, config.seed()))
            .over("seed", 0, 1);
    assertEquals(List.of("seed 0", "seed 1"), computed(shuffled));
  }

  @Test
  void a_run_that_fails_is_a_row_with_its_error() throws IOException {
    SweepResults results =
        Sweep.of(CONFIG.withEpochs(400), OwnTableSweepTest::task)
            .row(Map.of("seed", 1))
            .row(Map.of("learning_rate", 9.9, "weight_decay", 0))
            .run(Engine.local(), folder);
    assertEquals(1, results.failed());
    String error = results.table().stringColumn("error").get(1);
    assertTrue(error.startsWith("training: the loss became NaN"), error);
    assertEquals(3, Files.readAllLines(folder.resolve("results.csv")).size());
  }

  @Test
  void a_loss_of_ones_own_is_swept_as_well() {
    Loss doubled =
        new Loss() {
          @Override
          public String label() {
            return "doubled";
          }

          @Override
          public double of(double[] logits, int label, double[] gradient) {
            double loss = StandardLoss.CROSS_ENTROPY.of(logits, label, gradient);
            for (int i = 0; i < gradient.length; i++) {
              gradient[i] *= 2;
            }
            return 2 * loss;
          }
        };
    Table table =
        Sweep.of(CONFIG.withLoss(doubled).withEpochs(1), OwnTableSweepTest::task)
            .row(Map.of())
            .row(Map.of("loss", "cross-entropy"))
            .run(Engine.local(), folder)
            .table();
    assertEquals(List.of("doubled", "cross-entropy"), table.stringColumn("loss").asList());
    double[] losses = table.doubleColumn("test_loss").asDoubleArray();
    assertEquals(2, losses[0] / losses[1], 0.05); // one step apart from the same weights
  }

  @Test
  void fields_of_shipped_tasks_and_engines_elsewhere_are_refused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> sweep().over("p", 7).labels());
    assertTrue(e.getMessage().startsWith("sweep: got p for own tasks, expected"), e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class, () -> sweep().run(Engine.spark("local[2]"), folder));
    assertTrue(e.getMessage().endsWith("use Engine.local()"), e.getMessage());
  }
}
