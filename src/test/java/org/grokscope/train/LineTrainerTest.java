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
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.Table;

class LineTrainerTest {
  @TempDir Path home;

  private final LineBreaking task = LineReaderFixture.TASK;
  private final LineTrainer small =
      LineTrainer.of(task)
          .recipe(
              LineRecipe.of(task)
                  .withSteps(30)
                  .withEvaluation(Cadence.every(10))
                  .withCheckpoints(Cadence.every(10)))
          .threads(1);

  /** The history but for the time that it took. */
  private static Table numbers(LineRun run) {
    return run.table().removeColumns("seconds");
  }

  private static float[] weights(LineRun run) {
    try (ReferenceTransformer reader = run.reader()) {
      return reader.parameters().values();
    }
  }

  private static void assertSameRun(LineRun expected, LineRun actual) {
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
      LineRun run = small.steps(60).in(home).train();
      Table table = run.table();
      assertEquals(List.of(0L, 10L, 20L, 30L, 40L, 50L, 60L), run.checkpointEpochs());
      assertEquals(7, table.rowCount());
      double before = table.doubleColumn("test_loss").get(0);
      assertTrue(run.history().last("test_loss") < before - 1, run.toString());
      for (String name : List.of("config.json", "provenance.json", "history.csv", "resume.npz")) {
        assertTrue(Files.exists(home.resolve(name)), name);
      }
      assertTrue(run.toString().contains("60 steps: train loss"), run.toString());
    }

    @Test
    void five_updates_are_those_of_pytorch() {
      LineReaderFixture fixture = LineReaderFixture.read();
      double[] norms = fixture.gradientNorms();
      assertTrue(Arrays.stream(norms).anyMatch(norm -> norm > fixture.setting("clip")));
      LineRecipe recipe =
          new LineRecipe(
              fixture.setting("learningRate"),
              fixture.setting("weightDecay"),
              fixture.setting("beta1"),
              fixture.setting("beta2"),
              fixture.setting("epsilon"),
              (int) fixture.setting("warmUp"),
              fixture.setting("clip"),
              LineReaderFixture.DOCUMENTS,
              LineReaderFixture.STEPS,
              LineReaderFixture.SEED,
              Cadence.every(5),
              Cadence.every(5));
      try (LineTraining training = small.model(fixture.config()).recipe(recipe).start()) {
        training.model().parameters().copyFrom(fixture.weights());
        double[] losses = new double[LineReaderFixture.STEPS];
        for (int step = 0; step < losses.length; step++) {
          losses[step] = training.step();
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
          "given | train_loss test_loss break_accuracy near_edge_accuracy squared_norm seconds",
          "inferred | train_loss test_loss break_accuracy near_edge_accuracy"
              + " unseen_width_accuracy bayes_ceiling squared_norm seconds",
          "box | train_loss test_loss break_accuracy near_edge_accuracy column_accuracy"
              + " squared_norm seconds",
          "header | train_loss test_loss break_accuracy near_edge_accuracy column_accuracy"
              + " label_accuracy squared_norm seconds"
        })
    void the_history_has_the_columns_that_the_task_can_answer(String kind, String columns) {
      LineBreaking of =
          switch (kind) {
            case "given" -> LineBreaking.given();
            case "inferred" -> LineBreaking.inferred();
            case "box" -> LineBreaking.box();
            default -> LineBreaking.boxHeader();
          };
      assertEquals(columns, String.join(" ", LineTraining.columns(of)));
    }

    @Test
    void a_loss_that_is_not_finite_stops_the_training_and_leaves_the_weights() {
      try (LineTraining training = small.start()) {
        float[] weights = training.model().parameters().values();
        weights[weights.length - 1] = Float.NaN;
        float[] before = weights.clone();
        String message = assertThrows(IllegalStateException.class, training::step).getMessage();
        assertTrue(message.contains("the loss became NaN at step 0"), message);
        assertArrayEquals(before, weights);
      }
    }

    @Test
    void the_rate_rises_stays_and_falls() {
      LineRecipe recipe = LineRecipe.of(LineBreaking.given());
      assertEquals(3e-3 / 100, recipe.learningRateAt(0), 1e-12);
      assertEquals(3e-3, recipe.learningRateAt(99), 1e-12);
      assertEquals(3e-3, recipe.learningRateAt(999), 1e-12);
      assertEquals(1.5e-3, recipe.learningRateAt(1500), 1e-12);
      assertEquals(0.02 * 3e-3, recipe.learningRateAt(1999), 1e-12);
    }
  }

  @Nested
  class Resuming {
    @Test
    void the_number_of_threads_changes_no_bit() {
      LineRun one = small.in(home.resolve("one")).train();
      LineRun three = small.threads(3).in(home.resolve("three")).train();
      assertSameRun(one, three);
    }

