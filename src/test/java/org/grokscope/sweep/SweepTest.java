package org.grokscope.sweep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularAddition;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.grokscope.train.TrainingListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class SweepTest {
  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void a_folder_that_is_not_there_yet() {
    folder = temporary.resolve("sweep");
  }

  /** Hears which runs are computed. */
  private static final class Ears implements SweepListener {
    private final List<String> computed = new ArrayList<>();
    private final List<Progress> heard = new ArrayList<>();

    @Override
    public void started(Progress progress) {
      heard.add(progress);
    }

    @Override
    public void ended(Progress progress, String label, RunResult result) {
      computed.add(label);
      heard.add(progress);
    }
  }

  @Nested
  class InANotebook {
    @Test
    void the_bar_of_single_trainings_is_not_drawn_by_the_runs() {
      List<Long> heard = Collections.synchronizedList(new ArrayList<>());
      Trainer.listenByDefault(
          () ->
              new TrainingListener() {
                @Override
                public void started(Progress progress) {
                  heard.add(progress.epoch());
                }
              });
      try {
        TinySweep.fourRuns().run(Engine.local(), folder);
        assertEquals(List.of(), heard);
        Trainer.of(TrainingConfig.nanda2023().withEpochs(1))
            .in(temporary.resolve("alone"))
            .train(ModularAddition.mod(7).split(0.6, 1));
        assertEquals(List.of(0L), heard);
      } finally {
        Trainer.listenByDefault(() -> new TrainingListener() {});
      }
    }
  }

  @Nested
  class Results {
    @Test
    void are_those_of_the_trainer_itself_in_the_order_of_the_sweep() {
      Table table = TinySweep.fourRuns().run(Engine.local(), folder).table();
      assertEquals(List.of(0L, 0L, 1L, 1L), table.longColumn("seed").asList());
      assertEquals(List.of(0.5, 1.0, 0.5, 1.0), table.doubleColumn("weight_decay").asList());
      assertEquals(List.of("done", "done", "done", "done"), table.stringColumn("state").asList());
      TrainingConfig config =
          TrainingConfig.nanda2023().withSeed(1).withWeightDecay(0.5).withEpochs(20);
      config = config.withShape(config.shape().withHeads(2).withDModel(8).withDMlp(16));
      Run run =
          Trainer.of(config)
              .in(temporary.resolve("alone"))
              .threads(1)
              .train(ModularAddition.mod(7).split(0.6, 1));
      assertEquals(20, table.longColumn("epochs_done").get(2));
      assertEquals(run.history().last().trainLoss(), table.doubleColumn("train_loss").get(2));
      assertEquals(run.history().last().testLoss(), table.doubleColumn("test_loss").get(2));
      assertEquals(
          run.history().last().trainAccuracy(), table.doubleColumn("train_accuracy").get(2));
      assertEquals(run.history().last().testAccuracy(), table.doubleColumn("test_accuracy").get(2));
      assertEquals(run.history().last().squaredNorm(), table.doubleColumn("squared_norm").get(2));
      assertEquals(
          run.milestones().memorised().isPresent(), !table.column("train_99_epoch").isMissing(2));
    }

    @Test
    void are_read_back_as_they_were_written() {
      SweepResults results =
          Sweep.of(TinySweep.base())
              .over("random_label_seed", Arrays.asList(null, 3))
              .over("causal", true)
              .over("activation", "RELU")
              .over("learning_rate", 0.001, 0.5)
              .run(Engine.local(), folder);
      Table read = SweepResults.read(folder.resolve("results.csv").toString());
      assertEquals(results.table().columnNames(), read.columnNames());
      assertEquals(results.table().types(), read.types());
      for (int i = 0; i < read.rowCount(); i++) {
        for (String column : read.columnNames()) {
          assertEquals(results.table().column(column).get(i), read.column(column).get(i), column);
        }
      }
      assertTrue(read.column("random_label_seed").isMissing(0));
      assertTrue(read.column("test_99_epoch").isMissing(0));
    }

    @Test
    void of_another_kind_of_file_are_refused() throws IOException {
      Files.writeString(temporary.resolve("other.csv"), "a,b\n1,2\n");
      String other = temporary.resolve("other.csv").toString();
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> SweepResults.read(other));
      assertTrue(e.getMessage().startsWith("sweep: got the columns [a, b] in "), e.getMessage());
      assertThrows(UncheckedIOException.class, () -> SweepResults.read(other + ".none"));
      Files.writeString(temporary.resolve("other.csv"), "");
      assertThrows(IllegalArgumentException.class, () -> SweepResults.read(other));
      TinySweep.fourRuns().run(Engine.local(), folder);
      String csv = Files.readString(folder.resolve("results.csv"));
      Files.writeString(temporary.resolve("other.csv"), csv.substring(0, csv.length() - 30));
      e = assertThrows(IllegalArgumentException.class, () -> SweepResults.read(other));
      assertTrue(e.getMessage().contains("no such CSV"), e.getMessage());
    }

    @Test
    void do_not_depend_on_how_many_run_side_by_side() throws IOException {
      TinySweep.fourRuns().run(Engine.local().runsAtATime(1), folder);
      Path other = temporary.resolve("other");
      TinySweep.fourRuns().run(Engine.local().runsAtATime(3).threads(2), other);
      assertEquals(
          TinySweep.withoutSeconds(folder.resolve("results.csv")),
          TinySweep.withoutSeconds(other.resolve("results.csv")));
    }

    @Test
    void open_a_run_with_its_history_and_checkpoints() {
      SweepResults results = TinySweep.fourRuns().run(Engine.local(), folder);
      Run run = results.run(3);
      assertEquals(1, run.split().seed());
      assertEquals(1.0, run.config().weightDecay());
      assertEquals(20, run.history().last().epoch());
      assertTrue(run.last().parameters().values().length > 0);
    }

    @Test
    void say_how_they_came_to_be() throws IOException {
      TinySweep.fourRuns().run(Engine.local().runsAtATime(2), folder);
      JsonNode json = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
      assertEquals(4, json.get("runs").intValue());
      assertEquals("local, 2 at a time, threads each: 1", json.get("engine").textValue());
      assertEquals("[0.5,1.0]", json.at("/sweep/grid/weight_decay").toString());
      assertEquals(7, json.at("/sweep/base/p").intValue());
      assertFalse(json.get("started").textValue().isEmpty());
      assertFalse(json.toString().contains(temporary.toString()), "it names a folder");
    }

    @Test
    void of_texts_switches_and_nothing_are_columns_of_their_kind() {
      Table table =
          Sweep.of(TinySweep.base())
              .row(Map.of("operation", "subtract", "layer_norm", true))
              .row(Collections.singletonMap("random_label_seed", null))
              .row(Map.of("random_label_seed", 3, "checkpoints", 10))
              .run(Engine.local(), folder)
              .table();
      assertEquals(List.of("a-b", "a+b", "a+b"), table.stringColumn("operation").asList());
      assertEquals(List.of(true, false, false), table.booleanColumn("layer_norm").asList());
      assertTrue(table.column("random_label_seed").isMissing(1));
      assertEquals(3L, table.longColumn("random_label_seed").get(2));
      assertEquals(
          "{\"dense_until\":0,\"powers_of_two\":false,\"every\":10}",
          table.stringColumn("checkpoints").get(2));
    }
  }

  @Nested
  class OfLines {
    private final Sweep sweep =
        Sweep.of(
                Map.of("epochs", 3, "d_model", 16, "d_mlp", 16, "batch_size", 2, "checkpoints", 10))
            .row(Map.of("mode", "box"))
            .row(Map.of("mode", "box", "unmasked", true, "seed", 1))
            .row(Map.of("p", 7, "fraction", 0.6));

    @Test
    void are_those_of_the_trainer_beside_those_of_tables() {
      SweepResults results = sweep.run(Engine.local(), folder);
      assertEquals(3, results.done(), results.table()::toString);
      LineBreaking lines = LineBreaking.box();
      TrainingConfig config = TrainingConfig.lines(lines).withEpochs(3).withBatchSize(2);
      config = config.withShape(config.shape().withDModel(16).withDMlp(16));
      Run run = Trainer.of(config).in(temporary.resolve("alone")).threads(1).train(lines);
      Table table = results.table();
      for (String column : List.of("train_loss", "break_accuracy", "column_accuracy")) {
        assertEquals(run.history().last().value(column), table.doubleColumn(column).get(0));
      }
      assertEquals(lines, results.run(0).lines());
      assertEquals(
          List.of(
              "state",
              "epochs_done",
              "train_loss",
              "test_loss",
              "train_accuracy",
              "test_accuracy",
              "break_accuracy",
              "near_edge_accuracy",
              "column_accuracy",
              "train_99_epoch",
              "test_99_epoch",
              "squared_norm",
              "seconds",
              "error"),
          table.columnNames().subList(6, table.columnCount()));
      assertEquals(
          Set.of("run", "mode", "unmasked", "seed", "p", "fraction"),
          Set.copyOf(table.columnNames().subList(0, 6)));
      assertEquals(List.of("box", "box", ""), table.stringColumn("mode").asList());
      assertEquals(List.of(false, true), table.booleanColumn("unmasked").asList().subList(0, 2));
      assertTrue(table.column("unmasked").isMissing(2));
      assertTrue(table.column("break_accuracy").isMissing(2));
      assertTrue(table.column("test_accuracy").isMissing(0));
      assertTrue(table.column("fraction").isMissing(1));
      assertFalse(table.column("test_accuracy").isMissing(2));
    }

    @Test
    void are_not_computed_again_and_alone_have_their_own_columns() throws IOException {
      Sweep alone =
          Sweep.of(Map.of("mode", "box", "epochs", 2, "batch_size", 2)).over("seed", 0, 1);
      String csv = alone.run(Engine.local(), folder).csv();
      assertEquals(
          "run,seed,state,epochs_done,train_loss,test_loss,break_accuracy,near_edge_accuracy,"
              + "column_accuracy,squared_norm,seconds,error",
          csv.lines().findFirst().orElseThrow());
      Ears ears = new Ears();
      assertEquals(csv, alone.run(Engine.local(), folder, ears).csv());
      assertEquals(List.of(), ears.computed);
      assertEquals(csv, Files.readString(folder.resolve("results.csv")));
      assertEquals(2, SweepResults.read(folder.resolve("results.csv").toString()).rowCount());
    }
  }

  @Nested
  class ARunThatFails {
    private final Sweep sweep =
        Sweep.of(TinySweep.base())
            .over("seed", 0, 1)
            .row(Map.of("learning_rate", 9.9, "weight_decay", 0.0, "epochs", 400));

    @Test
    void is_a_row_with_its_error_and_not_the_end() throws IOException {
      SweepResults results = sweep.run(Engine.local().runsAtATime(1), folder);
      assertEquals(2, results.done());
      assertEquals(1, results.failed());
      Table table = results.table();
      assertEquals("failed", table.stringColumn("state").get(2));
      assertTrue(
          table.stringColumn("error").get(2).startsWith("training: the loss became NaN at epoch"),
          table::toString);
      assertTrue(table.column("epochs_done").isMissing(2));
      assertTrue(table.column("train_loss").isMissing(2));
      String csv = Files.readString(folder.resolve("results.csv"));
      assertEquals(4, csv.lines().count(), csv);
      assertThrows(IllegalArgumentException.class, () -> results.run(2));
    }

    @Test
    void is_tried_again_and_the_others_are_not() {
      sweep.run(Engine.local(), folder);
      Ears ears = new Ears();
      assertEquals(2, sweep.run(Engine.local(), folder, ears).done());
      assertEquals(1, ears.computed.size());
      assertTrue(ears.computed.get(0).contains("learning_rate 9.9"), ears.computed::toString);
      assertEquals(2, ears.heard.get(0).done());
    }
  }

  @Nested
  class StartedAgain {
    @Test
    void a_sweep_that_is_done_computes_nothing_and_gives_the_same() throws IOException {
      String csv = TinySweep.fourRuns().run(Engine.local(), folder).csv();
      assertEquals(csv, Files.readString(folder.resolve("results.csv")));
      FileTime written = Files.getLastModifiedTime(folder.resolve("results.json"));
      Ears ears = new Ears();
      assertEquals(csv, TinySweep.fourRuns().run(Engine.local(), folder, ears).csv());
      assertEquals(List.of(), ears.computed);
      assertEquals(written, Files.getLastModifiedTime(folder.resolve("results.json")));
    }

    @Test
    void a_wider_sweep_computes_only_what_is_new() {
      TinySweep.fourRuns().run(Engine.local(), folder);
      Ears ears = new Ears();
      Sweep wider = Sweep.of(TinySweep.base()).over("seed", 1, 2).over("weight_decay", 0.5, 1.0);
      assertEquals(4, wider.run(Engine.local().runsAtATime(1), folder, ears).done());
      assertEquals(List.of("seed 2, weight_decay 0.5", "seed 2, weight_decay 1.0"), ears.computed);
    }

    @Test
    void a_longer_sweep_goes_on_and_ends_with_the_bits_of_one_begun_at_that_length()
        throws IOException {
      Map<String, Object> longer = TinySweep.base();
      longer.put("epochs", 60);
      TinySweep.fourRuns().run(Engine.local(), folder);
      Sweep sweep = Sweep.of(longer).over("seed", 0, 1).over("weight_decay", 0.5, 1.0);
      SweepResults goneOn = sweep.run(Engine.local(), folder);
      Path fresh = temporary.resolve("fresh");
      SweepResults begun = sweep.run(Engine.local(), fresh);
      assertEquals(
          TinySweep.withoutSeconds(fresh.resolve("results.csv")),
          TinySweep.withoutSeconds(folder.resolve("results.csv")));
      assertArrayEquals(
          begun.run(1).last().parameters().values(), goneOn.run(1).last().parameters().values());
      assertEquals(
          goneOn.run(1).directory(), folder.resolve("runs").resolve(goneOn.rows().get(1).run()));
    }

    @Test
    void budgets_of_one_run_are_computed_each_in_its_folder() {
      SweepResults results =
          Sweep.of(Map.of("p", 7, "fraction", 0.6, "d_model", 8, "d_mlp", 16, "heads", 2))
              .over("epochs", 10, 30)
              .run(Engine.local(), folder);
      assertEquals(List.of(10L, 30L), results.table().longColumn("epochs_done").asList());
      assertEquals(2, results.rows().stream().map(RunResult::run).distinct().count());
    }

    @Test
    void a_result_without_numbers_is_measured_again() throws IOException {
      SweepResults before = TinySweep.fourRuns().run(Engine.local(), folder);
      Path result = before.run(0).directory().resolve(RunTask.RESULT);
      String json = Files.readString(result);
      Files.writeString(result, json.replace("\"epochs_done\"", "\"epochs_gone\""));
      assertEquals(before.csv(), TinySweep.fourRuns().run(Engine.local(), folder).csv());
      assertEquals(json, Files.readString(result));
    }

    @Test
    void a_result_that_is_no_json_any_more_is_measured_again() throws IOException {
      SweepResults before = TinySweep.fourRuns().run(Engine.local(), folder);
      Path result = before.run(0).directory().resolve(RunTask.RESULT);
      Files.writeString(result, "{\"pl");
      Ears ears = new Ears();
      assertEquals(before.csv(), TinySweep.fourRuns().run(Engine.local(), folder, ears).csv());
      assertEquals(List.of("seed 0, weight_decay 0.5"), ears.computed);
    }
  }

  @Nested
  class Interrupted {
    @Test
    void it_keeps_what_is_finished_and_goes_on_where_it_stopped() throws Exception {
      Map<String, Object> base = TinySweep.base();
      base.put("checkpoints", 1000);
      Sweep sweep =
          Sweep.of(base)
              .row(Map.of("epochs", 5))
              .row(Map.of("seed", 1, "epochs", 300_000)); // longer than anybody waits
      CountDownLatch first = new CountDownLatch(1);
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread thread =
          new Thread(
              () -> {
                SweepListener ears =
                    new SweepListener() {
                      @Override
                      public void ended(Progress progress, String label, RunResult result) {
                        first.countDown();
                      }
                    };
                try {
                  sweep.run(Engine.local().runsAtATime(1), folder, ears);
                } catch (RuntimeException e) {
                  thrown.set(e);
                }
              });
      thread.start();
      assertTrue(first.await(60, TimeUnit.SECONDS));
      awaitCheckpointOf(folder, 2);
      thread.interrupt();
      thread.join(60_000);
      assertEquals(SweepInterruptedException.class, thrown.get().getClass());
      assertTrue(thrown.get().getMessage().contains("1 of 2 runs done"), thrown.get()::getMessage);
      assertEquals(2, Files.readAllLines(folder.resolve("results.csv")).size());
      // the same run with a budget that it has not spent yet
      Ears ears = new Ears();
      long saved = epochsSaved(folder);
      Sweep shorter =
          Sweep.of(base).row(Map.of("epochs", 5)).row(Map.of("seed", 1, "epochs", saved + 3));
      assertEquals(2, shorter.run(Engine.local(), folder, ears).done());
      assertEquals(List.of("epochs " + (saved + 3) + ", seed 1"), sorted(ears.computed));
    }

    private static List<String> sorted(List<String> labels) {
      return labels.stream()
          .map(label -> String.join(", ", List.of(label.split(", ")).stream().sorted().toList()))
          .toList();
    }

    private static void awaitCheckpointOf(Path folder, int runs) throws Exception {
      for (int i = 0; i < 600; i++) {
        try (var files = Files.walk(folder)) {
          long begun =
              files.filter(file -> file.getFileName().toString().equals("resume.npz")).count();
          if (begun >= runs) {
            return;
          }
        }
        Thread.sleep(50);
      }
      throw new AssertionError("the second run does not begin");
    }

    private static long epochsSaved(Path folder) throws IOException {
      long most = 0;
      try (var files = Files.walk(folder)) {
        for (Path file :
            files.filter(each -> each.getFileName().toString().equals("history.csv")).toList()) {
          List<String> lines = Files.readAllLines(file);
          String last = lines.get(lines.size() - 1);
          most = Math.max(most, Long.parseLong(last.substring(0, last.indexOf(','))));
        }
      }
      return most;
    }
  }

  @Nested
  class Folders {
    @Test
    void are_held_by_one_sweep_at_a_time() throws IOException {
      RunHold other = RunHold.tryTake(folder);
      try {
        IllegalStateException e =
            assertThrows(
                IllegalStateException.class,
                () -> TinySweep.fourRuns().run(Engine.local(), folder));
        assertTrue(e.getMessage().startsWith("sweep: another sweep is writing to"), e.getMessage());
      } finally {
        other.close();
      }
      assertEquals(4, TinySweep.fourRuns().run(Engine.local(), folder).done());
    }

    @Test
    void that_cannot_be_are_refused_before_anything_runs() throws IOException {
      Files.writeString(folder, "a file");
      UncheckedIOException e =
          assertThrows(
              UncheckedIOException.class, () -> TinySweep.fourRuns().run(Engine.local(), folder));
      assertTrue(e.getMessage().contains("cannot be written"), e.getMessage());
    }

    @Test
    void that_a_worker_does_not_see_are_said_in_the_row() {
      RunPlan plan =
          SweepFile.parse(
                  "{\"base\": {\"p\": 7, \"fraction\": 0.5, \"epochs\": 1}, \"rows\": [{}]}")
              .plans()
              .get(0);
      RunOrder order = new RunOrder(0, plan, temporary.toString(), "run", "of another folder", 1);
      RunResult result = RunTask.perform(order);
      assertTrue(
          result.error().orElseThrow().startsWith("sweep: the worker does not see the folder"),
          result::toString);
      assertFalse(Files.exists(temporary.resolve("runs")));
    }

    @Test
    void that_cannot_take_the_results_end_the_sweep_and_keep_what_is_there() throws IOException {
      Path results = folder.resolve("results.csv");
      Files.createDirectories(results); // nothing of that name can be written
      UncheckedIOException e =
          assertThrows(
              UncheckedIOException.class, () -> TinySweep.fourRuns().run(Engine.local(), folder));
      assertTrue(e.getMessage().contains("results.csv"), e.getMessage());
      Files.delete(results);
      assertEquals(4, TinySweep.fourRuns().run(Engine.local(), folder).done());
    }
  }

  @Test
  void progress_counts_up_and_says_what_is_left() {
    Ears ears = new Ears();
    TinySweep.fourRuns().run(Engine.local().runsAtATime(1), folder, ears);
    assertEquals(5, ears.heard.size());
    for (int i = 0; i < 5; i++) {
      SweepListener.Progress progress = ears.heard.get(i);
      assertEquals(4, progress.runs());
      assertEquals(i, progress.done());
      assertEquals(0, progress.failed());
    }
    assertTrue(Double.isNaN(ears.heard.get(0).secondsLeft()));
    double half = ears.heard.get(2).secondsLeft();
    assertEquals(ears.heard.get(2).secondsInCall(), half, 1e-9 * half); // two equal runs are left
    assertEquals(0, ears.heard.get(4).secondsLeft());
  }

  @Test
  void a_run_stops_some_epochs_after_it_has_understood() {
    // everything but one pair in fifty is known, so that the rest follows soon
    Map<String, Object> base = TinySweep.base();
    base.putAll(Map.of("fraction", 0.98, "epochs", 2_000, "d_model", 32, "d_mlp", 64));
    Table table = Sweep.of(base).over("epochs_past_grok", 20).run(Engine.local(), folder).table();
    long grok = table.longColumn("test_99_epoch").get(0);
    assertTrue(grok < 1_900, table::toString);
    long done = table.longColumn("epochs_done").get(0);
    assertTrue(done >= grok + 20 && done <= grok + 30, table::toString);
  }

  @Test
  void an_estimate_of_a_budget_that_nobody_counts_through_ends() {
    Map<String, Object> base = TinySweep.base();
    base.put("epochs", 1_000_000_000_000_000L);
    SweepEstimate estimate = Sweep.of(base).over("seed", 0).estimate();
    assertTrue(estimate.seconds() > 1e6, estimate::toString);
  }

  @Test
  void an_estimate_is_of_the_size_of_the_runs() {
    Map<String, Object> base = TinySweep.base();
    base.put("epochs", 1_000);
    SweepEstimate estimate = Sweep.of(base).over("epochs_past_grok", null, 5).estimate();
    assertEquals(2, estimate.secondsOfRuns().size());
    assertEquals(estimate.secondsOfRuns().get(0), estimate.secondsOfRuns().get(1));
    assertTrue(estimate.seconds() > 0 && estimate.seconds() < 60, estimate::toString);
    assertEquals(estimate.seconds() / 2, estimate.seconds(2), 1e-12);
    assertEquals(estimate.seconds() / 2, estimate.seconds(50), 1e-12);
  }
}
