package org.grokscope.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.evidence.SeedSweeps.Setting;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.probe.Absorption;
import org.grokscope.probe.LossAndAccuracy;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.train.Run;

/**
 * Is it decay, or arithmetic, that a rule needs? Prieto et al. (2025), "Grokking at the Edge of
 * Numerical Stability": without decay the logits grow until the softmax of float32 absorbs the
 * gradients, and what was learnt by then stays.
 *
 * <p>Pairs and their mirror images are on one side of the split, so that all test questions are
 * strangers.
 */
final class ArithmeticEvidence {
  private static final int P = 29;
  private static final int WIDTH = 32;
  private static final double JUDGED_SHARE = 0.8; // of the pairs
  private static final List<Double> OTHER_SHARES = List.of(0.5, 0.65, 0.9);
  private static final int OTHER_SEEDS = 2;

  private static final String BASE =
      """
      {"p": 29, "mirrors_together": true, "d_model": 32, "d_mlp": 64, "output_classes": 0,
       "learning_rate": 0.003, "epochs": 10000, "epochs_past_grok": 300,
       "evaluation": 50, "checkpoints": 500}
      """;

  /** Names and values of what is tried at every share. */
  private static final Map<String, String> WAYS =
      Map.of(
          "float32", "\"loss\": \"cross-entropy-float32\"",
          "float64", "\"loss\": \"cross-entropy\"",
          "StableMax", "\"loss\": \"stablemax\"",
          "float32 perpendicular",
              "\"loss\": \"cross-entropy-float32\", \"gradient\": \"perpendicular\"",
          "float64 perpendicular", "\"loss\": \"cross-entropy\", \"gradient\": \"perpendicular\"",
          "StableMax perpendicular", "\"loss\": \"stablemax\", \"gradient\": \"perpendicular\"");

  private static final List<String> ORDER =
      List.of(
          "float32",
          "float64",
          "StableMax",
          "float32 perpendicular",
          "float64 perpendicular",
          "StableMax perpendicular");

  private ArithmeticEvidence() {}

  /** What is judged, other shares of the pairs, and ten times the budget. */
  static List<SeedSweeps> sweeps() {
    List<Setting> judged = new ArrayList<>();
    add(judged, JUDGED_SHARE, SeedSweeps.JUDGED);
    List<Setting> shares = new ArrayList<>();
    OTHER_SHARES.forEach(share -> add(shares, share, OTHER_SEEDS));
    List<Setting> patient = new ArrayList<>();
    for (String way : ORDER.subList(0, 3)) {
      patient.add(
          setting(
              way + ", 80 %, 100,000 epochs",
              1,
              JUDGED_SHARE,
              WAYS.get(way) + ", \"epochs\": 100000, \"checkpoints\": 5000",
              0));
    }
    return List.of(
        SeedSweeps.of("arithmetic", BASE, judged),
        SeedSweeps.of("arithmetic-shares", BASE, shares),
        SeedSweeps.of("arithmetic-patient", BASE, patient));
  }

  private static void add(List<Setting> settings, double share, int seeds) {
    String end = String.format(Locale.ROOT, ", %.0f %%", 100 * share);
    for (String way : ORDER) {
      settings.add(setting(way + end, seeds, share, WAYS.get(way), 0));
    }
    settings.add(setting("decay 1" + end, seeds, share, "\"loss\": \"cross-entropy\"", 1));
  }

  private static Setting setting(
      String experiment, int seeds, double share, String values, double decay) {
    return Setting.of(
        experiment,
        seeds,
        "{\"fraction\": " + share + ", \"weight_decay\": " + decay + ", " + values + "}");
  }

  static EvidenceFile file() {
    return new Measurements(
        "arithmetic.csv",
        "What becomes of a + b mod 29 without decay, by how the loss is computed and by what is"
            + " done to the gradient, and how many questions the softmax of float32 absorbs",
        "about an hour on one core where no sweep is kept",
        EvidenceRows.HEADER,
        Map.of(),
        Stream.concat(
                Stream.of(untrained()),
                sweeps().stream().flatMap(each -> each.pieces(ArithmeticEvidence::measure)))
            .toList(),
        true);
  }

  private static String measure(Run run, String experiment) {
    EvidenceRows rows = SeedSweeps.fate(run, experiment);
    for (long epoch : run.checkpointEpochs()) {
      absorbed(run.checkpoint(epoch), "along", rows);
    }
    absorbed(run.last(), "last", rows);
    return rows.toString();
  }

  private static void absorbed(Checkpoint checkpoint, String at, EvidenceRows rows) {
    long epoch = checkpoint.epoch().orElseThrow();
    new Absorption()
        .measure(checkpoint)
        .forEach((name, value) -> rows.addColumn(at, epoch, name, value));
    double test = new LossAndAccuracy().measure(checkpoint).get("accuracy[test]");
    rows.add(at, epoch, "accuracy", "test", test);
  }

  /** Of models as they begin, beside what they understand: what float32 absorbs. */
  private static Piece untrained() {
    Split split = OperationTable.of(Operation.ADD, P).splitMirrorsTogether(JUDGED_SHARE, 0);
    ModelShape shape = ModelShape.nanda2023().withDModel(WIDTH).withDMlp(2 * WIDTH);
    return SeedSweeps.untrained(
        split,
        ModelConfig.of(shape, split, 0),
        (checkpoint, rows) -> absorbed(checkpoint, "last", rows));
  }
}
