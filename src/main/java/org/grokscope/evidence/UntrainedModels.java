package org.grokscope.evidence;

import java.util.function.BiConsumer;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;

/** Initial weights as a null: what is measured of a trained model, of models before training. */
final class UntrainedModels {
  /** Draws for each trained model of eight seeds, so that a null has some twenty of them. */
  static final int DRAWS = 3;

  /** Seeds from one draw to the next. */
  static final long NEXT_DRAW = 1000;

  private UntrainedModels() {}

  /**
   * Rows of the experiment {@code untrained}; the first draw has the weights that the training of
   * the seed began with.
   *
   * @param measure adds rows at epoch 0 of a model, which it does not close
   */
  static String rows(
      ModelConfig config,
      long seed,
      int draws,
      BiConsumer<EvidenceRows, ReferenceTransformer> measure) {
    StringBuilder all = new StringBuilder();
    for (int draw = 0; draw < draws; draw++) {
      long drawn = seed + draw * NEXT_DRAW;
      EvidenceRows rows = new EvidenceRows("untrained", drawn);
      Parameters initial = Parameters.initial(config, drawn);
      try (ReferenceTransformer reader = ReferenceTransformer.of(config, initial)) {
        measure.accept(rows, reader);
      }
      all.append(rows);
    }
    return all.toString();
  }
}
