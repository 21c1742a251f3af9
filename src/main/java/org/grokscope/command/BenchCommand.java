package org.grokscope.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grokscope bench}: milliseconds a training step, ours beside PyTorch's. */
@Command(
    name = "bench",
    description = {
      "Times one training step (p = 113, 3,830 pairs, full batch) of the fast path, the reference",
      "path, PyTorch as published (all three positions) and PyTorch at the last position only, in",
      "turn, with the floor that the three batch-sized matrix products set; then one step (32",
      "documents of 64 tokens) of the models that break lines of given width (line-fast, line-torch)",
      "and in a box with a header (line-box-header-fast, -torch), ours and PyTorch's; then a sweep of",
      "eight equal small runs, one at a time and two at a time, by the local engine (sweep-local) and",
      "by Spark if it is there (sweep-spark); prints medians and ratios and writes a CSV file."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "rounds in which all variants take turns (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "1,2",
      description = "thread counts to time (default: ${DEFAULT-VALUE})")
  private List<Integer> threads;

  @Option(names = "--no-torch", description = "leave PyTorch out")
  private boolean withoutTorch;

  @Option(
      names = "--sweep-epochs",
      paramLabel = "N",
      defaultValue = "2000",
      description = "epochs of each run of the sweeps, 0 for none (default: ${DEFAULT-VALUE})")
  private int sweepEpochs;

  @Option(
      names = "--out",
      defaultValue = "target/bench.csv",
      paramLabel = "FILE",
      description = "where the figures go (default: ${DEFAULT-VALUE})")
  private Path out;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds: got " + rounds + ", expected at least 1");
    }
    if (sweepEpochs < 0) {
      throw new IllegalArgumentException(
          "sweep epochs: got " + sweepEpochs + ", expected at least 1, or 0 for no sweep");
    }
    StepBenchmark benchmark =
        new StepBenchmark(rounds, threads, !withoutTorch, sweepEpochs, spec.commandLine().getOut());
    benchmark.run().write(out);
    spec.commandLine().getOut().println("written to " + out);
    return Grokscope.OK;
  }
}
