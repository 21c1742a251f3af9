package org.grokscope.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.grokscope.sweep.Engine;
import org.grokscope.sweep.LocalEngine;
import org.grokscope.sweep.Shard;
import org.grokscope.sweep.Sweep;
import org.grokscope.sweep.SweepEstimate;
import org.grokscope.sweep.SweepResults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grokscope sweep}: many trainings into one table. */
@Command(
    name = "sweep",
    description = {
      "Trains every run of a sweep, FILE.json, such as",
      "  {\"base\": {\"p\": 29, \"fraction\": 0.6, \"epochs\": 1500},",
      "   \"grid\": {\"seed\": [0, 1], \"weight_decay\": [0.5, 1.0]},",
      "   \"rows\": [{\"seed\": 9, \"learning_rate\": 0.003}]}",
      "Every combination of the grid is a run, and every row one more, each over the base. The",
      "fields are those of a run's config.json in snake_case: of tables (operation, p, fraction",
      "...) or, with a mode, of lines ({\"mode\": \"box\"}), of the model, of the training"
          + " (optimiser,",
      "loss, gradient, clip ...); a field that is none is answered with all that there are.",
      "The folder gets results.csv, a row a run; results.json, how it came to be; and the runs.",
      "Started again, it goes on: what is done is not computed again, what failed is tried again.",
      "With --shard, several processes share the runs, here or on machines that share DIR, such as",
      "the tasks of a job array; --merge then makes the one results.csv, as one process would have.",
      "Exit code 0 if all runs are done, 1 if some failed."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class SweepCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE.json", description = "what to run")
  private Path file;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "local",
      description = {
        "local: the cores of this machine; spark://host:port: a standalone Spark cluster whose",
        "machines share DIR; local[*] or local[N]: Spark in this process (default: local)"
      })
  private String engine;

  @Option(names = "--out", paramLabel = "DIR", description = "folder of the sweep")
  private Path out;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description = {
        "run part I of N only, I from 1 to N; its table is DIR/shards/I-of-N/results.csv. Runs are",
        "dealt out in turn, the dearest first, always in the same way"
      })
  private String shard;

  @Option(
      names = "--merge",
      description = "train nothing, and make DIR/results.csv of the shards that were run there")
  private boolean merge;

  @Option(
      names = "--at-a-time",
      paramLabel = "N",
      description = "runs side by side on the engine local (default: one a core)")
  private Integer atATime;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "threads of each run; changes no number (default: ${DEFAULT-VALUE})")
  private int threads;

  @Option(
      names = "--dry-run",
      description = "print the runs and how long they may take, and train nothing")
  private boolean dryRun;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("sweep: got the file " + file + ", expected one that is");
    }
    Sweep sweep = Sweep.read(file);
    if (merge) {
      return merged(sweep);
    }
    if (shard != null) {
      Shard part = Shard.parse(shard);
      sweep = sweep.shard(part.number(), part.of());
    }
    return run(sweep);
  }

  private int merged(Sweep sweep) {
    if (shard != null || dryRun) {
      throw new IllegalArgumentException(
          "sweep: got --merge with %s, expected it without; run the shards first, then merge"
              .formatted(dryRun ? "--dry-run" : "--shard"));
    }
    return told(sweep.merge(requireOut()));
  }

  private int run(Sweep sweep) {
    Engine chosen = engine();
    List<String> labels = sweep.labels();
    if (dryRun) {
      print(labels, sweep.estimate(), chosen);
      return Grokscope.OK;
    }
    Path folder = requireOut();
    PrintWriter console = spec.commandLine().getErr();
    return told(
        Interruptible.run(() -> sweep.run(chosen, folder, new ConsoleSweepProgress(console))));
  }

  private Path requireOut() {
    if (out == null) {
      throw new IllegalArgumentException("sweep: got no --out, expected the folder of the sweep");
    }
    return out;
  }

  private int told(SweepResults results) {
    Path file = out.resolve(out.toAbsolutePath().normalize().relativize(results.file()));
    spec.commandLine().getOut().println(results + ": " + file);
    return results.failed() == 0 ? Grokscope.OK : Grokscope.FAILED;
  }

  private Engine engine() {
    if (!engine.equals("local")) {
      if (atATime != null) {
        throw new IllegalArgumentException(
            "sweep: got --at-a-time with the engine "
                + engine
                + ", expected it with local only; a cluster's cores decide, or N in local[N]");
      }
      return Engine.spark(engine).threads(threads);
    }
    LocalEngine local = Engine.local().threads(threads);
    return atATime == null
        ? local.runsAtATime(Math.max(1, local.runsAtATime() / threads))
        : local.runsAtATime(atATime);
  }

  private void print(List<String> labels, SweepEstimate estimate, Engine chosen) {
    PrintWriter console = spec.commandLine().getOut();
    for (int i = 0; i < labels.size(); i++) {
      String seconds = Durations.inWords(estimate.secondsOfRuns().get(i));
      console.println(String.format(Locale.ROOT, "%s: %s", labels.get(i), seconds));
    }
    int side = chosen.runsAtATime();
    console.println(
        String.format(
            Locale.ROOT,
            "%,d runs, about %s on one core%s, if all spend their whole budget",
            labels.size(),
            Durations.inWords(estimate.seconds()),
            side == 0
                ? ""
                : ", "
                    + Durations.inWords(estimate.seconds(side))
                    + " with "
                    + side
                    + " at a time"));
    console.flush();
  }
}
