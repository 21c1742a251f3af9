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
      "and in a box with a header (line-box-header-fast, -torch), ours and PyTorch's; prints medians",
      "and ratios and writes a CSV file."
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
    StepBenchmark benchmark =
        new StepBenchmark(rounds, threads, !withoutTorch, spec.commandLine().getOut());
    benchmark.run().write(out);
    spec.commandLine().getOut().println("written to " + out);
    return Grokscope.OK;
  }
}
