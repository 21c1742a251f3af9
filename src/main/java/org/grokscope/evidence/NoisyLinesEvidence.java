package org.grokscope.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.line.LineMeasures;
import org.grokscope.line.LineSubject;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.LineBreaking;
import org.grokscope.train.Run;
import org.grokscope.train.TrainingConfig;

/**
 * Plain text whose width nothing names, read by the model of underlined headings: text under a
 * ruler with noise on the residual stream, without it, and untrained; and text of ever more words
 * whose width is read off earlier lines.
 */
final class NoisyLinesEvidence {
  /** The first seed that is judged; those below 20 were for trials. */
  private static final long FIRST = 20;

  private static final int SEEDS = 8;
  private static final double NOISE = 0.5;

  /** Draws of initial weights for each trained model, so that the null has some twenty of them. */
  private static final int UNTRAINED = 3;

  private static final long NEXT_DRAW = 1000; // seeds apart

  private static final List<String> MEASURES =
      List.of("accuracy", "count", "count_null", "best_neuron_r2");

  private static final List<String> OF_RULERS = List.of("width", "width_head");

  private NoisyLinesEvidence() {}

  static EvidenceFile file() {
    List<Piece> pieces = new ArrayList<>();
    LineBreaking ruler = LineBreaking.ruler();
    addSeeds(pieces, "ruler", ruler, NOISE, SEEDS, UNTRAINED);
    addSeeds(pieces, "ruler", ruler, 0, SEEDS, 0);
    for (int words : new int[] {60, 200, 500}) {
      addSeeds(pieces, words + " words", LineBreaking.inferred(words), NOISE, SEEDS / 2, 0);
    }
    return new Measurements(
        "lines-noise.csv",
        "Text under a ruler and text whose width is read off earlier lines: the curve of the count"
            + " with noise on the residual stream, without noise and untrained, beside curves that"
            + " mean nothing",
        "about 40 minutes of training on one core where no run is kept, and 15 of measuring",
        EvidenceRows.HEADER,
        Map.of(),
        pieces,
        true);
  }

  private static void addSeeds(
      List<Piece> pieces, String name, LineBreaking task, double noise, int seeds, int untrained) {
    String what = name + ", noise " + MarksEvidence.number(noise);
    TrainingConfig usual = TrainingConfig.lines(task, noise);
    for (long seed = FIRST; seed < FIRST + seeds; seed++) {
      TrainingConfig config = usual.withSeed(seed);
      String run = what + ", seed " + seed;
      pieces.add(
          new Piece(
              what,
              seed,
              runs ->
                  measure(
                      what,
                      runs.trainer(run, config).train(task),
                      task,
                      untrained,
                      runs.documents())));
    }
  }

  private static MeasuredRun measure(
      String what, Run run, LineBreaking task, int untrained, int documents) {
    long seed = run.config().seed();
    ModelConfig config = run.last().config();
    StringBuilder rows = new StringBuilder();
    try (ReferenceTransformer reader = run.model()) {
      rows.append(read(what, seed, run.config().epochs(), task, reader, documents));
    }
    for (int draw = 0; draw < untrained; draw++) {
      long drawn = seed + draw * NEXT_DRAW;
      Parameters initial = Parameters.initial(config, drawn);
      try (ReferenceTransformer reader = ReferenceTransformer.of(config, initial)) {
        rows.append(read("untrained", drawn, 0, task, reader, documents));
      }
    }
    return new MeasuredRun(
        what + ", seed " + seed, rows.toString(), MeasuredRun.provenanceOf(run.last()));
  }

  private static EvidenceRows read(
      String experiment,
      long seed,
      long epoch,
      LineBreaking task,
      ReferenceTransformer reader,
      int documents) {
    EvidenceRows rows = new EvidenceRows(experiment, seed);
    LineSubject model = LineSubject.of(task, reader, documents, 0);
    List<String> measures = new ArrayList<>(MEASURES);
    measures.addAll(model.saysWidths() ? OF_RULERS : List.of("ceiling"));
    for (String measure : measures) {
      rows.addAll("last", epoch, LineMeasures.named(measure).readings(model));
    }
    return rows;
  }
}
