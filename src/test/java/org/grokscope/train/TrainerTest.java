package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.model.ComputationPath;
import org.grokscope.model.ModelShape;
import org.grokscope.series.Probe;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tech.tablesaw.api.Table;

class TrainerTest {
  @TempDir Path home;

  private final Split split = ModularAddition.mod(11).split(0.5, 1);
  private final TrainingConfig small =
      TrainingConfig.nanda2023()
          .withShape(ModelShape.nanda2023().withDModel(32).withHeads(2).withDMlp(48))
          .withEpochs(60)
          .withEvaluation(Cadence.every(5))
          .withCheckpoints(Cadence.every(20).andPowersOfTwo());

  /** Everything of the history but the time it took. */
  private static List<List<Object>> numbers(History history) {
    return history.rows().stream()
        .map(
            row ->
                List.<Object>of(
                    row.epoch(),
                    row.trainLoss(),
                    row.testLoss(),
                    row.trainAccuracy(),
                    row.testAccuracy(),
                    row.squaredNorm()))
        .toList();
  }

  private static float[] weights(Run run) {
    return run.last().parameters().values();
  }

  private static void assertSameRun(Run expected, Run actual) {
    assertEquals(numbers(expected.history()), numbers(actual.history()));
    assertArrayEquals(weights(expected), weights(actual));
    assertEquals(expected.checkpointEpochs(), actual.checkpointEpochs());
  }

  @Nested
  class BeginningWithACheckpoint {
    private final OperationTable next = OperationTable.of("a+b+1", 11, (a, b, p) -> a + b + 1);

    private Run trained() {
      return Trainer.of(small.withEpochs(300)).in(home.resolve("first")).train(split);
    }

    @Test
    void goes_on_from_its_weights_on_other_questions_and_answers() {
      Run first = trained();
      Trainer onward = Trainer.of(small.withEpochs(300)).from(first.last());
      try (Training training = onward.start(next.split(0.3, 7))) {
        assertArrayEquals(weights(first), training.model().parameters().values());
        assertEquals(0, training.epoch());
      }
      Run second = onward.in(home.resolve("second")).train(next.split(0.3, 7));
      assertArrayEquals(weights(first), second.checkpoint(0).parameters().values());
      assertTrue(second.history().rows().get(0).trainAccuracy() < 0.2, second.toString());
      assertEquals(1.0, second.history().last().trainAccuracy());
      assertTrue(second.checkpoint(0).provenance().orElseThrow().contains("\"start\""));
      assertArrayEquals(weights(first), weights(trained())); // untouched
    }

    @Test
    void ends_with_the_same_bits_when_it_was_stopped_between() {
      Run first = trained();
      Split fewer = split.table().split(0.2, 1);
      Trainer onward = Trainer.of(small).from(first.last());
      Run whole = onward.in(home.resolve("whole")).train(fewer);
      Path folder = home.resolve("halves");
      Trainer.of(small.withEpochs(20)).from(first.last()).in(folder).train(fewer);
      assertSameRun(whole, onward.in(folder).train(fewer));
    }

    @Test
    void is_another_run_than_one_from_random_weights_or_from_another_checkpoint() {
      Run first = trained();
      Path folder = home.resolve("second");
      Trainer.of(small).from(first.last()).in(folder).train(split);
      for (Trainer other :
          List.of(Trainer.of(small), Trainer.of(small).from(first.checkpoint(20)))) {
        IllegalArgumentException error =
            assertThrows(IllegalArgumentException.class, () -> other.in(folder).train(split));
        assertTrue(error.getMessage().contains("a run of other settings"), error.getMessage());
      }
    }

    @Test
    void refuses_a_checkpoint_of_another_model_before_a_folder_is_made() {
      Run first = trained();
      Path folder = home.resolve("second");
      TrainingConfig wider = small.withShape(small.shape().withDMlp(64));
      Trainer onward = Trainer.of(wider).from(first.last()).in(folder);
      IllegalArgumentException error =
          assertThrows(IllegalArgumentException.class, () -> onward.train(split));
      assertTrue(error.getMessage().contains("dMlp=48"), error.getMessage());
      assertTrue(error.getMessage().contains("dMlp=64"), error.getMessage());
      assertFalse(Files.exists(folder));
      assertThrows(IllegalArgumentException.class, () -> onward.start(split));
    }
  }

