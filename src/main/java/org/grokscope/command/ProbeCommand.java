package org.grokscope.command;

import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.evidence.ReadingsCsv;
import org.grokscope.probe.Controls;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.Metric;
import org.grokscope.series.Reading;
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
      "them off the last file, and they are used for all. Without either, those",
      "metrics are left out; so is what a model's architecture or operation does not",
      "allow. A line on standard error says what was left out. It is an error only",
      "where it was asked for by --metrics."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ProbeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE.npz", arity = "0..*", description = "checkpoints")
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

  @Override
  public Integer call() {
    if (list) {
      Metric.all().forEach(this::explain);
      return Grokscope.OK;
    }
    requireSense();
    List<Metric> metrics = metrics();
    Checkpoint last = Checkpoint.load(files.get(files.size() - 1));
    Optional<KeyFrequencies> keys = keys(last);
    if (out == null) {
      measure(metrics, keys, last, spec.commandLine().getOut());
    } else {
      AtomicFile.write(
          out,
          stream -> {
            try {
              measure(metrics, keys, last, new OutputStreamWriter(stream, StandardCharsets.UTF_8));
            } catch (UncheckedIOException e) {
              throw e.getCause(); // so that the message names the file
            }
          });
    }
    return Grokscope.OK;
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
    if (controls > 0 && !keysAreGiven()) {
      throw new IllegalArgumentException(
          "controls: got no key frequencies, expected some to be set against; give --keys or"
              + " --key-rule");
    }
  }

  private boolean keysAreGiven() {
    return frequencies != null || rule != null;
  }

  /** Those asked for, or all for which what they need was given. */
  private List<Metric> metrics() {
    List<Metric> asked =
        names == null
            ? Metric.all()
            : new LinkedHashSet<>(names).stream().map(Metric::named).toList();
    List<Metric> withoutKeys =
        asked.stream().filter(metric -> metric.needsKeys() && !keysAreGiven()).toList();
    List<Metric> withoutControls =
        asked.stream()
            .filter(metric -> metric.needsControls() && keysAreGiven() && controls == 0)
            .toList();
    if (names != null && !withoutKeys.isEmpty()) {
      throw new IllegalArgumentException(
          text(withoutKeys) + ": got no key frequencies, expected some; give --keys or --key-rule");
    }
    if (names != null && !withoutControls.isEmpty()) {
      throw new IllegalArgumentException(
          text(withoutControls) + ": got no random sets, expected some; give --controls");
    }
    if (!withoutKeys.isEmpty()) {
      warn("left out, for want of --keys or --key-rule: " + text(withoutKeys));
    }
    return asked.stream()
        .filter(metric -> !withoutKeys.contains(metric) && !withoutControls.contains(metric))
        .toList();
  }

  private Optional<KeyFrequencies> keys(Checkpoint last) {
    if (frequencies != null) {
      int[] given = frequencies.stream().mapToInt(Integer::intValue).toArray();
      return Optional.of(KeyFrequencies.given(last.p(), given));
    }
    return Optional.ofNullable(rule).map(name -> KeyFrequencies.of(last, KeyRule.named(name)));
  }

  private void measure(
      List<Metric> metrics, Optional<KeyFrequencies> keys, Checkpoint last, Writer to) {
    Optional<Controls> random =
        controls == 0 ? Optional.empty() : keys.map(k -> Controls.random(k, controls, seed));
    ReadingsCsv csv = new ReadingsCsv(to);
    Set<String> said = new HashSet<>();
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      Checkpoint checkpoint =
          i == files.size() - 1 ? last : Checkpoint.load(file).requireModulus(last.p());
      List<Metric> allowed = allowed(metrics, file, checkpoint, said);
      csv.add(
          file,
          checkpoint,
          allowed.stream().flatMap(metric -> read(metric, checkpoint, keys, random)).toList());
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
   * The metrics without those that the model or its operation refuses. Where they were asked for by
   * name that is an error; else it is said, once for all files.
   */
  private List<Metric> allowed(
      List<Metric> metrics, Path file, Checkpoint checkpoint, Set<String> said) {
    Map<String, List<Metric>> refused =
        metrics.stream()
            .filter(metric -> metric.refusal(checkpoint).isPresent())
            .collect(
                Collectors.groupingBy(
                    metric -> metric.refusal(checkpoint).orElseThrow(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    refused.forEach(
        (reason, group) -> {
          String line = file + ": " + text(group) + ": " + reason;
          if (names != null) {
            throw new IllegalArgumentException(line);
          }
          if (said.add(text(group) + reason)) {
            warn("left out: " + line);
          }
        });
    return metrics.stream().filter(metric -> metric.refusal(checkpoint).isEmpty()).toList();
  }

  private static String text(List<Metric> metrics) {
    return metrics.stream().map(Metric::name).collect(Collectors.joining(", "));
  }

  private void warn(String line) {
    spec.commandLine().getErr().println(spec.qualifiedName() + ": " + line);
  }
}
