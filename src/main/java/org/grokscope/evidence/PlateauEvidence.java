package org.grokscope.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.model.Transformer;
import org.grokscope.task.Split;
import org.grokscope.train.Cadence;
import org.grokscope.train.History;
import org.grokscope.train.Run;
import tech.tablesaw.api.DoubleColumn;

/**
 * Rote until nothing more fits: random labels mod 59 in models of four widths, and the labels of a
 * + b in two of them, four times as long as in round one. What is told is the median over the last
 * sixth of a training, so that one bad step decides nothing.
 */
final class PlateauEvidence {
  private static final int P = 59;
  private static final long EPOCHS = 6_000;
  private static final long SHORT_EPOCHS = 1_500; // where a model has room to spare
  private static final int SPARE = 20; // draws of it
  private static final int UNTRAINED = 40;
  private static final long FIRST_OTHER = 1_000; // seed of what is compared with
  private static final List<Integer> NARROW = List.of(4, 8, 16);

  private static final double ALL = 0.9; // 3,132 pairs
  private static final double MOST = 0.6; // 2,088
  private static final double MANY = 0.4; // 1,392
  private static final double TWICE = 0.2; // 696
  private static final double FEW = 0.1; // 348

  private PlateauEvidence() {}

  static EvidenceFile file() {
    List<Piece> pieces = new ArrayList<>();
    LongStream.range(SeedSweeps.FIRST, SeedSweeps.FIRST + SeedSweeps.JUDGED)
        .mapToObj(seed -> new Piece("to the plateau", seed, runs -> measured(runs, seed)))
        .forEach(pieces::add);
    pieces.add(new Piece("untrained", FIRST_OTHER, runs -> untrained()));
    LongStream.range(FIRST_OTHER, FIRST_OTHER + SPARE)
        .mapToObj(seed -> new Piece("room to spare", seed, runs -> spare(runs, seed)))
        .forEach(pieces::add);
    return new Measurements(
        "rote-plateau.csv",
        "How many random labels mod 59 a model memorises when it is trained until nothing more"
            + " fits, and what becomes of a + b in the same time",
        "about an hour of training on one core where no run is kept",
        EvidenceRows.HEADER,
        Map.of(),
        pieces,
        true);
  }

  private static MeasuredRun measured(KeptRuns runs, long seed) {
    Map<Integer, Plateau> full = new LinkedHashMap<>();
    for (int width : List.of(4, 8, 16, 32)) {
      full.put(width, Plateau.of(runs, wanted(width, ALL, seed).withRandomLabels()));
    }
    Plateau eightFew = Plateau.of(runs, wanted(8, FEW, seed).withRandomLabels());
    Plateau sixteenMany = Plateau.of(runs, wanted(16, MANY, seed).withRandomLabels());
    Plateau sixteenMost = Plateau.of(runs, wanted(16, MOST, seed).withRandomLabels());
    Plateau rote = Plateau.of(runs, wanted(32, MOST, seed).withRandomLabels());
    Plateau rule = Plateau.of(runs, wanted(32, MOST, seed));
    Plateau sixteenRule = Plateau.of(runs, wanted(16, ALL, seed));
    Plateau fewRule = Plateau.of(runs, wanted(16, FEW, seed));

    StringBuilder rows = new StringBuilder();
    List<Plateau> all = new ArrayList<>(full.values());
    all.addAll(List.of(eightFew, sixteenMany, sixteenMost, rote, rule, sixteenRule, fewRule));
    all.forEach(each -> rows.append(each.rows()));
    rows.append(
        ratio(
            "width 8, 3,132 pairs over 348",
            seed,
            "share_ratio",
            Plateau::share,
            full.get(8),
            eightFew));
    rows.append(
        ratio(
            "width 16, 3,132 pairs over 1,392",
            seed,
            "share_ratio",
            Plateau::share,
            full.get(16),
            sixteenMany));
    rows.append(
        ratio(
            "width 16, 3,132 pairs over 2,088",
            seed,
            "bits_ratio",
            Plateau::bits,
            full.get(16),
            sixteenMost));
    rows.append(ratio("random labels over a+b", seed, "loss_ratio", Plateau::loss, rote, rule));
    rows.append(widths(seed, full));
    return new MeasuredRun(
        "to the plateau, seed "
            + seed
            + ": "
            + full.get(8).run.history().last().summary()
            + " (width 8)",
        rows.toString(),
        MeasuredRun.provenanceOf(all.get(0).run.last()));
  }

  private static WantedRun wanted(int width, double share, long seed) {
    WantedRun run = WantedRun.addition(P, share, EPOCHS, seed);
    return run.with(
        run.config()
            .withShape(shape(width))
            .withLearningRate(0.005)
            .withWeightDecay(0)
            .withEvaluation(Cadence.every(50))
            .withCheckpoints(Cadence.every(EPOCHS)));
  }

  private static ModelShape shape(int width) {
    return ModelShape.nanda2023().withDModel(width).withDMlp(3 * width);
  }

  private static EvidenceRows ratio(
      String experiment,
      long seed,
      String name,
      ToDoubleFunction<Plateau> of,
      Plateau above,
      Plateau below) {
    EvidenceRows rows = new EvidenceRows(experiment, seed);
    double value = of.applyAsDouble(above) / of.applyAsDouble(below);
    rows.add("plateau", above.end(), name, "train", value);
    return rows;
  }

