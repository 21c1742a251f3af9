package org.grokscope.sweep;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The cores of this machine.
 *
 * @param runsAtATime trainings side by side
 * @param threads of each training; changes no number
 */
public record LocalEngine(int runsAtATime, int threads) implements Engine {
  private static final long SECONDS_TO_SAVE = 60;

  public LocalEngine {
    if (runsAtATime < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "engine: got " + runsAtATime + " runs of " + threads + " threads, expected at least 1");
    }
  }

  /** The same with another number of trainings side by side. */
  public LocalEngine runsAtATime(int count) {
    return new LocalEngine(count, threads);
  }

  /** The same with another number of threads for each training. */
  public LocalEngine threads(int count) {
    return new LocalEngine(runsAtATime, count);
  }

  @Override
  public String description() {
    return "local, " + runsAtATime + " at a time, threads each: " + threads;
  }

  @Override
  public void execute(List<RunOrder> orders, Consumer<RunResult> ended)
      throws InterruptedException {
    ExecutorService pool = RunTask.threads(runsAtATime);
    try {
      RunTask.all(pool, orders, order -> () -> RunTask.perform(order.onThreads(threads)), ended);
    } finally {
      pool.shutdownNow(); // trainings save and end
      awaitEnd(pool);
    }
  }

  private static void awaitEnd(ExecutorService pool) {
    boolean interrupted = Thread.interrupted();
    try {
      pool.awaitTermination(SECONDS_TO_SAVE, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
