package org.grokscope.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.probe.Metric;
import org.grokscope.sweep.SweepResults;
import org.grokscope.train.History;
import org.grokscope.train.Run;
import tech.tablesaw.api.Table;

/**
 * A race of optimisers to 99 % of the strangers at p = 113, 30 % of the pairs, after as much tuning
 * for each: six settings on one seed at p = 59, of which that with the earliest 99 % of the test
 * questions is taken, of equals the first. What is chosen is computed from the tuning, not written.
 */
final class RaceEvidence {
  private static final long TUNED_ON = 100; // seed
  private static final double KNOWN = 0.99;
  private static final String STRANGERS = "accuracy.strangers";
  private static final String FIRST = "AdamW";

  private static final SeedSweeps TUNING =
      SeedSweeps.of(
          "race-tuning",
          """
          {"p": 59, "fraction": 0.5, "epochs": 4000, "epochs_past_grok": 0, "evaluation": 20,
           "checkpoints": 100000}
          """,
          List.of());
  private static final SeedSweeps RACE =
      SeedSweeps.of(
          "race",
          """
          {"p": 113, "fraction": 0.3, "epochs": 20000, "epochs_past_grok": 300,
           "evaluation": 20, "checkpoints": 100}
          """,
          List.of());

  /**
   * Who runs.
   *
   * @param name in the file
   * @param is all that its settings share
   * @param tried six of them
   */
  record Racer(String name, String is, List<String> tried) {
    /** The values of one setting. */
    private ObjectNode values(int setting) {
      return SeedSweeps.tree("{" + is + ", " + tried.get(setting) + "}");
    }
  }

  private static final List<String> RATES_AND_DECAYS =
      List.of(
          rateAndDecay(0.001, 1),
          rateAndDecay(0.003, 1),
          rateAndDecay(0.01, 1),
          rateAndDecay(0.001, 3),
          rateAndDecay(0.003, 3),
          rateAndDecay(0.01, 0.3));

  private static final List<Racer> RACERS =
      List.of(
          new Racer(FIRST, "\"optimiser\": \"adamw\"", RATES_AND_DECAYS),
          new Racer(
              "Grokfast",
              "\"optimiser\": \"grokfast\"",
              List.of(
                  rateAndDecay(0.001, 1),
                  rateAndDecay(0.003, 1),
                  rateAndDecay(0.001, 3),
                  rateAndDecay(0.001, 1) + ", \"amplification\": 5",
                  rateAndDecay(0.001, 1) + ", \"alpha\": 0.9",
                  rateAndDecay(0.003, 3))),
          new Racer("Muon", "\"optimiser\": \"muon\"", RATES_AND_DECAYS),
          new Racer(
              "StableMax perpendicular",
              "\"loss\": \"stablemax\", \"gradient\": \"perpendicular\", \"weight_decay\": 0",
              List.of(
                  "\"learning_rate\": 0.0003",
                  "\"learning_rate\": 0.001",
                  "\"learning_rate\": 0.003",
                  "\"learning_rate\": 0.01",
                  "\"learning_rate\": 0.001, \"beta2\": 0.999",
                  "\"learning_rate\": 0.003, \"beta2\": 0.999")));

  private static final Racer LAST = RACERS.get(RACERS.size() - 1);

  private RaceEvidence() {}

  private static String rateAndDecay(double rate, double decay) {
    return "\"learning_rate\": " + rate + ", \"weight_decay\": " + decay;
  }

  static EvidenceFile file() {
    List<Piece> pieces = new ArrayList<>();
    for (Racer racer : RACERS) {
      pieces.add(new Piece("tuning, " + racer.name(), TUNED_ON, runs -> tuning(runs, racer)));
    }
    for (long seed : seeds()) {
      judged().forEach(racer -> pieces.add(piece(racer, seed)));
    }
    for (long seed : seeds()) {
      pieces.add(new Piece(FIRST + " over others", seed, runs -> ratios(runs, seed)));
    }
    for (long seed : seeds()) {
      pieces.add(piece(LAST, seed));
      pieces.add(new Piece(FIRST + " over " + LAST.name(), seed, runs -> ratio(runs, LAST, seed)));
    }
    return new Measurements(
        "race.csv",
        "AdamW, Grokfast, Muon, and StableMax with a perpendicular gradient: epochs and seconds to"
            + " 99 % of the strangers at p = 113, after as much tuning for each",
        "about 4 hours on one core where no sweep is kept",
        EvidenceRows.HEADER,
        Map.of("settings_tried_of_each", RATES_AND_DECAYS.size()),
        pieces,
        false);
  }

  /** All racers but that which is told and not judged, and whose runs come last. */
  private static List<Racer> judged() {
    return RACERS.subList(0, RACERS.size() - 1);
  }

  private static Piece piece(Racer racer, long seed) {
    return new Piece(racer.name(), seed, runs -> measured(race(runs, racer, seed), racer));
  }