  private static EvidenceRows widths(long seed, Map<Integer, Plateau> full) {
    EvidenceRows rows = new EvidenceRows("widths 4, 8 and 16", seed);
    long end = full.get(NARROW.get(0)).end();
    double mean =
        NARROW.stream().mapToDouble(width -> full.get(width).density()).average().orElseThrow();
    rows.add("plateau", end, "bits_per_parameter", "train", mean);
    double half =
        NARROW.stream().mapToDouble(width -> full.get(width).halfway()).sum()
            / NARROW.stream().mapToDouble(width -> full.get(width).bits()).sum();
    rows.add("plateau", end, "bits_halfway_over_end", "train", half);
    List<Double> bits = full.values().stream().map(Plateau::bits).toList();
    boolean rising = bits.stream().sorted().distinct().toList().equals(bits);
    rows.add("plateau", end, "wider_holds_more", "train", rising ? 1 : 0);
    return rows;
  }

  /** A model that can hold all that it is shown: no wall. */
  private static MeasuredRun spare(KeptRuns runs, long seed) {
    Plateau twice = Plateau.of(runs, brief(TWICE, seed));
    Plateau once = Plateau.of(runs, brief(FEW, seed));
    return new MeasuredRun(
        "room to spare, seed " + seed + ": " + twice.run.history().last().summary(),
        ratio("room to spare", seed, "share_ratio", Plateau::share, twice, once).toString(),
        MeasuredRun.provenanceOf(twice.run.last()));
  }

  private static WantedRun brief(double share, long seed) {
    WantedRun whole = wanted(32, share, seed).withRandomLabels();
    return whole.with(whole.config().withEpochs(SHORT_EPOCHS));
  }

  /** What the same is of models as they begin. */
  private static MeasuredRun untrained() {
    StringBuilder rows = new StringBuilder();
    for (long seed = FIRST_OTHER; seed < FIRST_OTHER + UNTRAINED; seed++) {
      WantedRun wanted = wanted(32, MOST, seed);
      Split rule = wanted.split();
      Split rote = wanted.withRandomLabels().split();
      ModelConfig config = ModelConfig.of(shape(32), rule, 0);
      EvidenceRows own = new EvidenceRows("untrained", seed);
      try (Transformer model = Transformer.open(config, Parameters.initial(config, seed), 1)) {
        double loss = model.loss(rote.train()).loss();
        double bits = bits(loss, rote);
        own.add("plateau", 0, "accuracy", "train", model.loss(rote.train()).accuracy());
        own.add("plateau", 0, "accuracy", "test", model.loss(rule.test()).accuracy());
        own.add("plateau", 0, "bits_per_parameter", "train", bits / config.layout().size());
        own.add("plateau", 0, "loss_ratio", "train", loss / model.loss(rule.train()).loss());
      }
      rows.append(own);
    }
    return new MeasuredRun(
        "untrained: " + UNTRAINED + " models",
        rows.toString(),
        new ObjectMapper().createObjectNode().put("untrained", UNTRAINED));
  }

  /** What the training labels need less than in a table of their own: n (log2 p − loss / ln 2). */
  private static double bits(double loss, Split split) {
    return split.trainRows().length * (Math.log(split.table().p()) - loss) / Math.log(2);
  }

  /** A finished run, looked at over the last sixth of its training. */
  private record Plateau(WantedRun wanted, Run run) {
    static Plateau of(KeptRuns runs, WantedRun wanted) {
      return new Plateau(wanted, runs.train(wanted));
    }

    long end() {
      return run.history().last().epoch();
    }

    double loss() {
      return last(History.Row::trainLoss);
    }

    double share() {
      return last(History.Row::trainAccuracy);
    }

    double bits() {
      return PlateauEvidence.bits(loss(), run.split());
    }

    /** Bits over the sixth that ends half-way. */
    double halfway() {
      return PlateauEvidence.bits(until(end() / 2, History.Row::trainLoss), run.split());
    }

    double density() {
      return bits() / run.last().config().layout().size();
    }

    private double last(ToDoubleFunction<History.Row> of) {
      return until(end(), of);
    }

    private double until(long epoch, ToDoubleFunction<History.Row> of) {
      return DoubleColumn.create(
              "value",
              run.history().rows().stream()
                  .filter(row -> row.epoch() > epoch - end() / 6 && row.epoch() <= epoch)
                  .mapToDouble(of)
                  .toArray())
          .median();
    }

    EvidenceRows rows() {
      EvidenceRows rows =
          new EvidenceRows(
              String.format(
                  Locale.ROOT,
                  "%s, width %d, %,d pairs",
                  wanted.randomLabels() ? "random labels" : "a+b",
                  run.config().shape().dModel(),
                  run.split().trainRows().length),
              run.config().seed());
      rows.add("plateau", end(), "loss", "train", loss());
      rows.add("plateau", end(), "accuracy", "train", share());
      rows.add("plateau", end(), "accuracy", "test", last(History.Row::testAccuracy));
      rows.add("plateau", end(), "bits_per_parameter", "train", density());
      double best =
          run.history().rows().stream().mapToDouble(History.Row::testAccuracy).max().orElseThrow();
      rows.add("plateau", end(), "best_accuracy", "test", best);
      return rows;
    }
  }
}
