package org.grokscope.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepCommandTest {
  private static final String BASE =
      "{\"p\": 7, \"fraction\": 0.6, \"epochs\": 20, \"d_model\": 8, \"heads\": 2, \"d_mlp\": 16}";

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path file;

  @BeforeEach
  void a_file_of_two_runs() throws IOException {
    file = folder.resolve("sweep.json");
    write("{\"base\": " + BASE + ", \"grid\": {\"seed\": [0, 1]}}");
  }

  private void write(String sweep) throws IOException {
    Files.writeString(file, sweep);
  }

  private int sweep(String... options) {
    List<String> arguments = new ArrayList<>(List.of("sweep", file.toString()));
    arguments.addAll(List.of(options));
    return Grokscope.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments.toArray(String[]::new));
  }

  private String to() {
    return folder.resolve("sweep").toString();
  }

  @Test
  void fills_a_folder_and_says_how_far_it_is() throws IOException {
    assertEquals(Grokscope.OK, sweep("--out", to(), "--at-a-time", "1"), err::toString);
    assertEquals(3, Files.readAllLines(folder.resolve("sweep/results.csv")).size());
    assertTrue(out.toString().startsWith("sweep: 2 of 2 runs done, 0 failed: "), out::toString);
    List<String> lines = err.toString().lines().toList();
    assertEquals("2 runs, 0 of them done before", lines.get(0));
    assertTrue(lines.get(1).startsWith("1 of 2 done  seed 0: 20 epochs, train "), err::toString);
    assertTrue(lines.get(2).startsWith("2 of 2 done  seed 1: 20 epochs, train "), err::toString);
    assertTrue(lines.get(2).endsWith("  0 s left"), err::toString);
    err.getBuffer().setLength(0);
    assertEquals(Grokscope.OK, sweep("--out", to()));
    assertEquals("2 runs, 2 of them done before", err.toString().strip());
  }

  @Test
  void ends_with_1_when_a_run_failed() throws IOException {
    write(
        "{\"base\": %s, \"rows\": [{}, {\"learning_rate\": 9.9, \"weight_decay\": 0}]}"
            .formatted(BASE.replace("20", "400")));
    assertEquals(Grokscope.FAILED, sweep("--out", to()));
    assertTrue(out.toString().startsWith("sweep: 1 of 2 runs done, 1 failed"), out::toString);
    assertTrue(err.toString().contains("failed: training: the loss became NaN"), err::toString);
  }

  @Test
  void a_dry_run_prints_the_runs_and_an_estimate_and_writes_nothing() {
    assertEquals(Grokscope.OK, sweep("--dry-run", "--out", to(), "--at-a-time", "2"));
    List<String> lines = out.toString().lines().toList();
    assertEquals(3, lines.size(), out::toString);
    assertTrue(lines.get(0).matches("seed 0: \\d+ s"), lines.get(0));
    assertTrue(
        lines.get(2).matches("2 runs, about \\d+ s on one core, \\d+ s with 2 at a time, if .*"),
        lines.get(2));
    assertFalse(Files.exists(Path.of(to())));
    out.getBuffer().setLength(0);
    assertEquals(Grokscope.OK, sweep("--dry-run", "--engine", "spark://host:7077"));
    assertTrue(out.toString().contains("2 runs, about "), out::toString);
    assertFalse(out.toString().contains("at a time"), out::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--engine spark:7077 | grokscope sweep: engine: got the Spark master 'spark:7077'",
        "--engine local[2] --at-a-time 2 | grokscope sweep: sweep: got --at-a-time with the engine",
        "--at-a-time 0 | grokscope sweep: engine: got 0 runs of 1 threads, expected at least 1",
        "--threads 0 | grokscope sweep: engine: got ",
        "--threads two | grokscope sweep: Invalid value for option '--threads': 'two' is not an",
        "'' | grokscope sweep: sweep: got no --out, expected the folder of the sweep",
        "--merge | grokscope sweep: sweep: got no --out, expected the folder of the sweep",
        "--merge --out target/none | grokscope sweep: merge: got the folder target/none, which is",
        "--merge --shard 1/2 | grokscope sweep: sweep: got --merge with --shard, expected it without",
        "--merge --dry-run | grokscope sweep: sweep: got --merge with --dry-run, expected it without",
        "--shard 4/3 | grokscope sweep: shard: got 4/3, expected I/N with I from 1 to N, such as 2/3",
        "--shard 0/0 | grokscope sweep: shard: got 0/0, expected I/N with I from 1 to N",
        "--shard a/b | grokscope sweep: shard: got 'a/b', expected I/N with I from 1 to N",
        "--shard 1/2 --engine local[2] --out target/none | grokscope sweep: sweep: got the shard 1/2",
      })
  void a_misuse_ends_with_2_and_one_line(String options, String message) {
    assertEquals(Grokscope.MISUSED, sweep(options.isEmpty() ? new String[0] : options.split(" ")));
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertTrue(err.toString().startsWith(message), err::toString);
  }

  @Test
  void shards_and_their_merging_say_where_the_tables_are() throws IOException {
    assertEquals(Grokscope.OK, sweep("--dry-run", "--shard", "1/2"), err::toString);
    assertTrue(out.toString().lines().toList().get(1).startsWith("1 runs, about "), out::toString);
    assertEquals(Grokscope.OK, sweep("--out", to(), "--shard", "2/2"), err::toString);
    assertTrue(
        out.toString()
            .contains(
                "sweep, shard 2/2: 1 of 1 runs done, 0 failed: "
                    + Path.of(to(), "shards", "2-of-2", "results.csv")),
        out::toString);
    err.getBuffer().setLength(0);
    assertEquals(Grokscope.FAILED, sweep("--out", to(), "--merge"));
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertTrue(err.toString().contains("shard 1/2, never begun: seed "), err::toString);
    assertEquals(Grokscope.OK, sweep("--out", to(), "--shard", "1/2"));
    assertEquals(Grokscope.OK, sweep("--out", to(), "--merge"));
    assertTrue(
        out.toString()
            .endsWith("sweep: 2 of 2 runs done, 0 failed: " + Path.of(to(), "results.csv") + "\n"),
        out::toString);
  }

  @Test
  void a_file_that_is_none_or_no_sweep_ends_with_2() throws IOException {
    write("{\"grid\": {\"wait_decay\": [1]}}");
    assertEquals(Grokscope.MISUSED, sweep("--out", to()));
    assertTrue(err.toString().contains("sweep: got the field 'wait_decay'"), err::toString);
    Files.delete(file);
    assertEquals(Grokscope.MISUSED, sweep("--out", to()));
    assertTrue(err.toString().contains("sweep: got the file " + file), err::toString);
    assertFalse(Files.exists(Path.of(to())));
  }

  @ParameterizedTest
  @CsvSource({"7.6, 8 s", "59.4, 59 s", "125, 2 min 05 s", "11999, 3 h 19 min", "NaN, ?"})
  void seconds_are_said_as_people_say_them(double seconds, String words) {
    assertEquals(words, Durations.inWords(seconds));
  }
}
