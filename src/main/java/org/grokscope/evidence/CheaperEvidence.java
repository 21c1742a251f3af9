package org.grokscope.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.NormAtMargin;
import org.grokscope.probe.NormAtMargin.Statistic;
import org.grokscope.probe.Part;
import org.grokscope.task.Split;
import org.grokscope.train.Cadence;
import org.grokscope.train.History;
import org.grokscope.train.Run;
import org.grokscope.train.TrainingConfig;

/**
 * Why understanding is cheaper: the price of a margin, and what becomes of a rule with less data.
 */
final class CheaperEvidence {
  private static final double MARGIN = 10; // nats
  private static final double DECAY = 1;
  private static final int SEEDS = 5;
  private static final List<Double> DECAYS = List.of(3.0, 1.0, 0.3, 0.1, 0.0);
  private static final List<Double> SHARES = List.of(0.8, 0.7, 0.5, 0.3, 0.2, 0.1);

  private static final long CUT_EPOCHS = 5_000;
  private static final long CUT_EVALUATION = 100;
  private static final List<Double> CUTS = List.of(0.05, 0.1, 0.2, 0.3, 0.4, 0.5);
  private static final List<Double> CUTS_WITHOUT_DECAY = List.of(0.05, 0.1);

  private CheaperEvidence() {}

  static Stream<EvidenceFile> files() {
    return Stream.of(
        new Measurements(
            "cheaper.csv",
            "Squared norm that a margin of 10 nats costs: of rote on the way, of the rule at the"
                + " end, and of random labels",
            "about 40 minutes where no sweep is kept",
            EvidenceRows.HEADER,
            Map.of("margin", MARGIN),
            norms(),
            false),
        new Measurements(
            "cheaper-data-cut.csv",
            "What becomes of the rule when a grokked model goes on with fewer of its pairs",
            "about 20 minutes where no sweep is kept",
            EvidenceRows.HEADER,
            Map.of("epochs", CUT_EPOCHS),
            pieces(
                    "the grokked models of decay 1, with 5 to 50 % of the pairs",
                    SweepTable.DECAY, DECAYS.indexOf(DECAY), CheaperEvidence::cuts)
                .toList(),
            false));
  }

  /**
   * The five seeds of one setting in a sweep, whose seed changes fastest.
   *
   * @param experiment in the file
   * @param measure of one run, into rows
   */
  private static Stream<Measurements.Piece> pieces(
      String experiment, SweepTable sweep, int setting, BiFunction<Run, KeptRuns, String> measure) {
    return IntStream.range(0, SEEDS)
        .mapToObj(
            seed ->
                new Measurements.Piece(
                    experiment + ", of the sweep " + sweep.name(),
                    seed,
                    runs -> {
                      Run run = sweep.results(runs).run(setting * SEEDS + seed);
                      return new MeasuredRun(
                          experiment + ", seed " + seed,
                          measure.apply(run, runs),
                          MeasuredRun.provenanceOf(run.last()));
                    }));
  }

  /** The price of a margin. */
  private static List<Measurements.Piece> norms() {
    List<Measurements.Piece> pieces = new ArrayList<>();
    for (double decay : DECAYS) {
      List<String> moments =
          decay == DECAY ? List.of("memorised", "half-way", "last") : List.of("last");
      norms(
              "a+b mod 31, decay " + WantedRun.number(decay),
              SweepTable.DECAY,
              DECAYS.indexOf(decay),
              moments)
          .forEach(pieces::add);
    }
    norms("random labels mod 31", SweepTable.RANDOM_LABELS, 0, List.of("memorised", "last"))
        .forEach(pieces::add);
    for (double share : SHARES) {
      String experiment = "a+b mod 31, " + WantedRun.number(100 * share) + " %";
      norms(experiment, SweepTable.FRACTION, SHARES.indexOf(share), List.of("last"))
          .forEach(pieces::add);
    }
    return pieces;
  }

