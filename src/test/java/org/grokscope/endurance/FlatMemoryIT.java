package org.grokscope.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many runs, or many checkpoints, in one process: after a tenth of them and at the end, the heap
 * after a collection and the memory outside it are the same but for what compiled code takes.
 */
@Tag("endurance")
class FlatMemoryIT {
  /** Megabytes that the heap in use may grow by: results of the runs, one row each. */
  private static final double HEAP_ALLOWANCE = 3;

  /**
   * Megabytes that all memory may grow by, whose heap is resident from the start: compiled code and
   * the metadata of classes that are first used later.
   */
  private static final double RESIDENT_ALLOWANCE = 16;

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({"sweep", "probe"})
  void stays_flat(String work) throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc");
    int count = Math.max(20, Edition.share(200));
    List<String> options = List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch");
    String out =
        Launch.succeed(Launch.main(ManyInOneProcess.class, options, work, count, temporary)).out();
    List<double[]> measured = new ArrayList<>();
    for (String line : out.lines().filter(each -> each.startsWith("memory,")).toList()) {
      String[] cells = line.split(",");
      measured.add(new double[] {Double.parseDouble(cells[1]), Double.parseDouble(cells[2])});
    }
    assertEquals(2, measured.size(), out);
    double[] tenth = measured.get(0);
    double[] end = measured.get(1);
    Edition.say(
        "%d %s in one process: heap %.1f MB after a tenth, %.1f at the end; resident %.1f, %.1f",
        count,
        work.equals("sweep") ? "runs of a sweep" : "checkpoints of a probe",
        tenth[0],
        end[0],
        tenth[1],
        end[1]);
    assertTrue(end[0] - tenth[0] < HEAP_ALLOWANCE, () -> "the heap grew:\n" + out);
    assertTrue(end[1] - tenth[1] < RESIDENT_ALLOWANCE, () -> "the process grew:\n" + out);
  }

  @Test
  void a_command_that_needs_more_memory_than_there_is_says_so() throws Exception {
    var result =
        Launch.run(
            Launch.main(
                Class.forName("org.grokscope.command.Grokscope"),
                List.of("-Xmx64m"),
                "train",
                "--p",
                15_000,
                "--out",
                temporary.resolve("run")));
    assertEquals(1, result.exit(), result::everything);
    assertTrue(
        result.err().startsWith("grokscope train: it needs more memory than this Java may take"),
        result::everything);
    assertEquals(1, result.err().lines().count(), result::everything);
  }
}
