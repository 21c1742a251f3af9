package org.grokscope.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grokscope.evidence.Measurements.Piece;
import org.grokscope.line.ProseMeasures;
import org.grokscope.line.ProseSubject;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.Prose;
import org.grokscope.train.Run;
import org.grokscope.train.TrainingConfig;

/**
 * Models that break lines of English prose, with noise on the stream, without it, and untrained.
 */
final class ProseEvidence {
  /** The first seed that is judged; those below 20 were for trials. */
  private static final long FIRST = 20;

  private static final int SEEDS = 8;
  private static final double NOISE = 0.5;
  private static final int DRAWS = 200; // of each null

  /** Draws of initial weights, and of subspaces, for each model; so a null has some twenty. */
  private static final int OTHERS = 3;

  private static final long NEXT_DRAW = 1000; // seeds apart

  private ProseEvidence() {}

  static EvidenceFile file() {
    List<Piece> pieces = new ArrayList<>();
    for (double noise : new double[] {NOISE, 0}) {
      String what = "prose, noise " + MarksEvidence.number(noise);
      int seeds = noise > 0 ? SEEDS : SEEDS / 2;
      for (long seed = FIRST; seed < FIRST + seeds; seed++) {
        TrainingConfig config = TrainingConfig.prose(noise).withSeed(seed);
        String name = what + ", seed " + seed;
        pieces.add(new Piece(what, seed, runs -> measure(name, config, runs)));
      }
    }
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

  private static MeasuredRun measure(String name, TrainingConfig config, KeptRuns runs) {
    Prose task = Prose.english();
    Run run = runs.trainer(name, config).train(task);
    int texts = runs.isQuick() ? 60 : ProseSubject.TEXTS;
    int draws = runs.isQuick() ? 2 : DRAWS;
    return new MeasuredRun(
        name, rows(run, task, texts, draws), MeasuredRun.provenanceOf(run.last()));
  }

  /** What a run adds: its own numbers, and with noise in training those of all nulls. */
  static String rows(Run run, Prose task, int texts, int draws) {
    long seed = run.config().seed();
    long epochs = run.config().epochs();
    ModelConfig config = run.last().config();
    double noise = config.shape().layers().get(config.shape().depth() - 2).site().noise();
    StringBuilder rows = new StringBuilder();
    try (ReferenceTransformer reader = run.model()) {
      ProseSubject model = ProseSubject.of(task, reader, texts);
      EvidenceRows own = new EvidenceRows("noise " + MarksEvidence.number(noise), seed);
      add(own, epochs, model, draws);
      own.addAll("last", epochs, ProseMeasures.probes(model));
      own.addAll("last", epochs, ProseMeasures.ablation(model));
      rows.append(own);
      for (int draw = 0; noise > 0 && draw < OTHERS; draw++) {
        long drawn = seed + draw * NEXT_DRAW;
        EvidenceRows random = new EvidenceRows("random subspaces", drawn);
        random.addAll("last", epochs, ProseMeasures.ablationAtRandom(model, drawn));
        rows.append(random);
      }
    }
    for (int draw = 0; noise > 0 && draw < OTHERS; draw++) {
      rows.append(untrained(config, task, seed + draw * NEXT_DRAW, texts, draws));
    }
    return rows.toString();
  }

  private static EvidenceRows untrained(
      ModelConfig config, Prose task, long seed, int texts, int draws) {
    EvidenceRows rows = new EvidenceRows("untrained", seed);
    Parameters initial = Parameters.initial(config, seed);
    try (ReferenceTransformer reader = ReferenceTransformer.of(config, initial)) {
      add(rows, 0, ProseSubject.of(task, reader, texts), draws);
    }
    return rows;
  }

  private static void add(EvidenceRows rows, long epoch, ProseSubject model, int draws) {
    rows.addAll("last", epoch, ProseMeasures.accuracies(model));
    rows.addAll("last", epoch, ProseMeasures.curves(model, draws));
    rows.addAll("last", epoch, ProseMeasures.heads(model));
    rows.addAll("last", epoch, ProseMeasures.dictionary(model));
  }
}
