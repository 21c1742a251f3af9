package org.grokscope.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.grokscope.environment.VirtualEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes killed as by {@code kill -9} at moments drawn from a fixed seed, each started again.
 * Whenever one is dead, every file it shows is whole; whenever one comes to its end, the folder
 * holds the bits of one never interrupted, and nothing else.
 */
@Tag("endurance")
class KillsIT {
  private static final long SEED = 20_261_124;
  private static final Map<Moment.Kind, Integer> MOMENTS = new EnumMap<>(Moment.Kind.class);
  private static int kills;
  private static int resumes;
  private static int ends;
  private static int works; // that are under way, or failed

  @TempDir Path temporary;
  private Path source;

  /** What is started, in a folder. */
  private interface Work {
    ProcessBuilder in(Path folder) throws Exception;
  }

  @BeforeEach
  void a_folder_that_every_one_begins_with() throws IOException {
    source = Files.createDirectory(temporary.resolve("source"));
  }

  @AfterAll
  static void print_the_counts() {
    Edition.say(
        "%d kills (%s), %d resumes, %d came to their end: %s",
        kills,
        MOMENTS.toString().replaceAll("[{}]", ""),
        resumes,
        ends,
        works == 0 ? "identical" : works + " of the works FAILED");
  }

  @Test
  void of_a_training() throws Exception {
    survives(
        Edition.share(36),
        folder ->
            Launch.grokscope(
                "train",
                "--p",
                7,
                "--fraction",
                0.5,
                "--epochs",
                150,
                "--threads",
                1,
                "--out",
                folder));
  }

  @Test
  void of_a_sweep() throws Exception {
    Path file = temporary.resolve("sweep.json");
    Files.writeString(file, Tiny.SWEEP);
    survives(
        Edition.share(30),
        folder -> Launch.grokscope("sweep", file, "--at-a-time", 2, "--out", folder));
  }

  @Test
  void of_a_series_of_probes() throws Exception {
    Tiny.checkpoints(source, 60);
    survives(Edition.share(20), folder -> Launch.main(SeriesProcess.class, List.of(), folder));
  }

  @Test
  void of_the_command_that_measures_files() throws Exception {
    List<Path> files = Tiny.checkpoints(temporary.resolve("checkpoints"), 20);
    survives(
        Edition.share(8),
        folder -> {
          List<Object> arguments = new ArrayList<>(List.of("probe"));
          arguments.addAll(files);
          arguments.addAll(List.of("--out", folder.resolve("readings.csv")));
          return Launch.grokscope(arguments.toArray());
        });
  }

  @Test
  void of_a_notebook_that_trains() throws Exception {
    assumeFalse(Edition.isShort(), "starts a kernel each time: only in the long edition");
    Path notebook = temporary.resolve("tiny.ipynb");
    new ObjectMapper().writeValue(notebook.toFile(), Tiny.notebook());
    survives(
        Edition.share(6),
        folder -> {
          String script = "/org/grokscope/notebook/execute_notebook.py";
          ProcessBuilder builder =
              new ProcessBuilder(
                  VirtualEnvironment.python().toString(),
                  Path.of(resource(script)).toString(),
                  notebook.toString(),
                  VirtualEnvironment.PROJECT.resolve("target").toString());
          builder.environment().put("GROKSCOPE_HOME", folder.toString());
          return builder;
        });
  }

  private static java.net.URI resource(String name) throws URISyntaxException {
    return KillsIT.class.getResource(name).toURI();
  }

  private void survives(int wanted, Work work) throws Exception {
    works++;
    Path whole = begin("whole");
    long start = System.nanoTime();
    Launch.succeed(work.in(whole));
    long nanos = System.nanoTime() - start;
    Random random = new Random(SEED);
    int killed = 0;
    int runs = 0;
    Path run = begin("run-" + runs);
    boolean broken = false;
    while (killed < wanted || broken) {
      resumes += broken ? 1 : 0;
      boolean again = killed < wanted;
      Moment moment = Moment.draw(random, nanos);
      if (again && killedAt(moment, work.in(run), run)) {
        killed++;
        kills++;
        MOMENTS.merge(moment.kind(), 1, Integer::sum);
        broken = true;
        Kept.requireWhole(run);
      } else {
        if (!again) {
          Launch.succeed(work.in(run));
        }
        Kept.assertSame(whole, run);
        ends++;
        run = begin("run-" + ++runs);
        broken = false;
      }
    }
    assertEquals(wanted, killed);
    works--;
  }

  private Path begin(String name) throws IOException {
    Path folder = temporary.resolve(name);
    Kept.copy(source, folder);
    return folder;
  }

  /** Starts a process and kills it; returns false if it came to its end before. */
  private boolean killedAt(Moment moment, ProcessBuilder builder, Path folder) throws Exception {
    Path log = temporary.resolve("log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (moment.await(process, folder)) {
        return true;
      }
    } finally {
      kill(process);
    }
    assertEquals(0, process.exitValue(), () -> moment + "\n" + text(log));
    return false;
  }

  /** The process and all that it has started. */
  private static void kill(Process process) throws InterruptedException {
    List<ProcessHandle> family = process.descendants().toList();
    process.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the process cannot be killed");
    for (ProcessHandle each : family) {
      each.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "no log: " + e;
    }
  }
}
