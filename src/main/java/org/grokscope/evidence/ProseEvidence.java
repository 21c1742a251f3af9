package org.grokscope.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.line.ProseMeasures;
import org.grokscope.line.ProseSubject;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.Prose;
import org.grokscope.train.Run;
import org.grokscope.train.TrainingConfig;

/**
 * Models that break lines of English prose, with noise on the stream, without it, and untrained.
 */
final class ProseEvidence {
  private static final double NOISE = 0.5;
  private static final int DRAWS = 200; // of each null

  private ProseEvidence() {}

  static EvidenceFile file() {
    List<Piece> pieces = new ArrayList<>();
    pieces.addAll(pieces(NOISE, SeedSweeps.JUDGED));
    pieces.addAll(pieces(0, SeedSweeps.JUDGED / 2));
    return new Measurements(
        "prose.csv",
        "English speeches whose lines are to be broken: right decisions beside a reader who counts,"
            + " the curve of the count, heads, what is lost without it, and a dictionary of"
            + " features",
        "about 90 minutes of training on one core where no run is kept, and 30 of measuring",
        EvidenceRows.HEADER,
        Map.of("draws", DRAWS),
        pieces,
        true);
  }

  private static List<Piece> pieces(double noise, int seeds) {
    String experiment = "noise " + MarksEvidence.number(noise);
    return Piece.ofSeeds(
        "prose, " + experiment,
        TrainingConfig.prose(noise),
        Prose::english,
        SeedSweeps.FIRST,
        seeds,
        (run, runs) ->
            measure(
                experiment,
                run,
                noise > 0 ? UntrainedModels.DRAWS : 0,
                runs.isQuick() ? 60 : ProseSubject.TEXTS,
                runs.isQuick() ? 2 : DRAWS));
  }

  /**
   * What a run adds: its own numbers, and a few draws of the nulls.
   *
   * @param others draws of initial weights and of subspaces
   * @param draws of curves that mean nothing
   */
  private static MeasuredRun measure(String experiment, Run run, int others, int texts, int draws) {
    Prose task = (Prose) run.task();
    long seed = run.config().seed();
    long epochs = run.config().epochs();
    StringBuilder rows = new StringBuilder();
    try (ReferenceTransformer reader = run.model()) {
      ProseSubject model = ProseSubject.of(task, reader, texts);
      EvidenceRows own = new EvidenceRows(experiment, seed);
      add(own, epochs, model, draws);
      own.addAll("last", epochs, ProseMeasures.probes(model));
      own.addAll("last", epochs, ProseMeasures.ablation(model));
      rows.append(own);
      for (int draw = 0; draw < others; draw++) {
        long drawn = seed + draw * UntrainedModels.NEXT_DRAW;
        EvidenceRows random = new EvidenceRows("random subspaces", drawn);
        random.addAll("last", epochs, ProseMeasures.ablationAtRandom(model, drawn));
        rows.append(random);
      }
    }
    rows.append(
        UntrainedModels.rows(
            run.last().config(),
            seed,
            others,
            (own, reader) -> add(own, 0, ProseSubject.of(task, reader, texts), draws)));
    return new MeasuredRun(
        "prose, " + experiment + ", seed " + seed,
        rows.toString(),
        MeasuredRun.provenanceOf(run.last()));
  }

  private static void add(EvidenceRows rows, long epoch, ProseSubject model, int draws) {
    rows.addAll("last", epoch, ProseMeasures.accuracies(model));
    rows.addAll("last", epoch, ProseMeasures.curves(model, draws));
    rows.addAll("last", epoch, ProseMeasures.heads(model));
    rows.addAll("last", epoch, ProseMeasures.dictionary(model));
  }
}
