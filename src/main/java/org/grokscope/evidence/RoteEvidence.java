package org.grokscope.evidence;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Parameters;
import org.grokscope.model.Transformer;
import org.grokscope.probe.Confidence;
import org.grokscope.task.Batch;
import org.grokscope.train.Cadence;
import org.grokscope.train.History;
import org.grokscope.train.Run;

/** How models that learn by rote look from outside: losses, strangers, confidence. */
final class RoteEvidence {
  private static final long WHOLE = 2_000; // every evaluation up to here,
  private static final long SPARSE = 100; // then one in so many epochs
  private static final long[] MOMENTS = {1_000, 40_000};
  private static final int BINS = 15;
  private static final double KNOWN = 0.99;
  private static final int SEEDS = 5;
  private static final String TRAINING = "about 1½ hours of training where no run is kept";

  private RoteEvidence() {}

  static Stream<EvidenceFile> files() {
    return Stream.of(
        new Measurements(
            "rote-histories.csv",
            "Losses, accuracies and weights of a + b mod 113 over its whole training",
            TRAINING,
            historyHeader(),
            Map.of(),
            pieces(published(), (wanted, run) -> measured(wanted, run, history(run))),
            true),
        new Measurements(
            "rote-histories-97.csv",
            "The same mod 97, with weight decay and without",
            "about 30 minutes of training where no run is kept",
            historyHeader(),
            Map.of(),
            pieces(
                Stream.concat(ofNinetySeven(), withoutDecay()),
                (wanted, run) -> measured(wanted, run, history(run))),
            true),
        new Measurements(
            "rote-strangers.csv",
            "Accuracy on test pairs whose mirror image is no training pair, until 99 % are known",
            TRAINING + ", and as long again",
            "p,weight_decay,seed,epoch,accuracy\n",
            Map.of(),
            pieces(
                Stream.concat(published(), ofNinetySeven()),
                (wanted, run) -> measured(wanted, run, strangers(run))),
            false),
        new Measurements(
            "rote-confidence.csv",
            "How sure the answers of a + b mod 113 are, and how well that is calibrated",
            TRAINING,
            EvidenceRows.HEADER,
            Map.of(),
            pieces(
                published(),
                (wanted, run) -> {
                  String experiment = run.split().table().toString();
                  EvidenceRows rows = new EvidenceRows(experiment, run.config().seed());
                  for (long epoch : MOMENTS) {
                    confidence(rows, "" + epoch, run.checkpoint(epoch));
                  }
                  return measured(wanted, run, rows.toString());
                }),
            false));
  }

  /** The published training, five seeds. */
  static Stream<WantedRun> published() {
    return LongStream.range(0, SEEDS).mapToObj(seed -> WantedRun.addition(113, 0.3, 40_000, seed));
  }

  private static Stream<WantedRun> ofNinetySeven() {
    return LongStream.range(0, SEEDS)
        .mapToObj(seed -> ninetySeven(seed, seed == 0 ? 6_000 : 12_000)); // it was first, and done
  }

  private static Stream<WantedRun> withoutDecay() {
    return LongStream.range(0, SEEDS)
        .mapToObj(seed -> ninetySeven(seed, 4_000))
        .map(wanted -> wanted.with(wanted.config().withWeightDecay(0)));
  }

  private static WantedRun ninetySeven(long seed, long epochs) {
    WantedRun wanted = WantedRun.addition(97, 0.4, epochs, seed);
    return wanted.with(
        wanted.config().withEvaluation(Cadence.every(10)).withCheckpoints(Cadence.every(100)));
  }

  private static List<Measurements.Piece> pieces(
      Stream<WantedRun> runs, BiFunction<WantedRun, Run, MeasuredRun> measure) {
    return runs.map(
            wanted ->
                Measurements.Piece.of(wanted, kept -> measure.apply(wanted, kept.train(wanted))))
        .toList();
  }

  private static MeasuredRun measured(WantedRun wanted, Run run, String rows) {
    return new MeasuredRun(wanted.toString(), rows, MeasuredRun.provenanceOf(run.last()));
  }

  private static String historyHeader() {
    return "p,weight_decay,seed," + String.join(",", History.COLUMNS.subList(0, 6)) + "\n";
  }

  private static String key(Run run) {
    return run.split().table().p() + "," + run.config().weightDecay() + "," + run.config().seed();
  }

  private static String history(Run run) {
    StringBuilder rows = new StringBuilder();
    for (History.Row row : run.history().rows()) {
      if (row.epoch() <= WHOLE || row.epoch() % SPARSE == 0) {
        rows.append(key(run)).append(',').append(row.epoch());
        for (double value :
            new double[] {
              row.trainLoss(),
              row.testLoss(),
              row.trainAccuracy(),
              row.testAccuracy(),
              row.squaredNorm()
            }) {
          rows.append(',').append((float) value);
        }
        rows.append('\n');
      }
    }
    return rows.toString();
  }

  /** Every checkpoint up to the first that knows 99 % of the strangers. */
  private static String strangers(Run run) {
    Batch strangers = run.split().testWithoutKnownMirror();
    Checkpoint first = run.checkpoint(run.checkpointEpochs().get(0));
    Parameters weights = Parameters.zeros(first.config().layout());
    StringBuilder rows = new StringBuilder();
    try (Transformer model = Transformer.open(first.config(), weights, 1)) {
      for (long epoch : run.checkpointEpochs()) {
        weights.copyFrom(run.checkpoint(epoch).parameters());
        double accuracy = model.loss(strangers).accuracy();
        rows.append(key(run)).append(',').append(epoch).append(',').append((float) accuracy);
        rows.append('\n');
        if (accuracy >= KNOWN) {
          break;
        }
      }
    }
    return rows.toString();
  }

  /** How sure a checkpoint's answers are. */
  static void confidence(EvidenceRows rows, String at, Checkpoint checkpoint) {
    new Confidence(BINS)
        .measure(checkpoint)
        .forEach(
            (name, value) -> rows.addColumn(at, checkpoint.epoch().orElseThrow(), name, value));
  }
}
