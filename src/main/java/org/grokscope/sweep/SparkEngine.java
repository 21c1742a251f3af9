package org.grokscope.sweep;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Apache Spark, in this process or on a standalone cluster.
 *
 * <p>Spark is on the class path only where it is asked for: {@code environment/grokscope sweep
 * --engine …} puts {@code target/spark} there and opens the packages of the JDK that Spark needs.
 * System properties {@code spark.…} are handed on to Spark.
 *
 * @param master {@code local[*]}, {@code local[N]} or {@code spark://host:port}
 * @param threads of each training, and cores that a run takes
 */
public record SparkEngine(String master, int threads) implements Engine {
  private static final Pattern LOCAL = Pattern.compile("local\\[(\\*|[1-9]\\d{0,3})]");
  private static final String HOST = "[\\w.-]+:\\d{1,5}";
  private static final Pattern CLUSTER = Pattern.compile("spark://" + HOST + "(," + HOST + ")*");

  public SparkEngine {
    Objects.requireNonNull(master, "master");
    if (!LOCAL.matcher(master).matches() && !CLUSTER.matcher(master).matches()) {
      throw new IllegalArgumentException(
          "engine: got the Spark master '%s', expected local[*], local[N] or spark://host:port"
              .formatted(master));
    }
    if (threads < 1) {
      throw new IllegalArgumentException(
          "engine: got " + threads + " threads, expected at least 1");
    }
  }

  /** The same with another number of threads for each training. */
  public SparkEngine threads(int count) {
    return new SparkEngine(master, count);
  }

  /** Whether other machines, or other processes of this one, compute. */
  boolean isCluster() {
    return CLUSTER.matcher(master).matches();
  }

  @Override
  public String description() {
    return "spark, " + (isCluster() ? "standalone cluster" : master) + ", threads each: " + threads;
  }

  @Override
  public int runsAtATime() {
    Matcher local = LOCAL.matcher(master);
    if (!local.matches()) {
      return 0;
    }
    int cores =
        local.group(1).equals("*")
            ? Runtime.getRuntime().availableProcessors()
            : Integer.parseInt(local.group(1));
    return Math.max(1, cores / threads);
  }

  @Override
  public void execute(List<RunOrder> orders, Consumer<RunResult> ended)
      throws InterruptedException {
    if (orders.stream().anyMatch(order -> order.plan().own() != null)) {
      throw new IllegalArgumentException(
          "engine: got runs that are defined in code, which does not travel to Spark's workers,"
              + " expected runs of fields alone; use Engine.local()");
    }
    requireSpark();
    if (isCluster()) {
      MasterAddress.requireAnswer(master);
    }
    try (SparkApplication application = SparkApplication.start(this)) {
      application.execute(orders.stream().map(order -> order.onThreads(threads)).toList(), ended);
    }
  }

  private static void requireSpark() {
    try {
      Class.forName(
          "org.apache.spark.api.java.JavaSparkContext", false, SparkEngine.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "engine: Spark is not on the class path; use `environment/grokscope sweep --engine …`, or"
              + " add the jars of target/spark",
          e);
    }
    if (!Object.class.getModule().isOpen("sun.nio.ch", SparkEngine.class.getModule())) {
      throw new IllegalStateException(
          "engine: Spark needs packages of the JDK that are closed; start Java with "
              + "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED and the other options that"
              + " `environment/grokscope sweep` gives it");
    }
  }
}
