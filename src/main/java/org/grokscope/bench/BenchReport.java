package org.grokscope.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** A benchmark's figures for people: ratios first, then the times. */
public record BenchReport(BenchResult result) {
  private static final String BEGIN =
      "<!-- bench: written by `environment/grokscope bench --save` -->";
  private static final String END = "<!-- end of bench -->";
  private static final int P = StepBenchmark.P;
  private static final int NEXT_P = 227;

  /** One time over another of the same run. */
  record Ratio(String what, double value) {}

  /** Those of which both times are there, in the order of a reader's interest. */
  List<Ratio> ratios() {
    List<Ratio> ratios = new ArrayList<>();
    for (int threads : threadCounts()) {
      String given = threads == 1 ? ", 1 thread" : ", " + threads + " threads";
      for (StepBenchmark.Form form : StepBenchmark.FORMS) {
        addPeers(ratios, "fast", form.name(), threads, given);
      }
      add(ratios, "fast / reference" + given, result.ratio("fast", "reference", threads));
      add(ratios, "fast / gemm-floor" + given, result.ratio("fast", "gemm-floor", threads));
      for (String mode : StepBenchmark.LINE_MODES) {
        addPeers(ratios, "fast-line-" + mode, "line-" + mode, threads, given);
      }
    }
    add(ratios, "fast, 2 threads / 1", result.ratioOfThreads("fast", 2, 1));
    add(
        ratios,
        "fast, p = " + NEXT_P + " / p = " + P,
        result.ratioOfModuli(GrowthContest.NAME, NEXT_P, P));
    for (String engine : List.of(SweepContest.LOCAL, SweepContest.SPARK)) {
      add(
          ratios,
          engine + ", " + SweepContest.RUNS + " equal runs, 2 workers / 1",
          result.ratioOfThreads(engine, 2, 1));
    }
    return ratios;
  }

  /** Beside the fastest peer of a form, then beside each of the others. */
  private void addPeers(List<Ratio> ratios, String ours, String form, int threads, String given) {
    List<Ratio> beside = new ArrayList<>();
    for (StepBenchmark.Peer peer : StepBenchmark.PEERS) {
      String theirs = peer.name() + "-" + form;
      add(beside, theirs, result.ratio(ours, theirs, threads));
    }
    beside.sort(Comparator.comparingDouble(Ratio::value).reversed());
    for (Ratio each : beside) {
      String best = each == beside.get(0) ? " (best peer)" : "";
      ratios.add(new Ratio(ours + " / " + each.what() + best + given, each.value()));
    }
  }

  private static void add(List<Ratio> ratios, String what, OptionalDouble value) {
    value.ifPresent(ratio -> ratios.add(new Ratio(what, ratio)));
  }

  private List<Integer> threadCounts() {
    return result.rows().stream()
        .filter(row -> row.variant().equals("fast"))
        .map(BenchResult.Row::threads)
        .distinct()
        .toList();
  }

  /** For a terminal. */
  public String text() {
    String ratios =
        ratios().stream()
            .map(ratio -> String.format(Locale.ROOT, "%8.3f  %s%n", ratio.value(), ratio.what()))
            .collect(Collectors.joining());
    String times =
        result.rows().stream()
            .map(
                row ->
                    String.format(
                        Locale.ROOT,
                        "%-22s %7d %5s %11.2f %9.2f %7d%n",
                        row.variant(),
                        row.threads(),
                        modulus(row),
                        row.medianMs(),
                        row.minMs(),
                        row.rounds()))
            .collect(Collectors.joining());
    return String.format(Locale.ROOT, "%8s%n", "ratio")
        + ratios
        + String.format(
            Locale.ROOT,
            "%n%-22s %7s %5s %11s %9s %7s%n",
            "variant",
            "threads",
            "p",
            "median ms",
            "min ms",
            "rounds")
        + times;
  }

  private static String modulus(BenchResult.Row row) {
    return row.p() == StepBenchmark.NO_MODULUS ? "" : String.valueOf(row.p());
  }

  /** The block of src/README.md, its two marks with it. */
  String markdown() {
    String rows =
        ratios().stream()
            .map(
                ratio -> String.format(Locale.ROOT, "| %s | %.3f |%n", ratio.what(), ratio.value()))
            .collect(Collectors.joining());
    return BEGIN + "\n\n| time over time, medians | ratio |\n|---|---|\n" + rows + "\n" + END;
  }

  /**
   * A text with its block of figures made anew.
   *
   * @throws IllegalArgumentException if its two marks are not there
   */
  public String writtenInto(String readme) {
    int begin = readme.indexOf(BEGIN);
    int end = readme.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "bench: src/README.md has no marks "
              + BEGIN
              + " and "
              + END
              + " in this order; put them back");
    }
    return readme.substring(0, begin) + markdown() + readme.substring(end + END.length());
  }
}
