package org.grokscope.evidence;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.probe.Controls;
import org.grokscope.probe.Interval;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRemoval;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.Metric;
import org.grokscope.probe.Phases;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;
import org.grokscope.task.RandomStream;
import org.grokscope.task.Split;
import org.grokscope.train.Run;
import tech.tablesaw.api.Table;

/**
 * What the quantities of section C are where nothing was understood: each draw is measured as a run
 * of circuit-fresh is, and has a number of its own in the place of the seed.
 *
 * <p>circuit-untrained.csv has models of the same shape as they begin, and is made from nothing in
 * half a minute. circuit-nulls.csv has:
 *
 * <ul>
 *   <li><b>random labels</b>: models of the same shape that learn a table without a rule
 *   <li><b>random sets</b>: the trained models, other frequencies in the place of their keys
 *   <li><b>random epochs</b>: the trained models, other epochs in the place of their phases
 *   <li><b>an even pace</b>: strangers that come right at moments drawn evenly
 * </ul>
 */
final class CircuitNulls {
  private static final int P = 113;
  private static final int SETS = 10; // of each training
  private static final int EPOCHS = 100; // of each training
  private static final int UNTRAINED = 40;
  private static final long FIRST_UNTRAINED = 1_000; // seed
  private static final int RANDOM_LABELS = 20;
  private static final long LABEL_EPOCHS = 400;
  private static final long SPARSE = 500; // epochs between checkpoints of a series
  private static final double KNOWN = 0.99;
  private static final int STRANGERS = 6_000; // about as many as a training has at p = 113, 30 %

  private static final List<String> OF_MODELS =
      List.of(
          "accuracy",
          "key_frequency.energy",
          "neuron_fraction_85",
          "neuron_energy_85",
          "neuron_fraction.quantile",
          "wl_rank_2pct",
          "attention_fve",
          "margin.min",
          "margin.mean",
          "margin.ideal");
  private static final List<String> OF_LABELS =
      List.of("accuracy", "neuron_fraction_85", "neuron_energy_85", "neuron_fraction.quantile");
  private static final List<String> OF_SETS =
      List.of(
          "loss",
          "accuracy",
          "fit.fve.per_input",
          "fit.loss",
          "wl_direction_fve.weighted",
          "attention_fve.keys",
          "product_share.mlp_pre",
          "product_share.mlp_post");

  private static final List<String> OF_PHASES =
      List.of("loss", "accuracy", "restricted.logits", "excluded.logits");

  private CircuitNulls() {}

  static EvidenceFile file() {
    List<WantedRun> fresh = CircuitEvidence.freshRuns().toList();
    Stream<Piece> ofRuns =
        fresh.stream().map(wanted -> Piece.of(wanted, runs -> ofRun(runs.train(wanted))));
    Stream<Piece> ofLabels =
        LongStream.range(0, RANDOM_LABELS)
            .mapToObj(seed -> WantedRun.addition(P, 0.3, LABEL_EPOCHS, seed).withRandomLabels())
            .map(wanted -> Piece.of(wanted, runs -> ofRandomLabels(runs.train(wanted))));
    return new Measurements(
        "circuit-nulls.csv",
        "The quantities of section C where nothing was understood: random labels, random"
            + " frequencies, random epochs",
        "the trainings of circuit-fresh, about 5 minutes more of training, and half an hour of"
            + " measuring",
        EvidenceRows.HEADER,
        Map.of("sets", SETS, "epochs", EPOCHS),
        Stream.concat(ofLabels, ofRuns).toList(),
        false);
  }

  static EvidenceFile untrained() {
    return new Measurements(
        "circuit-untrained.csv",
        "The same quantities of models that were never trained",
        "about half a minute",
        EvidenceRows.HEADER,
        Map.of("models", UNTRAINED),
        LongStream.range(FIRST_UNTRAINED, FIRST_UNTRAINED + UNTRAINED)
            .mapToObj(seed -> new Piece("untrained models mod " + P, seed, runs -> untrained(seed)))
            .toList(),
        true);
  }

  /** The weights as a training begins. */
  private static MeasuredRun untrained(long seed) {
    Split split = WantedRun.addition(P, 0.3, 1, seed).split();
    ModelConfig config = ModelConfig.nanda2023(P);
    EvidenceRows rows = new EvidenceRows("untrained", seed);
    model(rows, Checkpoint.of(split, config, Parameters.initial(config, seed), 0, "{}"));
    return new MeasuredRun(
        "untrained, seed " + seed, rows.toString(), new ObjectMapper().createObjectNode());
  }

  private static MeasuredRun ofRandomLabels(Run run) {
    EvidenceRows rows = new EvidenceRows("random labels", run.config().seed());
    Table accuracies = run.probe(Metric.named("accuracy").probe());
    long memorised =
        CircuitEvidence.firstAbove(accuracies, "accuracy[train]", KNOWN)
            .orElseThrow(
                () -> new IllegalStateException(run + ": not memorised after " + LABEL_EPOCHS));
    neurons(rows, "memorised", run.checkpoint(memorised));
    neurons(rows, "last", run.last());
    return new MeasuredRun(
        "random labels, seed " + run.config().seed(),
        rows.toString(),
        MeasuredRun.provenanceOf(run.last()));
  }

  private static void neurons(EvidenceRows rows, String at, Checkpoint checkpoint) {
    for (String name : OF_LABELS) {
      rows.addAll(at, epoch(checkpoint), Metric.named(name).readings(checkpoint));
    }
  }

