package org.grokscope.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.geometry.Manifold;
import org.grokscope.line.CurveNull;
import org.grokscope.line.MarkPicture;
import org.grokscope.line.MarkSubject;
import org.grokscope.line.OneGeometry;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.series.Reading;
import org.grokscope.task.MarkCounting;
import org.grokscope.train.Run;

/**
 * The essay's picture of the count, held against headings that are underlined to their length: on
 * eight seeds of their own, since the definitions were made while looking at those of {@link
 * MarksEvidence}.
 */
final class MarkPictureEvidence {
  /** The first seed that is judged. */
  static final long FIRST = MarksEvidence.FIRST + MarksEvidence.SEEDS;

  private static final double NOISE = 0.5;
  private static final int DRAWS = UntrainedModels.DRAWS; // of each null for each seed

  private MarkPictureEvidence() {}

  static EvidenceFile file() {
    List<Piece> pieces = new ArrayList<>(pieces(NOISE));
    pieces.addAll(pieces(0));
    return new Measurements(
        "underline-picture.csv",
        "Headings underlined to their length: strands of the curves of count and length, waves and"
            + " an axis beside splines, place fields, and marks that end where another count says",
        "about 30 minutes of training on one core where no run is kept, and 15 of measuring",
        EvidenceRows.HEADER,
        Map.of("draws", DRAWS),
        pieces,
        true);
  }

  private static List<Piece> pieces(double noise) {
    MarkCounting task = MarkCounting.underline();
    return MarksEvidence.pieces(
        task,
        noise,
        FIRST,
        (run, runs) -> measure(run, task, MarkSubject.TEXTS, runs.isQuick() ? 1 : DRAWS));
  }

  /** What a run adds: its own numbers, and with noise in training those of all nulls. */
  static MeasuredRun measure(Run run, MarkCounting task, int texts, int draws) {
    long seed = run.config().seed();
    ModelConfig config = run.last().config();
    double noise = config.shape().layers().get(config.shape().depth() - 2).site().noise();
    String experiment = "noise " + MarksEvidence.number(noise);
    long epoch = run.config().epochs();
    StringBuilder text = new StringBuilder();
    try (ReferenceTransformer reader = run.model()) {
      MarkSubject model = MarkSubject.of(task, reader, texts);
      EvidenceRows rows = new EvidenceRows(experiment, seed);
      rows.addAll("last", epoch, ofCurves(model.count(), model.told()));
      rows.addAll("last", epoch, MarkPicture.fields(model));
      if (noise > 0) {
        rows.addAll("last", epoch, MarkPicture.ends(model));
      }
      text.append(rows);
      for (int draw = 0; noise > 0 && draw < draws; draw++) {
        text.append(
            nulls(model, config, task, texts, seed + draw * UntrainedModels.NEXT_DRAW, epoch));
      }
    }
    return new MeasuredRun(
        task.title() + ", " + experiment + ", seed " + seed,
        text.toString(),
        MeasuredRun.provenanceOf(run.last()));
  }

  private static List<Reading> ofCurves(Manifold count, Manifold told) {
    List<Reading> readings = new ArrayList<>(MarkPicture.waves(count));
    readings.addAll(MarkPicture.strands(count, told));
    return readings;
  }

  /** A draw of every null; the first of initial weights has those that the training began with. */
  private static String nulls(
      MarkSubject model, ModelConfig config, MarkCounting task, int texts, long seed, long epoch) {
    StringBuilder text = new StringBuilder();
    text.append(
        UntrainedModels.rows(
            config,
            seed,
            1,
            (rows, reader) -> {
              MarkSubject before = MarkSubject.of(task, reader, texts);
              rows.addAll("last", 0, ofCurves(before.count(), before.told()));
              rows.addAll("last", 0, MarkPicture.fields(before));
            }));
    text.append(drawn("smooth curves", model, seed, epoch, MarkPictureEvidence::smooth));
    text.append(
        drawn(
            "random walks",
            model,
            seed,
            epoch,
            (curve, random) -> OneGeometry.randomWalk(curve.labels(), width(curve), random)));
    EvidenceRows dealt = new EvidenceRows("widths dealt anew", seed);
    dealt.addAll("last", epoch, MarkPicture.fieldsDealtAnew(model, new Random(seed)));
    EvidenceRows subspaces = new EvidenceRows("random subspaces", seed);
    subspaces.addAll("last", epoch, MarkPicture.endsAtRandom(model, new Random(seed)));
    return text.append(dealt).append(subspaces).toString();
  }

  private static EvidenceRows drawn(
      String experiment,
      MarkSubject model,
      long seed,
      long epoch,
      BiFunction<Manifold, Random, Manifold> draw) {
    Random random = new Random(seed);
    EvidenceRows rows = new EvidenceRows(experiment, seed);
    Manifold count = draw.apply(model.count(), random);
    rows.addAll("last", epoch, ofCurves(count, draw.apply(model.told(), random)));
    return rows;
  }

  /** As smooth as a curve, and otherwise nothing. */
  private static Manifold smooth(Manifold curve, Random random) {
    double reach = Math.min(CurveNull.reach(curve), curve.labels().length);
    return OneGeometry.smoothCurve(curve.labels(), width(curve), reach, random);
  }

  private static int width(Manifold curve) {
    return (int) curve.means().size(1);
  }
}