  @Nested
  class Learning {
    @Test
    void memorises_a_small_table_and_keeps_history_and_checkpoints() {
      Run run = Trainer.of(small.withEpochs(300)).in(home).train(split);
      assertEquals(1.0, run.history().last().trainAccuracy());
      assertTrue(run.history().last().trainLoss() < 0.1, run.toString());
      assertEquals(300, run.history().last().epoch());
      assertEquals(List.of(0L, 1L, 2L, 4L, 8L, 16L, 20L), run.checkpointEpochs().subList(0, 7));
      assertEquals(61, run.table().rowCount());
    }

    @Test
    void a_run_can_be_asked_any_questions_at_every_checkpoint() {
      Run run = Trainer.of(small).in(home).train(split);
      var table = run.evaluate(split.test());
      assertEquals(List.of("epoch", "loss", "accuracy"), table.columnNames());
      assertEquals(run.checkpointEpochs(), table.longColumn("epoch").asList());
      int end = table.rowCount() - 1;
      assertEquals(run.history().last().testLoss(), table.doubleColumn("loss").get(end));
      assertEquals(run.history().last().testAccuracy(), table.doubleColumn("accuracy").get(end));
    }

    @Test
    void a_run_is_probed_at_its_checkpoints_or_at_chosen_ones() {
      Run run = Trainer.of(small).in(home).train(split);
      Trainer.of(small.withEpochs(80)).in(home).train(split); // later checkpoints are not the run's
      Probe norm = Probe.named("norm", c -> Map.of("norm", c.parameters().squaredNorm()));
      Table table = run.probe(norm, c -> Map.of("epoch, twice", 2.0 * c.epoch().getAsLong()));
      assertEquals(List.of("epoch", "norm", "epoch, twice"), table.columnNames());
      assertEquals(run.checkpointEpochs(), table.longColumn("epoch").asList());
      int end = table.rowCount() - 1;
      assertEquals(run.history().last().squaredNorm(), table.doubleColumn("norm").get(end));
      assertEquals(120, table.doubleColumn("epoch, twice").get(end));
      assertTrue(Files.isDirectory(home.resolve("probes")));
      assertEquals(
          List.of(20L, 60L), run.probe(List.of(60L, 20L), norm).longColumn("epoch").asList());
      assertEquals(
          List.of(0L, 40L), run.probe(Cadence.every(40), norm).longColumn("epoch").asList());
      assertEquals(run.checkpointEpochs(), run.series().epochs());
      assertThrows(CheckpointException.class, () -> run.probe(List.of(80L), norm));
    }

    @Test
    void begins_at_the_loss_of_guessing() {
      Split published = ModularAddition.mod(113).split(0.30, 0);
      try (Training training = Trainer.of(TrainingConfig.nanda2023()).start(published)) {
        // logits of a fresh model are small: ln 114 plus half their variance, some hundredths
        assertEquals(Math.log(114), training.evaluate().trainLoss(), 0.1);
      }
    }

