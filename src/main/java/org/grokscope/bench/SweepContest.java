package org.grokscope.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grokscope.sweep.Engine;
import org.grokscope.sweep.Sweep;
import org.grokscope.sweep.SweepResults;

/**
 * A sweep of eight equal runs by one worker and by two, in turns: how much sooner two end. Runs of
 * equal size, p = 31 with 60 % of the pairs and a model 48 wide, that differ in their seed.
 */
final class SweepContest {
  static final String LOCAL = "sweep-local";
  static final String SPARK = "sweep-spark";
  static final int P = 31;
  static final int RUNS = 8;
  private static final int MOST_ROUNDS = 3; // a round is some dozen seconds
  private static final List<Integer> WORKERS = List.of(1, 2);
  private static final int WARM_UP_EPOCHS = 200;

  private final int epochs;
  private final int rounds;
  private int folders;

  /**
   * @param epochs of each run
   * @param rounds at the most
   */
  SweepContest(int epochs, int rounds) {
    this.epochs = epochs;
    this.rounds = Math.min(rounds, MOST_ROUNDS);
  }

  /** Whether this process can be a Spark, as {@code environment/grokscope bench} makes it. */
  static boolean hasSpark() {
    try {
      Class.forName(
          "org.apache.spark.api.java.JavaSparkContext", false, SweepContest.class.getClassLoader());
      return Object.class.getModule().isOpen("sun.nio.ch", Engine.class.getModule());
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * The whole sweep, by engine and number of workers.
   *
   * @param folder for the runs, which are removed
   */
  void run(Path folder, BenchResult into) {
    for (String name : hasSpark() ? List.of(LOCAL, SPARK) : List.of(LOCAL)) {
      Turns turns = new Turns();
      for (int workers : WORKERS) {
        Engine engine = engine(name, workers);
        time(engine, WARM_UP_EPOCHS, folder);
        turns.add(name, workers, P, () -> List.of(time(engine, epochs, folder)));
      }
      turns.run(rounds, into);
    }
  }

  private static Engine engine(String name, int workers) {
    return name.equals(LOCAL)
        ? Engine.local().runsAtATime(workers).threads(1)
        : Engine.spark("local[" + workers + "]").threads(1);
  }

  /** One sweep from nothing; an engine's own start counts. */
  private double time(Engine engine, int epochs, Path parent) {
    Path folder = parent.resolve("sweep-" + folders++);
    Sweep sweep =
        Sweep.of(
                Map.of(
                    "p",
                    P,
                    "fraction",
                    0.6,
                    "d_model",
                    48,
                    "d_mlp",
                    96,
                    "epochs",
                    Math.min(this.epochs, epochs),
                    "evaluation",
                    100,
                    "checkpoints",
                    100_000))
            .over("seed", IntStream.range(0, RUNS).boxed().toList());
    long start = System.nanoTime();
    SweepResults results = sweep.run(engine, folder);
    double milliseconds = (System.nanoTime() - start) / 1e6;
    if (results.done() != RUNS) {
      throw new IllegalStateException("bench: " + results + ", expected all done");
    }
    delete(folder);
    return milliseconds;
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("bench: " + folder + " cannot be removed", e);
    }
  }
}
