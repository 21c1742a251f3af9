package org.grokscope.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.probe.Controls;
import org.grokscope.probe.Interval;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.Metric;
import org.grokscope.probe.Phases;
import org.grokscope.series.Probe;
import org.grokscope.series.ProbeSeries;
import org.grokscope.series.Reading;
import tech.tablesaw.api.Table;

/**
 * One run as rows of evidence: every metric at a few moments, and what its whole training tells.
 *
 * @param experiment such as {@code a+b mod 113}, with what is not as published
 * @param seed of the training
 * @param keys read off the last checkpoint
 * @param rows CSV, without the header
 * @param provenance how the run came to be
 */
public record RunEvidence(
    String experiment, long seed, KeyFrequencies keys, String rows, JsonNode provenance) {

  public static final String HEADER = "experiment,seed,at,epoch,metric,part,key,value\n";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Measured at every checkpoint. */
  private static final List<String> LIGHT =
      List.of("loss", "accuracy", "squared_norm", "restricted.logits", "excluded.logits");

  /** Measured every {@link #SPARSE} epochs. */
  private static final List<String> HEAVY =
      List.of("embedding_gini", "wl_gini", "neuron_fraction.quantile");

  private static final long SPARSE = 500; // epochs between measurements of the neurons

  /**
   * Measures a run.
   *
   * @throws IllegalArgumentException if its checkpoints do not say how they came to be
   */
  public static RunEvidence measure(
      CheckpointStore store, KeyRule rule, List<Long> epochs, int controls) {
    Checkpoint last = store.last();
    JsonNode provenance = provenanceOf(last, store);
    String experiment = provenance.at("/task").asText() + variant(last);
    long seed = provenance.at("/training/seed").asLong();
    KeyFrequencies keys = KeyFrequencies.of(last, rule);
    Controls random = Controls.random(keys, controls, seed);
    Rows rows = new Rows(experiment, seed);
    ProbeSeries checkpoints = ProbeSeries.of(store);
    Table series = checkpoints.measure(allowed(last, keys, LIGHT));
    Table sparse = checkpoints.every(SPARSE).measure(allowed(last, keys, HEAVY));
    rows.whole(series, Phases.of(series), sparse);
    Map<String, Long> moments = new LinkedHashMap<>();
    firstAbove(series, "accuracy[test]", 0.99).ifPresent(epoch -> moments.put("grok", epoch));
    epochs.stream()
        .filter(store.epochs()::contains)
        .forEach(epoch -> moments.put(Long.toString(epoch), epoch));
    moments.put("last", last.epoch().orElseThrow());
    moments.forEach((at, epoch) -> rows.moment(at, store.load(epoch), random));
    return new RunEvidence(experiment, seed, keys, rows.text.toString(), provenance);
  }

  /** As the command writes it. */
  public MeasuredRun measured() {
    return new MeasuredRun(toString(), rows, provenance);
  }

  private static Probe[] allowed(Checkpoint last, KeyFrequencies keys, List<String> names) {
    return names.stream()
        .map(Metric::named)
        .filter(metric -> metric.refusal(last).isEmpty())
        .map(metric -> metric.probe(keys))
        .toArray(Probe[]::new);
  }

  private static JsonNode provenanceOf(Checkpoint last, CheckpointStore store) {
    try {
      JsonNode tree = JSON.readTree(last.provenance().orElse("{}"));
      if (tree.at("/task").isMissingNode() || tree.at("/training/seed").isMissingNode()) {
        throw new IllegalArgumentException(
            store + ": the last one does not say its task and seed, expected a run of `train`");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(store + ": their provenance is no JSON", e);
    }
  }

  /** What is not as published of a model, or nothing. */
  private static String variant(Checkpoint checkpoint) {
    int layers = checkpoint.config().shape().layers();
    if (!checkpoint.config().shape().attends()) {
      return ", no attention";
    }
    return layers == 1 ? "" : ", " + layers + " layers";
  }

  private static Optional<Long> firstAbove(Table series, String column, double level) {
    for (int i = 0; i < series.rowCount(); i++) {
      if (series.doubleColumn(column).get(i) >= level) {
        return Optional.of(series.longColumn("epoch").get(i));
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return experiment + ", seed " + seed + ": keys " + keys.frequencies();
  }

  /** The rows under way. */
  private static final class Rows {
    private final StringBuilder text = new StringBuilder();
    private final String experiment;
    private final long seed;
    private long end; // the last epoch of the run

    Rows(String experiment, long seed) {
      this.experiment = experiment;
      this.seed = seed;
    }

    void moment(String at, Checkpoint checkpoint, Controls random) {
      for (Metric metric : Metric.all()) {
        if (metric.refusal(checkpoint).isEmpty() && !metric.name().equals("embedding_norm")) {
          long epoch = checkpoint.epoch().orElseThrow();
          metric.readings(checkpoint, random).forEach(reading -> add(at, epoch, reading));
        }
      }
    }

    /** What a training tells as a whole; a boundary that was not seen has no row. */
    void whole(Table series, Phases phases, Table sparse) {
      end = series.longColumn("epoch").get(series.rowCount() - 1);
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
      rankCorrelation(after, median)
          .ifPresent(rank -> number("phase.median_rank_correlation", rank));
      rankCorrelation(until, median)
          .ifPresent(rank -> number("phase.median_rank_correlation_to_cleanup", rank));
      for (String gini : List.of("embedding_gini", "wl_gini")) {
        double begin = phases.cleanupBegins().orElseThrow().middle();
        double done = phases.cleanupEnds().orElseThrow().middle();
        double before = interpolated(sparse, gini, memorised);
        parts(gini, sparse, gini, before, new double[] {begin, done, lowest}, phases);
      }
    }

    /**
     * Where a measure changes, as shares of its change from {@code first} to the last checkpoint:
     * during circuit formation; during cleanup by the rule; and during a cleanup that goes on to
     * the lowest test loss.
     *
     * @param epochs where cleanup begins, where it ends, and where the test loss is lowest
     */
    private void parts(
        String what, Table values, String column, double first, double[] epochs, Phases phases) {
      double change = values.doubleColumn(column).get(values.rowCount() - 1) - first;
      double memorised =
          interpolated(values, column, phases.memorisationEnds().orElseThrow().middle());
      double begun = interpolated(values, column, epochs[0]);
      double cleaned = interpolated(values, column, epochs[1]);
      double lowest = interpolated(values, column, epochs[2]);
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

    /** Between the two checkpoints around an epoch, on the straight line. */
    private static double interpolated(Table series, String column, double epoch) {
      for (int i = 1; i < series.rowCount(); i++) {
        double from = series.longColumn("epoch").get(i - 1);
        double to = series.longColumn("epoch").get(i);
        if (to >= epoch) {
          double share = Math.max(0, (epoch - from) / (to - from));
          return (1 - share) * series.doubleColumn(column).get(i - 1)
              + share * series.doubleColumn(column).get(i);
        }
      }
      return series.doubleColumn(column).get(series.rowCount() - 1);
    }

    private void boundary(String name, Optional<Interval> interval) {
      interval.ifPresent(
          seen -> {
            add("run", end, new Reading(name, "", "from", seen.from()));
            add("run", end, new Reading(name, "", "to", seen.to()));
            add("run", end, new Reading(name, "", "middle", seen.middle()));
          });
    }

    private void number(String name, double value) {
      add("run", end, new Reading(name, "", "", value));
    }

    private void add(String at, long epoch, Reading reading) {
      text.append(ReadingsCsv.quoted(experiment)).append(',').append(seed).append(',');
      text.append(at).append(',').append(epoch).append(',');
      text.append(ReadingsCsv.cells(reading)).append('\n');
    }
  }
}
