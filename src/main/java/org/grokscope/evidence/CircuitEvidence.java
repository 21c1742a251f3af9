package org.grokscope.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.model.ModelShape;
import org.grokscope.probe.Controls;
import org.grokscope.probe.Interval;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.Metric;
import org.grokscope.probe.Phases;
import org.grokscope.series.Probe;
import org.grokscope.series.ProbeSeries;
import org.grokscope.series.Reading;
import org.grokscope.task.Operation;
import org.grokscope.train.Run;
import tech.tablesaw.api.Table;

/** Every metric of one run at a few moments, and what its whole training tells. */
public final class CircuitEvidence {
  private static final int CONTROLS = 10;
  private static final long EIGHT_THOUSAND = 8_000;

  /** What the provenance of a file with every metric says. */
  static final Map<String, Object> DETAILS =
      Map.of("key_rule", KeyRule.ENERGY.label(), "controls", CONTROLS);

  /** Measured at every checkpoint. */
  private static final List<String> LIGHT =
      List.of(
          "loss",
          "accuracy",
          "accuracy.strangers",
          "squared_norm",
          "embedding_gini",
          "wl_gini",
          "restricted.logits",
          "excluded.logits");

  /** Measured every {@link #SPARSE} epochs. */
  private static final List<String> HEAVY =
      List.of("embedding_gini", "wl_gini", "neuron_fraction.quantile");

  private static final long SPARSE = 500; // epochs between measurements of the neurons

  /** The key of the middle of a boundary. */
  static final String MIDDLE = "middle";

  private final EvidenceRows rows;
  private final long end; // the last epoch of the run

  private CircuitEvidence(EvidenceRows rows, long end) {
    this.rows = rows;
    this.end = end;
  }

  static EvidenceFile file() {
    WantedRun first = WantedRun.addition(59, 0.5, 3_000, 0);
    WantedRun twoLayers = WantedRun.addition(31, 0.7, 3_600, 0);
    ModelShape shape = ModelShape.nanda2023();
    Stream<WantedRun> others =
        Stream.of(
            WantedRun.addition(97, 0.4, 12_000, 0),
            WantedRun.addition(59, 0.5, 20_000, 0),
            WantedRun.addition(113, 0.3, 40_000, 0).with(Operation.SUBTRACT),
            WantedRun.addition(113, 0.3, 12_000, 0).with(Operation.MULTIPLY),
            twoLayers.with(twoLayers.config().withShape(shape.withLayers(2))),
            first.with(first.config().withShape(shape.withoutAttention())));
    return measuring(
        "circuit.csv",
        "Every metric of models that grok, at the grok, at epoch 8,000 and at the end, with random"
            + " sets of frequencies as controls; the phases of their trainings",
        "about 2 hours of training where no run is kept, and half an hour of measuring",
        Stream.concat(RoteEvidence.published(), others));
  }

  /** The same of the seeds by which round two judges. */
  static EvidenceFile fresh() {
    return measuring(
        "circuit-fresh.csv",
        "The same of eight trainings that nothing was known of when the rules of round two were"
            + " written",
        "about 3 hours of training on one core where no run is kept, and half an hour of measuring",
        freshRuns());
  }

  /** The published training with the seeds of round two. */
  static Stream<WantedRun> freshRuns() {
    return LongStream.rangeClosed(10, 17)
        .mapToObj(seed -> WantedRun.addition(113, 0.3, 40_000, seed));
  }

  private static EvidenceFile measuring(
      String file, String holds, String takes, Stream<WantedRun> wantedRuns) {
    return new Measurements(
        file,
        holds,
        takes,
        EvidenceRows.HEADER,
        DETAILS,
        wantedRuns
            .map(
                wanted ->
                    Measurements.Piece.of(
                        wanted,
                        runs -> {
                          Run run = runs.train(wanted);
                          return measure(
                              CheckpointStore.in(run.directory()),
                              run.checkpointEpochs(),
                              KeyRule.ENERGY,
                              List.of(EIGHT_THOUSAND),
                              CONTROLS);
                        }))
            .toList(),
        false);
  }

  /** The weights at the end of one of the trainings, by which measures can be checked. */
  static EvidenceFile keptCheckpoint() {
    return new KeptCheckpoint(WantedRun.addition(113, 0.3, 40_000, 1));
  }

  /** The last checkpoint of a run. */
  private record KeptCheckpoint(WantedRun wanted) implements EvidenceFile {
    @Override
    public String file() {
      return "seed-" + wanted.config().seed() + "-step-0" + wanted.config().epochs() + ".npz";
    }

    @Override
    public String holds() {
      return "The weights of one training at its end";
    }

    @Override
    public List<String> from() {
      return List.of(wanted.toString());
    }