    @Test
    void an_interrupted_run_ends_with_the_bits_of_one_never_interrupted() {
      LineRun whole = small.in(home.resolve("whole")).train();
      Path folder = home.resolve("stopped");
      LineTrainer stopping =
          small
              .in(folder)
              .listener(
                  afterEachStep(
                      epoch -> {
                        if (epoch == 13) {
                          Thread.currentThread().interrupt();
                        }
                      }));
      long stoppedAt = assertThrows(TrainingInterruptedException.class, stopping::train).epoch();
      assertEquals(13, stoppedAt);
      assertFalse(Thread.currentThread().isInterrupted());
      List<Long> epochs = new ArrayList<>();
      LineRun resumed = small.in(folder).listener(afterEachStep(epochs::add)).train();
      assertEquals(14, epochs.get(0));
      assertSameRun(whole, resumed);
    }

    @Test
    void a_run_that_died_goes_on_from_what_was_saved_last() {
      LineRun whole = small.in(home.resolve("whole")).train();
      Path folder = home.resolve("died");
      LineTrainer dying =
          small
              .in(folder)
              .listener(
                  afterEachStep(
                      epoch -> {
                        if (epoch == 17) {
                          throw new UnsupportedOperationException("power cut");
                        }
                      }));
      assertThrows(UnsupportedOperationException.class, dying::train);
      List<Long> epochs = new ArrayList<>();
      LineRun resumed = small.in(folder).listener(afterEachStep(epochs::add)).train();
      assertEquals(11, epochs.get(0));
      assertSameRun(whole, resumed);
    }

    @Test
    void a_complete_run_is_read_and_not_trained_again() throws IOException {
      LineRun first = small.in(home).train();
      String history = Files.readString(home.resolve("history.csv"));
      List<Long> epochs = new ArrayList<>();
      LineRun again = small.in(home).listener(afterEachStep(epochs::add)).train();
      assertEquals(List.of(), epochs);
      assertSameRun(first, again);
      assertEquals(history, Files.readString(home.resolve("history.csv")));
    }

    @Test
    void a_folder_of_other_settings_is_refused() {
      small.steps(1).in(home).train();
      String message =
          assertThrows(IllegalArgumentException.class, () -> small.steps(2).in(home).train())
              .getMessage();
      assertTrue(message.contains("belongs to a run of other settings"), message);
      assertTrue(message.contains("\"steps\" : 1, now \"steps\" : 2"), message);
    }

    @Test
    void another_seed_trains_on_other_documents_from_other_weights() {
      LineRun zero = small.steps(1).in(home.resolve("zero")).train();
      LineRun one = small.steps(1).seed(1).in(home.resolve("one")).train();
      assertFalse(Arrays.equals(weights(zero), weights(one)));
    }

    @Test
    void a_damaged_history_is_refused_with_its_line() throws IOException {
      small.steps(10).in(home).train();
      Path file = home.resolve("history.csv");
      Files.writeString(file, Files.readString(file).replaceFirst("\n0,", "\n0,x"));
      String message =
          assertThrows(IllegalArgumentException.class, () -> small.steps(10).in(home).train())
              .getMessage();
      assertTrue(message.contains("history.csv, line 2"), message);
    }
  }

  @Nested
  class Reading {
    @Test
    void the_model_of_a_checkpoint_is_the_one_that_was_trained() {
      LineRun run = small.in(home).train();
      LineBatch batch = task.corpus().fresh(5, 20);
      try (LineTraining training = small.start();
          ReferenceTransformer end = run.reader();
          ReferenceTransformer begin = run.reader(0)) {
        assertArrayEquals(training.model().parameters().values(), begin.parameters().values());
        while (training.epoch() < 30) {
          training.step();
        }
        assertArrayEquals(training.model().parameters().values(), end.parameters().values());
        assertEquals(training.model().loss(batch), end.loss(batch), 1e-5);
      }
    }

    @Test
    void a_step_without_a_checkpoint_is_refused_with_those_there_are() {
      LineRun run = small.in(home).train();
      String message = assertThrows(CheckpointException.class, () -> run.reader(11)).getMessage();
      assertTrue(message.contains("expected one of the epochs [0, 10, 20, 30]"), message);
    }

    @Test
    void settings_without_a_model_are_refused_by_name() throws IOException {
      small.in(home).train();
      Path settings = home.resolve("config.json");
      String json = Files.readString(settings);
      for (String part : List.of("model", "training")) {
        Files.writeString(settings, json.replace("\"" + part + "\"", "\"none\""));
        String message =
            assertThrows(CheckpointException.class, () -> LineRun.open(home)).getMessage();
        assertTrue(message.contains("config.json has no " + part), message);
      }
    }

    @Test
    void a_model_of_another_task_is_refused() {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> small.model(ModelConfig.of(LineBreaking.given())))
              .getMessage();
      assertTrue(message.startsWith("line trainer: got a model for "), message);
      assertThrows(IllegalArgumentException.class, () -> small.threads(0));
    }
  }
}
