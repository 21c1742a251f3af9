package org.grokscope.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.evidence.SeedSweeps.Setting;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.sweep.SweepResults;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.train.Run;

/**
 * Does generalisation begin where memory fills? The width of a model from less room than its
 * training labels need to many times as much, at one budget of epochs. The labels need n log2 p
 * bits; a parameter holds 3.6 bits in models of GPT's kind (Morris et al. 2025, "How much do
 * language models memorize?"), and 1.57 in trainings of this kind (A2, notebook 01).
 */
final class RoomEvidence {
  private static final double MORRIS = 3.6; // bits a parameter
  private static final double MEASURED = 1.57;
  private static final int P = 29;
  private static final double SHARE = 0.8; // of the pairs
  private static final int[] WIDTHS = {4, 6, 8, 12, 16, 24, 32};

  private static final String BASE =
      """
      {"p": 29, "fraction": 0.8, "mirrors_together": true, "output_classes": 0, "heads": 2,
       "learning_rate": 0.003, "weight_decay": 1, "epochs": 10000, "epochs_past_grok": 0,
       "evaluation": 50, "checkpoints": 100000}
      """;

  private RoomEvidence() {}

  static SeedSweeps sweeps() {
    List<Setting> settings = new ArrayList<>();
    for (int width : WIDTHS) {
      settings.add(
          Setting.of(
              "width " + width,
              SeedSweeps.JUDGED,
              String.format(Locale.ROOT, "{\"d_model\": %d, \"d_mlp\": %d}", width, 2 * width)));
    }
    return SeedSweeps.of("need", BASE, settings);
  }

  static EvidenceFile file() {
    return new Measurements(
        "need.csv",
        "Which models of a + b mod 29 find the rule at one budget, from less room than the training"
            + " labels need to many times as much",
        "about 20 minutes on one core where no sweep is kept",
        EvidenceRows.HEADER,
        Map.of("bits_a_parameter", List.of(MORRIS, MEASURED)),
        pieces(),
        true);
  }

  private static List<Piece> pieces() {
    SeedSweeps sweeps = sweeps();
    List<Piece> pieces = new ArrayList<>();
    Split split = OperationTable.of(Operation.ADD, P).splitMirrorsTogether(SHARE, 0);
    ModelShape widest = ModelShape.nanda2023().withDModel(WIDTHS[WIDTHS.length - 1]);
    pieces.add(SeedSweeps.untrained(split, ModelConfig.of(widest, split, 0), (unused, rows) -> {}));
    List<Piece> ofRuns = sweeps.pieces(RoomEvidence::measure).toList();
    for (long seed : sweeps.seeds()) {
      ofRuns.stream().filter(piece -> piece.seed() == seed).forEach(pieces::add);
      pieces.add(new Piece("all widths", seed, runs -> begins(sweeps.results(runs, seed), seed)));
    }
    return pieces;
  }

  /**
   * The smallest room over need of a seed's models that find the rule; where none does, twice the
   * largest. Its null is that of a width that is drawn from all.
   */
  private static MeasuredRun begins(SweepResults results, long seed) {
    double begins = Double.POSITIVE_INFINITY;
    double largest = 0;
    EvidenceRows rows = new EvidenceRows("all widths", seed);
    StringBuilder nulls = new StringBuilder();
    for (int i = 0; i < WIDTHS.length; i++) {
      Run run = results.run(i);
      double ratio = MORRIS * parameters(run) / need(run);
      boolean found = run.milestones().understood().isPresent();
      begins = found ? Math.min(begins, ratio) : begins;
      largest = Math.max(largest, ratio);
      EvidenceRows drawn = new EvidenceRows("a width drawn from all", WIDTHS.length * seed + i);
      drawn.add("run", run.config().epochs(), "rule_begins.3_6", "train", ratio);
      nulls.append(drawn);
    }
    double where = Double.isFinite(begins) ? begins : 2 * largest;
    rows.add("run", results.run(0).config().epochs(), "rule_begins.3_6", "train", where);
    return new MeasuredRun(
        "all widths, seed " + seed,
        rows + nulls.toString(),
        MeasuredRun.provenanceOf(results.run(0).last()));
  }

  private static int parameters(Run run) {
    return ModelConfig.of(run.config().shape(), run.split(), 0).layout().size();
  }

  /** Bits of the training labels. */
  private static double need(Run run) {
    return run.split().trainRows().length * Math.log(run.split().table().p()) / Math.log(2);
  }

  private static String measure(Run run, String experiment) {
    EvidenceRows rows = SeedSweeps.fate(run, experiment);
    long end = run.history().last().epoch();
    rows.add("run", end, "parameters", "", parameters(run));
    rows.add("run", end, "need_bits", "train", need(run));
    rows.add("run", end, "room_over_need.3_6", "train", MORRIS * parameters(run) / need(run));
    rows.add("run", end, "room_over_need.1_57", "train", MEASURED * parameters(run) / need(run));
    return rows.toString();
  }
}