    @Override
    public String takes() {
      return "about 15 minutes of training where the run is not kept";
    }

    @Override
    public boolean hasQuickScale() {
      return true;
    }

    @Override
    public void make(KeptRuns runs, Path out, Consumer<String> say) {
      Checkpoint last = runs.train(wanted).last();
      last.save(out);
      say.accept(name() + ": epoch " + last.epoch().orElseThrow());
    }
  }

  /**
   * Measures a finished run.
   *
   * @param store its checkpoints
   * @param kept epochs of those that are the run's; the keys are read off the last
   * @param moments further epochs to measure at, where the run has them
   * @param controls random sets of frequencies beside the keys
   * @throws IllegalArgumentException if its checkpoints do not say how they came to be
   */
  public static MeasuredRun measure(
      CheckpointStore store, List<Long> kept, KeyRule rule, List<Long> moments, int controls) {
    Checkpoint last = store.load(kept.get(kept.size() - 1));
    JsonNode provenance = MeasuredRun.provenanceOf(last);
    if (provenance.at("/task").isMissingNode() || provenance.at("/training/seed").isMissingNode()) {
      throw new IllegalArgumentException(
          store + ": the last one does not say its task and seed, expected a run of `train`");
    }
    String experiment = provenance.at("/task").asText() + WantedRun.variant(last.config().shape());
    long seed = provenance.at("/training/seed").asLong();
    KeyFrequencies keys = KeyFrequencies.of(last, rule);
    Controls random = Controls.random(keys, controls, seed);
    EvidenceRows rows = new EvidenceRows(experiment, seed);
    ProbeSeries checkpoints = ProbeSeries.of(store).at(kept);
    Table series = checkpoints.measure(allowed(last, keys, LIGHT));
    Table sparse = checkpoints.every(SPARSE).measure(allowed(last, keys, HEAVY));
    Phases phases = Phases.of(series);
    CircuitEvidence whole = new CircuitEvidence(rows, last.epoch().orElseThrow());
    whole.whole(series, phases, sparse);
    whole.paces(series, phases);
    Map<String, Long> all = new LinkedHashMap<>();
    phases.memorisationEnds().ifPresent(seen -> all.put("memorised", memorised(series)));
    firstAbove(series, "accuracy[test]", 0.99).ifPresent(epoch -> all.put("grok", epoch));
    moments.stream().filter(kept::contains).forEach(epoch -> all.put(Long.toString(epoch), epoch));
    all.put("last", last.epoch().orElseThrow());
    all.forEach((at, epoch) -> moment(rows, at, epoch, store.load(epoch), random));
    return new MeasuredRun(
        experiment + ", seed " + seed + ": keys " + keys.frequencies(),
        rows.toString(),
        provenance);
  }

  /** The checkpoint of the smallest excluded loss. */
  static long memorised(Table series) {
    return series.sortAscendingOn(Phases.EXCLUDED_LOSS).longColumn("epoch").get(0);
  }

  /**
   * Every metric of one checkpoint.
   *
   * @param at the name of the moment
   * @param epoch of it
   * @param random sets of frequencies, beside the keys that they were drawn for
   */
  private static void moment(
      EvidenceRows rows, String at, long epoch, Checkpoint checkpoint, Controls random) {
    for (Metric metric : Metric.all()) {
      if (metric.refusal(checkpoint).isEmpty() && !metric.name().equals("embedding_norm")) {
        rows.addAll(at, epoch, metric.readings(checkpoint, random));
      }
    }
  }

  /**
   * Measures weights that come without a training: every metric, once.
   *
   * @param epoch that they are of
   * @return the keys, which are read off themselves
   */
  static KeyFrequencies measure(EvidenceRows rows, long seed, long epoch, Checkpoint checkpoint) {
    KeyFrequencies keys = KeyFrequencies.of(checkpoint, KeyRule.ENERGY);
    moment(rows, "last", epoch, checkpoint, Controls.random(keys, CONTROLS, seed));
    return keys;
  }

  private static Probe[] allowed(Checkpoint last, KeyFrequencies keys, List<String> names) {
    return names.stream()
        .map(Metric::named)
        .filter(metric -> metric.refusal(last).isEmpty())
        .map(metric -> metric.probe(keys))
        .toArray(Probe[]::new);
  }

  /** The first checkpoint at which a column has a level. */
  static Optional<Long> firstAbove(Table series, String column, double level) {
    for (int i = 0; i < series.rowCount(); i++) {
      if (series.doubleColumn(column).get(i) >= level) {
        return Optional.of(series.longColumn("epoch").get(i));
      }
    }
    return Optional.empty();
  }

