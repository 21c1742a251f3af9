package org.grokscope.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.task.ModularAddition;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {
  private static final Sweep SIX =
      Sweep.of(TinySweep.base()).over("seed", 0, 1, 2).over("weight_decay", 0.5, 1.0);

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void a_folder_that_is_not_there_yet() {
    folder = temporary.resolve("sweep");
  }

  private static SweepResults run(Sweep sweep, int number, int of, Path folder) {
    return sweep.shard(number, of).run(Engine.local(), folder);
  }

  private static String message(Class<? extends Exception> type, Executable call) {
    return assertThrows(type, call).getMessage();
  }

  @Nested
  class Division {
    private static List<RunPlan> plans(String grid) {
      return SweepFile.parse(
              """
              {"base": {"p": 7, "fraction": 0.6%s}, "grid": %s}"""
                  .formatted(grid.contains("epochs") ? "" : ", \"epochs\": 20", grid))
          .plans();
    }

    private static List<List<Integer>> divided(List<RunPlan> plans, int of) {
      return IntStream.rangeClosed(1, of).mapToObj(i -> new Shard(i, of).runs(plans)).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 40})
    void every_run_is_in_one_shard_and_sizes_differ_by_one(int of) {
      List<RunPlan> plans = plans("{\"seed\": [0,1,2,3,4,5,6,7,8,9,10], \"d_mlp\": [8, 32]}");
      List<Integer> all = new ArrayList<>();
      for (List<Integer> runs : divided(plans, of)) {
        assertEquals(runs.stream().sorted().toList(), runs);
        assertTrue(runs.size() == 22 / of || runs.size() == 22 / of + 1, runs::toString);
        all.addAll(runs);
      }
      assertEquals(IntStream.range(0, 22).boxed().toList(), all.stream().sorted().toList());
    }

    @Test
    void dear_runs_are_dealt_evenly() {
      List<RunPlan> plans = plans("{\"seed\": [0,1,2,3,4,5], \"epochs\": [10, 1000]}");
      for (List<Integer> runs : divided(plans, 3)) {
        assertEquals(2, runs.stream().filter(run -> plans.get(run).epochs() == 1000).count());
      }
    }

    @Test
    void the_last_field_does_not_become_the_division() {
      List<RunPlan> plans =
          plans("{\"seed\": [0,1,2,3,4,5,6,7,8,9], \"weight_decay\": [0, 0.3, 1]}");
      for (List<Integer> runs : divided(plans, 3)) {
        assertTrue(
            runs.stream().map(run -> plans.get(run).text(Field.WEIGHT_DECAY)).distinct().count()
                > 1,
            runs::toString);
      }
    }

    @Test
    void it_stays_what_it_is() {
      List<RunPlan> plans = plans("{\"seed\": [0,1,2], \"weight_decay\": [0.5, 1.0]}");
      assertEquals(divided(plans, 3), divided(plans, 3));
      List<String> labels = new ArrayList<>();
      IntStream.rangeClosed(1, 3).forEach(i -> labels.addAll(SIX.shard(i, 3).labels()));
      assertEquals(SIX.labels(), labels.stream().sorted().toList());
    }

    @ParameterizedTest
    @CsvSource({"1/1,1,1", "2/3,2,3", "100/100,100,100"})
    void is_written_as_a_share(String text, int number, int of) {
      assertEquals(new Shard(number, of), Shard.parse(text));
      assertEquals(text, Shard.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"4/3", "0/0", "0/3", "a/b", "", "1", "1/", "/3", "-1/3", "1/3/5", "1 / 3"})
    void of_nothing_is_refused(String text) {
      String message = message(IllegalArgumentException.class, () -> Shard.parse(text));
      assertTrue(message.startsWith("shard: got "), message);
      assertTrue(message.contains("expected I/N with I from 1 to N, such as 2/3"), message);
      assertEquals(text.equals("0/3"), message.contains("number the job array 1-3"), message);
    }

    @Test
    void numbers_beyond_counting_are_refused() {
      message(IllegalArgumentException.class, () -> Shard.parse("1/99999999999999999999"));
    }
  }

  @Nested
  class Merged {
    @Test
    void shards_give_the_bytes_of_one_process() throws IOException {
      for (int i = 3; i >= 1; i--) {
        SweepResults shard = run(SIX, i, 3, folder);
        assertEquals("sweep, shard " + i + "/3: 2 of 2 runs done, 0 failed", shard.toString());
        assertEquals(shard.csv(), Files.readString(shard.file()));
      }
      assertFalse(Files.exists(folder.resolve("results.csv")));
      SweepResults merged = SIX.merge(folder);
      assertEquals("sweep: 6 of 6 runs done, 0 failed", merged.toString());
      byte[] bytes = Files.readAllBytes(folder.resolve("results.csv"));
      // one process over the same runs: to the byte, with their seconds
      assertEquals(merged.csv(), SIX.run(Engine.local(), folder).csv());
      assertEquals(new String(bytes), Files.readString(folder.resolve("results.csv")));
      // one process that computes them itself: to the byte, but for its own seconds
      Path whole = temporary.resolve("whole");
      SIX.run(Engine.local(), whole);
      assertEquals(
          TinySweep.withoutSeconds(whole.resolve("results.csv")),
          TinySweep.withoutSeconds(folder.resolve("results.csv")));
      assertEquals(20, merged.run(4).history().last().epoch());
    }

    @Test
    void say_how_they_came_to_be() throws IOException {
      run(SIX, 1, 2, folder);
      run(SIX, 2, 2, folder);
      SIX.merge(folder);
      JsonNode json = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
      assertEquals("merged from the shards 1/2, 2/2", json.get("engine").asText());
      assertEquals(SIX.json(), json.get("sweep").toString());
      JsonNode shard =
          new ObjectMapper().readTree(folder.resolve("shards/2-of-2/results.json").toFile());
      assertEquals("2/2", shard.get("shard").asText());
      assertEquals(3, shard.get("runs").intValue());
    }

    @Test
    void runs_that_failed_are_rows_with_their_error() throws IOException {
      Sweep sweep =
          Sweep.of(TinySweep.base())
              .over("seed", 0, 1)
              .row(Map.of("learning_rate", 9.9, "weight_decay", 0.0, "epochs", 400));
      run(sweep, 1, 2, folder);
      run(sweep, 2, 2, folder);
      SweepResults merged = sweep.merge(folder);
      assertEquals(1, merged.failed());
      Path whole = temporary.resolve("whole");
      sweep.run(Engine.local(), whole);
      assertEquals(
          TinySweep.withoutSeconds(whole.resolve("results.csv")),
          TinySweep.withoutSeconds(folder.resolve("results.csv")));
    }

    @Test
    void missing_shards_are_named_and_nothing_is_written() {
      run(SIX, 1, 3, folder);
      String message = message(IllegalStateException.class, () -> SIX.merge(folder));
      assertTrue(message.startsWith("merge: got 2 of 6 runs in " + folder), message);
      assertTrue(message.contains("expected all; start again what is missing, then"), message);
      for (int i : new int[] {2, 3}) {
        String labels = String.join(" | ", SIX.shard(i, 3).labels());
        assertTrue(message.contains("shard " + i + "/3, never begun: " + labels), message);
      }
      assertEquals(1, message.lines().count());
      assertFalse(Files.exists(folder.resolve("results.csv")));
    }

    @Test
    void a_run_that_is_gone_is_named() throws IOException {
      SweepResults first = run(SIX, 1, 2, folder);
      run(SIX, 2, 2, folder);
      Files.delete(
          folder.resolve("runs").resolve(first.rows().get(0).run()).resolve("result.json"));
      String message = message(IllegalStateException.class, () -> SIX.merge(folder));
      String label = SIX.shard(1, 2).labels().get(0);
      assertTrue(message.endsWith(": shard 1/2, not at its end: " + label), message);
      run(SIX, 1, 2, folder);
      assertEquals(6, SIX.merge(folder).done());
    }

    @Test
    void another_sweep_is_refused() throws IOException {
      Sweep other = Sweep.of(TinySweep.base()).over("seed", 0, 1, 2).over("weight_decay", 0.5, 2);
      run(other, 1, 2, folder);
      run(other, 2, 2, folder);
      String message = message(IllegalArgumentException.class, () -> SIX.merge(folder));
      assertTrue(message.contains("whose shards are of another sweep"), message);
      run(SIX, 1, 2, folder);
      message = message(IllegalStateException.class, () -> SIX.merge(folder));
      assertTrue(message.contains("shard 2/2, of another sweep: "), message);
      run(SIX, 2, 2, folder); // what they have in common is not computed again
      assertEquals(6, SIX.merge(folder).done());
    }

    @Test
    void folders_without_shards_are_refused() throws IOException {
      String none = message(IllegalArgumentException.class, () -> SIX.merge(folder));
      assertTrue(none.contains("which is none"), none);
      assertFalse(Files.exists(folder));
      Files.createDirectories(folder);
      none = message(IllegalArgumentException.class, () -> SIX.merge(folder));
      assertTrue(none.contains("which has no shards"), none);
      none = message(IllegalArgumentException.class, () -> SIX.shard(1, 2).merge(folder));
      assertTrue(none.contains("got the shard 1/2, expected the whole sweep"), none);
    }

    @Test
    void a_wider_division_goes_on_from_another() {
      run(SIX, 1, 2, folder);
      for (int i = 1; i <= 8; i++) {
        run(SIX, i, 8, folder); // two of them have nothing to do
      }
      assertEquals(6, SIX.merge(folder).done());
    }
  }

  @Nested
  class InCode {
    private Sweep sweep(double decay) {
      TrainingConfig usual = TrainingConfig.nanda2023().withEpochs(10).withWeightDecay(decay);
      usual = usual.withShape(usual.shape().withHeads(2).withDModel(8).withDMlp(16));
      return Sweep.of(usual, config -> ModularAddition.mod(7).split(0.6, config.seed()))
          .over("seed", 0, 1, 2);
    }

    @Test
    void a_task_of_ones_own_is_divided_too_and_not_mixed_with_another() {
      run(sweep(1), 1, 2, folder);
      run(sweep(1), 2, 2, folder);
      assertEquals(3, sweep(1).merge(folder).done());
      String message = message(IllegalArgumentException.class, () -> sweep(2).merge(folder));
      assertTrue(message.contains("of another sweep"), message);
    }
  }

  @Nested
  class AtWork {
    @Test
    void a_shard_is_held_by_one_process_which_is_named() throws IOException {
      Path part = new Shard(2, 3).folder(folder);
      try (SweepFolder held = SweepFolder.open(folder, new Shard(2, 3), "digest", "{}")) {
        String mine = "process " + ProcessHandle.current().pid() + " on ";
        String message = message(IllegalStateException.class, () -> run(SIX, 2, 3, folder));
        assertTrue(message.startsWith("sweep: shard 2/3 is at work in " + folder), message);
        assertTrue(message.contains(mine), message);
        String whole = message(IllegalStateException.class, () -> SIX.run(Engine.local(), folder));
        assertTrue(whole.startsWith("sweep: shard 2/3 is at work in "), whole);
        String merge = message(IllegalStateException.class, () -> SIX.merge(folder));
        assertTrue(merge.startsWith("sweep: shard 2/3 is at work in "), merge);
        String other = message(IllegalStateException.class, () -> run(SIX, 1, 3, folder));
        assertTrue(other.startsWith("sweep: got the shard 1/3, but shard 2/3 is at work"), other);
        assertTrue(other.contains("on another sweep"), other);
        String divided = message(IllegalStateException.class, () -> run(SIX, 1, 4, folder));
        assertTrue(divided.contains("which divides it otherwise"), divided);
        assertEquals(part.resolve("results.csv"), held.resultsFile());
      }
      assertFalse(Files.exists(part.resolve(".holder.json")));
      assertEquals(2, run(SIX, 2, 3, folder).done());
    }

    @Test
    void shards_of_one_sweep_work_side_by_side() throws Exception {
      List<Thread> threads = new ArrayList<>();
      List<Throwable> thrown = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        int number = i;
        Thread thread = new Thread(() -> run(SIX, number, 3, folder));
        thread.setUncaughtExceptionHandler(
            (of, e) -> {
              synchronized (thrown) {
                thrown.add(e);
              }
            });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), thrown);
      assertEquals(6, SIX.merge(folder).done());
    }

    @Test
    void a_whole_sweep_at_work_is_named() throws IOException {
      try (SweepFolder whole = SweepFolder.open(folder)) {
        String message = message(IllegalStateException.class, () -> run(SIX, 2, 3, whole.path()));
        assertTrue(message.startsWith("sweep: another sweep is writing to " + folder), message);
        assertTrue(message.contains("(process " + ProcessHandle.current().pid()), message);
      }
    }

    @Test
    void spark_divides_by_itself() {
      String message =
          message(
              IllegalArgumentException.class,
              () -> SIX.shard(1, 2).run(Engine.spark("local[2]"), folder));
      assertTrue(message.startsWith("sweep: got the shard 1/2 with the engine spark"), message);
      assertTrue(message.contains("expected it with local only"), message);
      assertFalse(Files.exists(folder));
    }
  }

  @Nested
  class Signs {
    private static final Duration SHORT = Duration.ofMillis(400);

    private void sign(String host, int signs) throws IOException {
      Files.createDirectories(folder);
      AtomicFile.writeText( // as a living process does it: a reader never finds half of it
          folder.resolve(".holder.json"),
          """
          {"host": "%s", "process": 4711, "since": "2026-11-24T10:00:00Z", "signs": %d}"""
              .formatted(host, signs));
    }

    @Test
    void that_a_dead_process_left_on_another_machine_hold_nobody_up() throws IOException {
      sign("node-of-another-rack", 5);
      long start = System.nanoTime();
      SignedHold hold = SignedHold.tryTake(folder, SHORT, SHORT);
      assertTrue(System.nanoTime() - start >= SHORT.toNanos(), "it did not look for life");
      assertTrue(SignedHold.holder(folder).contains("" + ProcessHandle.current().pid()));
      hold.close();
      assertEquals("another process", SignedHold.holder(folder));
    }

    @Test
    void of_a_process_that_lives_on_another_machine_are_respected() throws Exception {
      sign("node-of-another-rack", 5);
      Thread other =
          new Thread(
              () -> {
                try {
                  for (int i = 6; i < 100; i++) {
                    Thread.sleep(50);
                    sign("node-of-another-rack", i);
                  }
                } catch (IOException | InterruptedException e) {
                  // it ends
                }
              });
      other.start();
      try {
        assertNull(SignedHold.tryTake(folder, Duration.ofSeconds(20), SHORT));
        assertEquals(
            "process 4711 on node-of-another-rack, since 2026-11-24T10:00:00Z",
            SignedHold.holder(folder));
      } finally {
        other.interrupt();
        other.join();
      }
      SignedHold hold = SignedHold.tryTake(folder, SHORT, SHORT); // the lock was given back
      hold.close();
    }

    @Test
    void are_renewed_while_the_process_lives() throws Exception {
      SignedHold hold = SignedHold.tryTake(folder, SHORT, Duration.ofMillis(20));
      Path sign = folder.resolve(".holder.json");
      String before = Files.readString(sign);
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (Files.readString(sign).equals(before)) {
        assertTrue(System.nanoTime() < end, "it is not renewed");
        Thread.sleep(10);
      }
      hold.close();
      assertFalse(Files.exists(sign));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"host\": 3}"})
    void that_say_nothing_are_no_hindrance(String text) throws IOException {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(".holder.json"), text);
      assertEquals("another process", SignedHold.holder(folder));
      SignedHold.tryTake(folder, SHORT, SHORT).close();
    }
  }
}
