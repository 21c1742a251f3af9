package org.grokscope.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.line.MarkMeasures;
import org.grokscope.line.MarkSubject;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.series.Reading;
import org.grokscope.task.MarkCounting;
import org.grokscope.train.Cadence;
import org.grokscope.train.Run;
import org.grokscope.train.TrainingConfig;

/**
 * Headings underlined to their length, over a grid of the noise on the stream, the number of places
 * to be told apart, and the width of the stream: what becomes of the curve of the count, beside
 * what theory says of so many places through such noise, and how well the two agree in order.
 *
 * <p>A seed has every noise with every number of places once, at one of the two widths, the other
 * one for the seed after it: so each of the 24 cells has four of the eight seeds.
 */
final class MarkGridEvidence {
  private static final List<Double> NOISES = List.of(0.0, 0.2, 0.4, 0.6);
  private static final List<Integer> PLACES = List.of(12, 24, 36);
  private static final List<Integer> WIDTHS = List.of(32, 48);
  private static final int SHORTEST = 8;
  static final long UPDATES = 800;
  private static final int DRAWS = 20; // of smooth curves
  private static final int TEXTS = 200; // to measure on
  private static final long NEXT_CELL = 100;

  private MarkGridEvidence() {}

  /**
   * One setting.
   *
   * @param noise σ on the stream while it learns
   * @param places longest heading, in characters
   * @param width of the stream
   */
  record Cell(double noise, int places, int width) {
    MarkCounting task() {
      return MarkCounting.underline().between(SHORTEST, places).withLength(10 + 9 * places / 10);
    }

