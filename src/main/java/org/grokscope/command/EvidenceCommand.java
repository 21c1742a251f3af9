package org.grokscope.command;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.checkpoint.Provenance;
import org.grokscope.evidence.LineEvidence;
import org.grokscope.evidence.MeasuredRun;
import org.grokscope.evidence.RunEvidence;
import org.grokscope.probe.KeyRule;
import org.grokscope.train.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grokscope evidence}: finished runs, measured as the notebooks measure theirs. */
@Command(
    name = "evidence",
    description = {
      "Measures finished runs, the folders of `grokscope train`, and writes one CSV for the",
      "notebooks: every metric at the grok (first checkpoint with 99 % of the test pairs right), at",
      "the epochs asked for and at the last checkpoint, with random sets of frequencies as",
      "controls, and the phases of the whole training. The keys are read off the last checkpoint.",
      "What is measured on the way is kept beside the runs. Of a model that breaks lines: its",
      "accuracies, curves, heads, and what follows from changing its count. FILE.json beside the CSV says how",
      "each run came to be."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class EvidenceCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", arity = "1..*", description = "folders of runs")
  private List<Path> folders;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.csv",
      description = "where the CSV goes")
  private Path out;

  @Option(
      names = "--at",
      split = ",",
      paramLabel = "EPOCH",
      defaultValue = "8000",
      description = "further epochs to measure at, where a run has them (default: 8000)")
  private List<Long> epochs;

  @Option(
      names = "--key-rule",
      paramLabel = "RULE",
      defaultValue = "energy",
      description = "how the key frequencies are chosen (default: ${DEFAULT-VALUE})")
  private String rule;

  @Option(
      names = "--controls",
      paramLabel = "N",
      defaultValue = "10",
      description = "random sets of frequencies beside the keys (default: ${DEFAULT-VALUE})")
  private int controls;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    KeyRule keyRule = KeyRule.named(rule);
    if (controls < 1) {
      throw new IllegalArgumentException("controls: got " + controls + ", expected at least 1");
    }
    if (!out.getFileName().toString().endsWith(".csv")) {
      throw new IllegalArgumentException("out: got " + out + ", expected a name that ends in .csv");
    }
    PrintWriter console = spec.commandLine().getErr();
    List<MeasuredRun> measured = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new IllegalArgumentException(
            "runs: got " + folder + ", expected a folder of `grokscope train`");
      }
      MeasuredRun run =
          isOfLines(folder)
              ? LineEvidence.measure(Run.open(folder), controls, LineEvidence.DOCUMENTS)
              : RunEvidence.measure(CheckpointStore.in(folder), keyRule, epochs, controls)
                  .measured();
      console.println(run.summary());
      measured.add(run);
    }
    AtomicFile.write(
        out,
        stream -> {
          OutputStreamWriter text = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
          text.write(RunEvidence.HEADER);
          for (MeasuredRun run : measured) {
            text.write(run.rows());
          }
          text.flush();
        });
    String json = provenance(measured, keyRule).toJson();
    Path beside = out.resolveSibling(out.getFileName().toString().replace(".csv", ".json"));
    AtomicFile.writeText(beside, json + "\n");
    return Grokscope.OK;
  }

  private static boolean isOfLines(Path folder) {
    return !CheckpointStore.in(folder).last().hasTable();
  }

  private Provenance provenance(List<MeasuredRun> measured, KeyRule keyRule) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("key_rule", keyRule.label());
    details.put("controls", controls);
    details.put("runs", measured.stream().map(MeasuredRun::provenance).toList());
    return Provenance.now(details);
  }
}