  /** What a training tells as a whole; a boundary that was not seen has no row. */
  void whole(Table series, Phases phases, Table sparse) {
    boundary("phase.memorisation_ends", phases.memorisationEnds());
    boundary("phase.cleanup_begins", phases.cleanupBegins());
    boundary("phase.cleanup_ends", phases.cleanupEnds());
    number("phase.in_order", phases.inOrder() ? 1 : 0);
    boundary("phase.test_loss_falls", phases.fallBegins("loss[test]"));
    boundary("phase.restricted_loss_falls", phases.fallBegins("restricted.logits[test]"));
    boundary("phase.lead", phases.lead("restricted.logits[test]", "loss[test]"));
    phases
        .excludedRise()
        .ifPresent(
            rise -> {
              number("phase.excluded_rise", rise.ratio());
              number("phase.largest_train_loss", rise.largestTrainLoss());
            });
    if (phases.complete()) {
      Table all = series.sortAscendingOn("loss[test]");
      double lowest = all.longColumn("epoch").get(0);
      double begun = phases.cleanupBegins().orElseThrow().from();
      double cleaned = phases.cleanupEnds().orElseThrow().to();
      String norm = "squared_norm[total]";
      double most = series.doubleColumn(norm).max();
      parts("norm", series, norm, most, new double[] {begun, cleaned, lowest}, phases);
      sparsely(phases, sparse, lowest);
    }
  }

  /** How fast measures change in cleanup against the end of circuit formation; strangers. */
  private void paces(Table series, Phases phases) {
    Pace.ofStrangers(series).ifPresent(pace -> number("rise.strangers", pace));
    Pace.Boundaries.of(phases)
        .ifPresent(
            boundaries ->
                Pace.of(series).forEach((name, pace) -> number(name, pace.ratio(boundaries))));
  }

  /** C14 and C15, on fewer checkpoints. */
  private void sparsely(Phases phases, Table sparse, double lowest) {
    String median = "neuron_fraction.quantile[50]";
    if (!sparse.containsColumn(median)) {
      return;
    }
    double memorised = phases.memorisationEnds().orElseThrow().middle();
    double cleaned = phases.cleanupEnds().orElseThrow().to();
    Table after = sparse.where(sparse.longColumn("epoch").isGreaterThanOrEqualTo(memorised));
    Table until = after.where(after.longColumn("epoch").isLessThanOrEqualTo(cleaned));
    rankCorrelation(after, median).ifPresent(rank -> number("phase.median_rank_correlation", rank));
    rankCorrelation(until, median)
        .ifPresent(rank -> number("phase.median_rank_correlation_to_cleanup", rank));
    for (String gini : List.of("embedding_gini", "wl_gini")) {
      double begin = phases.cleanupBegins().orElseThrow().middle();
      double done = phases.cleanupEnds().orElseThrow().middle();
      double before = Pace.interpolated(sparse, gini, memorised);
      parts(gini, sparse, gini, before, new double[] {begin, done, lowest}, phases);
    }
  }

  /**
   * Where a measure changes, as shares of its change from {@code first} to the last checkpoint:
   * during circuit formation; during cleanup by the rule; and during a cleanup that goes on to the
   * lowest test loss.
   *
   * @param epochs where cleanup begins, where it ends, and where the test loss is lowest
   */
  private void parts(
      String what, Table values, String column, double first, double[] epochs, Phases phases) {
    double change = values.doubleColumn(column).get(values.rowCount() - 1) - first;
    double memorised =
        Pace.interpolated(values, column, phases.memorisationEnds().orElseThrow().middle());
    double begun = Pace.interpolated(values, column, epochs[0]);
    double cleaned = Pace.interpolated(values, column, epochs[1]);
    double lowest = Pace.interpolated(values, column, epochs[2]);
    number("phase.formation_share_of_" + what, (begun - memorised) / change);
    number("phase.cleanup_share_of_" + what, (cleaned - begun) / change);
    number("phase.cleanup_to_lowest_share_of_" + what, (lowest - begun) / change);
  }

  /** Spearman's, of a column with the epoch; empty for fewer than three checkpoints. */
  private static OptionalDouble rankCorrelation(Table series, String column) {
    return series.rowCount() < 3
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            new SpearmansCorrelation()
                .correlation(
                    series.longColumn("epoch").asDoubleColumn().asDoubleArray(),
                    series.doubleColumn(column).asDoubleArray()));
  }

  private void boundary(String name, Optional<Interval> interval) {
    interval.ifPresent(
        seen -> {
          rows.add("run", end, new Reading(name, "", "from", seen.from()));
          rows.add("run", end, new Reading(name, "", "to", seen.to()));
          rows.add("run", end, new Reading(name, "", MIDDLE, seen.middle()));
        });
  }

  private void number(String name, double value) {
    rows.add("run", end, new Reading(name, "", "", value));
  }
}
