package org.grokscope.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grokscope.line.LineMeasures;
import org.grokscope.line.LineSubject;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.LineBreaking;
import org.grokscope.train.Run;
import org.grokscope.train.TrainingConfig;

/** Every measure of models that break lines, {@link LineMeasures}, at the end of their training. */
public final class LinesEvidence {
  private static final int CONTROLS = 10;
  private static final int CONTROLS_OF_HEADS = 40; // random heads beside those of box-header

  private LinesEvidence() {}

  static EvidenceFile file() {
    List<Measurements.Piece> pieces = new ArrayList<>();
    addThreeSeeds(pieces, LineBreaking.given(), CONTROLS);
    addThreeSeeds(pieces, LineBreaking.inferred(), CONTROLS);
    addThreeSeeds(pieces, LineBreaking.boxHeader(), CONTROLS_OF_HEADS);
    addThreeSeeds(pieces, LineBreaking.plainNewline(), CONTROLS);
    addThreeSeeds(pieces, LineBreaking.variedHeader(), CONTROLS);
    pieces.add(piece(LineBreaking.boxHeader(), true, 0, CONTROLS));
    addThreeSeeds(pieces, LineBreaking.oddBox(), CONTROLS);
    return new Measurements(
        "lines.csv",
        "Models that break lines: accuracies, the curve of the count, heads, and what follows from"
            + " changing the count",
        "about 40 minutes of training where no run is kept, and 2 hours of measuring",
        EvidenceRows.HEADER,
        Map.of(),
        pieces,
        true);
  }

  private static void addThreeSeeds(
      List<Measurements.Piece> pieces, LineBreaking task, int controls) {
    for (int seed = 0; seed < 3; seed++) {
      pieces.add(piece(task, false, seed, controls));
    }
  }

  private static Measurements.Piece piece(
      LineBreaking task, boolean unmasked, long seed, int controls) {
    String what =
        task.mode().orElseThrow()
            + (unmasked ? ", unmasked" : "")
            + String.format(Locale.ROOT, ", %,d steps", TrainingConfig.lines(task).epochs());
    return new Measurements.Piece(
        what,
        seed,
        runs -> {
          TrainingConfig usual = TrainingConfig.lines(task).withSeed(seed);
          TrainingConfig config = unmasked ? usual.withShape(usual.shape().unmasked()) : usual;
          Run run = runs.trainer(what + ", seed " + seed, config).train(task);
          return measure(run, controls, runs.documents());
        });
  }

  /**
   * Measures a finished run.
   *
   * @param controls random subspaces and random heads beside each
   * @param documents to read, {@link LineSubject#DOCUMENTS} for evidence
   */
  public static MeasuredRun measure(Run run, int controls, int documents) {
    LineBreaking task = run.lines();
    try (ReferenceTransformer reader = run.model()) {
      String experiment = experiment(task, reader.config().shape());
      EvidenceRows rows = new EvidenceRows(experiment, run.config().seed());
      LineSubject model = LineSubject.of(task, reader, documents, controls);
      for (LineMeasures.Measure measure : LineMeasures.all()) {
        rows.addAll("last", run.config().epochs(), measure.readings(model));
      }
      return new MeasuredRun(
          experiment + ", seed " + run.config().seed(),
          rows.toString(),
          new ObjectMapper()
              .valueToTree(
                  Map.of(
                      "task",
                      task.settings(),
                      "training",
                      run.last().settings().path("training"),
                      "controls",
                      controls)));
    }
  }

  /** The task's name, with what is not as its own model has it. */
  private static String experiment(LineBreaking task, ModelShape config) {
    String mode = task.mode().orElse(task.toString());
    ModelShape own = ModelShape.lines(task);
    return config.equals(own)
        ? mode
        : mode + (config.equals(own.unmasked()) ? ", unmasked" : ", " + config);
  }
}
