package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is added to the scores of attention where all positions ask: who may look where. */
@FunctionalInterface
interface ScoreRule {
  /** Everybody sees everything. */
  ScoreRule NONE = scores -> {};

  /** Adds to the scores, (n·heads, T, T), in place: −∞ where a query may not look. */
  void addTo(INDArray scores);

  /** A position sees itself and the earlier ones. */
  static ScoreRule causal() {
    return scores -> {
      int positions = Math.toIntExact(scores.size(1));
      double[] mask = new double[positions * positions];
      for (int query = 0; query < positions; query++) {
        for (int key = query + 1; key < positions; key++) {
          mask[query * positions + key] = Double.NEGATIVE_INFINITY;
        }
      }
      INDArray row = Nd4j.createFromArray(mask).castTo(scores.dataType());
      Rows.addRow(scores.reshape('c', scores.size(0), (long) positions * positions), row);
    };
  }
}
