package org.grokscope.series;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.grokscope.checkpoint.Checkpoint;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/**
 * One call of {@link ProbeSeries#measure} under way. Threads of its own take the checkpoints in
 * their order, each holding one at a time; the caller's thread gathers the numbers, keeps them, and
 * tells the listeners.
 */
final class SeriesMeasurement {
  private static final String EPOCH = "epoch";
  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * A checkpoint to be measured.
   *
   * @param probes those whose numbers are not known
   */
  private record Pending(CheckpointSource source, List<ProbeResults> probes) {}

  /**
   * What a thread hands over.
   *
   * @param index of the checkpoint among those pending
   * @param measured by its probes, in their order, up to a failure
   * @param failure what was thrown, or null
   */
  private record Outcome(int index, List<Map<String, Double>> measured, Throwable failure) {}

  private final List<CheckpointSource> sources;
  private final List<ProbeResults> results;
  private final List<ProbeListener> listeners;
  private final int threads;
  private final Map<Long, String> digests = new HashMap<>();
  private final List<Pending> pending = new ArrayList<>();
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final AtomicInteger next = new AtomicInteger();
  private final long startNanos = System.nanoTime();
  private volatile boolean stop;
  private boolean kept;
  private int done;
  private int failedAt = Integer.MAX_VALUE;
  private Throwable failure;

  SeriesMeasurement(
      List<CheckpointSource> sources,
      List<ProbeResults> results,
      List<ProbeListener> listeners,
      int threads) {
    this.sources = sources;
    this.results = results;
    this.listeners = listeners;
    this.threads = threads;
    kept = results.stream().allMatch(ProbeResults::kept);
  }

  Table run() {
    takeWhatIsKept();
    tell(ProbeListener::started);
    boolean interrupted = !pending.isEmpty() && measurePending();
    if (failure != null) {
      tell(ProbeListener::failed);
      throw rethrown();
    }
    if (interrupted) {
      tell(ProbeListener::interrupted);
      throw new ProbingInterruptedException(progress());
    }
    tell(ProbeListener::finished);
    return table();
  }

  private void takeWhatIsKept() {
    if (results.stream().anyMatch(ProbeResults::kept)) {
      sources.forEach(
          source -> source.digest().ifPresent(digest -> digests.put(source.epoch(), digest)));
      results.forEach(result -> result.readCache(digests));
    }
    requireNamesOfTheirOwn();
    for (CheckpointSource source : sources) {
      List<ProbeResults> unknown =
          results.stream().filter(result -> !result.has(source.epoch())).toList();
      if (!unknown.isEmpty()) {
        pending.add(new Pending(source, unknown));
      }
    }
    done = sources.size() - pending.size();
  }

  /** Measures what is not known; returns whether an interrupt ended it before all was there. */
  private boolean measurePending() {
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < Math.min(threads, pending.size()); i++) {
      Thread worker = new Thread(this::work, "grokscope-probe-" + (i + 1));
      worker.setDaemon(true);
      worker.start();
      workers.add(worker);
    }
    boolean interrupted = false;
    try {
      gather();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      stop = true;
      interrupted |= awaitEnd(workers);
      for (Outcome last = outcomes.poll(); last != null; last = outcomes.poll()) {
        take(last);
      }
      save();
    }
    boolean stopped = interrupted && failure == null && done < sources.size();
    if (interrupted && !stopped) {
      Thread.currentThread().interrupt(); // came too late for us; somebody else may want to know
    }
    return stopped;
  }

  private void gather() throws InterruptedException {
    long savedAt = System.nanoTime();
    for (int i = 0; i < pending.size() && failure == null; i++) {
      take(outcomes.take());
      if (System.nanoTime() - savedAt >= SAVE_NANOS) {
        save();
        savedAt = System.nanoTime();
      }
      tell(ProbeListener::measured);
    }
  }

  /** What each thread does. */
  private void work() {
    int index;
    while (!stop && (index = next.getAndIncrement()) < pending.size()) {
      Pending wanted = pending.get(index);
      List<Map<String, Double>> measured = new ArrayList<>();
      try {
        Checkpoint checkpoint = wanted.source().read();
        for (ProbeResults probe : wanted.probes()) {
          measured.add(probe.measure(wanted.source(), checkpoint));
        }
        outcomes.add(new Outcome(index, measured, null));
      } catch (RuntimeException | Error e) {
        stop = true; // those before this one are under way already, so the first failure is known
        outcomes.add(new Outcome(index, measured, e));
      }
    }
  }

  /** Takes over what was measured of a checkpoint, all of it or up to a failure. */
  private void take(Outcome outcome) {
    Pending wanted = pending.get(outcome.index());
    String digest = digests.getOrDefault(wanted.source().epoch(), "");
    try {
      for (int i = 0; i < outcome.measured().size(); i++) {
        wanted.probes().get(i).accept(wanted.source(), digest, outcome.measured().get(i));
      }
      requireNamesOfTheirOwn();
    } catch (RuntimeException e) {
      fail(outcome.index(), e);
      return;
    }
    if (outcome.failure() != null) {
      fail(outcome.index(), outcome.failure());
    } else {
      done++;
    }
  }

  private void fail(int index, Throwable why) {
    if (index < failedAt) {
      failedAt = index;
      failure = why;
    }
  }

  /** No two columns of the table may have one name. */
  private void requireNamesOfTheirOwn() {
    Map<String, String> owners = new HashMap<>(Map.of(EPOCH, "the epochs"));
    for (ProbeResults result : results) {
      for (String column : result.columns()) {
        String other = owners.put(column, result.name());
        if (other != null) {
          throw new IllegalArgumentException(
              "probe: got the column '"
                  + column
                  + "' from "
                  + other
                  + " and from "
                  + result.name()
                  + ", expected names of their own; rename one, or measure them one by one");
        }
      }
    }
  }

  private void save() {
    for (ProbeResults result : results) {
      try {
        result.save();
      } catch (UncheckedIOException e) {
        kept = false;
        tell((listener, progress) -> listener.notKept(progress, e));
      }
    }
  }

  /** Waits for the threads, each of which ends its checkpoint; returns whether interrupted. */
  private static boolean awaitEnd(List<Thread> workers) {
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          interrupted = true; // is stopping already
        }
      }
    }
    return interrupted;
  }

  private RuntimeException rethrown() {
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }

  private void tell(BiConsumer<ProbeListener, ProbeListener.Progress> what) {
    ProbeListener.Progress progress = progress();
    listeners.forEach(listener -> what.accept(listener, progress));
  }

  private ProbeListener.Progress progress() {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    int read = sources.size() - pending.size();
    return new ProbeListener.Progress(done, sources.size(), read, seconds, kept);
  }

  private Table table() {
    List<Long> epochs = sources.stream().map(CheckpointSource::epoch).toList();
    Table table =
        Table.create(
            "series",
            LongColumn.create(EPOCH, epochs.stream().mapToLong(Long::longValue).toArray()));
    results.forEach(result -> result.table(epochs).forEach(table::addColumns));
    return table;
  }
}
