package org.grokscope.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.grokscope.bench.BenchReport;
import org.grokscope.bench.BenchResult;
import org.grokscope.bench.StepBenchmark;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.Provenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grokscope bench}: milliseconds a training step, ours beside its peers'. */
@Command(
    name = "bench",
    description = {
      "Times, in turns within one run: a training step (p = 113, 3,830 pairs, full batch) of the fast",
      "path, of the reference path, and of the peers PyTorch (eager, compiled) and JAX (compiled) as",
      "published (all three positions), at the last position only, and with the fast path's algebra;",
      "the floor that the three batch-sized matrix products set; a step (32 documents of 64 tokens) of",
      "the models that break lines of given width and in a box with a header, and of the peers; the",
      "fast step at p = 29, 59, 113 and 227 (fast-by-p); writing, reading and measuring a checkpoint; a",
      "sweep of eight equal small runs, one and two at a time, by the local engine (sweep-local) and",
      "by Spark if it is there (sweep-spark). Prints ratios and medians, and writes a CSV file."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  private static final Path README = Path.of("src/README.md");
  private static final Path EVIDENCE = Path.of("notebooks/evidence");

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

  @Option(names = "--no-peers", description = "leave PyTorch and JAX out")
  private boolean withoutPeers;

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

  @Option(
      names = "--with",
      paramLabel = "FILE",
      description = "figures measured elsewhere, in a file like this command's own, join the table")
  private List<Path> others = List.of();

  @Option(
      names = "--save",
      description = {
        "keep the figures in notebooks/evidence and src/README.md of this folder as well, as a",
        "checkout has them"
      })
  private boolean save;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds: got " + rounds + ", expected at least 1");
    }
    if (sweepEpochs < 0) {
      throw new IllegalArgumentException(
          "sweep epochs: got " + sweepEpochs + ", expected at least 1, or 0 for no sweep");
    }
    List<BenchResult> measured = new ArrayList<>();
    for (Path other : others) {
      measured.add(BenchResult.read(other));
    }
    PrintWriter to = spec.commandLine().getOut();
    if (save && !Files.isRegularFile(README)) {
      throw new IllegalArgumentException(
          "save: no src/README.md here; start environment/grokscope bench --save in a checkout");
    }
    StepBenchmark benchmark = new StepBenchmark(rounds, threads, !withoutPeers, sweepEpochs, to);
    BenchResult result = benchmark.run();
    measured.forEach(result::addAll);
    result.write(out);
    to.print(new BenchReport(result).text());
    to.println("written to " + out);
    if (save) {
      keep(result, benchmark.facts());
    }
    return Grokscope.OK;
  }

  /** In the checkout: the CSV, how it came to be, and the block of src/README.md. */
  private static void keep(BenchResult result, Map<String, String> facts) throws IOException {
    Path csv = EVIDENCE.resolve("bench.csv");
    result.write(csv);
    BenchReport report = new BenchReport(BenchResult.read(csv)); // of the numbers as they are kept
    AtomicFile.writeText(
        EVIDENCE.resolve("bench.json"), Provenance.now(Map.copyOf(facts)).toJson() + "\n");
    AtomicFile.writeText(README, report.writtenInto(Files.readString(README)));
  }
}
