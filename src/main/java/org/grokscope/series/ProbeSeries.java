package org.grokscope.series;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.checkpoint.CheckpointStore;
import tech.tablesaw.api.Table;

/**
 * Measures many checkpoints by the same probes: a table with one row a checkpoint.
 *
 * <pre>{@code
 * var store = CheckpointStore.in(folder);
 * ProbeSeries.of(store).every(500).measure(c -> Map.of("norm", c.parameters().squaredNorm()))
 * }</pre>
 *
 * <p>Checkpoints are measured on all cores, each thread holding one at a time. What a probe with an
 * {@link Probe#identity} measured is kept in the folder {@code probes} beside the checkpoints of a
 * store, one file a probe, and is read from there the next time; a checkpoint whose file has
 * changed since is measured anew. Interrupting the thread stops the measuring once the checkpoints
 * under way are done; what was measured until then is kept.
 *
 * <p>Immutable.
 */
public final class ProbeSeries {
  private static final String CACHE = "probes";
  private static volatile Supplier<ProbeListener> defaultListener = () -> new ProbeListener() {};

  private final String where;
  private final List<CheckpointSource> sources;
  private final Optional<Path> cache;
  private final int threads;
  private final List<ProbeListener> listeners;

  private ProbeSeries(
      String where,
      List<CheckpointSource> sources,
      Optional<Path> cache,
      int threads,
      List<ProbeListener> listeners) {
    this.where = where;
    this.sources = List.copyOf(sources);
    this.cache = cache;
    this.threads = threads;
    this.listeners = List.copyOf(listeners);
  }

  /** The checkpoints that a store holds now, all of them; results are kept in it. */
  public static ProbeSeries of(CheckpointStore store) {
    List<CheckpointSource> sources =
        store.epochs().stream()
            .map(epoch -> new CheckpointSource(epoch, store.path(epoch), () -> store.load(epoch)))
            .toList();
    return new ProbeSeries(
        store.toString(),
        sources,
        Optional.of(store.directory().resolve(CACHE)),
        cores(),
        List.of());
  }

  /**
   * Checkpoints in files of any names, in the order of their epochs; nothing is kept unless {@link
   * #keepIn} says where.
   *
   * @throws CheckpointException if a file cannot be read, does not know its epoch, or has the epoch
   *     of another
   */
  public static ProbeSeries ofFiles(List<Path> files) {
    TreeMap<Long, CheckpointSource> sources = new TreeMap<>();
    for (Path file : files) {
      long epoch =
          Checkpoint.load(file)
              .epoch()
              .orElseThrow(
                  () ->
                      new CheckpointException(
                          "series: "
                              + file
                              + " has no array epoch, expected the updates done; save it with"
                              + " epoch=…, or under the name step-000100.npz in a folder of its"
                              + " own"));
      CheckpointSource source = new CheckpointSource(epoch, file, () -> Checkpoint.load(file));
      CheckpointSource other = sources.put(epoch, source);
      if (other != null) {
        throw new CheckpointException(
            "series: got epoch "
                + epoch
                + " in "
                + other.file()
                + " and in "
                + file
                + ", expected the checkpoints of one run; measure each run by itself");
      }
    }
    return new ProbeSeries(
        "checkpoints in files",
        List.copyOf(sources.values()),
        Optional.empty(),
        cores(),
        List.of());
  }

  /**
   * What listens to every series from now on, beside its own listeners: a notebook's progress bar.
   */
  public static void listenByDefault(Supplier<ProbeListener> supplier) {
    defaultListener = Objects.requireNonNull(supplier, "supplier");
  }

  /**
   * Those of these epochs only, in ascending order.
   *
   * @throws CheckpointException if there is no checkpoint of one of them
   */
  public ProbeSeries at(Collection<Long> epochs) {
    TreeSet<Long> unknown = new TreeSet<>(epochs);
    epochs().forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new CheckpointException(
          where
              + ": there is none of epoch "
              + unknown.first()
              + ", expected some of "
              + CheckpointStore.summary(epochs())
              + "; epochs() lists them all");
    }
    TreeSet<Long> wanted = new TreeSet<>(epochs);
    return with(sources.stream().filter(source -> wanted.contains(source.epoch())).toList());
  }

  /**
   * Those whose epoch is a multiple of a number only; 0 is one.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  public ProbeSeries every(long epochs) {
    if (epochs < 1) {
      throw new IllegalArgumentException("series: got every " + epochs + ", expected 1 or more");
    }
    return with(sources.stream().filter(source -> source.epoch() % epochs == 0).toList());
  }

  /**
   * The same with another number of threads; the numbers do not depend on it.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public ProbeSeries threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads: got " + count + ", expected at least 1");
    }
    return new ProbeSeries(where, sources, cache, count, listeners);
  }

  /** The same, keeping results in this folder. */
  public ProbeSeries keepIn(Path folder) {
    return new ProbeSeries(where, sources, Optional.of(folder), threads, listeners);
  }

  /** The same, neither reading results that were kept nor keeping any. */
  public ProbeSeries keepNothing() {
    return new ProbeSeries(where, sources, Optional.empty(), threads, listeners);
  }

  /** The same with one more listener. */
  public ProbeSeries listener(ProbeListener listener) {
    List<ProbeListener> more = new ArrayList<>(listeners);
    more.add(Objects.requireNonNull(listener, "listener"));
    return new ProbeSeries(where, sources, cache, threads, more);
  }

  /** The epochs of the checkpoints, ascending. */
  public List<Long> epochs() {
    return sources.stream().map(CheckpointSource::epoch).toList();
  }

  /**
   * Measures.
   *
   * @return one row a checkpoint, by ascending epoch: the column {@code epoch}, a LongColumn, then
   *     those of each probe in order
   * @throws IllegalArgumentException if there is no probe, or two columns have one name
   * @throws CheckpointException if there is no checkpoint, or one cannot be read
   * @throws ProbeException if a probe throws, or does not give the same columns everywhere; of
   *     several failures the one of the earliest epoch
   * @throws ProbingInterruptedException if the thread was interrupted
   */
  public Table measure(Probe... probes) {
    if (probes.length == 0) {
      throw new IllegalArgumentException("series: got no probe, expected at least one");
    }
    if (sources.isEmpty()) {
      throw new CheckpointException(
          where
              + ": there are none to measure, expected at least one; train first, or choose"
              + " other epochs");
    }
    List<ProbeResults> results = new ArrayList<>();
    for (Probe probe : probes) {
      Objects.requireNonNull(probe, "probe");
      Optional<ProbeCache> kept =
          cache.flatMap(folder -> probe.identity().map(text -> new ProbeCache(folder, text)));
      results.add(new ProbeResults(results.size() + 1, probe, kept));
    }
    List<ProbeListener> all = new ArrayList<>(listeners);
    all.add(defaultListener.get());
    return new SeriesMeasurement(sources, results, all, threads).run();
  }

  @Override
  public String toString() {
    return "series of " + sources.size() + " " + where;
  }

  private ProbeSeries with(List<CheckpointSource> fewer) {
    return new ProbeSeries(where, fewer, cache, threads, listeners);
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }
}
