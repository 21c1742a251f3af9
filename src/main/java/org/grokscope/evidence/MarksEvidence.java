package org.grokscope.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.line.MarkMeasures;
import org.grokscope.line.MarkSubject;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.MarkCounting;
import org.grokscope.train.Run;
import org.grokscope.train.TrainingConfig;

/**
 * Models of marks at the end of their training: headings underlined to their length, with noise on
 * the residual stream, without it, and untrained; and bars of a stated number, whose heads have two
 * curves of different origin to compare.
 */
public final class MarksEvidence {
  /** The first seed that is judged; those below 20 were for trials. */
  static final long FIRST = 20;

  static final int SEEDS = 8;
  private static final double NOISE = 0.5; // for headings
  private static final double NOISE_OF_BARS = 0.3;
  private static final int DRAWS = 200; // of each null, and random heads
  private static final int SUBSPACES = 4; // random ones

  /** What is measured. */
  private enum What {
    /** Accuracies, shapes, curves that mean nothing; the last as well of initial weights. */
    CURVES,
    /** The same, and what heads make of the two curves. */
    TWISTS,
    /** What follows from changing the count. */
    CAUSES
  }

  private MarksEvidence() {}

  static EvidenceFile underline() {
    List<Piece> pieces = new ArrayList<>(pieces(MarkCounting.underline(), NOISE, What.CURVES));
    pieces.addAll(pieces(MarkCounting.underline(), 0, What.CURVES));
    return file(
        "underline.csv",
        "Headings underlined to their length: the curve of the count with noise on the residual"
            + " stream, untrained, and without noise, beside curves that mean nothing",
        "about 30 minutes of training on one core where no run is kept, and 10 of measuring",
        pieces);
  }

  static EvidenceFile causes() {
    return file(
        "underline-causes.csv",
        "Headings underlined to their length: what follows from changing the count",
        "about 10 minutes on one core from the runs of underline",
        pieces(MarkCounting.underline(), NOISE, What.CAUSES));
  }

  static EvidenceFile bars() {
    return file(
        "bars.csv",
        "Bars of a stated number of marks: whether a head turns the curve of the count onto that of"
            + " the number, beside random heads and untrained models",
        "about 15 minutes of training on one core where no run is kept, and 5 of measuring",
        pieces(MarkCounting.bar(), NOISE_OF_BARS, What.TWISTS));
  }

  private static EvidenceFile file(String name, String holds, String takes, List<Piece> pieces) {
    return new Measurements(
        name, holds, takes, EvidenceRows.HEADER, Map.of("draws", DRAWS), pieces, true);
  }

  private static List<Piece> pieces(MarkCounting task, double noise, What measured) {
    return pieces(
        task,
        noise,
        FIRST,
        (run, runs) -> measure(run, task, measured, runs.documents(), runs.isQuick() ? 2 : DRAWS));
  }

  /** One trained model of each seed, and what is measured of it. */
  static List<Piece> pieces(
      MarkCounting task,
      double noise,
      long first,
      BiFunction<Run, KeptRuns, MeasuredRun> measured) {
    return Piece.ofSeeds(
        task.title() + ", noise " + number(noise),
        TrainingConfig.marks(task, noise),
        () -> task,
        first,
        SEEDS,
        measured);
  }

  /** Such as 0.3, and 0 without a point. */
  static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%s", value);
  }

  private static MeasuredRun measure(
      Run run, MarkCounting task, What measured, int texts, int draws) {
    long seed = run.config().seed();
    ModelConfig config = run.last().config();
    double noise = config.shape().layers().get(config.shape().depth() - 2).site().noise();
    String experiment = "noise " + number(noise);
    EvidenceRows rows = new EvidenceRows(experiment, seed);
    try (ReferenceTransformer reader = run.model()) {
      MarkSubject model = MarkSubject.of(task, reader, texts);
      add(rows, run.config().epochs(), model, measured, draws);
    }
    int untrained = noise > 0 && measured != What.CAUSES ? UntrainedModels.DRAWS : 0; // once a seed
    String before =
        UntrainedModels.rows(
            config,
            seed,
            untrained,
            (own, reader) -> add(own, 0, MarkSubject.of(task, reader, texts), measured, draws));
    return new MeasuredRun(
        task.title() + ", " + experiment + ", seed " + seed,
        rows + before,
        MeasuredRun.provenanceOf(run.last()));
  }

  private static void add(
      EvidenceRows rows, long epoch, MarkSubject model, What measured, int draws) {
    if (measured == What.CAUSES) {
      rows.addAll("last", epoch, MarkMeasures.causes(model, Math.min(draws, SUBSPACES)));
      return;
    }
    rows.addAll("last", epoch, MarkMeasures.shapes(model));
    rows.addAll("last", epoch, MarkMeasures.nulls(model, draws));
    if (measured == What.TWISTS) {
      rows.addAll("last", epoch, MarkMeasures.twists(model, draws));
    }
  }

  /** What a run adds to each of the files that it is measured for. */
  static List<MeasuredRun> measure(Run run, MarkCounting task, int texts, int draws) {
    return (task.source() == MarkCounting.Source.NUMBER
            ? List.of(What.TWISTS)
            : List.of(What.CURVES, What.CAUSES))
        .stream().map(measured -> measure(run, task, measured, texts, draws)).toList();
  }
}
