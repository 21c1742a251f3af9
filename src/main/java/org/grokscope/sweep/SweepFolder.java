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
import org.grokscope.checkpoint.AtomicFile;

/** Where a sweep lives on disk; held by one at a time. */
final class SweepFolder implements AutoCloseable {
  private static final String RESULTS = "results.csv";
  private static final String PROVENANCE = "results.json";

  private final Path path;
  private final String token;
  private final RunHold hold;

  private SweepFolder(Path path, String token, RunHold hold) {
    this.path = path;
    this.token = token;
    this.hold = hold;
  }

  /**
   * Takes hold of a folder.
   *
   * @throws IllegalStateException if another sweep holds it
   * @throws UncheckedIOException if it cannot be written
   */
  static SweepFolder open(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    RunHold hold;
    try {
      hold = RunHold.tryTake(path);
    } catch (IOException e) {
      String reason =
          e instanceof FileSystemException system && system.getReason() != null
              ? system.getReason()
              : e.getClass().getSimpleName();
      throw new UncheckedIOException(
          "sweep: the folder %s cannot be written (%s); choose one that you may write to"
              .formatted(folder, reason),
          e);
    }
    if (hold == null) {
      throw new IllegalStateException(
          "sweep: another sweep is writing to %s; wait for it, or choose another folder"
              .formatted(folder));
    }
    SweepFolder kept = new SweepFolder(path, UUID.randomUUID().toString(), hold);
    try {
      AtomicFile.writeText(path.resolve(RunTask.TOKEN), kept.token);
      return kept;
    } catch (RuntimeException e) {
      kept.close();
      throw e;
    }
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

  void writeResults(SweepResults results) {
    AtomicFile.writeText(path.resolve(RESULTS), results.csv());
  }

  void writeProvenance(String json) {
    AtomicFile.writeText(path.resolve(PROVENANCE), json + "\n");
  }

  boolean hasProvenance() {
    return Files.exists(path.resolve(PROVENANCE));
  }

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
