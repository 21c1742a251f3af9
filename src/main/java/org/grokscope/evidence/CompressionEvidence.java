package org.grokscope.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
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
  private static final String BITS = "bits[train]";
  private static final int SEEDS = 5;
  private static final long HALFWAY = 2_000;
  private static final long LATEST = 12_000;
  private static final long GRID = 100; // epochs between checkpoints that are looked at

  private static final long FIRST_LATE_SEED = 10; // those before were seen at 2,000 epochs
  private static final int LATE_SEEDS = 8;
  private static final List<Long> BEFORE_THE_RULE =
      List.of(1_000L, 1_200L, 1_400L, 1_600L, 1_800L, 2_000L);

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
            "compression-late.csv",
            "Bits of models mod 113 with a rule and with random labels, both to 12,000 epochs, and"
                + " the one over the other",
            "about an hour and a half of training where no run is kept, and a few minutes of"
                + " measuring",
            EvidenceRows.HEADER,
            DETAILS,
            late(),
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
    return wanted.stream().map(CompressionEvidence::finished).toList();
  }

  private static List<Measurements.Piece> late() {
    return LongStream.range(FIRST_LATE_SEED, FIRST_LATE_SEED + LATE_SEEDS)
        .mapToObj(seed -> WantedRun.addition(113, 0.3, LATEST, seed))
        .map(rule -> Measurements.Piece.of(rule, runs -> late(runs, rule, rule.withRandomLabels())))
        .toList();
  }

  /** Both runs by themselves, and their lengths, each over that once memorised, by each other. */
  private static MeasuredRun late(KeptRuns runs, WantedRun rule, WantedRun rote) {
    Run withRule = runs.train(rule);
    Run without = runs.train(rote);
    MeasuredRun first = finished(rule, withRule);
    MeasuredRun second = finished(rote, without);
    StringBuilder rows = new StringBuilder(first.rows()).append(second.rows());
    double memorised = bits(memorised(withRule)) / bits(memorised(without));
    long seed = rule.config().seed();
    rows.append(pair("rule over random labels", seed, LATEST, withRule, without, memorised));
    for (int i = 0; i < BEFORE_THE_RULE.size(); i++) {
      long draw = BEFORE_THE_RULE.size() * seed + i;
      long epoch = BEFORE_THE_RULE.get(i);
      rows.append(pair("before the rule", draw, epoch, withRule, without, memorised));
    }
    return new MeasuredRun(
        rule + " and with random labels",
        rows.toString(),
        new ObjectMapper()
            .valueToTree(Map.of("rule", first.provenance(), "random labels", second.provenance())));
  }

  private static EvidenceRows pair(
      String experiment, long seed, long epoch, Run rule, Run rote, double memorised) {
    EvidenceRows rows = new EvidenceRows(experiment, seed);
    Map<String, Double> told = lengths(rule.checkpoint(epoch));
    double ratio = told.get(BITS) / bits(rote.checkpoint(epoch)) / memorised;
    rows.addColumn("last", epoch, "length_ratio[train]", ratio);
    rows.addColumn("last", epoch, "frequencies[train]", told.get("frequencies[train]"));
    return rows;
  }

  private static Checkpoint memorised(Run run) {
    return first(run, 0, Part.TRAIN).orElseThrow();
  }

  /** The first checkpoint of the grid that knows 99 % of a part. */
  private static Optional<Checkpoint> first(Run run, long from, Part part) {
    return run.checkpointEpochs().stream()
        .filter(epoch -> epoch % GRID == 0 && epoch > 0 && epoch >= from)
        .map(run::checkpoint)
        .filter(checkpoint -> knows(checkpoint, part))
        .findFirst();
  }

  private static Measurements.Piece finished(WantedRun wanted) {
    return Measurements.Piece.of(wanted, runs -> finished(wanted, runs.train(wanted)));
  }

  /** Once it has memorised, at 2,000, once it has understood, and at 12,000. */
  private static MeasuredRun finished(WantedRun wanted, Run run) {
    EvidenceRows rows =
        new EvidenceRows(
            wanted.randomLabels() ? "random labels mod 113" : run.split().table().toString(),
            run.config().seed());
    Map<String, Checkpoint> moments = new LinkedHashMap<>();
    Optional<Checkpoint> memorised = first(run, 0, Part.TRAIN);
    memorised.ifPresent(checkpoint -> moments.put("memorised", checkpoint));
    memorised
        .flatMap(checkpoint -> first(run, epoch(checkpoint), Part.TEST))
        .ifPresent(checkpoint -> moments.put("grok", checkpoint));
    for (long epoch : List.of(HALFWAY, LATEST)) {
      if (run.checkpointEpochs().contains(epoch)) {
        moments.put("" + epoch, run.checkpoint(epoch));
      }
    }
    moments.entrySet().stream()
        .sorted(Comparator.comparing(moment -> epoch(moment.getValue())))
        .forEach(moment -> lengths(rows, moment.getKey(), moment.getValue()));
    return new MeasuredRun(
        wanted.toString(), rows.toString(), MeasuredRun.provenanceOf(run.last()));
  }

  private static boolean knows(Checkpoint checkpoint, Part part) {
    try (Answers answers = Answers.of(checkpoint, part)) {
      return answers.accuracy(checkpoint.parameters()) >= ACCURACY;
    }
  }

  private static void lengths(EvidenceRows rows, String at, Checkpoint checkpoint) {
    lengths(checkpoint)
        .forEach((name, value) -> rows.addColumn(at, epoch(checkpoint), name, value));
  }

  private static long epoch(Checkpoint checkpoint) {
    return checkpoint.epoch().orElseThrow();
  }

  private static Map<String, Double> lengths(Checkpoint checkpoint) {
    return DescriptionLength.at(ACCURACY, Part.TRAIN).measure(checkpoint);
  }

  private static double bits(Checkpoint checkpoint) {
    return lengths(checkpoint).get(BITS);
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
    double bits = DescriptionLength.at(ACCURACY, Part.TRAIN, Economy.BITS).measure(last).get(BITS);
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
