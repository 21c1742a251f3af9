package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.model.ModelShape;
import org.grokscope.task.Batch;
import org.grokscope.task.Course;
import org.grokscope.task.Group;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Parity;
import org.grokscope.task.Split;
import org.grokscope.task.Student;
import org.grokscope.task.Task;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that are opened from their folders. */
class RunTest {
  @TempDir Path home;

  private final TrainingConfig small =
      TrainingConfig.nanda2023()
          .withShape(ModelShape.nanda2023().withDModel(8).withHeads(2).withDMlp(16))
          .withEpochs(6)
          .withEvaluation(Cadence.every(2))
          .withCheckpoints(Cadence.every(3));

  private Run trained(TrainingConfig config, Task task) {
    return Trainer.of(config).threads(1).withoutDefaultListener().in(home).train(task);
  }

  private static void assertRefused(Executable action, String... parts) {
    CheckpointException error = assertThrows(CheckpointException.class, action);
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), error::toString);
    }
    assertEquals(1, error.getMessage().lines().count(), error::toString);
  }

  @Nested
  class OfTables {
    static Stream<Split> splits() {
      OperationTable sum = ModularAddition.mod(7);
      return Stream.of(
          sum.split(0.5, 3),
          sum.splitMirrorsTogether(0.5, 3),
          sum.withRandomLabels(4).split(0.4, 2),
          sum.withRefusals(2, 5).split(0.5, 0),
          sum.withAnswers("a+b, shuffled", new int[] {1, 0, 2, 3, 4, 6, 5}).split(0.5, 0),
          OperationTable.of(Operation.DIVIDE, 7).split(0.5, 1),
          OperationTable.of("a+2b", 7, (a, b, p) -> a + 2 * b).split(0.5, 1),
          Group.symmetric(3).table().split(0.5, 1),
          Group.dihedral(4).table().withRandomLabels(1).split(0.5, 1),
          OperationTable.sum(3, 5).split(0.5, 1),
          Parity.of(2, 6).split(0.5, 1));
    }

    @ParameterizedTest
    @MethodSource("splits")
    void a_run_is_opened_as_it_was_trained_and_goes_on(Split split) {
      Run trained = trained(small, split);
      Run opened = Run.open(home);
      assertEquals(trained.toString(), opened.toString());
      assertEquals(trained.history().rows(), opened.history().rows());
      assertEquals(trained.checkpointEpochs(), opened.checkpointEpochs());
      assertEquals(small, opened.config());
      assertEquals(home, opened.directory());
      assertEquals(split.settings(), opened.split().settings());
      assertEquals(split.title(), opened.task().title());
      assertEquals(split.toString(), opened.split().toString());
      assertArrayEquals(split.testRows(), opened.split().testRows());
      assertArrayEquals(split.table().labels(), opened.split().table().labels());
      assertArrayEquals(trained.last().parameters().values(), opened.last().parameters().values());
      assertEquals(trained.last().toString(), opened.last().toString());
      // what was opened is the same training, not another one
      Run onward = trained(opened.config().withEpochs(9), opened.split());
      assertEquals(List.of(0L, 3L, 6L, 9L), onward.checkpointEpochs());
      assertEquals(9, Run.open(home).config().epochs());
    }

    @Test
    void a_run_on_a_table_is_none_on_lines() {
      Run run = trained(small, ModularAddition.mod(7).split(0.5, 3));
      String message = assertThrows(IllegalStateException.class, run::lines).getMessage();
      assertEquals("run: got a training on a+b mod 7, expected one on lines; see task()", message);
    }

    @Test
    void a_run_that_was_interrupted_is_opened_as_far_as_it_came() {
      Split split = ModularAddition.mod(7).split(0.5, 3);
      TrainingListener interrupting =
          new TrainingListener() {
            @Override
            public void stepped(Progress progress) {
              if (progress.epoch() == 4) {
                Thread.currentThread().interrupt();
              }
            }
          };
      Trainer trainer = Trainer.of(small).threads(1).in(home).listener(interrupting);
      assertThrows(TrainingInterruptedException.class, () -> trainer.train(split));
      Run opened = Run.open(home);
      assertEquals(4, opened.history().last().epoch());
      assertEquals(List.of(0L, 3L), opened.checkpointEpochs());
      assertEquals(6, opened.config().epochs());
    }
  }

  @Nested
  class OfCodeAlone {
    private final Own own = new Own(5);

    @Test
    void a_task_defined_in_code_alone_is_opened_with_it() {
      Run trained = trained(small, own);
      assertRefused(
          () -> Run.open(home),
          "its task \"the larger of two, below 5\" is defined in code alone",
          "open it by Run.open(folder, task)");
      Run opened = Run.open(home, own);
      assertEquals(trained.toString(), opened.toString());
      assertEquals(trained.history().rows(), opened.history().rows());
      assertEquals(own, opened.task());
      assertEquals(small, opened.config());
      assertArrayEquals(trained.last().parameters().values(), opened.last().parameters().values());
      assertEquals(
          "checkpoint of a model of the larger of two, below 5",
          opened.last().toString().split(" at ")[0]);
    }

    @Test
    void another_task_than_that_it_was_trained_on_is_refused() {
      trained(small, own);
      assertRefused(
          () -> Run.open(home, new Own(6)),
          "got a run of the larger of two, below 5",
          "expected one of the larger of two, below 6");
      Split split = ModularAddition.mod(7).split(0.5, 3);
      assertRefused(() -> Run.open(home, split), "expected one of a+b mod 7");
    }

    @Test
    void a_shipped_task_may_be_given_too_if_it_is_the_one() {
      Split split = ModularAddition.mod(7).split(0.5, 3);
      trained(small, split);
      assertEquals(split.settings(), Run.open(home, split).split().settings());
      assertRefused(
          () -> Run.open(home, ModularAddition.mod(7).split(0.5, 4)),
          "got a run of a+b mod 7, expected one of a+b mod 7, alike in all settings");
    }

    @Test
    void a_configuration_may_be_given_too_if_it_is_the_one() {
      Split split = ModularAddition.mod(7).split(0.5, 3);
      trained(small, split);
      assertEquals(small, Run.open(home, split, small).config());
      assertEquals(40, Run.open(home, split, small.withEpochs(40)).config().epochs());
      assertRefused(
          () -> Run.open(home, split, small.withWeightDecay(0.5)),
          "got a run of weightDecay 1.0, expected 0.5; give the configuration that it was");
      assertRefused(
          () -> Run.open(home, split, small.withOptimiser(Sgd.USUAL)),
          "got a run of optimiser {\"name\":\"adamw\"");
      assertRefused(
          () -> Run.open(home, split, small.withShape(small.shape().withDMlp(17))),
          "got a run of shape {\"dModel\":8");
    }
  }

  /**
   * The larger of two numbers, asked at the last position; no table, since that would be shipped.
   */
  private record Own(int numbers) implements Task {
    @Override
    public String title() {
      return "the larger of two, below " + numbers;
    }

    @Override
    public int vocabulary() {
      return numbers + 1;
    }

    @Override
    public int length() {
      return 3;
    }

    @Override
    public int outputs() {
      return numbers;
    }

    @Override
    public boolean asksEverywhere() {
      return false;
    }

    @Override
    public Map<String, Object> settings() {
      return Map.of("name", "larger", "numbers", numbers);
    }

    @Override
    public Course course() {
      List<Integer> tokens = new ArrayList<>();
      List<Integer> labels = new ArrayList<>();
      for (int a = 0; a < numbers; a++) {
        for (int b = 0; b < numbers; b++) {
          tokens.addAll(List.of(a, b, numbers));
          labels.add(Math.max(a, b));
        }
      }
      Batch all =
          Batch.ofQuestions(
              3,
              tokens.stream().mapToInt(Integer::intValue).toArray(),
              labels.stream().mapToInt(Integer::intValue).toArray());
      return new Course() {
        @Override
        public Batch training(long seed, long update, int size) {
          return all;
        }

        @Override
        public List<String> columns() {
          return List.of("train_loss", "train_accuracy");
        }

        @Override
        public Map<String, Double> examine(Student student, Batch next) {
          var result = student.loss(all);
          return Map.of("train_loss", result.loss(), "train_accuracy", result.accuracy());
        }
      };
    }
  }

  @Nested
  class OfCourses {
    private void refuses(List<String> columns, Map<String, Double> values, String part) {
      Course all = new Own(5).course();
      Course course =
          new Course() {
            @Override
            public Batch training(long seed, long update, int size) {
              return all.training(seed, update, size);
            }

            @Override
            public List<String> columns() {
              return columns;
            }

            @Override
            public Map<String, Double> examine(Student student, Batch next) {
              return values;
            }
          };
      Task task =
          (Task)
              Proxy.newProxyInstance(
                  Task.class.getClassLoader(),
                  new Class<?>[] {Task.class},
                  (proxy, method, arguments) ->
                      method.getName().equals("course")
                          ? course
                          : method.invoke(new Own(5), arguments));
      RuntimeException error = assertThrows(RuntimeException.class, () -> trained(small, task));
      assertTrue(error.getMessage().contains(part), error::toString);
    }

    @Test
    void that_name_columns_badly_or_twice_are_refused() {
      for (List<String> columns :
          List.of(
              List.of("loss, mean"),
              List.of(""),
              List.of("a", "a"),
              List.of("epoch"),
              List.of("seconds"))) {
        refuses(columns, Map.of(), "expected each once, of letters, digits and _");
      }
    }

    @Test
    void that_do_not_examine_what_they_name_are_refused() {
      refuses(
          List.of("train_loss", "luck"),
          Map.of("train_loss", 1.0),
          "got the measures [train_loss] of the larger of two, below 5, expected one for each of"
              + " [train_loss, luck]");
    }
  }

  @Nested
  class OfVersionOne {
    /** A folder as version 0.1 left it. */
    private void kept(String config, String provenance) throws IOException {
      trained(small, ModularAddition.mod(7).split(0.5, 3));
      Files.writeString(home.resolve("config.json"), config);
      Files.writeString(home.resolve("provenance.json"), provenance);
    }

    private void assertRefusedByName(Task task) {
      String said = "version 0.1, which this version cannot";
      IllegalArgumentException error =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  Trainer.of(
                          task instanceof LineBreaking lines ? TrainingConfig.lines(lines) : small)
                      .in(home)
                      .train(task));
      assertTrue(error.getMessage().contains(said), error::toString);
      assertTrue(error.getMessage().contains("choose another folder, or delete this one"));
      assertEquals(1, error.getMessage().lines().count());
      assertRefused(() -> Run.open(home), said, "train it again");
      assertRefused(() -> Run.open(home, task), said, "train it again");
    }

    @Test
    void a_run_on_a_table_is_refused_by_name() throws IOException {
      kept(
          """
          {
            "task" : {
              "operation" : "a+b",
              "p" : 7,
              "labels_sha256" : "00"
            },
            "split" : {
              "fraction" : 0.5,
              "seed" : 3,
              "train_rows_sha256" : "00"
            },
            "model" : {
              "shape" : {
                "layers" : 1,
                "dModel" : 8
              }
            },
            "path" : "fast"
          }
          """,
          """
          {
            "grokscope" : "0.1.0",
            "model" : {
              "layers" : 1,
              "dModel" : 8
            },
            "split" : {
              "fraction" : 0.5,
              "seed" : 3
            },
            "task" : "a+b mod 7",
            "training" : {
              "seed" : 0
            }
          }
          """);
      assertRefusedByName(ModularAddition.mod(7).split(0.5, 3));
    }

    @Test
    void a_run_on_lines_is_refused_by_name() throws IOException {
      kept(
          """
          {
            "task" : {
              "widths" : {
                "narrowest" : 90
              }
            },
            "model" : {
              "dModel" : 48
            },
            "training" : {
              "steps" : 2500
            }
          }
          """,
          "{\n  \"grokscope\" : \"0.1.0\",\n  \"task\" : \"lines, box\"\n}\n");
      assertRefusedByName(LineBreaking.box());
    }
  }

  @Nested
  class Damaged {
    private final Split split = ModularAddition.mod(7).split(0.5, 3);

    private void change(String name, String from, String to) throws IOException {
      Path file = home.resolve(name);
      String text = Files.readString(file);
      assertTrue(text.contains(from), text);
      Files.writeString(file, text.replace(from, to));
    }

    @Test
    void folders_without_a_run_are_refused() throws IOException {
      assertRefused(() -> Run.open(home), "expected the folder of a training, with");
      assertRefused(() -> Run.open(home.resolve("none")), "expected the folder of a training");
      Path file = Files.writeString(home.resolve("file"), "");
      assertRefused(() -> Run.open(file), "expected the folder of a training");
      trained(small, split);
      for (long epoch : CheckpointStore.in(home).epochs()) {
        Files.delete(CheckpointStore.in(home).path(epoch));
      }
      assertRefused(() -> Run.open(home), "provenance.json and checkpoints; train one by");
    }

    @Test
    void provenance_that_is_cut_off_or_of_other_questions_is_refused() throws IOException {
      trained(small, split);
      Path file = home.resolve("provenance.json");
      String whole = Files.readString(file);
      Files.writeString(file, whole.substring(0, whole.length() / 2));
      assertRefused(() -> Run.open(home), "its provenance is not JSON");
      Files.writeString(file, whole);
      change("provenance.json", "\"split_seed\" : 3", "\"split_seed\" : \"three\"");
      assertRefused(() -> Run.open(home), "alike in all settings");
      Files.writeString(file, whole);
      change("provenance.json", "\"batchSize\" : 0", "\"batchSize\" : -5");
      assertRefused(() -> Run.open(home), "its settings cannot be read (training: got batch size");
      Files.writeString(file, whole);
      change("provenance.json", "\"adamw\"", "\"mine\"");
      assertRefused(
          () -> Run.open(home),
          "its settings cannot be read (optimiser: got 'mine', expected adamw, sgd, muon or grokfast)",
          "is opened by Run.open(folder, task, config)");
      Files.writeString(file, whole);
      change("provenance.json", "\"cross-entropy\"", "\"mine\"");
      assertRefused(() -> Run.open(home), "loss: got 'mine'", "Run.open(folder, task, config)");
    }

    @Test
    void a_history_that_is_missing_empty_or_of_another_task_is_refused() throws IOException {
      trained(small, split);
      Path file = home.resolve("history.csv");
      String whole = Files.readString(file);
      change("history.csv", "train_accuracy", "near_edge_accuracy");
      assertRefused(() -> Run.open(home), "its history cannot be read", "got the first line");
      Files.writeString(file, whole.lines().findFirst().orElseThrow() + "\n");
      assertRefused(() -> Run.open(home), "nothing has been evaluated yet");
      Files.delete(file);
      assertRefused(() -> Run.open(home), "its history cannot be read (read " + file);
    }
  }
}
