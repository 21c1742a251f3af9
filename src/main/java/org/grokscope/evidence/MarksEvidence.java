package org.grokscope.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.line.MarkMeasures;
import org.grokscope.line.MarkSubject;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
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

  /** What is measured beside accuracies and shapes. */
  private enum Beside {
    /** Curves that mean nothing. */
    NULLS,
    /** The same, and what follows from changing the count. */
    CAUSES,
    /** What heads make of the two curves. */
    TWISTS
  }

  private MarksEvidence() {}

  static EvidenceFile underline() {
    List<Piece> pieces = new ArrayList<>();
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      pieces.add(piece(MarkCounting.underline(), NOISE, seed, Beside.CAUSES));
      pieces.add(piece(MarkCounting.underline(), 0, seed, Beside.NULLS));
    }
    return file(
        "underline.csv",
        "Headings underlined to their length: the curve of the count with noise on the residual"
            + " stream, without it, untrained, beside curves that mean nothing; what follows from"
            + " changing the count",
        "about 30 minutes of training on one core where no run is kept, and 5 of measuring",
        pieces);
  }

  static EvidenceFile bars() {
    List<Piece> pieces = new ArrayList<>();
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      pieces.add(piece(MarkCounting.bar(), NOISE_OF_BARS, seed, Beside.TWISTS));
    }
    return file(
        "bars.csv",
        "Bars of a stated number of marks: whether a head turns the curve of the count onto that of"
            + " the number, beside random heads and untrained models",
        "about 15 minutes of training on one core where no run is kept, and 5 of measuring",
        pieces);
  }

  private static EvidenceFile file(String name, String holds, String takes, List<Piece> pieces) {
    return new Measurements(
        name, holds, takes, EvidenceRows.HEADER, Map.of("draws", DRAWS), pieces, true);
  }

  private static Piece piece(MarkCounting task, double noise, long seed, Beside beside) {
    String what = task.title() + ", noise " + number(noise);
    return new Piece(
        what,
        seed,
        runs -> {
          TrainingConfig config = TrainingConfig.marks(task, noise).withSeed(seed);
          Run run = runs.trainer(what + ", seed " + seed, config).train(task);
          return measure(run, task, beside, runs.documents(), runs.isQuick() ? 2 : DRAWS);
        });
  }

  /** Such as 0.3, and 0 without a point. */
  static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%s", value);
  }

  private static MeasuredRun measure(
      Run run, MarkCounting task, Beside beside, int texts, int draws) {
    long seed = run.config().seed();
    ModelConfig config = run.last().config();
    double noise = config.shape().layers().get(config.shape().depth() - 2).site().noise();
    String experiment = "noise " + number(noise);
    EvidenceRows rows = new EvidenceRows(experiment, seed);
    try (ReferenceTransformer reader = run.model()) {
      MarkSubject model = MarkSubject.of(task, reader, texts);
      add(rows, run.config().epochs(), model, beside, draws);
      if (beside == Beside.CAUSES) {
        int subspaces = Math.min(draws, SUBSPACES);
        rows.addAll("last", run.config().epochs(), MarkMeasures.causes(model, subspaces));
      }
    }
    EvidenceRows before = new EvidenceRows("untrained", seed);
    if (beside != Beside.NULLS) {
      Parameters initial = Parameters.initial(config, seed);
      try (ReferenceTransformer reader = ReferenceTransformer.of(config, initial)) {
        add(before, 0, MarkSubject.of(task, reader, texts), beside, draws);
      }
    }
    return new MeasuredRun(
        task.title() + ", " + experiment + ", seed " + seed,
        rows + (beside == Beside.NULLS ? "" : before.toString()),
        MeasuredRun.provenanceOf(run.last()));
  }

  private static void add(
      EvidenceRows rows, long epoch, MarkSubject model, Beside beside, int draws) {
    rows.addAll("last", epoch, MarkMeasures.shapes(model));
    rows.addAll("last", epoch, MarkMeasures.nulls(model, draws));
    if (beside == Beside.TWISTS) {
      rows.addAll("last", epoch, MarkMeasures.twists(model, draws));
    }
  }

  /** What one run of a file adds, for tests. */
  static MeasuredRun measure(Run run, MarkCounting task, int texts, int draws) {
    boolean bars = task.source() == MarkCounting.Source.NUMBER;
    return measure(run, task, bars ? Beside.TWISTS : Beside.CAUSES, texts, draws);
  }
}
