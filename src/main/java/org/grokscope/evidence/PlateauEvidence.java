package org.grokscope.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.model.Transformer;
import org.grokscope.task.Split;
import org.grokscope.train.Cadence;
import org.grokscope.train.History;
import org.grokscope.train.Run;
import org.grokscope.train.TrainingDivergedException;
import tech.tablesaw.api.DoubleColumn;

/**
 * Rote until nothing more fits: random labels mod 59 in models of four widths, and the labels of a
 * + b in two of them, four times as long as in round one. What is told is the median over the last
 * sixth of a training, so that one bad step decides nothing. Some of these trainings without decay
 * run away: their loss is no number any more. Such a one has no plateau, and is counted.
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
    Map<Integer, Optional<Plateau>> full = new LinkedHashMap<>();
    for (int width : List.of(4, 8, 16, 32)) {
      full.put(width, Plateau.of(runs, wanted(width, ALL, seed).withRandomLabels()));
    }
    Optional<Plateau> eightFew = Plateau.of(runs, wanted(8, FEW, seed).withRandomLabels());
    Optional<Plateau> sixteenMany = Plateau.of(runs, wanted(16, MANY, seed).withRandomLabels());
    Optional<Plateau> sixteenMost = Plateau.of(runs, wanted(16, MOST, seed).withRandomLabels());
    Optional<Plateau> rote = Plateau.of(runs, wanted(32, MOST, seed).withRandomLabels());
    Optional<Plateau> rule = Plateau.of(runs, wanted(32, MOST, seed));
    Optional<Plateau> sixteenRule = Plateau.of(runs, wanted(16, ALL, seed));
    Optional<Plateau> fewRule = Plateau.of(runs, wanted(16, FEW, seed));

    StringBuilder rows = new StringBuilder();
    List<Optional<Plateau>> begun = new ArrayList<>(full.values());
    begun.addAll(List.of(eightFew, sixteenMany, sixteenMost, rote, rule, sixteenRule, fewRule));
    List<Plateau> all = begun.stream().flatMap(Optional::stream).toList();
    all.forEach(each -> rows.append(each.rows()));
    Ratios ratios = new Ratios(seed, rows);
    ratios.add(
        "width 8, 3,132 pairs over 348", "share_ratio", Plateau::share, full.get(8), eightFew);
    ratios.add(
        "width 16, 3,132 pairs over 1,392",
        "share_ratio",
        Plateau::share,
        full.get(16),
        sixteenMany);
    ratios.add(
        "width 16, 3,132 pairs over 2,088", "bits_ratio", Plateau::bits, full.get(16), sixteenMost);
    ratios.add("random labels over a+b", "loss_ratio", Plateau::loss, rote, rule);
    rows.append(widths(seed, full));
    rows.append(lost(seed, begun.size() - all.size()));
    return new MeasuredRun(
        String.format(
            Locale.ROOT,
            "to the plateau, seed %d: %d of %d trainings came to their end",
            seed,
            all.size(),
            begun.size()),
        rows.toString(),
        MeasuredRun.provenanceOf(all.get(0).run.last()));
  }

  /** How many trainings had no loss any more before their end; what they held is not told. */
  private static EvidenceRows lost(long seed, int count) {
    EvidenceRows rows = new EvidenceRows("all trainings", seed);
    rows.add("plateau", EPOCHS, "ran_away", "train", count);
    return rows;
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

  /** What of one training is over that of another, where both came to their end. */
  private record Ratios(long seed, StringBuilder rows) {
    void add(
        String experiment,
        String name,
        ToDoubleFunction<Plateau> of,
        Optional<Plateau> above,
        Optional<Plateau> below) {
      if (above.isPresent() && below.isPresent()) {
        EvidenceRows own = new EvidenceRows(experiment, seed);
        double value = of.applyAsDouble(above.get()) / of.applyAsDouble(below.get());
        own.add("plateau", above.get().end(), name, "train", value);
        rows.append(own);
      }
    }
  }

  private static EvidenceRows widths(long seed, Map<Integer, Optional<Plateau>> full) {
    EvidenceRows rows = new EvidenceRows("widths 4, 8 and 16", seed);
    List<Plateau> narrow = NARROW.stream().map(full::get).flatMap(Optional::stream).toList();
    if (narrow.size() == NARROW.size()) {
      long end = narrow.get(0).end();
      double mean = narrow.stream().mapToDouble(Plateau::density).average().orElseThrow();
      rows.add("plateau", end, "bits_per_parameter", "train", mean);
      double half =
          narrow.stream().mapToDouble(Plateau::halfway).sum()
              / narrow.stream().mapToDouble(Plateau::bits).sum();
      rows.add("plateau", end, "bits_halfway_over_end", "train", half);
    }
    List<Double> bits =
        full.values().stream().flatMap(Optional::stream).map(Plateau::bits).toList();
    if (bits.size() == full.size()) {
      boolean rising = bits.stream().sorted().distinct().toList().equals(bits);
      long end = full.get(NARROW.get(0)).orElseThrow().end();
      rows.add("plateau", end, "wider_holds_more", "train", rising ? 1 : 0);
    }
    return rows;
  }

  /** A model that can hold all that it is shown: no wall. */
  private static MeasuredRun spare(KeptRuns runs, long seed) {
    Optional<Plateau> twice = Plateau.of(runs, brief(TWICE, seed));
    Optional<Plateau> once = Plateau.of(runs, brief(FEW, seed));
    StringBuilder rows = new StringBuilder();
    new Ratios(seed, rows).add("room to spare", "share_ratio", Plateau::share, twice, once);
    Run run = Stream.of(twice, once).flatMap(Optional::stream).findFirst().orElseThrow().run;
    return new MeasuredRun(
        "room to spare, seed " + seed + ": " + run.history().last().summary(),
        rows.toString(),
        MeasuredRun.provenanceOf(run.last()));
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
    /** Empty where the loss was no number any more before the end. */
    static Optional<Plateau> of(KeptRuns runs, WantedRun wanted) {
      try {
        return Optional.of(new Plateau(wanted, runs.train(wanted)));
      } catch (TrainingDivergedException noEnd) {
        return Optional.empty();
      }
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
