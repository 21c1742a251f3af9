package org.grokscope.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.grokscope.environment.CommandResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes that share a sweep, killed as by {@code kill -9} at moments drawn from a fixed
 * seed and started again: merged, they leave what one process leaves.
 */
@Tag("endurance")
class ShardsIT {
  private static final long SEED = 20_261_125;
  private static final int SHARDS = 3;

  @TempDir Path temporary;
  private Path file;
  private Path out;
  private int kills;

  @BeforeEach
  void a_file_of_six_runs() throws Exception {
    file = temporary.resolve("sweep.json");
    Files.writeString(file, Tiny.SWEEP);
    out = temporary.resolve("out");
  }

  private ProcessBuilder shard(int number) {
    return Launch.grokscope(
        "sweep", file, "--shard", number + "/" + SHARDS, "--at-a-time", 1, "--out", out);
  }

  private ProcessBuilder merge() {
    return Launch.grokscope("sweep", file, "--merge", "--out", out);
  }

  @Test
  void killed_at_random_and_started_again_they_leave_what_one_process_leaves() throws Exception {
    Path whole = temporary.resolve("whole");
    long start = System.nanoTime();
    Launch.succeed(Launch.grokscope("sweep", file, "--at-a-time", 1, "--out", whole));
    long nanos = System.nanoTime() - start;

    Random random = new Random(SEED);
    int wanted = SHARDS * Edition.share(24);
    int starts = 0;
    while (kills < wanted) {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int number = 1; number <= SHARDS; number++) {
        int shard = number;
        Moment moment = Moment.draw(random, nanos);
        work.add(() -> killedAt(moment, shard));
      }
      starts += SHARDS;
      assertTrue(starts <= 6 * wanted + 6, () -> "of its many starts it killed only " + kills);
      boolean allEnded = true;
      for (boolean killed : together(work)) {
        kills += killed ? 1 : 0;
        allEnded &= !killed;
      }
      Kept.requireWhole(out);
      if (allEnded && kills < wanted) {
        requireMerged(whole);
        out = temporary.resolve("out-" + starts);
      }
    }
    List<Callable<Boolean>> rest = new ArrayList<>();
    for (int number = 1; number <= SHARDS; number++) {
      ProcessBuilder last = shard(number);
      rest.add(() -> Launch.succeed(last).exit() == 0);
    }
    together(rest);
    requireMerged(whole);
    Edition.say("%d shards started, %d killed, merged: identical to one process", starts, kills);
  }

  /** That the merged folder has the runs and the table of one process, to the bit. */
  private void requireMerged(Path whole) throws Exception {
    Launch.succeed(merge());
    Path table = out.resolve("results.csv");
    Map<String, Object> expected = Kept.contents(whole);
    Map<String, Object> merged = Kept.contents(out);
    merged.keySet().removeIf(name -> name.startsWith("shards"));
    assertEquals(expected.keySet(), merged.keySet());
    expected.forEach(
        (name, content) -> {
          if (!name.equals("results.json")) { // which says that it was merged
            assertEquals(content, merged.get(name), name);
          }
        });
    assertEquals(List.of(), Kept.temporary(out), "temporary files are left");
    byte[] bytes = Files.readAllBytes(table);
    Launch.succeed(Launch.grokscope("sweep", file, "--out", out)); // one process, same runs
    assertEquals(new String(bytes), Files.readString(table), "with the seconds of these runs");
  }

  /** Starts a shard and kills it; returns false if it came to its end before. */
  private boolean killedAt(Moment moment, int number) throws Exception {
    Path log = temporary.resolve("log-" + number);
    Process process = shard(number).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (moment.await(process, out)) {
        return true;
      }
    } finally {
      process.destroyForcibly();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the process cannot be killed");
    }
    assertEquals(0, process.exitValue(), Files.readString(log));
    return false;
  }

  private static List<Boolean> together(List<Callable<Boolean>> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      List<Boolean> results = new ArrayList<>();
      for (Future<Boolean> each : threads.invokeAll(work)) {
        results.add(each.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_shard_that_never_began_is_named_in_one_line() throws Exception {
    Launch.succeed(shard(1));
    Launch.succeed(shard(3));
    CommandResult result = Launch.run(merge());
    assertEquals(1, result.exit(), result::everything);
    assertTrue(result.err().contains("merge: got 4 of 6 runs in "), result::everything);
    assertTrue(result.err().contains("shard 2/3, never begun: seed "), result::everything);
    assertEquals(1, result.err().strip().lines().count(), result::everything);
    Launch.succeed(shard(2));
    Launch.succeed(merge());
  }
}