  /** What needs keys is measured at those that the model itself shows. */
  private static void model(EvidenceRows rows, Checkpoint checkpoint) {
    KeyFrequencies keys = KeyFrequencies.of(checkpoint, KeyRule.ENERGY);
    for (String name : OF_MODELS) {
      rows.addAll("last", epoch(checkpoint), Metric.named(name).readings(checkpoint, keys));
    }
  }

  private static MeasuredRun ofRun(Run run) {
    long seed = run.config().seed();
    KeyFrequencies keys = KeyFrequencies.of(run.last(), KeyRule.ENERGY);
    Table whole = run.probe(probes(keys));
    Phases phases = Phases.of(whole);
    StringBuilder rows = new StringBuilder();
    rows.append(epochs(run, whole, phases));
    List<KeyFrequencies> sets = Controls.random(keys, SETS, seed).sets();
    Table all = run.series().every(SPARSE).measure(ofAll(sets));
    for (int i = 0; i < SETS; i++) {
      EvidenceRows own = new EvidenceRows("random sets", SETS * seed + i);
      ofSet(own, run, keys, sets.get(i));
      ofSeries(own, run, of(all, i));
      rows.append(own);
    }
    return new MeasuredRun(
        "nulls of seed " + seed, rows.toString(), MeasuredRun.provenanceOf(run.last()));
  }

  /** At the end, with a random set in the place of the keys. */
  private static void ofSet(EvidenceRows rows, Run run, KeyFrequencies keys, KeyFrequencies set) {
    Checkpoint last = run.last();
    long epoch = epoch(last);
    for (String name : OF_SETS) {
      rows.addAll("last", epoch, Metric.named(name).readings(last, set));
    }
    for (KeyRemoval.Site site : KeyRemoval.Site.values()) {
      rows.addAll("last", epoch, new KeyRemoval(site, set, keys).readings(last));
    }
  }

  /** What the phases are read off, for every set in one reading of the checkpoints. */
  private static Probe ofAll(List<KeyFrequencies> sets) {
    List<Probe> probes =
        sets.stream()
            .flatMap(set -> OF_PHASES.stream().map(name -> Metric.named(name).probe(set)))
            .toList();
    String identity =
        probes.stream().map(probe -> probe.identity().orElseThrow()).collect(joining("; "));
    return Probe.named(
        identity,
        checkpoint -> {
          Map<String, Double> columns = new LinkedHashMap<>();
          for (int i = 0; i < probes.size(); i++) {
            int set = i / OF_PHASES.size();
            probes
                .get(i)
                .measure(checkpoint)
                .forEach((column, value) -> columns.put(set + " " + column, value));
          }
          return columns;
        });
  }

  /** The columns of one set under their own names. */
  private static Table of(Table all, int set) {
    Table own = Table.create(all.longColumn("epoch").copy());
    String start = set + " ";
    all.columns().stream()
        .filter(column -> column.name().startsWith(start))
        .forEach(
            column ->
                own.addColumns(column.copy().setName(column.name().substring(start.length()))));
    return own;
  }

  /** Over the training; what never comes is told as late or as little as can be. */
  private static void ofSeries(EvidenceRows rows, Run run, Table series) {
    Phases phases = Phases.of(series);
    long end = run.config().epochs();
    number(rows, end, "phase.lead", phases.lead("restricted.logits[test]", "loss[test]"), 0);
    number(rows, end, "phase.cleanup_begins", phases.cleanupBegins(), end);
    number(rows, end, "phase.memorisation_ends", phases.memorisationEnds(), end);
    double rise = phases.excludedRise().map(Phases.ExcludedRise::ratio).orElse(1.0);
    rows.add("run", end, "phase.excluded_rise", "", rise);
  }

  private static void number(
      EvidenceRows rows, long end, String name, Optional<Interval> seen, double otherwise) {
    double middle = seen.map(Interval::middle).orElse(otherwise);
    rows.add("run", end, new Reading(name, "", CircuitEvidence.MIDDLE, middle));
  }

  /** Stretches as long as the run's own at other epochs; boundaries and strangers at random. */
  private static String epochs(Run run, Table series, Phases phases) {
    long seed = run.config().seed();
    long end = run.config().epochs();
    RandomStream random = RandomStream.of(seed, "random epochs");
    long memorised = CircuitEvidence.memorised(series);
    Pace.Boundaries own =
        Pace.Boundaries.of(phases)
            .orElseThrow(() -> new IllegalStateException(run + ": its phases are not in order"));
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < EPOCHS; i++) {
      EvidenceRows draw = new EvidenceRows("random epochs", EPOCHS * seed + i);
      Pace.Boundaries moved = own.moved(random, memorised, end);
      Pace.of(series).forEach((name, pace) -> draw.add("run", end, name, "", pace.ratio(moved)));
      for (String boundary : List.of("phase.memorisation_ends", "phase.cleanup_begins")) {
        number(draw, end, boundary, Optional.empty(), random.nextDouble() * end);
      }
      rows.add(draw.toString());
    }
    for (int i = 0; i < SETS; i++) {
      EvidenceRows draw = new EvidenceRows("an even pace", SETS * seed + i);
      draw.add("run", end, "rise.strangers", "", Pace.ofEvenMoments(random, STRANGERS));
      rows.add(draw.toString());
    }
    return String.join("", rows);
  }

  private static Probe[] probes(KeyFrequencies keys) {
    return Stream.of(
            "loss",
            "accuracy",
            "squared_norm",
            "embedding_gini",
            "wl_gini",
            "restricted.logits",
            "excluded.logits")
        .map(name -> Metric.named(name).probe(keys))
        .toArray(Probe[]::new);
  }

  private static long epoch(Checkpoint checkpoint) {
    return checkpoint.epoch().orElseThrow();
  }
}
