package org.grokscope.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.claim.Evidence;
import org.grokscope.probe.Metric;
import org.grokscope.series.ProbeSeries;
import org.grokscope.sweep.Engine;
import org.grokscope.sweep.Sweep;
import org.grokscope.sweep.SweepResults;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Split;
import org.grokscope.task.Task;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The texts that the library reads, changed by somebody of bad will. */
@Tag("endurance")
class HostileTextTest {
  private static final long MEGABYTES = 1 << 20;

  @TempDir Path temporary;

  private interface Reading {
    Object of(Path file) throws Exception;
  }

  private void tries(Trial trial, long seed, int count, Path file, Reading reading)
      throws IOException {
    Mutation mutation = new Mutation(seed);
    String good = Files.readString(file);
    Path parent = temporary.resolve("outside");
    Files.createDirectories(parent);
    for (int i = 0; i < count; i++) {
      String bad = mutation.text(good);
      Files.writeString(file, bad);
      Callable<?> action = () -> reading.of(file);
      trial.run("mutant " + i + " (" + shortened(bad) + ")", action);
    }
    Files.writeString(file, good);
    assertEquals(List.of(), Kept.files(parent));
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() > 150 ? line.substring(0, 150) + "…" : line;
  }

  @Test
  void sweeps() throws IOException {
    Path file = temporary.resolve("sweep.json");
    Files.writeString(
        file,
        """
        {"base": {"p": 7, "fraction": 0.6, "epochs": 20, "d_model": 8, "heads": 2, "d_mlp": 16,
                  "checkpoints": {"every": 10, "dense_until": 2, "powers_of_two": true}},
         "grid": {"seed": [0, 1], "operation": ["a+b", "a*b"], "layer_norm": [true, false]},
         "rows": [{"activation": "GELU", "epochs_past_grok": 5, "batch_size": 3}]}
        """);
    try (Trial trial =
        new Trial("sweep JSON", 200 * MEGABYTES, List.of(IllegalArgumentException.class))) {
      tries(trial, 11, Edition.share(6_000), file, path -> Sweep.read(path).labels());
    }
  }

  @Test
  void evidence() throws IOException {
    Path file = temporary.resolve("evidence.csv");
    Files.writeString(
        file,
        """
        experiment,seed,at,epoch,metric,part,key,value
        a+b mod 113,0,grok,5000,loss,test,,0.5
        a+b mod 113,0,last,8000,loss,test,,1.5E-7
        a+b mod 113,1,last,8000,attention_fve,"head 1, all",14,NaN
        """);
    try (Trial trial =
        new Trial(
            "evidence CSV",
            80 * MEGABYTES,
            List.of(IllegalArgumentException.class, UncheckedIOException.class))) {
      tries(trial, 12, Edition.share(6_000), file, path -> Evidence.read(path.toString()));
    }
  }

  @Test
  void results_of_sweeps() throws IOException {
    Path file = temporary.resolve("results.csv");
    Files.writeString(
        file,
        """
        run,seed,weight_decay,state,epochs_done,train_loss,test_loss,train_accuracy,test_accuracy,train_99_epoch,test_99_epoch,squared_norm,seconds,error
        c90e934cd0bb2753,0,0.5,done,20,0.1,2.5,1.0,0.25,10,,88.5,0.25,
        1cc5317cf12e6b33,1,1.0,failed,,,,,,,,,,"training: the loss became NaN, lower it"
        """);
    try (Trial trial =
        new Trial(
            "results CSV",
            80 * MEGABYTES,
            List.of(IllegalArgumentException.class, UncheckedIOException.class))) {
      tries(trial, 13, Edition.share(6_000), file, path -> SweepResults.read(path.toString()));
    }
  }

  @Test
  void a_run_that_is_to_go_on() throws IOException {
    Split split = ModularAddition.mod(7).split(0.5, 0);
    TrainingConfig config =
        TrainingConfig.nanda2023().withShape(Tiny.checkpoint(0).config().shape()).withEpochs(6);
    Path run = temporary.resolve("run");
    Trainer trainer = Trainer.of(config).threads(1).in(run).withoutDefaultListener();
    trainer.train(split);
    try (Trial trial =
        new Trial(
            "history.csv and config.json of runs",
            80 * MEGABYTES,
            List.of(
                IllegalArgumentException.class,
                IllegalStateException.class,
                UncheckedIOException.class))) {
      for (String name : List.of("history.csv", "config.json")) {
        tries(trial, 14, Edition.share(1_000), run.resolve(name), file -> trainer.train(split));
      }
    }
  }

  @Test
  void results_of_runs_which_are_measured_again() throws IOException {
    Path folder = temporary.resolve("sweep");
    Sweep sweep =
        Sweep.parse(
            """
            {"base": {"p": 7, "fraction": 0.6, "epochs": 2, "d_model": 8, "heads": 2, "d_mlp": 16},
             "grid": {"seed": [0]}}
            """);
    String csv = sweep.run(Engine.local(), folder).csv();
    Path result =
        Kept.files(folder).stream()
            .filter(file -> file.endsWith("result.json"))
            .findFirst()
            .orElseThrow();
    try (Trial trial = new Trial("result.json of runs", 80 * MEGABYTES, List.of())) {
      tries(
          trial,
          15,
          Edition.share(150),
          result,
          file -> {
            List<String> columns = List.of(csv.lines().findFirst().orElseThrow().split(","));
            List<String> cells =
                List.of(sweep.run(Engine.local(), folder).csv().lines().toList().get(1).split(","));
            assertEquals("done", cells.get(columns.indexOf("state")));
            assertEquals("2", cells.get(columns.indexOf("epochs_done")));
            return cells;
          });
    }
  }

  @Test
  void what_probes_have_kept_which_is_measured_again() throws IOException {
    Path folder = temporary.resolve("checkpoints");
    Tiny.checkpoints(folder, 2);
    ProbeSeries series = ProbeSeries.of(CheckpointStore.in(folder)).threads(1);
    String expected = series.measure(Metric.named("loss").probe()).print();
    Path kept = Kept.files(folder.resolve("probes")).get(0);
    try (Trial trial = new Trial("kept probes", 80 * MEGABYTES, List.of())) {
      tries(
          trial,
          16,
          Edition.share(300),
          kept,
          file -> {
            String again = series.measure(Metric.named("loss").probe()).print();
            assertEquals(expected, again);
            return again;
          });
    }
  }

  @Test
  void runs_that_are_opened() throws IOException {
    LineBreaking lines = LineBreaking.named("plain-newline");
    TrainingConfig small =
        TrainingConfig.nanda2023().withShape(Tiny.checkpoint(0).config().shape());
    opens("tables", small, ModularAddition.mod(7).withRandomLabels(3).split(0.5, 0));
    opens("lines", TrainingConfig.lines(lines), lines);
  }

  private void opens(String what, TrainingConfig config, Task task) throws IOException {
    Path run = temporary.resolve(what);
    Trainer.of(config.withEpochs(1)).threads(1).withoutDefaultListener().in(run).train(task);
    try (Trial trial =
        new Trial(
            "files of runs on " + what + " that are opened",
            200 * MEGABYTES,
            List.of(CheckpointException.class))) {
      for (String name : List.of("provenance.json", "history.csv", "config.json")) {
        tries(
            trial,
            17,
            Edition.share(1_000),
            run.resolve(name),
            file -> Run.open(run).model().config());
      }
    }
  }
}