    TrainingConfig config(long seed) {
      MarkCounting task = task();
      return TrainingConfig.marks(task, noise)
          .withShape(ModelShape.marks(task, noise).withDModel(width))
          .withEpochs(UPDATES)
          .withEvaluation(Cadence.every(400))
          .withCheckpoints(Cadence.every(UPDATES))
          .withSeed(seed);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "noise %s, %d places, width %d", MarksEvidence.number(noise), places, width);
    }
  }

  /** The cells of a seed. */
  static List<Cell> cells(long seed) {
    List<Cell> cells = new ArrayList<>();
    for (int n = 0; n < NOISES.size(); n++) {
      for (int p = 0; p < PLACES.size(); p++) {
        int width = WIDTHS.get((int) ((n + p + seed) % WIDTHS.size()));
        cells.add(new Cell(NOISES.get(n), PLACES.get(p), width));
      }
    }
    return cells;
  }

  static EvidenceFile file() {
    return new Measurements(
        "underline-grid.csv",
        "Headings underlined to their length over noise, places and width of the stream: the curve"
            + " of the count beside what theory says of it, and their rank correlation",
        "about 25 minutes of training on one core where no run is kept, and 5 of measuring",
        EvidenceRows.HEADER,
        Map.of("draws", DRAWS),
        LongStream.range(MarksEvidence.FIRST, MarksEvidence.FIRST + MarksEvidence.SEEDS)
            .mapToObj(seed -> new Piece("noise, places, width", seed, runs -> measure(runs, seed)))
            .toList(),
        true);
  }

  /** The run of a cell. */
  static Run run(KeptRuns runs, Cell cell, long seed) {
    return runs.trainer(cell + ", seed " + seed, cell.config(seed)).train(cell.task());
  }

  /** A cell and what was read off it. */
  record Row(Cell cell, List<Reading> readings) {
    double value(String metric) {
      return readings.stream()
          .filter(reading -> reading.metric().equals(metric) && reading.key().isEmpty())
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(metric + " was not read at " + cell))
          .value();
    }
  }

  private static MeasuredRun measure(KeptRuns runs, long seed) {
    List<Cell> cells = cells(seed);
    int draws = runs.isQuick() ? 2 : DRAWS;
    StringBuilder text = new StringBuilder();
    List<Row> theory = cells.stream().map(cell -> new Row(cell, predicted(cell))).toList();
    List<Row> measured = new ArrayList<>();
    List<ModelConfig> models = new ArrayList<>();
    List<JsonNode> provenance = new ArrayList<>();
    for (Row predicted : theory) {
      Cell cell = predicted.cell();
      Run run = run(runs, cell, seed);
      List<Reading> readings = new ArrayList<>(predicted.readings());
      try (ReferenceTransformer reader = run.model()) {
        readings.addAll(
            MarkMeasures.bent(MarkSubject.of(cell.task(), reader, TEXTS), cell.noise(), draws));
      }
      readings.add(
          new Reading(
              "near_stop_accuracy", "", "", run.history().last().value("near_stop_accuracy")));
      Row row = new Row(cell, readings);
      measured.add(row);
      EvidenceRows rows = new EvidenceRows(cell.toString(), seed);
      rows.addAll("last", run.config().epochs(), readings);
      text.append(rows);
      models.add(run.last().config());
      provenance.add(MeasuredRun.provenanceOf(run.last()));
    }
    List<Reading> ranks = ranks(measured);
    EvidenceRows grid = new EvidenceRows("grid", seed);
    grid.addAll("last", UPDATES, ranks);
    text.append(grid);
    for (int draw = 0; draw < UntrainedModels.DRAWS; draw++) {
      text.append(untrained(theory, models, seed, draw));
    }
    return new MeasuredRun(
        "noise, places, width, seed " + seed + ": " + ranks.get(0),
        text.toString(),
        together(cells, provenance));
  }

  private static List<Reading> predicted(Cell cell) {
    List<Reading> readings = new ArrayList<>();
    readings.add(new Reading("cell.noise", "", "", cell.noise()));
    readings.add(new Reading("cell.places", "", "", cell.places()));
    readings.add(new Reading("cell.width", "", "", cell.width()));
    readings.addAll(MarkMeasures.predicted(cell.places(), cell.width(), cell.noise()));
    return readings;
  }

  /** The same of initial weights, drawn anew for every cell. */
  private static EvidenceRows untrained(
      List<Row> theory, List<ModelConfig> models, long seed, int draw) {
    List<Row> measured = new ArrayList<>();
    for (int c = 0; c < theory.size(); c++) {
      Cell cell = theory.get(c).cell();
      long weights = seed + NEXT_CELL * (theory.size() * draw + c);
      Parameters initial = Parameters.initial(models.get(c), weights);
      List<Reading> readings = new ArrayList<>(theory.get(c).readings());
      try (ReferenceTransformer reader = ReferenceTransformer.of(models.get(c), initial)) {
        readings.addAll(MarkMeasures.curve(MarkSubject.of(cell.task(), reader, TEXTS)));
      }
      measured.add(new Row(cell, readings));
    }
    EvidenceRows rows = new EvidenceRows("untrained", seed + UntrainedModels.NEXT_DRAW * draw);
    rows.addAll("last", 0, ranks(measured));
    return rows;
  }

  /**
   * Spearman's rank correlation over the cells of a seed: of dimensions, components, turns, rise
   * and trough with the waves that theory asks for, and of the dimensions with each setting by
   * itself; 0 where all cells are alike, which follow nothing.
   */
  static List<Reading> ranks(List<Row> rows) {
    List<Reading> readings = new ArrayList<>();
    for (String metric : List.of("dimensions", "components_95", "plane_turns", "rise", "trough")) {
      readings.add(rank(rows, metric, "waves", row -> row.value("theory.waves")));
    }
    readings.add(rank(rows, "dimensions", "noise", row -> row.cell().noise()));
    readings.add(rank(rows, "dimensions", "places", row -> row.cell().places()));
    readings.add(rank(rows, "dimensions", "width", row -> row.cell().width()));
    return readings;
  }

  private static Reading rank(
      List<Row> rows, String metric, String with, ToDoubleFunction<Row> of) {
    double[] measured = rows.stream().mapToDouble(row -> row.value("count." + metric)).toArray();
    double[] other = rows.stream().mapToDouble(of).toArray();
    double rank = new SpearmansCorrelation().correlation(measured, other);
    return new Reading("rank." + metric, "", with, Double.isNaN(rank) ? 0 : rank);
  }

  /** How the runs of a seed came to be: the first that began, and when each of them did. */
  private static JsonNode together(List<Cell> cells, List<JsonNode> provenance) {
    JsonNode first = provenance.get(0);
    for (JsonNode each : provenance) {
      boolean earlier = each.path("started").asText().compareTo(first.path("started").asText()) < 0;
      first = earlier ? each : first;
    }
    ObjectNode all = first.deepCopy();
    ArrayNode began = all.putArray("cells");
    for (int c = 0; c < cells.size(); c++) {
      began
          .addObject()
          .put("cell", cells.get(c).toString())
          .put("started", provenance.get(c).path("started").asText());
    }
    return all;
  }
}
