package org.grokscope.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tries hostile input and gathers what goes wrong: what takes too long, takes too much memory, or
 * ends in an exception that nobody documents.
 */
public final class Trial implements AutoCloseable {
  private static final long MOST_SECONDS = 20; // on a busy machine; most take milliseconds
  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String what;
  private final List<Class<? extends Exception>> documented;
  private final long mostBytes;
  private final Map<String, String> surprises = new LinkedHashMap<>(); // the first of each kind
  private int surprised;
  private final Map<String, Integer> ends = new TreeMap<>();
  private ExecutorService thread = Executors.newSingleThreadExecutor(Trial::daemon);
  private int tried;

  /**
   * @param what is tried, for the count
   * @param mostBytes that one trial may allocate
   * @param documented what it may throw
   */
  public Trial(String what, long mostBytes, List<Class<? extends Exception>> documented) {
    this.what = what;
    this.mostBytes = mostBytes;
    this.documented = List.copyOf(documented);
  }

  /** Tries one; {@code which} is what a message says of it. */
  public void run(String which, Callable<?> action) {
    tried++;
    Future<Long> allocated =
        thread.submit(
            () -> {
              long before = MEMORY.getThreadAllocatedBytes(Thread.currentThread().getId());
              try {
                action.call();
                ends.merge("taken", 1, Integer::sum);
              } catch (Exception e) {
                require(e, which);
              }
              return MEMORY.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            });
    try {
      long bytes = allocated.get(MOST_SECONDS, TimeUnit.SECONDS);
      if (bytes > mostBytes) {
        surprised("memory", which + ": allocated " + bytes + " bytes");
      }
    } catch (TimeoutException e) {
      StringBuilder where = new StringBuilder();
      Thread.getAllStackTraces()
          .forEach((other, trace) -> where.append(other.getName().equals("trial") ? trace[0] : ""));
      surprised("time", which + ": does not end; at " + where);
      thread = Executors.newSingleThreadExecutor(Trial::daemon); // that one is lost
    } catch (ExecutionException e) {
      surprised(kind(e.getCause()), which + ": " + described(e.getCause()));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void require(Exception e, String which) {
    boolean known = documented.stream().anyMatch(type -> type.isInstance(e));
    if (!known || e.getMessage() == null || e.getMessage().isBlank()) {
      surprised(kind(e), which + ": " + described(e));
    }
    ends.merge(e.getClass().getSimpleName(), 1, Integer::sum);
  }

  private void surprised(String kind, String example) {
    surprised++;
    surprises.putIfAbsent(kind, example);
  }

  /** Surprises of one kind come from one place. */
  private static String kind(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e.getClass().getName() + (trace.length == 0 ? "" : trace[0]);
  }

  private static String described(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    StringBuilder text = new StringBuilder(shortened(e.toString()));
    for (int i = 0; i < Math.min(8, trace.length); i++) {
      text.append("\n      at ").append(trace[i]);
    }
    return text.toString();
  }

  private static String shortened(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }

  private static Thread daemon(Runnable task) {
    Thread made = new Thread(task, "trial");
    made.setDaemon(true);
    return made;
  }

  /** Prints the counts; fails if anything went wrong, naming the first few. */
  @Override
  public void close() {
    thread.shutdownNow();
    Edition.say("%s: %,d mutants, %s, %d surprises", what, tried, ends, surprised);
    assertEquals(0, surprised, () -> what + ":\n  " + String.join("\n  ", surprises.values()));
  }
}
