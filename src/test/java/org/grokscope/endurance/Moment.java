package org.grokscope.endurance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** When a process is killed: after some time, while it saves, or just after it has saved. */
record Moment(Kind kind, long nanos, int files) {
  private static final int MOST_FILES = 14;

  /** What is waited for. */
  enum Kind {
    /** Some time since its start. */
    TIME,
    /** The sight of a number of temporary files. */
    SAVING,
    /** Some time after the sight of a number of new files. */
    SAVED
  }

  /**
   * One of these.
   *
   * @param whole how long an unbroken process takes
   */
  static Moment draw(Random random, long whole) {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    long nanos =
        kind == Kind.SAVED
            ? random.nextLong(TimeUnit.MILLISECONDS.toNanos(30))
            : random.nextLong(whole);
    return new Moment(kind, nanos, 1 + random.nextInt(MOST_FILES));
  }

  /** Waits for it; returns false if the process ended before. */
  boolean await(Process process, Path folder) throws IOException, InterruptedException {
    long start = System.nanoTime();
    if (kind == Kind.TIME) {
      return !process.waitFor(nanos, TimeUnit.NANOSECONDS);
    }
    Set<Path> known = new HashSet<>(Kept.files(folder));
    int seen = 0;
    while (process.isAlive()) {
      for (Path file : Kept.files(folder)) {
        boolean temporary = file.getFileName().toString().endsWith(".tmp");
        if (temporary == (kind == Kind.SAVING) && known.add(file) && ++seen == files) {
          return kind == Kind.SAVING || !process.waitFor(nanos, TimeUnit.NANOSECONDS);
        }
      }
      if (System.nanoTime() - start > Launch.LONGEST.toNanos()) {
        throw new AssertionError("the process neither saves nor ends");
      }
      TimeUnit.MICROSECONDS.sleep(300);
    }
    return false;
  }
}
