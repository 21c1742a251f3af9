package org.grokscope.command;

import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.evidence.ReadingsCsv;
import org.grokscope.line.LineMeasures;
import org.grokscope.line.LineSubject;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.probe.Circle;
import org.grokscope.probe.Controls;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.Metric;
import org.grokscope.series.Reading;
import org.grokscope.task.LineBreaking;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grokscope probe}: what checkpoints have learnt, as CSV. */
@Command(
    name = "probe",
    description = {
      "Measures checkpoints, whoever trained them, and prints CSV with the columns",
      "file, epoch, metric, part, key and value, in float64 to the last digit.",
      "Many metrics need key frequencies, by --keys or by --key-rule; the rule reads",
      "them off the last file, and they are used for all. Waves run along the circle",
      "of the task, which its answers tell, or along one that is named by --circle:",
      "so a control with other answers is measured as the model is. Losses and",
      "accuracies are always of the file's own answers. What is left out, for want of",
      "an option or of what a metric asks of a model, is said on standard error, a",
      "line a metric. It is an error only where it was asked for by --metrics.",
      "Models that break lines have measures of their own: the quick ones, or with",
      "--controls all."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ProbeCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "checkpoints, .npz or .safetensors")
  private List<Path> files = List.of();

  @Option(
      names = "--keys",
      split = ",",
      paramLabel = "K",
      description = "key frequencies, such as 14,35,41,42,52")
  private List<Integer> frequencies;

  @Option(
      names = "--key-rule",
      paramLabel = "RULE",
      description = "repo, neuron85, embedding-quarter, wl-quarter or energy")
  private String rule;

  @Option(
      names = "--circle",
      paramLabel = "OPERATION",
      description = "along which waves run: a+b, a-b or a*b (default: the task's own)")
  private String operation;

  @Option(
      names = "--controls",
      paramLabel = "N",
      defaultValue = "0",
      description = "how many sets of other frequencies to try beside the keys (default: none)")
  private int controls;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "of the draw of those sets (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--metrics",
      split = ",",
      paramLabel = "NAME",
      description = "such as loss,excluded.logits (default: all that apply)")
  private List<String> names;

  @Option(names = "--list", description = "explain every metric, by formula and source")
  private boolean list;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where the CSV goes (default: standard output)")
  private Path out;

  @Spec private CommandSpec spec;

  private final Set<String> said = new HashSet<>();

  @Override
  public Integer call() {
    if (list) {
      Metric.all().forEach(this::explain);
      LineMeasures.all().forEach(this::explain);
      return Grokscope.OK;
    }
    requireSense();
    Checkpoint last = Checkpoint.load(files.get(files.size() - 1));
    requireKeysBesideControls(last);
    Consumer<Writer> measurement =
        last.hasTable() ? ofTables(last) : to -> measureLines(last.lines(), last, to);
    if (out == null) {
      measurement.accept(spec.commandLine().getOut());
    } else {
      AtomicFile.write(
          out,
          stream -> {
            try {
              measurement.accept(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
            } catch (UncheckedIOException e) {
              throw e.getCause(); // so that the message names the file
            }
          });
    }
    return Grokscope.OK;
  }

  private Consumer<Writer> ofTables(Checkpoint last) {
    Optional<KeyFrequencies> keys = keys(last);
    List<Metric> metrics = metrics(last);
    return to -> measure(metrics, keys, last, to);
  }

  /** Of models that break lines: the quick measures, or with controls all that apply. */
  private void measureLines(LineBreaking lines, Checkpoint last, Writer to) {
    List<LineMeasures.Measure> measures =
        names != null
            ? names.stream().map(LineMeasures::named).toList()
            : LineMeasures.all().stream()
                .filter(measure -> controls > 0 || measure.isCheap())
                .toList();
    ReadingsCsv csv = new ReadingsCsv(to);
    for (int i = 0; i < files.size(); i++) {
      Checkpoint checkpoint = i == files.size() - 1 ? last : Checkpoint.load(files.get(i));
      if (!checkpoint.lines().equals(lines)) {
        throw new IllegalArgumentException(
            files.get(i)
                + ": got a model of "
                + checkpoint.lines().title()
                + ", expected one of "
                + lines.title()
                + ", as the last file is; measure them apart");
      }
      try (ReferenceTransformer model =
          ReferenceTransformer.of(checkpoint.config(), checkpoint.parameters())) {
        LineSubject subject = LineSubject.of(lines, model, LineSubject.DOCUMENTS, controls);
        csv.add(
            files.get(i),
            checkpoint,
            measures.stream().flatMap(measure -> measure.readings(subject).stream()).toList());
      }
    }
  }

  private void explain(Metric metric) {
    String needs =
        metric.needsControls()
            ? " (needs --controls)"
            : metric.needsKeys() ? " (needs --keys or --key-rule)" : "";
    spec.commandLine().getOut().println(metric.name() + needs);
    spec.commandLine().getOut().println("    " + metric.formula());
    spec.commandLine().getOut().println("    source: " + metric.source());
  }

  private void explain(LineMeasures.Measure measure) {
    String needs = measure.isCheap() ? "" : " (by name, or with --controls)";
    spec.commandLine().getOut().println(measure.name() + " of models that break lines" + needs);
    spec.commandLine().getOut().println("    " + measure.formula());
  }

  private void requireSense() {
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          "files: got none, expected checkpoints, such as runs/seed-3/step-008000.npz");
    }
    if (frequencies != null && rule != null) {
      throw new IllegalArgumentException(
          "keys: got both --keys and --key-rule, expected one of them; leave out the other");
    }
    if (controls < 0) {
      throw new IllegalArgumentException("controls: got " + controls + ", expected 0 or more");
    }
  }

  private void requireKeysBesideControls(Checkpoint last) {
    if (controls > 0 && !keysAreGiven() && last.hasTable()) {
      throw new IllegalArgumentException(
          "controls: got no key frequencies, expected some to be set against; give --keys or"
              + " --key-rule");
    }
  }

  private boolean keysAreGiven() {
    return frequencies != null || rule != null;
  }

  private Circle circle() {
    return operation == null ? Circle.OWN : Circle.named(operation);
  }

  /** Those asked for, or all of such tables for which what they need was given. */
  private List<Metric> metrics(Checkpoint last) {
    List<Metric> asked =
        names == null
            ? Metric.all().stream().filter(metric -> metric.isMeantFor(last)).toList()
            : new LinkedHashSet<>(names).stream().map(Metric::named).toList();
    return asked.stream()
        .map(metric -> metric.along(circle()))
        .filter(metric -> isAllowed(metric, lacking(metric), ""))
        .toList();
  }

  /** What was not given, or empty. */
  private Optional<String> lacking(Metric metric) {
    if (metric.needsKeys() && !keysAreGiven()) {
      return Optional.of("got no key frequencies, expected some; give --keys or --key-rule");
    }
    return metric.needsControls() && controls == 0
        ? Optional.of("got no random sets, expected some; give --controls")
        : Optional.empty();
  }

  private Optional<KeyFrequencies> keys(Checkpoint last) {
    if (frequencies != null) {
      int[] given = frequencies.stream().mapToInt(Integer::intValue).toArray();
      return Optional.of(KeyFrequencies.given(last.p(), given).along(circle()));
    }
    return Optional.ofNullable(rule)
        .map(name -> KeyFrequencies.of(last, KeyRule.named(name), circle()));
  }

  private void measure(
      List<Metric> metrics, Optional<KeyFrequencies> keys, Checkpoint last, Writer to) {
    Optional<Controls> random =
        controls == 0 ? Optional.empty() : keys.map(k -> Controls.random(k, controls, seed));
    ReadingsCsv csv = new ReadingsCsv(to);
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      Checkpoint checkpoint =
          i == files.size() - 1 ? last : Checkpoint.load(file).requireModulus(last.p());
      csv.add(
          file,
          checkpoint,
          metrics.stream()
              .filter(metric -> isAllowed(metric, metric.refusal(checkpoint), file + ": "))
              .flatMap(metric -> read(metric, checkpoint, keys, random))
              .toList());
    }
  }

  private static Stream<Reading> read(
      Metric metric,
      Checkpoint checkpoint,
      Optional<KeyFrequencies> keys,
      Optional<Controls> random) {
    return (metric.needsControls()
            ? metric.readings(checkpoint, random.orElseThrow())
            : metric.needsKeys()
                ? metric.readings(checkpoint, keys.orElseThrow())
                : metric.readings(checkpoint))
        .stream();
  }

  /**
   * Whether there is no reason against a metric. Where it was asked for by name a reason is an
   * error; else it is said, once for all files.
   */
  private boolean isAllowed(Metric metric, Optional<String> reason, String where) {
    reason.ifPresent(
        why -> {
          String line = metric.name() + ": " + why;
          if (names != null) {
            throw new IllegalArgumentException(where + line);
          }
          if (said.add(line)) {
            warn("left out: " + line);
          }
        });
    return reason.isEmpty();
  }

  private void warn(String line) {
    spec.commandLine().getErr().println(spec.qualifiedName() + ": " + line);
  }
}
