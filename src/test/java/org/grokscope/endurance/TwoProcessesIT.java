package org.grokscope.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.grokscope.environment.CommandResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes at one folder: the second is told, or both take part; nothing is spoilt. */
@Tag("endurance")
class TwoProcessesIT {
  @TempDir Path temporary;

  private ProcessBuilder train(Path out, long epochs) {
    return Launch.grokscope(
        "train", "--p", 7, "--fraction", 0.5, "--epochs", epochs, "--threads", 1, "--out", out);
  }

  /** Starts a process and waits for a file of it. */
  private static Process startedUntil(ProcessBuilder builder, String name, Path folder)
      throws Exception {
    Process process =
        new ProcessBuilder(builder.command())
            .redirectErrorStream(true)
            .redirectOutput(new File("/dev/null"))
            .start();
    long end = System.nanoTime() + Launch.LONGEST.toNanos();
    while (Kept.files(folder).stream().noneMatch(file -> file.endsWith(name))) {
      assertTrue(process.isAlive() && System.nanoTime() < end, "it does not begin");
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return process;
  }

  @Test
  void the_second_training_is_told_and_the_first_goes_on() throws Exception {
    Path whole = temporary.resolve("whole");
    Launch.succeed(train(whole, 100));
    Path run = temporary.resolve("run");
    Process first = startedUntil(train(run, 100_000), "step-000008.npz", run);
    try {
      CommandResult second = Launch.run(train(run, 100));
      assertEquals(1, second.exit(), second::everything);
      assertTrue(
          second.err().contains("another training is writing there; wait for it, stop it, or"),
          second::everything);
      assertTrue(first.isAlive(), "the first one has ended");
      TimeUnit.MILLISECONDS.sleep(300); // it saves some more
    } finally {
      first.destroyForcibly().waitFor();
    }
    Launch.succeed(train(run, 100));
    List<Path> later =
        Kept.files(run).stream()
            .filter(file -> file.getFileName().toString().compareTo("step-000100.npz") > 0)
            .filter(file -> file.getFileName().toString().startsWith("step-"))
            .toList();
    for (Path file : later) {
      Files.delete(file); // of the longer budget
    }
    List<String> rows = Files.readAllLines(whole.resolve("history.csv"));
    List<String> other = Files.readAllLines(run.resolve("history.csv"));
    assertTrue(other.size() >= rows.size(), "the history is shorter than the training");
    for (int i = 0; i < rows.size(); i++) {
      assertEquals(withoutSeconds(rows.get(i)), withoutSeconds(other.get(i)));
    }
    Kept.requireWhole(run);
  }

  @Test
  void the_second_training_waits_if_it_is_told_to_and_goes_on_from_the_first() throws Exception {
    Path whole = temporary.resolve("whole");
    Launch.succeed(train(whole, 200));
    Launch.succeed(train(whole, 300));
    Path run = temporary.resolve("run");
    Process first = startedUntil(train(run, 200), "step-000008.npz", run);
    stop(first, "STOP"); // so that the second one finds it at work
    ProcessBuilder patient = train(run, 300);
    patient.environment().put("GROKSCOPE_PATIENCE", "120");
    Process second = patient.redirectErrorStream(true).start();
    assertFalse(second.waitFor(3, TimeUnit.SECONDS), "it does not wait");
    stop(first, "CONT");
    assertTrue(second.waitFor(180, TimeUnit.SECONDS), "it does not end");
    assertEquals(0, second.exitValue());
    assertEquals(0, first.waitFor());
    Kept.assertSame(whole, run);
  }

  private static String withoutSeconds(String line) {
    return line.substring(0, line.lastIndexOf(','));
  }

  @Test
  void the_second_sweep_is_told_and_the_first_comes_to_its_end() throws Exception {
    Path file = temporary.resolve("sweep.json");
    Files.writeString(file, Tiny.SWEEP);
    Path whole = temporary.resolve("whole");
    Launch.succeed(Launch.grokscope("sweep", file, "--out", whole));
    Path out = temporary.resolve("out");
    Process first = startedUntil(Launch.grokscope("sweep", file, "--out", out), ".token", out);
    stop(first, "STOP"); // so that it is there for as long as the second one needs
    CommandResult second;
    try {
      second = Launch.run(Launch.grokscope("sweep", file, "--out", out));
    } finally {
      stop(first, "CONT");
    }
    assertEquals(1, second.exit(), second::everything);
    assertTrue(second.err().contains("another sweep is writing to " + out), second::everything);
    assertTrue(first.waitFor(180, TimeUnit.SECONDS), "the first one does not end");
    assertEquals(0, first.exitValue());
    Kept.assertSame(whole, out);
  }

  @Test
  void the_second_process_of_a_shard_is_told_who_has_it() throws Exception {
    Path file = temporary.resolve("sweep.json");
    Files.writeString(file, Tiny.SWEEP);
    Path out = temporary.resolve("out");
    ProcessBuilder shard =
        Launch.grokscope("sweep", file, "--shard", "1/2", "--at-a-time", 1, "--out", out);
    Process first = startedUntil(shard, "result.json", out);
    stop(first, "STOP");
    CommandResult second;
    CommandResult other;
    try {
      second = Launch.run(shard);
      other = Launch.run(Launch.grokscope("sweep", file, "--shard", "2/2", "--out", out));
    } finally {
      stop(first, "CONT");
    }
    assertEquals(1, second.exit(), second::everything);
    String who = "shard 1/2 is at work in " + out + " (process " + first.pid() + " on ";
    assertTrue(second.err().contains(who), second::everything);
    assertEquals(0, other.exit(), other::everything);
    assertTrue(first.waitFor(180, TimeUnit.SECONDS), "the first one does not end");
    assertEquals(0, first.exitValue());
    Launch.succeed(Launch.grokscope("sweep", file, "--merge", "--out", out));
  }

  private static void stop(Process process, String signal) throws Exception {
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
  }

  @Test
  void trainings_that_begin_together_end_as_one_alone() throws Exception {
    Path whole = temporary.resolve("whole");
    Launch.succeed(train(whole, 30));
    int pairs = Edition.share(10);
    int told = 0;
    for (int i = 0; i < pairs; i++) {
      Path run = temporary.resolve("run-" + i);
      Path log = temporary.resolve("log-" + i);
      Process other = train(run, 30).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      CommandResult one = Launch.run(train(run, 30));
      assertTrue(other.waitFor(180, TimeUnit.SECONDS), "it does not end");
      assertTrue(one.exit() == 0 || other.exitValue() == 0, one::everything);
      for (String text : List.of(one.exit() == 0 ? "" : one.err(), failed(other, log))) {
        told += text.isEmpty() ? 0 : 1;
        assertTrue(text.isEmpty() || text.contains("another training is writing there"), text);
      }
      Kept.assertSame(whole, run);
    }
    Edition.say("%d pairs of trainings at one folder: %d told, identical", pairs, told);
  }

  private static String failed(Process process, Path log) throws Exception {
    return process.exitValue() == 0 ? "" : Files.readString(log);
  }

  @Test
  void processes_that_measure_together_keep_what_one_alone_keeps() throws Exception {
    Path whole = temporary.resolve("whole");
    Tiny.checkpoints(whole, 40);
    Path source = temporary.resolve("source");
    Kept.copy(whole, source);
    Launch.succeed(Launch.main(SeriesProcess.class, List.of(), whole));
    int pairs = Edition.share(10);
    for (int i = 0; i < pairs; i++) {
      Path run = temporary.resolve("run-" + i);
      Kept.copy(source, run);
      ProcessBuilder builder = Launch.main(SeriesProcess.class, List.of(), run);
      Process other = builder.redirectErrorStream(true).start();
      Launch.succeed(Launch.main(SeriesProcess.class, List.of(), run));
      assertTrue(other.waitFor(180, TimeUnit.SECONDS), "it does not end");
      assertEquals(0, other.exitValue());
      Kept.assertSame(whole, run);
    }
    Edition.say("%d pairs of processes that measure one run: identical", pairs);
  }
}
