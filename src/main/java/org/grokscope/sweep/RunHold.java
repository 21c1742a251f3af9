package org.grokscope.sweep;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A folder in the hands of one process. Where a run moves to another worker, the one that lost it
 * may still be saving, or dying: the next one waits for that.
 */
final class RunHold implements AutoCloseable {
  private static final long LONGEST_WAIT = TimeUnit.MINUTES.toNanos(2);
  private static final long BETWEEN_TRIES_MILLIS = 200;

  /**
   * Files held by this process. Asked before a file is opened: on POSIX systems, closing a second
   * channel of a file gives up the lock that the first one has.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private RunHold(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes hold of a folder, which is created if missing; waits up to two minutes for whoever holds
   * it.
   *
   * @throws IllegalStateException if it is held for longer, or the thread was interrupted
   * @throws IOException if it cannot be written
   */
  static RunHold take(Path folder) throws IOException {
    long start = System.nanoTime();
    while (true) {
      RunHold hold = tryTake(folder);
      if (hold != null) {
        return hold;
      }
      if (System.nanoTime() - start > LONGEST_WAIT) {
        throw busy(folder);
      }
      try {
        Thread.sleep(BETWEEN_TRIES_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw busy(folder);
      }
    }
  }

  /** Takes hold of a folder, or gives null if another process or thread has it. */
  static RunHold tryTake(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.toRealPath().resolve(".hold");
    if (!HELD.add(file)) {
      return null;
    }
    FileChannel channel = null;
    boolean isTaken = false;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      isTaken = channel.tryLock() != null;
      return isTaken ? new RunHold(file, channel) : null;
    } finally {
      if (!isTaken) {
        HELD.remove(file);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  private static IllegalStateException busy(Path folder) {
    return new IllegalStateException(
        "sweep: the run " + folder + " is still held by another process; end that one, or wait");
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close(); // and with it the lock
    } finally {
      HELD.remove(file);
    }
  }
}
