package org.grokscope.evidence;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.probe.Interval;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.LearningCoefficient;
import org.grokscope.probe.Metric;
import org.grokscope.probe.Phases;
import org.grokscope.series.ProbeSeries;
import org.grokscope.series.Reading;
import org.grokscope.task.RandomStream;
import org.grokscope.train.Run;
import tech.tablesaw.api.Table;

/**
 * The local learning coefficient along the trainings of circuit-fresh, beside their restricted and
 * excluded loss, and where it falls against their phases.
 */
final class LandscapeEvidence {
  private static final String LAMBDA = "lambda[train]";
  private static final int DRAWS = 20; // of each training
  private static final List<Long> EPOCHS =
      List.of(
          0L, 100L, 200L, 400L, 700L, 1_000L, 1_500L, 2_000L, 3_000L, 4_000L, 5_000L, 6_000L,
          7_000L, 8_000L, 9_000L, 10_000L, 12_000L, 14_000L, 20_000L, 40_000L);

  /**
   * γ lets each weight stray by about 1/√γ = .018, a fifth of what it is worth; 2/(εγ) = 22 steps
   * are enough to get there, and the noise still allows curvatures up to 4/(ε n β) = 290.
   */
  private static final LearningCoefficient COEFFICIENT =
      new LearningCoefficient(3e-5, 3_000, 30, 50, 1, 0);

  private LandscapeEvidence() {}

  static EvidenceFile file() {
    return new Measurements(
        "learning-coefficient.csv",
        "The local learning coefficient along the trainings of circuit-fresh, beside restricted and"
            + " excluded loss",
        "the trainings of circuit-fresh, and about 15 minutes of measuring on one core",
        EvidenceRows.HEADER,
        Map.of("settings", COEFFICIENT.toString(), "draws", DRAWS),
        CircuitEvidence.freshRuns()
            .map(wanted -> Piece.of(wanted, runs -> measured(wanted, runs.train(wanted))))
            .toList(),
        false);
  }

  private static MeasuredRun measured(WantedRun wanted, Run run) {
    CheckpointStore store = CheckpointStore.in(run.directory());
    KeyFrequencies keys = KeyFrequencies.of(store.last(), KeyRule.ENERGY);
    ProbeSeries series = ProbeSeries.of(store).at(run.checkpointEpochs());
    Table all =
        series.measure(
            Metric.named("loss").probe(),
            Metric.named("accuracy").probe(),
            Metric.named("restricted.logits").probe(keys),
            Metric.named("excluded.logits").probe(keys));
    Phases phases = Phases.of(all);
    Table few = series.at(EPOCHS).measure(COEFFICIENT);
    long seed = run.config().seed();
    EvidenceRows rows = new EvidenceRows("a+b mod 113", seed);
    for (int i = 0; i < few.rowCount(); i++) {
      long epoch = few.longColumn("epoch").get(i);
      for (String column : few.columnNames().subList(1, few.columnCount())) {
        rows.addColumn("" + epoch, epoch, column, few.doubleColumn(column).get(i));
      }
      Table there = all.where(all.longColumn("epoch").isEqualTo(epoch));
      for (String column :
          List.of("loss[train]", "loss[test]", "restricted.logits[test]", Phases.EXCLUDED_LOSS)) {
        rows.addColumn("" + epoch, epoch, column, there.doubleColumn(column).get(0));
      }
    }
    return new MeasuredRun(
        wanted.toString() + ": λ̂ " + told(few),
        rows + whole(few, phases, seed, run.config().epochs()),
        MeasuredRun.provenanceOf(run.last()));
  }

  private static String told(Table few) {
    return few.doubleColumn(LAMBDA).asList().stream()
        .map(value -> String.format(Locale.ROOT, "%.3g", value))
        .collect(Collectors.joining(" "));
  }

  /**
   * Where λ̂ falls: the first epoch after memorisation from which on log λ̂ is nearer to its last
   * value than to that at the end of memorisation, straight lines between checkpoints.
   */
  static double halfway(Table few, double memorised) {
    double from = Math.log(Pace.interpolated(few, LAMBDA, memorised));
    int rows = few.rowCount();
    double middle = (from + Math.log(few.doubleColumn(LAMBDA).get(rows - 1))) / 2;
    for (int i = rows - 2; i >= 0; i--) {
      double value = Math.log(few.doubleColumn(LAMBDA).get(i));
      double next = Math.log(few.doubleColumn(LAMBDA).get(i + 1));
      if ((value - middle) * (from - middle) > 0) {
        double epoch = few.longColumn("epoch").get(i);
        double width = few.longColumn("epoch").get(i + 1) - epoch;
        return epoch + width * (value - middle) / (value - next);
      }
    }
    return memorised;
  }

  private static String whole(Table few, Phases phases, long seed, long end) {
    EvidenceRows rows = new EvidenceRows("a+b mod 113", seed);
    Interval memorised = phases.memorisationEnds().orElseThrow();
    Interval begins = phases.cleanupBegins().orElseThrow();
    Interval ends = phases.cleanupEnds().orElseThrow();
    Map.of(
            "phase.memorisation_ends", memorised,
            "phase.cleanup_begins", begins,
            "phase.cleanup_ends", ends)
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            phase ->
                rows.add(
                    "run",
                    end,
                    new Reading(
                        phase.getKey(), "", CircuitEvidence.MIDDLE, phase.getValue().middle())));
    double last = few.doubleColumn(LAMBDA).get(few.rowCount() - 1);
    rows.add("run", end, "lambda.halfway", "", halfway(few, memorised.middle()));
    rows.add(
        "run", end, "lambda.fall", "", Pace.interpolated(few, LAMBDA, memorised.middle()) / last);
    StringBuilder all = new StringBuilder(rows.toString());
    RandomStream random = RandomStream.of(seed, "random epochs");
    for (int i = 0; i < DRAWS; i++) {
      EvidenceRows draw = new EvidenceRows("random epochs", DRAWS * seed + i);
      draw.add("run", end, "lambda.halfway", "", random.nextDouble() * end);
      draw.add(
          "run",
          end,
          new Reading("phase.cleanup_begins", "", CircuitEvidence.MIDDLE, begins.middle()));
      all.append(draw);
    }
    return all.toString();
  }
}
