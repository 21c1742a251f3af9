package org.grokscope.model;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** {@link Workers} that are threads, and the caller's own one of them. */
final class WorkerThreads implements Workers {
  private static final int SPINS = 2_000; // some tens of microseconds

  private record Round(Task task, int pieces, AtomicInteger next, AtomicInteger finished) {}

  private final Thread[] threads; // all but the caller's own
  private final Object lock = new Object();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private Round round; // guarded by lock
  private boolean closed; // guarded by lock

  /**
   * @param count threads at work, the caller's own among them
   */
  WorkerThreads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads: got " + count + ", expected at least 1");
    }
    threads = new Thread[count - 1];
    for (int i = 0; i < threads.length; i++) {
      int worker = i + 1;
      threads[i] = new Thread(() -> serve(worker), "grokscope-worker-" + worker);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  @Override
  public int count() {
    return threads.length + 1;
  }

  @Override
  public void forEach(int pieces, Task task) {
    if (threads.length == 0 || pieces < 2) {
      for (int i = 0; i < pieces; i++) {
        task.run(i, 0);
      }
      return;
    }
    Round current = new Round(task, pieces, new AtomicInteger(), new AtomicInteger());
    synchronized (lock) {
      round = current;
      lock.notifyAll();
    }
    work(current, 0);
    awaitEnd(current);
    Throwable thrown = failure.getAndSet(null);
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** Spins for the moment that the other threads usually need, then sleeps. */
  private void awaitEnd(Round current) {
    for (int spin = 0; spin < SPINS && current.finished.get() < current.pieces; spin++) {
      Thread.onSpinWait();
    }
    boolean interrupted = false;
    synchronized (lock) {
      while (current.finished.get() < current.pieces) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true; // a round cannot be left half done: the caller sees it afterwards
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(int worker) {
    Round done = null;
    while (true) {
      Round current;
      synchronized (lock) {
        while (!closed && round == done) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            return;
          }
        }
        if (closed) {
          return;
        }
        current = round;
      }
      work(current, worker);
      done = current;
    }
  }

  private void work(Round current, int worker) {
    int index;
    while ((index = current.next.getAndIncrement()) < current.pieces) {
      try {
        current.task.run(index, worker);
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        if (current.finished.incrementAndGet() == current.pieces) {
          synchronized (lock) {
            lock.notifyAll();
          }
        }
      }
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
  }
}
