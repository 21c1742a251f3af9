package org.grokscope.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.grokscope.checkpoint.AtomicFile;

/**
 * Where a sweep lives on disk. Held by one at a time: by a process that computes all of it, or
 * merges its shards; or each shard by a process of its own.
 *
 * <p>Whoever begins holds the sweep's folder while it looks whether it may; a shard then lets it
 * go, and holds its own.
 */
final class SweepFolder implements AutoCloseable {
  private static final String RESULTS = "results.csv";
  private static final String PROVENANCE = "results.json";

  /** What an earlier shard needs to begin. Many may wait in line. */
  private static final long LONGEST_WAIT = TimeUnit.MINUTES.toNanos(1);

  /** Who begins puts up no sign: one that is there for longer is of a whole sweep. */
  private static final long WAIT_AT_A_SIGN = TimeUnit.SECONDS.toNanos(3);

  private static final long BETWEEN_TRIES_MILLIS = 50;

  private final Path path;
  private final Path results;
  private final String token;
  private final SignedHold hold;

  private SweepFolder(Path path, Path results, String token, SignedHold hold) {
    this.path = path;
    this.results = results;
    this.token = token;
    this.hold = hold;
  }

  /**
   * Takes hold of a folder, with all shards in it.
   *
   * @throws IllegalStateException if another sweep holds it, or a shard
   * @throws UncheckedIOException if it cannot be written
   */
  static SweepFolder open(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      SignedHold hold = SignedHold.tryTake(path);
      if (hold == null) {
        throw busy(folder);
      }
      SweepFolder kept = new SweepFolder(path, path, UUID.randomUUID().toString(), hold);
      try {
        for (KeptShard other : KeptShard.in(path)) {
          if (other.isWorking()) {
            throw new IllegalStateException(
                "sweep: %s; wait for it, or stop it".formatted(other.working(folder)));
          }
        }
        AtomicFile.writeText(path.resolve(RunTask.TOKEN), kept.token);
        return kept;
      } catch (IOException | RuntimeException e) {
        kept.close();
        throw e;
      }
    } catch (IOException e) {
      throw cannotBeWritten(folder, e);
    }
  }

  /**
   * Takes hold of a shard.
   *
   * @param digest of the sweep
   * @param provenance as {@link #writeProvenance} takes it
   * @throws IllegalStateException if another process holds the shard or the whole sweep, or if one
   *     is at work on a shard of another sweep or division
   * @throws UncheckedIOException if it cannot be written
   */
  static SweepFolder open(Path folder, Shard shard, String digest, String provenance) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      RunHold gate = gate(path);
      if (gate == null) {
        throw busy(folder);
      }
      try {
        if (!SignedHold.isSilent(path)) {
          throw busy(folder);
        }
        SignedHold.takeDown(path);
        requireAgreement(folder, path, shard, digest);
        Path results = shard.folder(path);
        SignedHold hold = SignedHold.tryTake(results);
        if (hold == null) {
          throw new IllegalStateException(
              "sweep: %s; wait for it, or stop it"
                  .formatted(new KeptShard(shard, results).working(folder)));
        }
        SweepFolder kept = new SweepFolder(path, results, token(path), hold);
        try {
          kept.writeProvenance(provenance);
          return kept;
        } catch (RuntimeException e) {
          kept.close();
          throw e;
        }
      } finally {
        gate.close();
      }
    } catch (IOException e) {
      throw cannotBeWritten(folder, e);
    }
  }

  /** Holds the folder for the time that a shard needs to begin; null if another sweep has it. */
  private static RunHold gate(Path path) throws IOException {
    long start = System.nanoTime();
    while (true) {
      RunHold gate = RunHold.tryTake(path);
      long longest = SignedHold.isSigned(path) ? WAIT_AT_A_SIGN : LONGEST_WAIT;
      if (gate != null || System.nanoTime() - start > longest) {
        return gate;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
  }

  /** Shards that are computed at the same time are of one sweep and one division. */
  private static void requireAgreement(Path folder, Path path, Shard shard, String digest)
      throws IOException {
    for (KeptShard other : KeptShard.in(path)) {
      boolean agrees = other.shard().of() == shard.of() && other.digest().equals(digest);
      if (!agrees && !other.shard().equals(shard) && other.isWorking()) {
        throw new IllegalStateException(
            "sweep: got the shard %s, but %s, %s; wait for it, or choose another folder"
                .formatted(
                    shard,
                    other.working(folder),
                    other.shard().of() == shard.of()
                        ? "on another sweep"
                        : "which divides it otherwise"));
      }
    }
  }

  /** What the other shards wrote, or a new one. */
  private static String token(Path path) throws IOException {
    Path file = path.resolve(RunTask.TOKEN);
    if (!Files.exists(file)) {
      AtomicFile.writeText(file, UUID.randomUUID().toString());
    }
    return Files.readString(file);
  }

  private static IllegalStateException busy(Path folder) {
    return new IllegalStateException(
        "sweep: another sweep is writing to %s (%s); wait for it, or choose another folder"
            .formatted(folder, SignedHold.holder(folder)));
  }

  private static UncheckedIOException cannotBeWritten(Path folder, IOException e) {
    String reason =
        e instanceof FileSystemException system && system.getReason() != null
            ? system.getReason()
            : e.getClass().getSimpleName();
    return new UncheckedIOException(
        "sweep: the folder %s cannot be written (%s); choose one that you may write to"
            .formatted(folder, reason),
        e);
  }

  /** What is to be computed, each in a folder of its own. */
  List<RunOrder> orders(List<RunPlan> plans) {
    Map<String, Integer> runs = new HashMap<>();
    plans.forEach(plan -> runs.merge(plan.hash(), 1, Integer::sum));
    List<RunOrder> orders = new ArrayList<>();
    for (RunPlan plan : plans) {
      String hash = plan.hash();
      // runs of different budgets have the same numbers, but may be computed at the same time
      String name = runs.get(hash) == 1 ? hash : hash + "-" + plan.budget();
      orders.add(new RunOrder(orders.size(), plan, path.toString(), name, token, 1));
    }
    return orders;
  }

  /** The result that an earlier sweep left of a run, if it is done. */
  Optional<RunResult> resultOf(RunOrder order) {
    try {
      Path file = RunTask.folder(order).resolve(RunTask.RESULT);
      return Files.exists(file)
          ? RunResult.parse(Files.readString(file), order).filter(RunResult::isDone)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it is computed again, and says then what is wrong
    }
  }

  void writeResults(SweepResults table) {
    AtomicFile.writeText(resultsFile(), table.csv());
  }

  void writeProvenance(String json) {
    AtomicFile.writeText(results.resolve(PROVENANCE), json + "\n");
  }

  boolean hasProvenance() {
    return Files.exists(results.resolve(PROVENANCE));
  }

  /** Where the table stands: of the sweep, or of the shard. */
  Path resultsFile() {
    return results.resolve(RESULTS);
  }

  /** The sweep's folder. */
  Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      hold.close();
    } catch (IOException e) {
      throw new UncheckedIOException("sweep: the folder " + path + " cannot be given free", e);
    }
  }
}
