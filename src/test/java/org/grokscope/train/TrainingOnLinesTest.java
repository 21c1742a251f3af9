package org.grokscope.train;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.model.LineReaderFixture;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.model.StandardLoss;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularAddition;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.Table;

/** A training on lines, which is one as any other. */
class TrainingOnLinesTest {
  @TempDir Path home;

  private final LineBreaking task = LineReaderFixture.TASK;
  private final TrainingConfig small =
      TrainingConfig.lines(task)
          .withEpochs(30)
          .withEvaluation(Cadence.every(10))
          .withCheckpoints(Cadence.every(10));

  private Trainer trainer(TrainingConfig config) {
    return Trainer.of(config).threads(1);
  }

  private Run train(TrainingConfig config, Path folder) {
    return trainer(config).in(folder).train(task);
  }

  /** The history but for the time that it took. */
  private static Table numbers(Run run) {
    return run.table().removeColumns("seconds");
  }

  private static float[] weights(Run run) {
    try (ReferenceTransformer model = run.model()) {
      return model.parameters().values();
    }
  }

  private static void assertSameRun(Run expected, Run actual) {
    assertEquals(numbers(expected).print(100), numbers(actual).print(100));
    assertArrayEquals(weights(expected), weights(actual));
    assertEquals(expected.checkpointEpochs(), actual.checkpointEpochs());
  }

  private static TrainingListener afterEachStep(LongConsumer action) {
    return new TrainingListener() {
      @Override
      public void stepped(Progress progress) {
        action.accept(progress.epoch());
      }
    };
  }

  @Nested
  class Learning {
    @Test
    void a_run_learns_and_keeps_history_and_checkpoints() {
      Run run = train(small.withEpochs(60), home);
      Table table = run.table();
      assertEquals(List.of(0L, 10L, 20L, 30L, 40L, 50L, 60L), run.checkpointEpochs());
      assertEquals(7, table.rowCount());
      double before = table.doubleColumn("test_loss").get(0);
      assertTrue(run.history().last().value("test_loss") < before - 1, run.toString());
      assertEquals(run.history().last().value("test_loss"), run.history().last().testLoss());
      for (String name : List.of("config.json", "provenance.json", "history.csv", "resume.npz")) {
        assertTrue(Files.exists(home.resolve(name)), name);
      }
      assertTrue(run.toString().contains("60 epochs: train loss"), run.toString());
    }

    @Test
    void five_updates_are_those_of_pytorch() {
      LineReaderFixture fixture = LineReaderFixture.read();
      double[] norms = fixture.gradientNorms();
      assertTrue(Arrays.stream(norms).anyMatch(norm -> norm > fixture.setting("clip")));
      TrainingConfig config =
          new TrainingConfig(
              fixture.config().shape(),
              0,
              new AdamW(
                  fixture.setting("beta1"), fixture.setting("beta2"), fixture.setting("epsilon")),
              fixture.setting("learningRate"),
              fixture.setting("weightDecay"),
              Decays.MATRICES,
              new Schedule((int) fixture.setting("warmUp"), 1, 0.5, 0.02),
              fixture.setting("clip"),
              StandardLoss.CROSS_ENTROPY,
              GradientFilter.NONE,
              LineReaderFixture.DOCUMENTS,
              LineReaderFixture.SEED,
              LineReaderFixture.STEPS,
              Cadence.every(5),
              Cadence.every(5));
      try (Training training = trainer(config).start(task)) {
        training.model().parameters().copyFrom(fixture.weights());
        double[] losses = new double[LineReaderFixture.STEPS];
        for (int step = 0; step < losses.length; step++) {
          losses[step] = training.step().loss();
        }
        // float32 against float64, a loss of about 4 and five updates that move a weight by .01
        assertClose("losses", fixture.trainingLosses(), losses, 2e-5, 0);
        double[] end = doubles(training.model().parameters().values());
        assertClose("weights", fixture.finalWeights(), end, 0, 1e-4);
      }
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "given | epoch train_loss test_loss break_accuracy near_edge_accuracy squared_norm"
              + " seconds",
          "inferred | epoch train_loss test_loss break_accuracy near_edge_accuracy"
              + " unseen_width_accuracy bayes_ceiling squared_norm seconds",
          "box | epoch train_loss test_loss break_accuracy near_edge_accuracy column_accuracy"
              + " squared_norm seconds",
          "box-header | epoch train_loss test_loss break_accuracy near_edge_accuracy"
              + " column_accuracy label_accuracy squared_norm seconds"
        })
    void the_history_has_the_columns_that_the_task_can_answer(String mode, String columns) {
      LineBreaking of = LineBreaking.named(mode);
      assertEquals(columns, String.join(" ", Training.columns(of.course())));
    }

