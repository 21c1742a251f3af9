package org.grokscope.series;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.grokscope.checkpoint.Checkpoint;
import tech.tablesaw.api.DoubleColumn;

/** What is known so far of one probe of a series: its columns, and its numbers by epoch. */
final class ProbeResults {
  private final Probe probe;
  private final String name;
  private final Optional<ProbeCache> cache;
  private final TreeMap<Long, ProbeCache.Row> rows = new TreeMap<>();
  private List<String> columns = List.of(); // until there is a row
  private long firstEpoch; // of the row that gave the columns
  private boolean unsaved;
  private boolean refused; // the folder cannot be written

  /**
   * @param number its place among the probes, 1 for the first
   * @param cache where its numbers are kept, if they are
   */
  ProbeResults(int number, Probe probe, Optional<ProbeCache> cache) {
    this.probe = probe;
    this.name =
        probe.identity().map(identity -> "probe '" + identity + "'").orElse("probe " + number);
    this.cache = cache;
  }

  /**
   * Takes what is kept of these checkpoints.
   *
   * @param digests of the checkpoints' files by epoch
   */
  void readCache(Map<Long, String> digests) {
    cache
        .flatMap(ProbeCache::read)
        .ifPresent(
            content -> {
              content
                  .rows()
                  .forEach(
                      (epoch, row) -> {
                        if (row.checkpoint().equals(digests.get(epoch))) {
                          rows.put(epoch, row);
                        }
                      });
              if (!rows.isEmpty()) {
                columns = content.columns();
                firstEpoch = rows.firstKey();
              }
            });
  }

  /** Whether what this probe measures is kept. */
  boolean kept() {
    return cache.isPresent();
  }

  boolean has(long epoch) {
    return rows.containsKey(epoch);
  }

  /** Its columns, empty until a checkpoint is known. */
  List<String> columns() {
    return columns;
  }

  String name() {
    return name;
  }

  /**
   * Measures a checkpoint; called from several threads.
   *
   * @throws ProbeException if the probe throws, or gives no numbers
   */
  Map<String, Double> measure(CheckpointSource source, Checkpoint checkpoint) {
    Map<String, Double> measured;
    try {
      measured = probe.measure(checkpoint);
    } catch (RuntimeException e) {
      throw failure(source, e.getMessage() == null ? e.toString() : e.getMessage(), e);
    } catch (Error e) {
      e.addSuppressed(failure(source, e.toString(), null));
      throw e;
    }
    if (measured == null || measured.isEmpty()) {
      throw failure(source, "got no numbers, expected at least one; return a map of them", null);
    }
    measured.forEach(
        (column, value) -> {
          if (value == null
              || column == null
              || !column.equals(column.strip())
              || column.isEmpty()
              || column.chars().anyMatch(Character::isISOControl)) {
            throw failure(
                source,
                "got " + column + " = " + value + ", expected a name of one line and a number",
                null);
          }
        });
    return measured;
  }

  /**
   * Takes what was measured.
   *
   * @throws ProbeException if it has other columns than the checkpoints before
   */
  void accept(CheckpointSource source, String digest, Map<String, Double> measured) {
    if (columns.isEmpty()) {
      columns = List.copyOf(measured.keySet());
      firstEpoch = source.epoch();
    }
    if (!new HashSet<>(columns).equals(measured.keySet())) {
      throw failure(
          source,
          "got the columns "
              + measured.keySet()
              + ", expected those of epoch "
              + firstEpoch
              + ", "
              + columns
              + "; measure the same at every checkpoint"
              + cache
                  .map(kept -> ", and give a probe that was changed another identity")
                  .orElse(""),
          null);
    }
    List<Double> values = new ArrayList<>();
    columns.forEach(column -> values.add(measured.get(column)));
    rows.put(source.epoch(), new ProbeCache.Row(digest, values));
    unsaved = true;
  }

  /**
   * Keeps what is new.
   *
   * @throws UncheckedIOException if the folder cannot be written; later calls then do nothing
   */
  void save() {
    if (cache.isEmpty() || !unsaved || refused) {
      return;
    }
    try {
      cache.get().write(new ProbeCache.Content(columns, rows));
      unsaved = false;
    } catch (UncheckedIOException e) {
      refused = true;
      throw e;
    }
  }

  /** Its columns over these epochs, all of which are known. */
  List<DoubleColumn> table(List<Long> epochs) {
    List<DoubleColumn> result = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      int at = i;
      result.add(
          DoubleColumn.create(
              columns.get(i),
              epochs.stream().mapToDouble(epoch -> rows.get(epoch).values().get(at)).toArray()));
    }
    return result;
  }

  private ProbeException failure(CheckpointSource source, String what, Throwable cause) {
    return new ProbeException(
        source.epoch(),
        name + " at epoch " + source.epoch() + " (" + source.file() + "): " + what,
        cause);
  }
}
