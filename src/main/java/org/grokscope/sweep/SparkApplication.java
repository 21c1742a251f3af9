package org.grokscope.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A sweep as a Spark application: a job a run, of one task each. A task whose worker is lost is
 * computed again elsewhere, and goes on from what the lost one had saved; a run that breaks its
 * worker again and again fails alone.
 */
final class SparkApplication implements AutoCloseable {
  private static final String JOBS = "sweep";
  private static final int MOST_JOBS = 256; // submitted at a time
  private static final long SECONDS_FOR_A_WORKER = 60;
  private static final long BETWEEN_LOOKS_MILLIS = 200;

  private final JavaSparkContext context;

  private SparkApplication(JavaSparkContext context) {
    this.context = context;
  }

  /**
   * Starts the application, and waits for a worker.
   *
   * @throws IllegalStateException if Spark does not start, or no worker takes the application
   */
  static SparkApplication start(SparkEngine engine) throws InterruptedException {
    SparkConf conf = new SparkConf().setMaster(engine.master()).setAppName("grokscope sweep");
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    conf.setIfMissing("spark.task.maxFailures", "8");
    conf.set("spark.task.cpus", String.valueOf(engine.threads()));
    conf.setExecutorEnv("OMP_NUM_THREADS", String.valueOf(engine.threads())); // ND4J's threads
    if (engine.isCluster()) {
      conf.setJars(jars().toArray(String[]::new));
    }
    SparkApplication application;
    try {
      application = new SparkApplication(new JavaSparkContext(conf));
    } catch (RuntimeException | Error e) {
      throw new IllegalStateException("engine: Spark does not start: " + e.getMessage(), e);
    }
    try {
      application.awaitWorker(engine);
      return application;
    } catch (RuntimeException | InterruptedException e) {
      application.close();
      throw e;
    }
  }

  /** Our jar and those it needs, which executors fetch from this process. */
  private static List<String> jars() {
    Path jar;
    try {
      jar = Path.of(Sweep.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("engine: where the library stands is no path", e);
    }
    Path libraries = jar.resolveSibling("lib");
    if (!Files.isRegularFile(jar) || !Files.isDirectory(libraries)) {
      throw new IllegalStateException(
          "engine: a cluster is sent grokscope.jar and the jars of lib beside it, got "
              + jar
              + "; build with `mvn package`, and put target/grokscope.jar on the class path");
    }
    try (Stream<Path> files = Files.list(libraries)) {
      List<String> jars = new ArrayList<>(List.of(jar.toString()));
      files.map(Path::toString).filter(file -> file.endsWith(".jar")).sorted().forEach(jars::add);
      return jars;
    } catch (IOException e) {
      throw new UncheckedIOException("read " + libraries + ": " + e.getMessage(), e);
    }
  }

  private void awaitWorker(SparkEngine engine) throws InterruptedException {
    long start = System.nanoTime();
    while (engine.isCluster() && context.sc().statusTracker().getExecutorInfos().length < 2) {
      requireRunning();
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS_FOR_A_WORKER)) {
        throw new IllegalStateException(
            "engine: no worker of "
                + engine.master()
                + " took the sweep within "
                + SECONDS_FOR_A_WORKER
                + " s; its page shows which workers have cores and memory to spare");
      }
      Thread.sleep(BETWEEN_LOOKS_MILLIS);
    }
  }

  /** Computes runs, as {@link Engine#execute} says. */
  void execute(List<RunOrder> orders, Consumer<RunResult> ended) throws InterruptedException {
    ExecutorService pool = RunTask.threads(Math.min(MOST_JOBS, orders.size()));
    try {
      RunTask.all(pool, orders, order -> () -> compute(order), ended);
    } finally {
      context.cancelJobGroup(JOBS); // trainings under way save and end
      pool.shutdownNow();
    }
  }

  /** One job. */
  private RunResult compute(RunOrder order) throws InterruptedException {
    context.setJobGroup(JOBS, "run " + order.run(), true);
    JavaFutureAction<List<String>> job =
        context
            .parallelize(List.of(order), 1)
            .map(task -> RunTask.perform(task).json(task.plan()))
            .collectAsync();
    try {
      return RunResult.parse(job.get().get(0), order).orElseThrow();
    } catch (ExecutionException e) {
      requireRunning();
      return RunResult.failed(order, "the worker failed: " + firstLine(e.getCause()));
    }
  }

  private void requireRunning() {
    if (context.sc().isStopped()) {
      throw new IllegalStateException(
          "engine: the master is gone, or ended the application since its workers fail; what is"
              + " finished is kept: start the same sweep again");
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted(); // Spark would stop halfway
    try {
      context.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