    @Test
    void a_loop_of_ones_own_does_what_the_trainer_does() {
      Run run = Trainer.of(small).in(home).train(split);
      try (Training training = Trainer.of(small).start(split)) {
        while (training.epoch() < 60) {
          training.step();
        }
        assertArrayEquals(weights(run), training.checkpoint().parameters().values());
        assertEquals(run.history().last().testLoss(), training.evaluate().testLoss());
        assertEquals(training.evaluate(), training.evaluate());
      }
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void every_operation_can_be_trained_on(Operation operation) {
      Split other = OperationTable.of(operation, 7).split(0.6, 0);
      Run run = Trainer.of(small.withEpochs(200)).in(home).train(other);
      assertTrue(
          run.history().last().trainLoss() < run.history().rows().get(0).trainLoss() / 2,
          run.toString());
    }

    @Test
    void both_paths_begin_alike() {
      Trainer trainer = Trainer.of(small);
      try (Training fast = trainer.on(ComputationPath.FAST).start(split);
          Training reference = trainer.on(ComputationPath.REFERENCE).start(split)) {
        for (int i = 0; i < 20; i++) {
          double expected = reference.step().loss();
          // float32 rounding differs between the paths; it has not had time to grow
          assertEquals(expected, fast.step().loss(), 1e-5 * expected, "update " + i);
        }
      }
    }

    @Test
    void a_deeper_model_is_trained_on_the_reference_path() {
      TrainingConfig deep = small.withShape(small.shape().withLayers(2));
      Run run = Trainer.of(deep).in(home).train(split);
      assertTrue(run.history().last().trainLoss() < run.history().rows().get(0).trainLoss());
      var error =
          assertThrows(
              IllegalArgumentException.class,
              () -> Trainer.of(deep).on(ComputationPath.FAST).in(home).train(split));
      assertTrue(error.getMessage().contains("fast path: got 2 layers, expected"));
      assertTrue(error.getMessage().contains("use the reference path"), error.getMessage());
    }
  }

  @Nested
  class Determinism {
    @Test
    void history_and_weights_have_the_same_bits_whatever_the_threads() {
      Run one = Trainer.of(small).threads(1).in(home.resolve("1")).train(split);
      Run two = Trainer.of(small).threads(2).in(home.resolve("2")).train(split);
      Run five = Trainer.of(small).threads(5).in(home.resolve("5")).train(split);
      assertSameRun(one, two);
      assertSameRun(one, five);
    }

    @Test
    void another_seed_is_another_run() {
      Run zero = Trainer.of(small).in(home.resolve("0")).train(split);
      Run one = Trainer.of(small.withSeed(1)).in(home.resolve("1")).train(split);
      assertTrue(zero.history().last().testLoss() != one.history().last().testLoss());
    }

    @Test
    void mini_batches_come_in_an_order_fixed_by_the_seed() {
      TrainingConfig batches = small.withBatchSize(16);
      Run whole = Trainer.of(batches).in(home.resolve("whole")).train(split);
      Trainer.of(batches.withEpochs(33)).in(home.resolve("parts")).train(split);
      assertSameRun(whole, Trainer.of(batches).in(home.resolve("parts")).train(split));
    }
  }

  @Nested
  class Resuming {
    @Test
    void a_longer_budget_goes_on_and_ends_as_if_never_stopped() {
      Run whole = Trainer.of(small).in(home.resolve("whole")).train(split);
      Trainer.of(small.withEpochs(33)).in(home.resolve("parts")).train(split);
      Run parts = Trainer.of(small).in(home.resolve("parts")).train(split);
      assertSameRun(whole, parts);
    }

    @Test
    void a_finished_run_is_read_and_not_trained_again() {
      Run first = Trainer.of(small).in(home).train(split);
      List<String> heard = new ArrayList<>();
      Run second = Trainer.of(small).listener(record(heard)).in(home).train(split);
      assertEquals(first.history().rows(), second.history().rows());
      assertEquals(List.of("started 60", "finished 60"), heard);
      assertArrayEquals(weights(first), weights(second));
    }

    @Test
    void a_shorter_budget_shows_the_part_that_was_asked_for() {
      Trainer.of(small).in(home).train(split);
      Run shorter = Trainer.of(small.withEpochs(40)).in(home).train(split);
      assertEquals(40, shorter.history().last().epoch());
      assertEquals(40L, shorter.last().epoch().getAsLong());
    }

