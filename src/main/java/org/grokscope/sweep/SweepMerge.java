package org.grokscope.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The one table of a sweep whose runs were computed in shards. */
final class SweepMerge {
  private static final int LABELS_TOLD = 2;
  private static final int SHARDS_TOLD = 4;

  private final SweepGrid grid;
  private final List<RunPlan> plans;
  private final String digest;
  private final SweepFolder folder;
  private final List<KeptShard> shards;

  /** Of what stands in a folder that is held. */
  SweepMerge(SweepGrid grid, List<RunPlan> plans, String digest, SweepFolder folder) {
    this.grid = grid;
    this.plans = plans;
    this.digest = digest;
    this.folder = folder;
    try {
      this.shards = KeptShard.in(folder.path());
    } catch (IOException e) {
      throw new UncheckedIOException("merge: " + folder.path() + " cannot be read (" + e + ")", e);
    }
  }

  /**
   * The table of all runs.
   *
   * @throws IllegalArgumentException if the shards there are of another sweep, or there is none
   * @throws IllegalStateException if runs are missing; the message says of which shards
   */
  SweepResults results() {
    int division = division();
    Map<String, String> failures = new HashMap<>();
    ours().forEach(kept -> failures.putAll(kept.failures()));
    Map<Integer, RunResult> ended = new TreeMap<>();
    for (RunOrder order : folder.orders(plans)) {
      Optional<RunResult> result = folder.resultOf(order);
      String failure = failures.get(order.run());
      if (result.isPresent()) {
        ended.put(order.number(), result.get());
      } else if (failure != null) {
        ended.put(order.number(), RunResult.failed(order, failure));
      }
    }
    if (ended.size() < plans.size()) {
      throw new IllegalStateException(missing(ended, division));
    }
    return new SweepResults(folder, grid.varied(), plans, List.copyOf(ended.values()), null);
  }

  /** What provenance says of the engine. */
  String description() {
    return ours().stream()
        .map(kept -> kept.shard().toString())
        .collect(Collectors.joining(", ", "merged from the shards ", ""));
  }

  private List<KeptShard> ours() {
    return shards.stream().filter(kept -> kept.digest().equals(digest)).toList();
  }

  /** Into how many shards this sweep was divided; if in several ways, the one most began with. */
  private int division() {
    if (shards.isEmpty()) {
      throw new IllegalArgumentException(
          "merge: got the folder %s, which has no shards, expected those of this sweep; run them"
                  .formatted(folder.path())
              + " with --shard first");
    }
    return ours().stream()
        .collect(Collectors.groupingBy(kept -> kept.shard().of(), Collectors.counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "merge: got the folder %s, whose shards are of another sweep, expected those of"
                            .formatted(folder.path())
                        + " this one; merge with the file that they were run with, or run this one"
                        + " with --shard"));
  }

  private String missing(Map<Integer, RunResult> ended, int division) {
    List<String> parts = new ArrayList<>();
    for (int number = 1; number <= division; number++) {
      Shard shard = new Shard(number, division);
      List<String> labels =
          shard.runs(plans).stream()
              .filter(run -> !ended.containsKey(run))
              .map(run -> grid.label(plans.get(run)))
              .toList();
      if (!labels.isEmpty()) {
        parts.add(
            "shard %s, %s: %s".formatted(shard, state(shard), told(labels, LABELS_TOLD, " | ")));
      }
    }
    return "merge: got %d of %d runs in %s, expected all; start again what is missing, then merge: %s"
        .formatted(ended.size(), plans.size(), folder.path(), told(parts, SHARDS_TOLD, "; "));
  }

  private String state(Shard shard) {
    return shards.stream()
        .filter(kept -> kept.shard().equals(shard))
        .findFirst()
        .map(kept -> kept.digest().equals(digest) ? "not at its end" : "of another sweep")
        .orElse("never begun");
  }

  private static String told(List<String> texts, int most, String between) {
    int more = texts.size() - most;
    return texts.stream().limit(most).collect(Collectors.joining(between))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