  private static Stream<Measurements.Piece> norms(
      String experiment, SweepTable sweep, int setting, List<String> moments) {
    return pieces(
        experiment,
        sweep,
        setting,
        (run, runs) -> {
          EvidenceRows rows = new EvidenceRows(experiment, run.config().seed());
          moments.forEach(at -> norms(rows, run, at, at(run, at)));
          return rows.toString();
        });
  }

  private static Checkpoint at(Run run, String moment) {
    return switch (moment) {
      case "memorised" -> from(run, run.milestones().memorised().orElseThrow());
      case "half-way" -> from(run, run.milestones().understood().orElseThrow() / 2);
      default -> run.last();
    };
  }

  /** The first checkpoint, every 500 epochs, from an epoch on. */
  private static Checkpoint from(Run run, long epoch) {
    return run.checkpoint(
        run.checkpointEpochs().stream().filter(kept -> kept >= epoch).findFirst().orElseThrow());
  }

  /** What a margin costs a checkpoint, and how well it does. */
  static void norms(EvidenceRows rows, Run run, String at, Checkpoint checkpoint) {
    long epoch = checkpoint.epoch().orElseThrow();
    rows.add(at, epoch, "squared_norm", "", checkpoint.parameters().squaredNorm());
    for (Statistic statistic : Statistic.values()) {
      Map<String, Double> cost =
          new NormAtMargin(Part.TRAIN, statistic, MARGIN).measure(checkpoint);
      String of = "." + statistic.name().toLowerCase(Locale.ROOT) + "_margin";
      for (String measure : List.of("norm", "degree")) {
        double value = cost.get((measure.equals("norm") ? "squared_norm" : measure) + "[train]");
        if (!Double.isNaN(value)) { // NaN where no factor gives the margin
          rows.add(at, epoch, measure + of, "train", value);
        }
      }
    }
    run.history()
        .firstEpoch(row -> row.epoch() >= epoch)
        .ifPresent(
            evaluated -> {
              History.Row seen = run.history().until(evaluated).last();
              rows.add(at, epoch, "loss", "train", seen.trainLoss());
              rows.add(at, epoch, "accuracy", "test", seen.testAccuracy());
            });
  }

  /** What becomes of the rule with fewer pairs. */
  private static String cuts(Run grokked, KeptRuns runs) {
    StringBuilder rows = new StringBuilder();
    CUTS.forEach(share -> rows.append(cut(grokked, runs, share, DECAY)));
    CUTS_WITHOUT_DECAY.forEach(share -> rows.append(cut(grokked, runs, share, 0)));
    return rows.toString();
  }

  private static EvidenceRows cut(Run grokked, KeptRuns runs, double share, double decay) {
    long seed = grokked.config().seed();
    String experiment =
        WantedRun.number(100 * share) + " % of the pairs, " + (decay == 0 ? "no decay" : "decay 1");
    TrainingConfig config =
        grokked
            .config()
            .withWeightDecay(decay)
            .withEpochs(CUT_EPOCHS)
            .withEvaluation(Cadence.every(CUT_EVALUATION))
            .withCheckpoints(Cadence.every(CUT_EPOCHS));
    Split fewer = grokked.split().table().split(share, seed);
    History history =
        runs.trainer("data cut, " + experiment + ", seed " + seed, config)
            .from(grokked.last())
            .train(fewer)
            .history();
    EvidenceRows rows = new EvidenceRows(experiment, seed);
    History.Row lowest = history.rows().get(0);
    for (History.Row row : history.rows()) {
      String at = row.epoch() == 0 ? "start" : "" + row.epoch();
      rows.add(at, row.epoch(), "accuracy", "test", row.testAccuracy());
      lowest = row.testAccuracy() < lowest.testAccuracy() ? row : lowest;
    }
    History.Row last = history.last();
    rows.add("lowest", lowest.epoch(), "accuracy", "test", lowest.testAccuracy());
    rows.add("last", last.epoch(), "accuracy", "test", last.testAccuracy());
    rows.add("last", last.epoch(), "accuracy", "train", last.trainAccuracy());
    rows.add("last", last.epoch(), "squared_norm", "", last.squaredNorm());
    return rows;
  }
}
