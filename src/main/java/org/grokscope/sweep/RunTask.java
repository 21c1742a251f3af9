package org.grokscope.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingInterruptedException;

/** One run of a sweep, wherever it is computed. */
final class RunTask {
  /** Beside a run's history, once it is done. */
  static final String RESULT = "result.json";

  /** In a sweep's folder, to tell that a worker sees the same one. */
  static final String TOKEN = ".token";

  private RunTask() {}

  /** The folder of a run. */
  static Path folder(RunOrder order) {
    return Path.of(order.sweep(), "runs", order.run());
  }

  /**
   * Trains, or goes on, and writes the result beside the run. Whatever goes wrong becomes a result.
   *
   * @throws TrainingInterruptedException if the thread was interrupted; the training is saved
   */
  static RunResult perform(RunOrder order) {
    try {
      requireSameFolder(order);
      RunHold hold = RunHold.take(folder(order));
      try {
        return train(order);
      } finally {
        hold.close();
      }
    } catch (TrainingInterruptedException e) {
      throw e;
    } catch (RuntimeException | IOException | Error e) {
      return RunResult.failed(order, reason(e));
    }
  }

  private static RunResult train(RunOrder order) {
    RunPlan plan = order.plan();
    Path folder = folder(order);
    Run run =
        Trainer.of(plan.config())
            .in(folder)
            .threads(order.threads())
            .withoutDefaultListener() // runs side by side would draw over each other
            .stopWhen(plan.stopRule())
            .train(plan.task());
    RunResult result = RunResult.done(order, run);
    AtomicFile.writeText(folder.resolve(RESULT), result.json(plan) + "\n");
    return result;
  }

  private static void requireSameFolder(RunOrder order) {
    Path token = Path.of(order.sweep(), TOKEN);
    try {
      if (Files.readString(token).equals(order.token())) {
        return;
      }
    } catch (IOException e) {
      // said below
    }
    throw new IllegalStateException(
        "sweep: the worker does not see the folder "
            + order.sweep()
            + "; choose one that all machines of the cluster share under this name");
  }

  /** Threads for runs, which are ended with the process. */
  static ExecutorService threads(int count) {
    return Executors.newFixedThreadPool(
        count,
        task -> {
          Thread thread = new Thread(task, "sweep");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Computes runs in some threads, as {@link Engine#execute} says. */
  static void all(
      ExecutorService threads,
      List<RunOrder> orders,
      Function<RunOrder, Callable<RunResult>> run,
      Consumer<RunResult> ended)
      throws InterruptedException {
    CompletionService<RunResult> runs = new ExecutorCompletionService<>(threads);
    orders.forEach(order -> runs.submit(run.apply(order)));
    try {
      for (int i = 0; i < orders.size(); i++) {
        ended.accept(runs.take().get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(reason(e.getCause()), e);
    }
  }

  /** What an exception says; its kind where it says nothing that a reader could act on. */
  static String reason(Throwable e) {
    boolean ours =
        e instanceof IllegalArgumentException
            || e instanceof IllegalStateException
            || e instanceof IOException
            || e instanceof UncheckedIOException;
    return ours && e.getMessage() != null ? e.getMessage() : e.toString();
  }
}
