package org.grokscope.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.evidence.CircuitEvidence;
import org.grokscope.evidence.EvidenceFile;
import org.grokscope.evidence.EvidenceTable;
import org.grokscope.evidence.KeptRuns;
import org.grokscope.evidence.LinesEvidence;
import org.grokscope.evidence.MeasuredRun;
import org.grokscope.line.LineSubject;
import org.grokscope.probe.KeyRule;
import org.grokscope.train.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grokscope evidence}: the files of notebooks/evidence, or finished runs as these are. */
@Command(
    name = "evidence",
    description = {
      "Makes files of notebooks/evidence by name: runs that are kept are read, others trained first;",
      "--list explains every file. Started again after an interrupt it goes on.",
      "Or measures finished runs, the folders of `grokscope train`, and writes one CSV for the",
      "notebooks: every metric at the grok (first checkpoint with 99 %% of the test pairs right), at",
      "the epochs asked for and at the last checkpoint, with random sets of frequencies as",
      "controls, and the phases of the whole training. The keys are read off the last checkpoint.",
      "What is measured on the way is kept beside the runs. Of a model that breaks lines: its",
      "accuracies, curves, heads, and what follows from changing its count.",
      "FILE.json beside the CSV says how each run came to be."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class EvidenceCommand implements Callable<Integer> {
  private static final Path QUICK = Path.of("target/evidence");

  @Parameters(
      paramLabel = "NAME|DIR",
      arity = "0..*",
      description = "files of notebooks/evidence without ending, or folders of runs")
  private List<String> what = List.of();

  @Option(
      names = "--list",
      description = "say of every file what it holds, from which runs, how long it takes")
  private boolean list;

  @Option(
      names = "--out",
      paramLabel = "FILE.csv",
      description = "where the file goes (default for a NAME: notebooks/evidence/NAME.csv)")
  private Path out;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      description = "where runs are looked for and kept (default: GROKSCOPE_HOME)")
  private Path runs;

  @Option(
      names = "--weights",
      paramLabel = "DIR",
      description = {
        "of published-weights, the folder of the weights that Nanda et al. (2023) published, as",
        "checkpoints"
      })
  private Path weights;

  @Option(
      names = "--first",
      paramLabel = "N",
      description = "of a NAME that is measured run by run, its first N runs; the JSON says so")
  private Integer first;

  @Option(
      names = "--quick",
      description = {
        "try how a NAME is made, on the first runs and a few epochs; what comes of it is no evidence",
        "and goes to target/evidence"
      })
  private boolean quick;

  @Option(
      names = "--at",
      split = ",",
      paramLabel = "EPOCH",
      defaultValue = "8000",
      description = "of a DIR, further epochs to measure at, where it has them (default: 8000)")
  private List<Long> epochs;

  @Option(
      names = "--key-rule",
      paramLabel = "RULE",
      defaultValue = "energy",
      description = "of a DIR, how the key frequencies are chosen (default: ${DEFAULT-VALUE})")
  private String rule;

  @Option(
      names = "--controls",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "of a DIR, random sets of frequencies beside the keys (default: ${DEFAULT-VALUE})")
  private int controls;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (list) {
      EvidenceFile.all().forEach(this::explain);
      return Grokscope.OK;
    }
    if (what.isEmpty()) {
      throw new IllegalArgumentException(
          "evidence: got nothing to make, expected names of files or folders of runs; --list names"
              + " the files");
    }
    if (what.stream().allMatch(EvidenceFile::isOne)) {
      make();
    } else {
      what.stream()
          .filter(given -> !Files.isDirectory(Path.of(given)) && !EvidenceFile.isOne(given))
          .forEach(EvidenceFile::named); // which says what there is
      what.stream()
          .filter(given -> !Files.isDirectory(Path.of(given)))
          .forEach(EvidenceCommand::refuseMixture);
      measure(what.stream().map(Path::of).toList());
    }
    return Grokscope.OK;
  }

  private static void refuseMixture(String name) {
    throw new IllegalArgumentException(
        "evidence: got the name "
            + name
            + " beside folders of runs, expected one kind; start twice");
  }

  private void explain(EvidenceFile file) {
    PrintWriter to = spec.commandLine().getOut();
    to.println(file.name() + " (" + file.file() + ")");
    to.println("    " + file.holds());
    file.from().forEach(line -> to.println("    from " + line));
    to.println("    takes " + file.takes() + (file.hasQuickScale() ? "; has --quick" : ""));
  }

  private void make() {
    if (out != null && what.size() > 1) {
      throw new IllegalArgumentException(
          "out: got " + out + " for " + what.size() + " files, expected it with one; leave it out");
    }
    PrintWriter console = spec.commandLine().getErr();
    KeptRuns kept =
        KeptRuns.inHome()
            .listening(() -> new ConsoleProgress(console), new ConsoleSweepProgress(console));
    kept = runs == null ? kept : kept.in(runs);
    kept = weights == null ? kept : kept.withWeights(weights);
    kept = first == null ? kept : kept.first(first);
    KeptRuns scaled = quick ? kept.quick() : kept;
    for (String name : what) {
      EvidenceFile file = EvidenceFile.named(name);
      Path to = out != null ? out : (quick ? QUICK : EvidenceFile.FOLDER).resolve(file.file());
      if (out == null && !quick && !Files.isDirectory(EvidenceFile.FOLDER)) {
        throw new IllegalArgumentException(
            "evidence: no " + EvidenceFile.FOLDER + " here; start it in a checkout, or say --out");
      }
      requireEnding(to, file.file().substring(file.file().lastIndexOf('.')));
      Interruptible.run(
          () -> {
            file.make(scaled, to, console::println);
            return file;
          });
      spec.commandLine().getOut().println("written to " + to);
    }
  }

  private static void requireEnding(Path out, String ending) {
    if (!out.getFileName().toString().endsWith(ending)) {
      throw new IllegalArgumentException(
          "out: got " + out + ", expected a name that ends in " + ending);
    }
  }

  private void measure(List<Path> folders) {
    KeyRule keyRule = KeyRule.named(rule);
    if (controls < 1) {
      throw new IllegalArgumentException("controls: got " + controls + ", expected at least 1");
    }
    if (quick || runs != null || weights != null) {
      throw new IllegalArgumentException(
          "evidence: got --quick, --runs or --weights with folders of runs, expected them with a"
              + " name of --list; leave them out");
    }
    if (out == null) {
      throw new IllegalArgumentException(
          "out: got none, expected where the CSV of " + what + " goes");
    }
    requireEnding(out, ".csv");
    List<MeasuredRun> measured = new ArrayList<>();
    for (Path folder : folders) {
      MeasuredRun run = measure(folder, keyRule);
      spec.commandLine().getErr().println(run.summary());
      measured.add(run);
    }
    EvidenceTable.write(out, measured, Map.of("key_rule", keyRule.label(), "controls", controls));
  }

  private MeasuredRun measure(Path folder, KeyRule keyRule) {
    CheckpointStore store = CheckpointStore.in(folder);
    if (!store.last().hasTable()) {
      return LinesEvidence.measure(Run.open(folder), controls, LineSubject.DOCUMENTS);
    }
    return CircuitEvidence.measure(store, store.epochs(), keyRule, epochs, controls);
  }
}