    @Test
    void an_interrupt_stops_within_one_step_saves_and_the_next_call_goes_on() {
      Run whole = Trainer.of(small).in(home.resolve("whole")).train(split);
      List<String> heard = new ArrayList<>();
      TrainingListener interruptsAt27 =
          new TrainingListener() {
            @Override
            public void stepped(Progress progress) {
              if (progress.epoch() == 27) {
                Thread.currentThread().interrupt();
              }
            }
          };
      Path folder = home.resolve("stopped");
      Trainer trainer = Trainer.of(small).in(folder);
      var stopped =
          assertThrows(
              TrainingInterruptedException.class,
              () -> trainer.listener(interruptsAt27).listener(record(heard)).train(split));
      assertEquals(27, stopped.epoch());
      assertEquals("interrupted 27", heard.get(heard.size() - 1));
      assertEquals(false, Thread.currentThread().isInterrupted());
      heard.clear();
      assertSameRun(whole, trainer.listener(record(heard)).train(split));
      assertEquals("started 27", heard.get(0));
    }

    @Test
    void a_stop_rule_ends_the_run_and_is_recognised_again() {
      StopRule rule = history -> history.last().epoch() >= 25;
      Run stopped = Trainer.of(small).stopWhen(rule).in(home).train(split);
      assertEquals(25, stopped.history().last().epoch());
      assertEquals(25L, stopped.last().epoch().getAsLong());
      List<String> heard = new ArrayList<>();
      Run again = Trainer.of(small).stopWhen(rule).listener(record(heard)).in(home).train(split);
      assertEquals(List.of("started 25", "finished 25"), heard);
      assertEquals(stopped.history().rows(), again.history().rows());
    }

    @Test
    void leftover_temporary_files_and_rows_after_the_saved_state_do_no_harm() throws IOException {
      Run whole = Trainer.of(small).in(home.resolve("whole")).train(split);
      Path folder = home.resolve("killed");
      Trainer.of(small.withEpochs(30)).in(folder).train(split);
      // as a kill leaves it: a half-written file, and a history that is ahead of the saved state
      Files.writeString(folder.resolve(".resume.npz.0.tmp"), "half");
      Path history = folder.resolve("history.csv");
      List<History.Row> rows = new ArrayList<>(HistoryFile.read(history, History.COLUMNS));
      rows.add(History.Row.of(35, 9, 9, 0, 0, 9, 9));
      AtomicFile.writeText(history, HistoryFile.text(new History(rows)));
      assertSameRun(whole, Trainer.of(small).in(folder).train(split));
    }

    private TrainingListener record(List<String> heard) {
      return new TrainingListener() {
        @Override
        public void started(Progress progress) {
          heard.add("started " + progress.epoch());
        }

        @Override
        public void finished(Progress progress) {
          heard.add("finished " + progress.epoch());
        }

        @Override
        public void interrupted(Progress progress) {
          heard.add("interrupted " + progress.epoch());
        }
      };
    }
  }

  @Nested
  class Folders {
    @Test
    void the_default_folder_is_named_by_the_settings() {
      var config = Training.modelFor(small, split);
      String hash = RunSettings.of(small, config, split, ComputationPath.FAST).hash();
      assertEquals(16, hash.length());
      assertEquals(
          hash, RunSettings.of(small.withEpochs(9), config, split, ComputationPath.FAST).hash());
      Stream.of(
              RunSettings.of(small.withSeed(5), config, split, ComputationPath.FAST),
              RunSettings.of(small.withWeightDecay(0), config, split, ComputationPath.FAST),
              RunSettings.of(small, config, split, ComputationPath.REFERENCE),
              RunSettings.of(small, config, split.table().split(0.5, 2), ComputationPath.FAST),
              RunSettings.of(
                  small,
                  config,
                  split.table().withRandomLabels(0).split(0.5, 1),
                  ComputationPath.FAST),
              RunSettings.of(
                  small,
                  config,
                  OperationTable.of("a+b", 11, (a, b, p) -> a + 2 * b).split(0.5, 1),
                  ComputationPath.FAST))
          .forEach(other -> assertTrue(!other.hash().equals(hash), other.json()));
    }

    @Test
    void the_published_training_keeps_its_folder_from_version_to_version() {
      Split published = ModularAddition.mod(113).split(0.30, 0);
      TrainingConfig config = TrainingConfig.nanda2023();
      var model = Training.modelFor(config, published);
      assertEquals(
          "0e87441f5aef3df4",
          RunSettings.of(config, model, published, ComputationPath.FAST).hash());
      var other = config.withShape(ModelShape.nanda2023().withoutAttention());
      var otherModel = Training.modelFor(other, published);
      assertNotEquals(
          "0e87441f5aef3df4",
          RunSettings.of(other, otherModel, published, ComputationPath.FAST).hash());
    }

