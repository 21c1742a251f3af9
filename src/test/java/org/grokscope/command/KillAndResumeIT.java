package org.grokscope.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.grokscope.checkpoint.Checkpoint;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, killed as by {@code kill -9}, and started again by the same command. */
@Tag("endurance")
class KillAndResumeIT {
  private static final List<String> MODULAR = List.of("--p", "31", "--epochs", "650");
  private static final List<String> LINES =
      List.of("--task", "linebreak", "--mode", "plain-newline", "--steps", "420");

  @TempDir Path folder;

  @Test
  void a_run_killed_twice_ends_with_the_bits_of_one_never_interrupted() throws Exception {
    Path whole = folder.resolve("whole");
    Path killed = folder.resolve("killed");
    assertEquals(0, finish(train(whole, MODULAR)), this::log);
    killOnceThereIs("step-000008.npz", killed, MODULAR);
    killOnceThereIs("step-000300.npz", killed, MODULAR);
    assertTrue(Files.notExists(killed.resolve("step-000650.npz")), "it was not killed in time");
    assertEquals(0, finish(train(killed, MODULAR)), this::log);
    assertTrue(log().contains("going on from epoch "), this::log);

    assertEquals(withoutSeconds(whole), withoutSeconds(killed));
    for (String name : List.of("step-000300.npz", "step-000650.npz")) {
      assertArrayEquals(
          Checkpoint.load(whole.resolve(name)).parameters().values(),
          Checkpoint.load(killed.resolve(name)).parameters().values(),
          name);
    }
  }

  @Test
  void a_model_that_breaks_lines_ends_with_the_same_bits_too() throws Exception {
    Path whole = folder.resolve("whole");
    Path killed = folder.resolve("killed");
    assertEquals(0, finish(train(whole, LINES)), this::log);
    killOnceThereIs("step-000400.npz", killed, LINES);
    assertTrue(Files.notExists(killed.resolve("step-000420.npz")), "it was not killed in time");
    assertEquals(0, finish(train(killed, LINES)), this::log);
    assertTrue(log().contains("going on from epoch "), this::log); // 200, or 400 if just saved

    assertEquals(withoutSeconds(whole), withoutSeconds(killed));
    Checkpoint expected = Checkpoint.load(whole.resolve("step-000420.npz"));
    Checkpoint actual = Checkpoint.load(killed.resolve("step-000420.npz"));
    assertEquals(expected.config(), actual.config());
    assertArrayEquals(expected.parameters().values(), actual.parameters().values());
  }

  private Process train(Path out, List<String> options) throws IOException {
    String classPath = "target/classes" + File.pathSeparator + "target/lib/*";
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                "org.grokscope.command.Grokscope",
                "train",
                "--out",
                out.toString()));
    command.addAll(options);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private void killOnceThereIs(String name, Path run, List<String> options) throws Exception {
    Files.createDirectories(run);
    try (WatchService watch = run.getFileSystem().newWatchService()) {
      run.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Process process = train(run, options);
      try {
        while (Files.notExists(run.resolve(name))) {
          WatchKey key = watch.poll(60, TimeUnit.SECONDS);
          assertTrue(key != null && process.isAlive(), this::log);
          key.pollEvents();
          key.reset();
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static int finish(Process process) throws InterruptedException {
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the training does not end");
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> withoutSeconds(Path run) throws IOException {
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("history.csv"))) {
      rows.add(line.substring(0, line.lastIndexOf(',')));
    }
    return rows;
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }
}
