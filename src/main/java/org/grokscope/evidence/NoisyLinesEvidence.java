package org.grokscope.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.line.LineMeasures;
import org.grokscope.line.LineSubject;
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
  private static final double NOISE = 0.5;

  private static final List<String> MEASURES =
      List.of("accuracy", "count", "count_null", "best_neuron_r2");

  private static final List<String> OF_RULERS = List.of("width", "width_head");

  private NoisyLinesEvidence() {}

  static EvidenceFile file() {
    List<Piece> pieces = new ArrayList<>();
    LineBreaking ruler = LineBreaking.ruler();
    pieces.addAll(pieces("ruler", ruler, NOISE, SeedSweeps.JUDGED, UntrainedModels.DRAWS));
    pieces.addAll(pieces("ruler", ruler, 0, SeedSweeps.JUDGED, 0));
    for (int words : new int[] {60, 200, 500}) {
      LineBreaking inferred = LineBreaking.inferred(words);
      pieces.addAll(pieces(words + " words", inferred, NOISE, SeedSweeps.JUDGED / 2, 0));
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

  private static List<Piece> pieces(
      String name, LineBreaking task, double noise, int seeds, int untrained) {
    String what = name + ", noise " + MarksEvidence.number(noise);
    return Piece.ofSeeds(
        what,
        TrainingConfig.lines(task, noise),
        () -> task,
        SeedSweeps.FIRST,
        seeds,
        (run, runs) -> measure(what, run, task, untrained, runs.documents()));
  }

  private static MeasuredRun measure(
      String what, Run run, LineBreaking task, int untrained, int documents) {
    long seed = run.config().seed();
    EvidenceRows rows = new EvidenceRows(what, seed);
    try (ReferenceTransformer reader = run.model()) {
      add(rows, run.config().epochs(), LineSubject.of(task, reader, documents, 0));
    }
    String before =
        UntrainedModels.rows(
            run.last().config(),
            seed,
            untrained,
            (own, reader) -> add(own, 0, LineSubject.of(task, reader, documents, 0)));
    return new MeasuredRun(
        what + ", seed " + seed, rows + before, MeasuredRun.provenanceOf(run.last()));
  }

  private static void add(EvidenceRows rows, long epoch, LineSubject model) {
    List<String> measures = new ArrayList<>(MEASURES);
    measures.addAll(model.saysWidths() ? OF_RULERS : List.of("ceiling"));
    for (String measure : measures) {
      rows.addAll("last", epoch, LineMeasures.named(measure).readings(model));
    }
  }
}