    @Test
    void a_folder_of_another_run_is_refused_and_left_as_it_is() throws IOException {
      Trainer.of(small.withEpochs(5)).in(home).train(split);
      byte[] before = Files.readAllBytes(home.resolve("resume.npz"));
      var error =
          assertThrows(
              IllegalArgumentException.class,
              () -> Trainer.of(small.withWeightDecay(2)).in(home).train(split));
      assertTrue(error.getMessage().contains("belongs to a run of other settings"));
      assertTrue(
          error
              .getMessage()
              .contains("config.json there: training/weightDecay = as usual, now 2.0"),
          error.getMessage());
      assertArrayEquals(before, Files.readAllBytes(home.resolve("resume.npz")));
    }

    @Test
    void a_folder_that_cannot_be_made_is_an_error_that_names_it() throws IOException {
      Path file = Files.writeString(home.resolve("file"), "not a folder");
      var error =
          assertThrows(
              java.io.UncheckedIOException.class,
              () -> Trainer.of(small).in(file.resolve("run")).train(split));
      assertTrue(error.getMessage().contains("a file stands at " + file), error.getMessage());
    }

    @Test
    void a_folder_that_is_being_written_is_refused() {
      TrainingListener nested =
          new TrainingListener() {
            @Override
            public void started(Progress progress) {
              Trainer.of(small).in(home).train(split);
            }
          };
      var error =
          assertThrows(
              IllegalStateException.class,
              () -> Trainer.of(small).listener(nested).in(home).train(split));
      assertTrue(error.getMessage().contains("another training is writing there"));
    }

    @Test
    void a_folder_that_is_being_written_is_refused_under_another_name_too() throws IOException {
      Path run = Files.createDirectory(home.resolve("run"));
      Path link = Files.createSymbolicLink(home.resolve("link"), run);
      TrainingListener nested =
          new TrainingListener() {
            @Override
            public void started(Progress progress) {
              Trainer.of(small).in(link).train(split);
            }
          };
      IllegalStateException error =
          assertThrows(
              IllegalStateException.class,
              () -> Trainer.of(small).listener(nested).in(run).train(split));
      assertTrue(error.getMessage().contains("another training is writing there"));
    }

    @Test
    void a_damaged_saved_state_is_named() throws IOException {
      Trainer.of(small.withEpochs(5)).in(home).train(split);
      Path state = home.resolve("resume.npz");
      byte[] bytes = Files.readAllBytes(state);
      Files.write(state, java.util.Arrays.copyOf(bytes, bytes.length / 2));
      var error =
          assertThrows(
              org.grokscope.checkpoint.CheckpointException.class,
              () -> Trainer.of(small).in(home).train(split));
      assertTrue(error.getMessage().contains("resume.npz"), error.getMessage());
    }
  }

  @Test
  void a_loss_that_explodes_is_an_error_that_says_what_to_try() {
    TrainingConfig wild = small.withWeightDecay(0).withLearningRate(9);
    try (Training training = Trainer.of(wild).start(split)) {
      training.model().parameters().values()[0] = Float.NaN;
      var error = assertThrows(IllegalStateException.class, training::step);
      assertTrue(error.getMessage().contains("try a smaller learning rate than 9.0"));
    }
  }

  @Test
  void callbacks_hear_of_every_evaluation() {
    List<Long> epochs = new ArrayList<>();
    Trainer.of(small.withEpochs(10))
        .onEvaluation(row -> epochs.add(row.epoch()))
        .in(home)
        .train(split);
    assertEquals(List.of(0L, 5L, 10L), epochs);
  }

  @Test
  void threads_below_one_are_refused() {
    assertThrows(IllegalArgumentException.class, () -> Trainer.of(small).threads(0));
  }
}
