package org.grokscope.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.probe.Metric;
import org.grokscope.task.Operation;
import org.grokscope.train.Cadence;
import org.grokscope.train.Run;

/**
 * Clock or pizza: the two measures of Zhong et al. (2023) of small nets that add and subtract, and
 * of the same nets before they learn anything.
 */
final class ClockEvidence {
  private static final int P = 59;
  private static final double FRACTION = 0.6;
  private static final int SEEDS = 8;
  private static final long FIRST_UNTRAINED = 1_000; // seed
  private static final int UNTRAINED = 40;
  private static final List<String> METRICS =
      List.of("loss", "accuracy", "distance_irrelevance", "gradient_symmetricity");

  private ClockEvidence() {}

  static EvidenceFile file() {
    List<Piece> pieces = new ArrayList<>();
    for (WantedRun net : nets()) {
      for (long seed = 0; seed < SEEDS; seed++) {
        WantedRun run = net.with(net.config().withSeed(seed));
        pieces.add(Piece.of(run, runs -> trained(run, runs.train(run))));
      }
      for (long seed = FIRST_UNTRAINED; seed < FIRST_UNTRAINED + UNTRAINED; seed++) {
        long draw = seed;
        pieces.add(new Piece("untrained " + experiment(net), draw, runs -> untrained(net, draw)));
      }
    }
    return new Measurements(
        "clock-or-pizza.csv",
        "Distance irrelevance and gradient symmetricity of nets that add and subtract, with"
            + " attention and without, and of untrained ones",
        "about 20 minutes of training on one core where no run is kept",
        EvidenceRows.HEADER,
        Map.of("untrained", UNTRAINED),
        pieces,
        true);
  }

  /** Without its seed. */
  private static List<WantedRun> nets() {
    WantedRun adds = WantedRun.addition(P, FRACTION, 3_000, 0);
    WantedRun sparse =
        adds.with(
            adds.config().withEvaluation(Cadence.every(50)).withCheckpoints(Cadence.every(1_000)));
    return List.of(
        sparse,
        sparse.with(sparse.config().withShape(ModelShape.nanda2023().withoutAttention())),
        sparse.with(Operation.SUBTRACT).with(sparse.config().withEpochs(6_000)));
  }

  private static String experiment(WantedRun net) {
    return net.split().table() + WantedRun.variant(net.config().shape());
  }

  private static MeasuredRun trained(WantedRun wanted, Run run) {
    EvidenceRows rows = new EvidenceRows(experiment(wanted), run.config().seed());
    add(rows, run.last());
    return new MeasuredRun(
        wanted.toString(), rows.toString(), MeasuredRun.provenanceOf(run.last()));
  }

  private static MeasuredRun untrained(WantedRun net, long seed) {
    WantedRun wanted = net.with(net.config().withSeed(seed));
    ModelConfig config = ModelConfig.nanda2023(P);
    config =
        new ModelConfig(
            net.config().shape(), config.vocabulary(), config.outputs(), config.contextLength());
    EvidenceRows rows = new EvidenceRows("untrained " + experiment(net), seed);
    Parameters initial = Parameters.initial(config, seed);
    add(rows, Checkpoint.of(wanted.split(), config, initial, 0, "{}"));
    return new MeasuredRun(
        "untrained " + experiment(net) + ", seed " + seed,
        rows.toString(),
        new ObjectMapper().createObjectNode());
  }

  private static void add(EvidenceRows rows, Checkpoint checkpoint) {
    for (String name : METRICS) {
      rows.addAll(
          "last", checkpoint.epoch().orElseThrow(), Metric.named(name).readings(checkpoint));
    }
  }
}
