package org.grokscope.command;

import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** Work that Ctrl-C interrupts, and that the process waits for while it saves. */
final class Interruptible {
  private Interruptible() {}

  /** Runs work on this thread; ending the process interrupts it, and goes on only after that. */
  static <T> T run(Supplier<T> work) {
    Thread working = Thread.currentThread();
    CountDownLatch saved = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              working.interrupt();
              try {
                saved.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.get();
    } finally {
      saved.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // the process is ending already
      }
    }
  }
}
