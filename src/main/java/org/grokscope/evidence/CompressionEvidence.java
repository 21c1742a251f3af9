package org.grokscope.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.compression.Answers;
import org.grokscope.compression.DescriptionLength;
import org.grokscope.compression.Economy;
import org.grokscope.model.ModelShape;
import org.grokscope.probe.Part;
import org.grokscope.task.Split;
import org.grokscope.train.Cadence;
import org.grokscope.train.History;
import org.grokscope.train.Run;

/** How many bits it takes to write a model down, of a rule and of random labels. */
final class CompressionEvidence {
  private static final double ACCURACY = 0.99;
  private static final Map<String, Object> DETAILS = Map.of("accuracy", ACCURACY);
  private static final int SEEDS = 5;
  private static final long HALFWAY = 2_000;
  private static final long LATEST = 12_000;
  private static final long GRID = 100; // epochs between checkpoints that are looked at

  private static final int NARROW_SEEDS = 3;
  private static final long NARROW_EPOCHS = 3_000;

  private CompressionEvidence() {}

  static Stream<EvidenceFile> files() {
    return Stream.of(
        new Measurements(
            "compression.csv",
            "Bits, rank and bits per weight that models mod 113 need to know 99 % of what they were"
                + " trained on: once memorised, at 2,000, once understood, at 12,000",
            "about half an hour of training where no run is kept, and half an hour of measuring",
            EvidenceRows.HEADER,
            DETAILS,
            finished(),
            false),
        new Measurements(
            "narrow-models.csv",
            "Whether narrow models mod 59 know nine tenths of the pairs, and in how many bits",
            "about 10 minutes",
            EvidenceRows.HEADER,
            DETAILS,
            narrow(),
            true));
  }

  private static List<Measurements.Piece> finished() {
    List<WantedRun> wanted = new ArrayList<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      wanted.add(WantedRun.addition(113, 0.3, LATEST, seed));
    }
    for (long seed = 0; seed < SEEDS; seed++) {
      wanted.add(WantedRun.addition(113, 0.3, HALFWAY, seed).withRandomLabels());
    }
    return wanted.stream()
        .map(run -> Measurements.Piece.of(run, runs -> finished(run, runs.train(run))))
        .toList();
  }

  /** Once it has memorised, at 2,000, once it has understood, and at 12,000. */
  private static MeasuredRun finished(WantedRun wanted, Run run) {
    EvidenceRows rows =
        new EvidenceRows(
            wanted.randomLabels() ? "random labels mod 113" : run.split().table().toString(),
            run.config().seed());
    boolean memorised = false;
    boolean understood = false;
    for (long epoch : run.checkpointEpochs()) {
      if (epoch % GRID != 0 || epoch == 0) {
        continue;
      }
      Checkpoint checkpoint = run.checkpoint(epoch);
      if (!memorised && knows(checkpoint, Part.TRAIN)) {
        memorised = true;
        lengths(rows, "memorised", checkpoint);
      }
      if (memorised && !understood && knows(checkpoint, Part.TEST)) {
        understood = true;
        lengths(rows, "grok", checkpoint);
      }
      if (epoch == HALFWAY || epoch == LATEST) {
        lengths(rows, "" + epoch, checkpoint);
      }
    }
    return new MeasuredRun(
        wanted.toString(), rows.toString(), MeasuredRun.provenanceOf(run.last()));
  }

  private static boolean knows(Checkpoint checkpoint, Part part) {
    try (Answers answers = Answers.of(checkpoint, part)) {
      return answers.accuracy(checkpoint.parameters()) >= ACCURACY;
    }
  }

  private static void lengths(EvidenceRows rows, String at, Checkpoint checkpoint) {
    DescriptionLength.at(ACCURACY, Part.TRAIN)
        .measure(checkpoint)
        .forEach(
            (name, value) -> rows.addColumn(at, checkpoint.epoch().orElseThrow(), name, value));
  }

  private static List<Measurements.Piece> narrow() {
    List<WantedRun> wanted = new ArrayList<>();
    for (int width : new int[] {16, 64}) {
      for (long seed = 0; seed < NARROW_SEEDS; seed++) {
        WantedRun run = WantedRun.addition(59, 0.9, NARROW_EPOCHS, seed);
        WantedRun narrow =
            run.with(
                run.config()
                    .withShape(ModelShape.nanda2023().withDModel(width).withDMlp(3 * width))
                    .withWeightDecay(0.1)
                    .withEvaluation(Cadence.every(10))
                    .withCheckpoints(Cadence.every(NARROW_EPOCHS)));
        wanted.add(narrow);
        wanted.add(narrow.withRandomLabels());
      }
    }
    return wanted.stream()
        .map(run -> Measurements.Piece.of(run, runs -> narrow(run, runs.train(run))))
        .toList();
  }

  /** The evaluation, each ten epochs, with the lowest training loss; the weights at the end. */
  private static MeasuredRun narrow(WantedRun wanted, Run run) {
    String experiment =
        (wanted.randomLabels() ? "random labels" : "a+b")
            + " mod 59, width "
            + run.config().shape().dModel();
    EvidenceRows rows = new EvidenceRows(experiment, run.config().seed());
    History.Row lowest =
        run.history().rows().stream()
            .reduce((low, row) -> row.trainLoss() < low.trainLoss() ? row : low)
            .orElseThrow();
    rows.add("lowest", lowest.epoch(), "loss", "train", lowest.trainLoss());
    rows.add("lowest", lowest.epoch(), "accuracy", "train", lowest.trainAccuracy());
    rows.add("lowest", lowest.epoch(), "accuracy", "test", lowest.testAccuracy());
    Checkpoint last = run.last();
    long end = last.epoch().orElseThrow();
    rows.add("last", end, "parameters", "", last.config().layout().size());
    rows.add("last", end, "table_bits", "", tableBits(run.split()));
    double bits =
        DescriptionLength.at(ACCURACY, Part.TRAIN, Economy.BITS).measure(last).get("bits[train]");
    if (!Double.isNaN(bits)) {
      rows.add("last", end, "bits", "train", bits);
    }
    return new MeasuredRun(
        experiment + ", seed " + run.config().seed(),
        rows.toString(),
        new ObjectMapper()
            .valueToTree(
                Map.of(
                    "experiment", experiment,
                    "split", run.split().toString(),
                    "config", run.config())));
  }

  /** Training questions · log2 p. */
  private static double tableBits(Split split) {
    return split.train().size() * Math.log(split.table().p()) / Math.log(2);
  }
}
