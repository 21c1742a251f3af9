package org.grokscope.evidence;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.grokscope.evidence.SeedSweeps.Setting;
import org.grokscope.task.RandomStream;
import org.grokscope.train.History;
import org.grokscope.train.Run;
import org.grokscope.train.TrainingConfig;

/**
 * Sparse parity (Barak et al. 2022, "Hidden Progress in Deep Learning"), where 50 % is chance: the
 * essay's curve, "50 % for a long time, then 99 %", may be literally this one.
 */
final class ParityEvidence {
  private static final int DRAWS = 5; // of the null, a seed
  private static final long ALONG = 100; // epochs between rows of a curve

  private static final String BASE =
      """
      {"d_model": 32, "d_mlp": 128, "output_classes": 0, "learning_rate": 0.001,
       "weight_decay": 0.1, "batch_size": 128, "fraction": 0.5, "epochs": 20000,
       "epochs_past_grok": 100, "evaluation": 50, "checkpoints": 100000}
      """;

  private ParityEvidence() {}

  /** What is judged, and how the wait depends on the bits that count and on what is known. */
  static List<SeedSweeps> sweeps() {
    return List.of(
        SeedSweeps.of(
            "parity",
            BASE,
            List.of(
                Setting.of("5 of 13 bits", SeedSweeps.JUDGED, "{\"operation\": \"parity:5/13\"}"))),
        SeedSweeps.of(
            "parity-others",
            BASE,
            List.of(
                Setting.of("4 of 13 bits", 2, "{\"operation\": \"parity:4/13\"}"),
                Setting.of("6 of 13 bits", 2, "{\"operation\": \"parity:6/13\"}"),
                Setting.of(
                    "3 of 12 bits, few known",
                    2,
                    """
                    {"operation": "parity:3/12", "fraction": 0.025, "batch_size": 0,
                     "weight_decay": 1}
                    """))));
  }

  static EvidenceFile file() {
    return new Measurements(
        "parity.csv",
        "The parity of some of 12 or 13 bits: how long unknown questions are answered as by"
            + " guessing, and how fast they then come right",
        "about 20 minutes on one core where no sweep is kept",
        EvidenceRows.HEADER,
        Map.of("draws", DRAWS),
        sweeps().stream().flatMap(each -> each.pieces(ParityEvidence::measure)).toList(),
        true);
  }

  private static String measure(Run run, String experiment) {
    EvidenceRows rows = SeedSweeps.fate(run, experiment);
    History history = run.history();
    for (History.Row row : history.rows()) {
      if (row.epoch() % ALONG == 0) {
        rows.add("along", row.epoch(), "accuracy", "train", row.trainAccuracy());
        rows.add("along", row.epoch(), "accuracy", "test", row.testAccuracy());
      }
    }
    boolean batches = run.config().batchSize() != TrainingConfig.FULL_BATCH;
    OptionalLong from = batches ? OptionalLong.of(0) : run.milestones().memorised();
    return rows + (from.isEmpty() ? "" : leaps(run, experiment, from.getAsLong()));
  }

  /**
   * The leap of a run, and those of its null, which has draws in the place of seeds. It is looked
   * for from the start where updates see a few of many questions, and nothing is learnt by heart;
   * else from the epoch at which all known questions are.
   */
  private static String leaps(Run run, String experiment, long from) {
    List<History.Row> after =
        run.history().rows().stream().filter(row -> row.epoch() >= from).toList();
    Leap own =
        new Leap(
            after.stream().map(History.Row::epoch).toList(),
            after.stream().map(History.Row::testAccuracy).toList());
    long seed = run.config().seed();
    long end = run.history().last().epoch();
    StringBuilder rows = new StringBuilder();
    rows.append(leap(own, end, new EvidenceRows(experiment, seed)));
    int questions = run.split().testRows().length;
    for (long draw = DRAWS * seed; draw < DRAWS * (seed + 1); draw++) {
      Leap even = own.evenly(RandomStream.of(draw, "an even pace"), questions);
      rows.append(leap(even, end, new EvidenceRows(experiment + ", an even pace", draw)));
    }
    return rows.toString();
  }

  private static EvidenceRows leap(Leap leap, long end, EvidenceRows rows) {
    rows.add("leap", end, "plateau_accuracy", "test", leap.plateau());
    rows.add("leap", end, "plateau_epochs", "test", leap.plateauEpochs());
    rows.add("leap", end, "lands", "test", leap.lands() ? 1 : 0);
    rows.add("leap", end, "guesses_then_knows", "test", leap.guessesThenKnows() ? 1 : 0);
    rows.add("leap", end, "leap_over_plateau", "test", leap.pace());
    return rows;
  }
}
