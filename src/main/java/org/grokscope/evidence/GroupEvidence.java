package org.grokscope.evidence;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.probe.GroupShares;
import org.grokscope.probe.Metric;
import org.grokscope.probe.RepresentationRemoval;
import org.grokscope.series.Reading;
import org.grokscope.task.Group;
import org.grokscope.train.Cadence;
import org.grokscope.train.Run;
import org.grokscope.train.TrainingConfig;

/**
 * Models of the tables of S<sub>4</sub>, S<sub>5</sub> and a dihedral group at the end of training:
 * shares of representations, of cosets, removal; and as nulls the same of the group with its
 * elements in a random order, and of random subspaces of as many dimensions as the key
 * representations.
 */
final class GroupEvidence {
  private static final int SEEDS = 8;
  private static final int DRAWS = 10; // of each training

  private static final double KNOWN = 0.99;
  private static final TrainingConfig CONFIG =
      TrainingConfig.nanda2023()
          .withLearningRate(0.003)
          .withEvaluation(Cadence.every(50))
          .withCheckpoints(Cadence.every(2_000));
  private static final Wanted S4 = new Wanted(Group.symmetric(4), 0.9, CONFIG.withEpochs(6_000));
  private static final Wanted DIHEDRAL =
      new Wanted(Group.dihedral(23), 0.7, CONFIG.withEpochs(4_000));
  private static final Wanted S5 = new Wanted(Group.symmetric(5), 0.6, CONFIG.withEpochs(4_000));
  private static final int LARGE_SEEDS = 3; // of S5, whose table has 14,400 entries

  /**
   * A training on a group's table.
   *
   * @param fraction of the pairs, to train on
   */
  private record Wanted(Group group, double fraction, TrainingConfig config) {
    String what() {
      return String.format(
          Locale.ROOT,
          "%s, %.0f %% of the pairs, rate .003, %,d epochs",
          group.name(),
          100 * fraction,
          config.epochs());
    }

    Wanted seed(long seed) {
      return new Wanted(group, fraction, config.withSeed(seed));
    }

    @Override
    public String toString() {
      return what() + ", seed " + config.seed();
    }
  }

  private GroupEvidence() {}

  static EvidenceFile file() {
    return file(
        "groups.csv",
        "Models of the tables of S4 and of a dihedral group: representations, cosets, removal, and"
            + " random controls",
        "about 20 minutes of training on one core where no run is kept",
        SEEDS,
        S4,
        DIHEDRAL);
  }

  static EvidenceFile large() {
    return file(
        "groups-s5.csv",
        "The same of the table of S5",
        "about 10 minutes of training on one core where no run is kept",
        LARGE_SEEDS,
        S5);
  }

  private static EvidenceFile file(
      String name, String holds, String takes, int seeds, Wanted... groups) {
    return new Measurements(
        name,
        holds,
        takes,
        EvidenceRows.HEADER,
        Map.of("draws", DRAWS),
        Stream.of(groups)
            .flatMap(wanted -> LongStream.range(0, seeds).mapToObj(wanted::seed))
            .map(
                wanted ->
                    new Piece(
                        wanted.what(), wanted.config().seed(), runs -> measured(wanted, runs)))
            .toList(),
        true);
  }

  private static MeasuredRun measured(Wanted wanted, KeptRuns runs) {
    long seed = wanted.config().seed();
    Run run =
        runs.trainer(wanted.toString(), wanted.config())
            .train(wanted.group().table().split(wanted.fraction(), seed));
    Checkpoint last = run.last();
    long epoch = last.epoch().orElseThrow();
    String experiment = wanted.group().name();
    EvidenceRows rows = new EvidenceRows(experiment, seed);
    for (Metric metric : Metric.all()) {
      if (!metric.needsKeys() && metric.refusal(last).isEmpty()) {
        rows.addAll("last", epoch, metric.readings(last));
      }
    }
    run.history()
        .firstEpoch(row -> row.testAccuracy() >= KNOWN)
        .ifPresent(first -> rows.add("run", run.config().epochs(), "epoch.test_99", "", first));
    return new MeasuredRun(
        wanted + ": " + GroupShares.of(last).keys(),
        rows + controls(experiment, last, seed),
        MeasuredRun.provenanceOf(last));
  }

  private static String controls(String experiment, Checkpoint last, long seed) {
    long epoch = last.epoch().orElseThrow();
    int dimensions = RepresentationRemoval.keyDimensions(last);
    List<Reading> accuracy = Metric.named("accuracy").readings(last);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < DRAWS; i++) {
      long draw = DRAWS * seed + i;
      GroupShares relabelled = GroupShares.of(last).relabelled(draw);
      EvidenceRows rows = new EvidenceRows(experiment + " relabelled", draw);
      rows.add("last", epoch, "group.characters.total", "", relabelled.total());
      rows.add("last", epoch, "group.count_95", "", relabelled.keys().size());
      rows.add("last", epoch, "group.cosets", "", relabelled.cosets());
      all.append(rows);
      EvidenceRows removed = new EvidenceRows(experiment + " random subspaces", draw);
      removed.addAll("last", epoch, accuracy);
      for (RepresentationRemoval.Site site : RepresentationRemoval.Site.values()) {
        new RepresentationRemoval(site)
            .control(last, dimensions, draw)
            .ifPresent(
                value ->
                    removed.add(
                        "last",
                        epoch,
                        new Reading(site.metricName(), "test", RepresentationRemoval.KEYS, value)));
      }
      all.append(removed);
    }
    return all.toString();
  }
}