  private static List<Long> seeds() {
    return LongStream.range(SeedSweeps.FIRST, SeedSweeps.FIRST + SeedSweeps.JUDGED)
        .boxed()
        .toList();
  }

  private static String folder(String what, Racer racer) {
    return what + "-" + racer.name().replace(' ', '-').toLowerCase(Locale.ROOT);
  }

  /** The runs of a racer's tuning, a run a setting. */
  private static SweepResults tried(KeptRuns runs, Racer racer) {
    List<ObjectNode> rows = new ArrayList<>();
    for (int i = 0; i < racer.tried().size(); i++) {
      rows.add(racer.values(i));
    }
    return runs.sweep(folder("race-tuning", racer), TUNING.sweep(TUNED_ON, rows));
  }

  /** The number of the setting that is taken. */
  private static int chosen(SweepResults tried) {
    int best = 0;
    for (int i = 1; i < tried.rows().size(); i++) {
      best = epoch(tried, i) < epoch(tried, best) ? i : best;
    }
    return best;
  }

  private static long epoch(SweepResults tried, int setting) {
    return tried.rows().get(setting).understood().orElse(Long.MAX_VALUE);
  }

  private static MeasuredRun tuning(KeptRuns runs, Racer racer) {
    SweepResults tried = tried(runs, racer);
    int chosen = chosen(tried);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < racer.tried().size(); i++) {
      String setting = racer.tried().get(i).replace("\"", "");
      EvidenceRows own = SeedSweeps.fate(tried.run(i), "tuning, " + racer.name() + ", " + setting);
      own.add("run", tried.run(i).history().last().epoch(), "chosen", "", i == chosen ? 1 : 0);
      rows.append(own);
    }
    return new MeasuredRun(
        "tuning, " + racer.name() + ": " + racer.tried().get(chosen),
        rows.toString(),
        MeasuredRun.provenanceOf(tried.run(chosen).last()));
  }

  private static Run race(KeptRuns runs, Racer racer, long seed) {
    ObjectNode values = racer.values(chosen(tried(runs, racer)));
    return runs.sweep(folder("race", racer) + "-seed-" + seed, RACE.sweep(seed, List.of(values)))
        .run(0);
  }

  private static MeasuredRun measured(Run run, Racer racer) {
    EvidenceRows rows = SeedSweeps.fate(run, racer.name());
    long end = run.history().last().epoch();
    Table series = strangers(run);
    for (int i = 0; i < series.rowCount(); i++) {
      long epoch = series.longColumn("epoch").get(i);
      rows.add("along", epoch, STRANGERS, "", series.doubleColumn(STRANGERS).get(i));
    }
    known(series)
        .ifPresent(
            epoch -> {
              History.Row then = run.history().until(epoch).last();
              rows.add("run", end, "strangers_99_epoch", "", epoch);
              rows.add("run", end, "strangers_99_seconds", "", then.seconds());
            });
    return new MeasuredRun(
        racer.name() + ": " + run.history().last().summary(),
        rows.toString(),
        MeasuredRun.provenanceOf(run.last()));
  }

  /** The share of the strangers right at every checkpoint. */
  private static Table strangers(Run run) {
    return run.probe(Metric.named(STRANGERS).probe());
  }

  /** The first checkpoint that knows 99 % of the strangers. */
  private static Optional<Long> known(Table strangers) {
    return CircuitEvidence.firstAbove(strangers, STRANGERS, KNOWN);
  }

  private static double epochs(Run run) {
    return known(strangers(run)).orElse(run.history().last().epoch());
  }

  /** How many times as long AdamW takes as the others; its null is AdamW against itself. */
  private static MeasuredRun ratios(KeptRuns runs, long seed) {
    StringBuilder rows = new StringBuilder();
    for (Racer other : judged().subList(1, judged().size())) {
      rows.append(over(runs, other, seed));
    }
    double own = epochs(race(runs, RACERS.get(0), seed));
    for (long another : seeds()) {
      if (another != seed) {
        EvidenceRows of = new EvidenceRows(FIRST + " over itself", 100 * seed + another);
        of.add("run", 0, "ratio", "", own / epochs(race(runs, RACERS.get(0), another)));
        rows.append(of);
      }
    }
    return compared(FIRST + " over others", seed, rows.toString());
  }

  private static MeasuredRun ratio(KeptRuns runs, Racer other, long seed) {
    return compared(FIRST + " over " + other.name(), seed, over(runs, other, seed).toString());
  }

  private static EvidenceRows over(KeptRuns runs, Racer other, long seed) {
    EvidenceRows of = new EvidenceRows(FIRST + " over " + other.name(), seed);
    double own = epochs(race(runs, RACERS.get(0), seed));
    of.add("run", 0, "ratio", "", own / epochs(race(runs, other, seed)));
    return of;
  }

  private static MeasuredRun compared(String what, long seed, String rows) {
    return new MeasuredRun(
        what + ", seed " + seed, rows, new ObjectMapper().createObjectNode().put("ratios", seed));
  }
}
