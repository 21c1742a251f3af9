package org.grokscope.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.model.ParameterLayout;

/**
 * Where a run lives on disk: config.json (what decides its numbers), provenance.json, history.csv,
 * checkpoints step-000100.npz …, and resume.npz (how to go on). Held by one training at a time.
 *
 * <p>Each file is replaced atomically, and resume.npz last: the history and checkpoints up to its
 * epoch are then complete, so a process killed at any moment loses the steps since the last save
 * and nothing else.
 */
final class RunFolder implements AutoCloseable {
  static final String SETTINGS = "config.json";
  static final String PROVENANCE = "provenance.json";
  static final String HISTORY = "history.csv";
  private static final String RESUME = "resume.npz";
  private static final String LOCK = ".lock";
  private static final long SECONDS_TO_WAIT = 20;
  private static final long MILLISECONDS_BETWEEN = 100; // two looks at what another process holds
  private static final Map<Path, ReentrantLock> HELD = new ConcurrentHashMap<>();

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;
  private final ReentrantLock inProcess;

  private RunFolder(Path path, FileChannel channel, FileLock lock, ReentrantLock inProcess) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
    this.inProcess = inProcess;
  }

  /**
   * Takes hold of a folder, new or of the same settings.
   *
   * @throws IllegalArgumentException if it belongs to a run of other settings
   * @throws IllegalStateException if another training holds it, and goes on for longer than {@link
   *     RunHome#patience}
   * @throws UncheckedIOException if it cannot be written
   */
  static RunFolder open(Path path, RunSettings settings) {
    claim(path, settings);
    return lock(path);
  }

  /**
   * Waits a little for a training of this process that is just saving: a notebook's kernel takes a
   * cell for ended as soon as it is interrupted, and may run it again before the first has saved.
   */
  private static RunFolder lock(Path path) {
    Path key = realPath(path); // one lock, however the folder is called
    ReentrantLock inProcess = HELD.computeIfAbsent(key, folder -> new ReentrantLock());
    try {
      if (inProcess.isHeldByCurrentThread()
          || !inProcess.tryLock(SECONDS_TO_WAIT, TimeUnit.SECONDS)) {
        throw busy(path);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy(path);
    }
    try {
      return lockAgainstOthers(path, inProcess);
    } catch (RuntimeException e) {
      inProcess.unlock();
      throw e;
    }
  }

  private static Path realPath(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw cannotBeLocked(path, e);
    }
  }

  private static UncheckedIOException cannotBeLocked(Path path, IOException e) {
    String reason =
        e instanceof FileSystemException system && system.getReason() != null
            ? system.getReason()
            : e.toString();
    return new UncheckedIOException(
        "run "
            + path
            + ": cannot be locked ("
            + reason
            + "); choose a folder that you may write to, or make room",
        e);
  }

  private static RunFolder lockAgainstOthers(Path path, ReentrantLock inProcess) {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = await(channel);
      if (lock != null) {
        return new RunFolder(path, channel, lock, inProcess);
      }
      channel.close();
    } catch (IOException e) {
      closeQuietly(channel);
      throw cannotBeLocked(path, e);
    }
    throw busy(path);
  }

  /** The lock, or null if another process has it for longer than patience lasts. */
  private static FileLock await(FileChannel channel) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(RunHome.patience());
    FileLock lock = channel.tryLock();
    while (lock == null && System.nanoTime() < end) {
      try {
        TimeUnit.MILLISECONDS.sleep(MILLISECONDS_BETWEEN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
      lock = channel.tryLock();
    }
    return lock;
  }

  private static IllegalStateException busy(Path path) {
    return new IllegalStateException(
        "run "
            + path
            + ": another training is writing there; wait for it, stop it, or choose another"
            + " folder");
  }

  private static void claim(Path path, RunSettings settings) {
    Path file = path.resolve(SETTINGS);
    if (!Files.exists(file)) {
      AtomicFile.writeText(file, settings.json());
      return;
    }
    String found = read(file);
    if (!RunSettings.isCurrent(found)) {
      throw new IllegalArgumentException(
          "run "
              + path
              + ": the folder holds a run of version 0.1, which this version cannot go on with;"
              + " choose another folder, or delete this one");
    }
    if (!found.equals(settings.json())) {
      throw new IllegalArgumentException(
          "run "
              + path
              + ": the folder belongs to a run of other settings ("
              + SETTINGS
              + " there: "
              + settings.differenceFrom(found)
              + "); choose another folder, or delete this one");
    }
  }

  /** The state to go on from, or empty in a new folder. */
  Optional<OptimiserState> resumeState(ParameterLayout layout, Optimiser optimiser) {
    Path file = path.resolve(RESUME);
    return Files.exists(file)
        ? Optional.of(OptimiserState.read(file, layout, optimiser))
        : Optional.empty();
  }

  /**
   * The rows of the history up to an epoch, as an uninterrupted training under this configuration
   * has them: the end of a shorter budget leaves a row that may not be due.
   */
  List<History.Row> history(long until, TrainingConfig config, List<String> columns) {
    return HistoryFile.read(historyFile(), columns).stream()
        .filter(row -> row.epoch() <= until)
        .filter(row -> config.evaluation().due(row.epoch()) || row.epoch() == config.epochs())
        .toList();
  }

  /** Where the history stands. */
  Path historyFile() {
    return path.resolve(HISTORY);
  }

  /** Keeps everything needed to go on from here; with a checkpoint if it is time for one. */
  void save(Training training, boolean withCheckpoint) {
    Path provenance = path.resolve(PROVENANCE);
    if (!Files.exists(provenance)) {
      AtomicFile.writeText(provenance, training.provenance() + "\n");
    }
    if (withCheckpoint) {
      checkpoints().save(training.checkpoint());
    }
    AtomicFile.writeText(historyFile(), HistoryFile.text(training.history()));
    training.state().write(path.resolve(RESUME));
  }

  CheckpointStore checkpoints() {
    return CheckpointStore.in(path);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      lock.release();
    } catch (IOException e) {
      throw new UncheckedIOException("run " + path + ": cannot be unlocked", e);
    } finally {
      closeQuietly(channel);
      inProcess.unlock();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file + ": " + e.getMessage(), e);
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