    @Test
    void a_loss_that_is_not_finite_stops_the_training_and_leaves_the_weights() {
      try (Training training = trainer(small).start(task)) {
        float[] weights = training.model().parameters().values();
        weights[weights.length - 1] = Float.NaN;
        float[] before = weights.clone();
        String message = assertThrows(IllegalStateException.class, training::step).getMessage();
        assertTrue(message.contains("the loss became NaN at epoch 0"), message);
        assertArrayEquals(before, weights);
      }
    }
  }

  @Nested
  class Resuming {
    @Test
    void the_number_of_threads_changes_no_bit() {
      Run one = train(small, home.resolve("one"));
      Run three = Trainer.of(small).threads(3).in(home.resolve("three")).train(task);
      assertSameRun(one, three);
    }

    @Test
    void an_interrupted_run_ends_with_the_bits_of_one_never_interrupted() {
      Run whole = train(small, home.resolve("whole"));
      Path folder = home.resolve("stopped");
      Trainer stopping =
          trainer(small)
              .in(folder)
              .listener(
                  afterEachStep(
                      epoch -> {
                        if (epoch == 13) {
                          Thread.currentThread().interrupt();
                        }
                      }));
      long stoppedAt =
          assertThrows(TrainingInterruptedException.class, () -> stopping.train(task)).epoch();
      assertEquals(13, stoppedAt);
      assertFalse(Thread.currentThread().isInterrupted());
      List<Long> epochs = new ArrayList<>();
      Run resumed = trainer(small).in(folder).listener(afterEachStep(epochs::add)).train(task);
      assertEquals(14, epochs.get(0));
      assertSameRun(whole, resumed);
    }

    @Test
    void a_run_that_died_goes_on_from_what_was_saved_last() {
      Run whole = train(small, home.resolve("whole"));
      Path folder = home.resolve("died");
      Trainer dying =
          trainer(small)
              .in(folder)
              .listener(
                  afterEachStep(
                      epoch -> {
                        if (epoch == 17) {
                          throw new UnsupportedOperationException("power cut");
                        }
                      }));
      assertThrows(UnsupportedOperationException.class, () -> dying.train(task));
      List<Long> epochs = new ArrayList<>();
      Run resumed = trainer(small).in(folder).listener(afterEachStep(epochs::add)).train(task);
      assertEquals(11, epochs.get(0));
      assertSameRun(whole, resumed);
    }

    @Test
    void a_complete_run_is_read_and_not_trained_again() throws IOException {
      Run first = train(small, home);
      String history = Files.readString(home.resolve("history.csv"));
      List<Long> epochs = new ArrayList<>();
      Run again = trainer(small).in(home).listener(afterEachStep(epochs::add)).train(task);
      assertEquals(List.of(), epochs);
      assertSameRun(first, again);
      assertEquals(history, Files.readString(home.resolve("history.csv")));
    }

    /** The rate falls towards the end, so that a longer budget is another training. */
    @Test
    void a_folder_of_another_budget_is_refused() {
      train(small.withEpochs(1), home);
      String message =
          assertThrows(IllegalArgumentException.class, () -> train(small.withEpochs(2), home))
              .getMessage();
      assertTrue(message.contains("belongs to a run of other settings"), message);
      assertTrue(message.contains("training/epochs = 1, now 2"), message);
    }

    @Test
    void another_seed_trains_on_other_documents_from_other_weights() {
      Run zero = train(small.withEpochs(1), home.resolve("zero"));
      Run one = train(small.withEpochs(1).withSeed(1), home.resolve("one"));
      assertFalse(Arrays.equals(weights(zero), weights(one)));
    }

    @Test
    void a_damaged_history_is_refused_with_its_line() throws IOException {
      train(small.withEpochs(10), home);
      Path file = home.resolve("history.csv");
      Files.writeString(file, Files.readString(file).replaceFirst("\n0,", "\n0,x"));
      String message =
          assertThrows(IllegalArgumentException.class, () -> train(small.withEpochs(10), home))
              .getMessage();
      assertTrue(message.contains("history.csv, line 2"), message);
      message = assertThrows(CheckpointException.class, () -> Run.open(home)).getMessage();
      assertTrue(message.contains("history.csv, line 2"), message);
    }
  }

  @Nested
  class Reading {
    @Test
    void the_model_of_a_checkpoint_is_the_one_that_was_trained() {
      Run run = train(small, home);
      LineBatch batch = task.corpus().fresh(5, 20);
      try (Training training = trainer(small).start(task);
          ReferenceTransformer end = run.model();
          ReferenceTransformer begin = run.model(0)) {
        assertArrayEquals(training.model().parameters().values(), begin.parameters().values());
        while (training.epoch() < 30) {
          training.step();
        }
        assertArrayEquals(training.model().parameters().values(), end.parameters().values());
        assertEquals(training.model().loss(batch).loss(), end.loss(batch).loss(), 1e-5);
        assertEquals(training.model().loss(batch).correct(), end.loss(batch).correct());
      }
    }

    @Test
    void a_run_is_opened_as_it_was_trained() {
      Run trained = train(small, home);
      Run opened = Run.open(home);
      assertSameRun(trained, opened);
      assertEquals(task, opened.lines());
      assertEquals(small, opened.config());
      assertEquals(trained.toString(), opened.toString());
      Table table = opened.evaluate(task.corpus().fresh(1, 400));
      assertEquals(
          trained.table().doubleColumn("test_loss").asList(), table.doubleColumn("loss").asList());
    }

    @Test
    void a_run_on_lines_has_no_table_of_questions() {
      Run run = train(small.withEpochs(1), home);
      String message = assertThrows(IllegalStateException.class, run::split).getMessage();
      assertTrue(message.startsWith("run: got a training on lines, "), message);
      assertTrue(message.contains("expected one on a table of questions"), message);
    }

    @Test
    void an_epoch_without_a_checkpoint_is_refused_with_those_there_are() {
      Run run = train(small, home);
      String message = assertThrows(CheckpointException.class, () -> run.model(11)).getMessage();
      assertTrue(message.contains("expected one of the epochs [0, 10, 20, 30]"), message);
    }

    @Test
    void a_provenance_without_a_model_is_refused_by_name() throws IOException {
      train(small, home);
      Path file = home.resolve("provenance.json");
      String json = Files.readString(file);
      for (String part : List.of("questions", "model", "training")) {
        Files.writeString(file, json.replace("\"" + part + "\"", "\"none\""));
        String message = assertThrows(CheckpointException.class, () -> Run.open(home)).getMessage();
        assertTrue(message.contains("provenance.json has no " + part), message);
      }
    }

    @Test
    void a_model_of_another_kind_of_task_is_refused() {
      TrainingConfig questions = small.withShape(ModelShape.nanda2023());
      String message =
          assertThrows(IllegalArgumentException.class, () -> train(questions, home)).getMessage();
      assertTrue(message.contains("got one that answers at the last position"), message);
      assertTrue(message.contains("which asks at every position"), message);
      var split = ModularAddition.mod(7).split(0.5, 0);
      message =
          assertThrows(IllegalArgumentException.class, () -> trainer(small).start(split))
              .getMessage();
      assertTrue(message.contains("got one that answers at every position"), message);
      assertThrows(IllegalArgumentException.class, () -> trainer(small).threads(0));
    }

    @Test
    void a_batch_of_no_documents_is_refused() {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> train(small.withBatchSize(TrainingConfig.FULL_BATCH), home))
              .getMessage();
      assertTrue(message.contains("got 0"), message);
    }
  }
}
