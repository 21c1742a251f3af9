package org.grokscope.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real standalone cluster: a master and two workers, each in its own process. */
@Tag("endurance")
class SparkClusterIT {
  private static final int SECONDS_FOR_A_SWEEP = 300;

  @TempDir Path folder;
  private SparkProcesses cluster;

  @BeforeEach
  void a_master_and_two_workers() throws Exception {
    cluster = SparkProcesses.start(folder);
    cluster.worker("600m");
    cluster.worker("600m");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Path sweep(int epochs, String seeds, String more) throws IOException {
    Path file = folder.resolve("sweep.json");
    Files.writeString(
        file,
        """
        {"base": {"p": 7, "fraction": 0.6, "epochs": %d, "d_model": 16, "heads": 2, "d_mlp": 32,
                  "evaluation": 50, "checkpoints": 50},
         "grid": {"seed": %s, "weight_decay": [0.5, 1.0]}, "rows": [%s]}
        """
            .formatted(epochs, seeds, more));
    return file;
  }

  private int finish(Process process) throws InterruptedException {
    try {
      assertTrue(
          process.waitFor(SECONDS_FOR_A_SWEEP, TimeUnit.SECONDS), () -> cluster.log("sweep"));
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The rows that the local engine gives, but for the seconds. */
  private List<String> locally(Path file) throws IOException {
    Path out = folder.resolve("local");
    Sweep.read(file).run(Engine.local(), out);
    return TinySweep.withoutSeconds(out.resolve("results.csv"));
  }

  @Test
  void gives_the_numbers_of_the_local_engine_bit_by_bit_and_a_failed_run_as_a_row()
      throws Exception {
    String fails = "{\"learning_rate\": 9.9, \"weight_decay\": 0}";
    Path file = sweep(100, "[0, 1]", fails);
    Path out = folder.resolve("out");
    int exit = finish(cluster.sweep("sweep", file, out, cluster.address()));
    assertEquals(1, exit, () -> cluster.log("sweep")); // one failed, as it was to
    List<String> rows = TinySweep.withoutSeconds(out.resolve("results.csv"));
    assertEquals(6, rows.size(), rows::toString);
    assertEquals(locally(file), rows);
    assertTrue(rows.get(5).contains(",failed,") && rows.get(5).contains("NaN"), rows::toString);
    assertTrue(Files.readString(out.resolve("results.json")).contains("standalone cluster"));
  }

  @Test
  void ends_complete_and_with_the_same_numbers_when_a_worker_is_killed_midway() throws Exception {
    Path file = sweep(900, "[0, 1, 2]", "");
    Path out = folder.resolve("out");
    Process process = cluster.sweep("sweep", file, out, cluster.address());
    try {
      awaitRunsUnderWay(process, out, 2);
      Process worker = cluster.worker(0);
      List<ProcessHandle> executors = worker.descendants().toList();
      assertEquals(1, executors.size(), "the worker computes nothing");
      executors.get(0).destroyForcibly();
      worker.destroyForcibly().onExit().join();
      assertTrue(done(out) < 6, "it was not killed in time");
    } catch (Exception | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
    assertEquals(0, finish(process), () -> cluster.log("sweep"));
    assertEquals(locally(file), TinySweep.withoutSeconds(out.resolve("results.csv")));
  }

  /** Until both workers have begun a run and saved a part of it. */
  private void awaitRunsUnderWay(Process process, Path out, int runs) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_FOR_A_SWEEP);
    while (files(out, "step-000050.npz") - done(out) < runs) {
      assertTrue(process.isAlive() && System.nanoTime() < end, () -> cluster.log("sweep"));
      Thread.sleep(20);
    }
  }

  private static long done(Path out) throws IOException {
    return files(out, RunTask.RESULT);
  }

  private static long files(Path out, String name) throws IOException {
    Path runs = out.resolve("runs");
    if (!Files.isDirectory(runs)) {
      return 0;
    }
    try (Stream<Path> folders = Files.list(runs)) {
      return folders.filter(run -> Files.exists(run.resolve(name))).count();
    }
  }
}
