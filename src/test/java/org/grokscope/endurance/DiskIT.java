package org.grokscope.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.environment.CommandResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks that are full or that nobody may write: work stops with one clear line, what was kept stays
 * good, and the same command goes on once it can, to the bits of work that was never stopped.
 */
@Tag("endurance")
class DiskIT {
  private static final int ROOM = 60_000; // kilobytes, more than any of these needs

  @TempDir Path temporary;
  private Path sweep;

  @BeforeEach
  void a_file_of_six_runs() throws Exception {
    sweep = temporary.resolve("sweep.json");
    Files.writeString(sweep, Tiny.SWEEP);
  }

  private ProcessBuilder train(Path out) {
    return Launch.grokscope(
        "train", "--p", 7, "--fraction", 0.5, "--epochs", 100, "--threads", 1, "--out", out);
  }

  /** The same to epoch 40 only. */
  private ProcessBuilder begin(Path out) {
    ProcessBuilder shorter = train(out);
    shorter.command().set(shorter.command().indexOf("100"), "40");
    return shorter;
  }

  private ProcessBuilder sweep(Path out) {
    return Launch.grokscope("sweep", sweep, "--at-a-time", 2, "--out", out);
  }

  /** Exit code 1 and, in the last line, what happened where, and what to do. */
  private static void assertSaid(CommandResult result, String... parts) {
    assertEquals(1, result.exit(), result::everything);
    List<String> lines = result.err().lines().toList();
    String last = lines.get(lines.size() - 1);
    assertTrue(last.startsWith("grokscope "), result::everything);
    assertFalse(result.err().contains("\tat "), result::everything);
    for (String part : parts) {
      assertTrue(last.contains(part), () -> part + "\n" + result.everything());
    }
  }

  @Test
  void a_training_stops_on_a_full_disk_and_goes_on_when_there_is_room() throws Exception {
    Path whole = temporary.resolve("whole");
    Launch.succeed(train(whole));
    int disks = Edition.share(8);
    Random random = new Random(31);
    for (int i = 0; i < disks; i++) {
      int kilobytes =
          3_400 + random.nextInt(6_000); // from the first checkpoint to all but the last
      try (Disk disk = Disk.of(kilobytes, temporary.resolve("disk-" + i))) {
        Path run = disk.path().resolve("run");
        CommandResult full = Launch.run(train(run));
        assertSaid(full, "No space left on device", run.toString(), "check the free space");
        assertEquals(List.of(), Kept.temporary(run));
        Kept.requireWhole(run);
        assertTrue(CheckpointStore.in(run).last().epoch().isPresent());
        disk.grow(ROOM);
        Launch.succeed(train(run));
        Kept.assertSame(whole, run);
      }
    }
    Edition.say("%d full disks under a training: told, kept, gone on, identical", disks);
  }

  @Test
  void a_sweep_does_too() throws Exception {
    Path whole = temporary.resolve("whole");
    Launch.succeed(sweep(whole));
    int disks = Edition.share(6);
    Random random = new Random(32);
    for (int i = 0; i < disks; i++) {
      int kilobytes = 100 + random.nextInt(250);
      try (Disk disk = Disk.of(kilobytes, temporary.resolve("disk-" + i))) {
        Path out = disk.path().resolve("out");
        CommandResult full = Launch.run(sweep(out));
        assertSaid(full, "No space left on device", out.toString(), "check the free space");
        assertEquals(List.of(), Kept.temporary(out));
        Kept.requireWhole(out);
        disk.grow(ROOM);
        Launch.succeed(sweep(out));
        Kept.assertSame(whole, out);
      }
    }
    Edition.say("%d full disks under a sweep: told, kept, gone on, identical", disks);
  }

  @Test
  void probes_measure_where_they_can_keep_nothing_and_readings_are_whole_or_not_there()
      throws Exception {
    try (Disk disk = Disk.of(1_000, temporary.resolve("disk"))) {
      Path run = disk.path().resolve("run");
      List<Path> files = Tiny.checkpoints(run, 8);
      Path filler = disk.path().resolve("filler");
      Path table = disk.path().resolve("table.csv");
      fill(filler);
      Launch.succeed(Launch.main(SeriesProcess.class, List.of(), run));
      ProcessBuilder probe = Launch.grokscope("probe", files.get(0), "--out", table);
      assertSaid(Launch.run(probe), "No space left on device", table.toString(), "free space");
      assertFalse(Files.exists(table));
      assertEquals(List.of(), Kept.temporary(disk.path()));
      Files.delete(filler);
      Launch.succeed(probe);
      Launch.succeed(Launch.main(SeriesProcess.class, List.of(), run));
      assertEquals(4, Kept.files(run.resolve("probes")).size());
      Kept.requireWhole(disk.path());
    }
  }

  /** Takes all room but for the names of files. */
  private static void fill(Path file) throws Exception {
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (java.io.IOException e) {
      assertTrue(e.getMessage().contains("No space left"), e::toString);
    }
  }

  @Test
  void a_folder_that_nobody_may_write_is_told_and_stays_readable() throws Exception {
    Path wholeRun = temporary.resolve("whole-run");
    Path wholeSweep = temporary.resolve("whole-sweep");
    Launch.succeed(begin(wholeRun));
    Launch.succeed(train(wholeRun));
    Launch.succeed(sweep(wholeSweep));
    try (Disk disk = Disk.of(ROOM, temporary.resolve("disk"))) {
      Path run = disk.path().resolve("run");
      Path out = disk.path().resolve("out");
      Launch.succeed(begin(run));
      Path half = temporary.resolve("half.json");
      Files.writeString(half, Tiny.SWEEP.replace("[0, 1, 2]", "[1]"));
      Launch.succeed(Launch.grokscope("sweep", half, "--out", out));
      disk.protect();
      String readOnly = "Read-only file system";
      String what = "choose a folder that you may write to";
      assertSaid(Launch.run(train(run)), readOnly, run.toString(), what);
      assertSaid(Launch.run(sweep(out)), readOnly, out.toString(), "you may write to");
      assertSaid(Launch.run(train(disk.path().resolve("new"))), readOnly, "new", what);
      assertSaid(
          Launch.run(sweep(disk.path().resolve("new"))), readOnly, "new", "you may write to");
      assertEquals(40, CheckpointStore.in(run).last().epoch().getAsLong());
      Launch.succeed(
          Launch.grokscope("probe", run.resolve("step-000040.npz"), "--metrics", "loss"));
      Launch.succeed(Launch.main(SeriesProcess.class, List.of(), run)); // keeps nothing
      disk.release();
      Launch.succeed(train(run));
      Launch.succeed(sweep(out));
      Kept.assertSame(wholeRun, run);
      Kept.assertSame(wholeSweep, out);
    }
    Edition.say("read-only folders of a run and a sweep: told, readable, gone on, identical");
  }
}
