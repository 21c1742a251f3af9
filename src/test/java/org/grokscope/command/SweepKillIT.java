package org.grokscope.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.grokscope.environment.CommandResult;
import org.grokscope.sweep.Engine;
import org.grokscope.sweep.Sweep;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process of {@code grokscope sweep}, killed as by {@code kill -9}, or without room. */
@Tag("endurance")
class SweepKillIT {
  private static final Duration LONGEST = Duration.ofSeconds(180);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void a_file_of_six_runs() throws IOException {
    file = folder.resolve("sweep.json");
    Files.writeString(
        file,
        """
        {"base": {"p": 7, "fraction": 0.6, "epochs": 500, "d_model": 16, "heads": 2, "d_mlp": 32,
                  "checkpoints": 100},
         "grid": {"seed": [0, 1, 2], "weight_decay": [0.5, 1.0]}}
        """);
  }

  private ProcessBuilder sweep(Path out) {
    String classPath = "target/classes" + File.pathSeparator + "target/lib/*";
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-cp",
        classPath,
        "org.grokscope.command.Grokscope",
        "sweep",
        file.toString(),
        "--at-a-time",
        "2",
        "--out",
        out.toString());
  }

  /** The results of the runs that are done, by their folder, and when they were written. */
  private static Map<String, FileTime> done(Path out) throws IOException {
    Map<String, FileTime> done = new TreeMap<>();
    Path runs = out.resolve("runs");
    if (Files.isDirectory(runs)) {
      try (Stream<Path> folders = Files.list(runs)) {
        for (Path run : folders.toList()) {
          Path result = run.resolve("result.json");
          if (Files.exists(result)) {
            done.put(run.getFileName().toString(), Files.getLastModifiedTime(result));
          }
        }
      }
    }
    return done;
  }

  /** The cells of results.csv that hold no seconds, which are the last but one. */
  private static List<String> numbers(Path out) throws IOException {
    return Files.readAllLines(out.resolve("results.csv")).stream()
        .map(line -> line.replaceFirst(",[^,]*,[^,]*$", ""))
        .toList();
  }

  @Test
  void killed_midway_it_repeats_no_finished_run_and_loses_none() throws Exception {
    Path out = folder.resolve("out");
    Process process =
        sweep(out).redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
    long end = System.nanoTime() + LONGEST.toNanos();
    try {
      while (done(out).size() < 2) {
        assertTrue(
            process.isAlive() && System.nanoTime() < end,
            () -> "nothing is finished: " + folder.resolve("log"));
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    Map<String, FileTime> before = done(out);
    assertTrue(before.size() < 6, "it was not killed in time");

    CommandResult again = CommandResult.of(sweep(out), LONGEST);
    assertEquals(0, again.exit(), again::everything);
    assertTrue(
        again.err().startsWith("6 runs, " + before.size() + " of them done before\n"),
        again::everything);
    Map<String, FileTime> after = done(out);
    assertEquals(6, after.size());
    before.forEach((run, written) -> assertEquals(written, after.get(run), run));

    Path whole = folder.resolve("whole");
    Sweep.read(file).run(Engine.local(), whole);
    assertEquals(numbers(whole), numbers(out));
  }

  @Test
  void on_a_full_disk_it_says_so_keeps_what_is_finished_and_goes_on_when_there_is_room()
      throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mount("-t", "tmpfs", "-o", "size=460k", "tmpfs", disk.toString()), "needs root");
    try {
      Path out = disk.resolve("out");
      CommandResult full = CommandResult.of(sweep(out), LONGEST);
      assertEquals(1, full.exit(), full::everything);
      assertTrue(full.err().contains("No space left on device"), full::everything);
      Map<String, FileTime> before = done(out);
      assertTrue(!before.isEmpty() && before.size() < 6, before::toString);
      long kept = numbers(out).stream().filter(line -> line.contains(",done,")).count();
      assertEquals(before.size(), kept, full::everything);

      assertTrue(mount("-o", "remount,size=50m", disk.toString()));
      CommandResult again = CommandResult.of(sweep(out), LONGEST);
      assertEquals(0, again.exit(), again::everything);
      Map<String, FileTime> after = done(out);
      assertEquals(6, after.size());
      before.forEach((run, written) -> assertEquals(written, after.get(run), run));
    } finally {
      assertEquals(0, new ProcessBuilder("umount", disk.toString()).start().waitFor());
    }
  }

  private static boolean mount(String... arguments) throws InterruptedException {
    try {
      ProcessBuilder builder = new ProcessBuilder("mount");
      builder.command().addAll(List.of(arguments));
      return builder.redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // no such program
    }
  }
}
