package org.grokscope.endurance;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.probe.Metric;
import org.grokscope.series.ProbeListener;
import org.grokscope.series.ProbeSeries;
import org.grokscope.sweep.Engine;
import org.grokscope.sweep.RunResult;
import org.grokscope.sweep.Sweep;
import org.grokscope.sweep.SweepListener;

/** A process of many runs, or of many checkpoints, that says what memory it takes. */
final class ManyInOneProcess {
  private static final double MEGABYTE = 1 << 20;

  /**
   * Loaded before there are threads: the JDK loads a library for it, and OpenBLAS' number of
   * threads is set by a look-up in the system's loader. Both at once can wait for one another for
   * ever.
   */
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

  private final int count;
  private final Path folder;

  private ManyInOneProcess(int count, Path folder) {
    this.count = count;
    this.folder = folder;
  }

  public static void main(String[] arguments) {
    var process = new ManyInOneProcess(Integer.parseInt(arguments[1]), Path.of(arguments[2]));
    if (arguments[0].equals("sweep")) {
      process.sweep();
    } else {
      process.probe();
    }
  }

  private void sweep() {
    String base =
        "{\"base\": {\"p\": 7, \"fraction\": 0.6, \"epochs\": 12, \"d_model\": 8, \"heads\": 2,"
            + " \"d_mlp\": 16}, \"grid\": {\"seed\": ";
    List<Integer> seeds = IntStream.range(0, count).boxed().toList();
    Sweep.parse(base + seeds + "}}")
        .run(
            Engine.local().runsAtATime(1),
            folder,
            new SweepListener() {
              @Override
              public void ended(Progress progress, String label, RunResult result) {
                at(progress.done());
              }
            });
  }

  private void probe() {
    Tiny.checkpoints(folder, count);
    ProbeSeries.of(CheckpointStore.in(folder))
        .threads(2)
        .listener(
            new ProbeListener() {
              @Override
              public void measured(Progress progress) {
                at(progress.done());
              }
            })
        .measure(
            Metric.named("loss").probe(),
            Metric.named("embedding_gini").probe(),
            Metric.named("neuron_fraction.quantile").probe());
  }

  private void at(int done) {
    if (done != count / 10 && done != count) {
      return;
    }
    System.gc();
    System.gc();
    double heap = MEMORY.getHeapMemoryUsage().getUsed() / MEGABYTE;
    System.out.printf(Locale.ROOT, "memory,%.3f,%.3f%n", heap, resident());
  }

  /** Megabytes of this process that are in the machine's memory. */
  private static double resident() {
    try {
      String line =
          Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(each -> each.startsWith("VmRSS:"))
              .findFirst()
              .orElseThrow();
      return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
