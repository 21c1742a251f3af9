package org.grokscope.model;

import java.util.Arrays;
import org.grokscope.task.Batch;
import org.grokscope.task.View;
import org.grokscope.task.VisibleKeys;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is added to the scores of attention where all positions ask: who may look where. */
@FunctionalInterface
interface ScoreRule {
  /** Everybody sees everything. */
  ScoreRule NONE = scores -> {};

  /** Adds to the scores, (n·heads, T, T), in place: −∞ where a query may not look. */
  void addTo(INDArray scores);

  /** The rule of a layer: its view, and its slopes. */
  static ScoreRule of(LayerShape layer, Batch batch) {
    if (!layer.attends()) {
      return NONE;
    }
    if (!isPlain(layer)) {
      return scores -> scores.addi(visible(layer, batch, scores.dataType()));
    }
    return layer.view() == View.BOTH_WAYS ? NONE : causal();
  }

  /** Whether the last position sees everything, each key alike. */
  static boolean isPlain(LayerShape layer) {
    return layer.slopes().isEmpty()
        && (layer.view() == View.EVERYTHING || layer.view() == View.BOTH_WAYS);
  }

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

  /** −slope · distance where a position sees another, −∞ elsewhere, (n·heads, T, T). */
  private static INDArray visible(LayerShape layer, Batch batch, DataType type) {
    int positions = batch.length();
    int heads = layer.heads();
    VisibleKeys visible = batch.visible(layer.view());
    float[] rule = new float[batch.size() * heads * positions * positions];
    Arrays.fill(rule, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < batch.size(); i++) {
      for (int h = 0; h < heads; h++) {
        double slope = layer.slopes().isEmpty() ? 0 : layer.slopes().get(h);
        for (int t = 0; t < positions; t++) {
          int row = ((i * heads + h) * positions + t) * positions;
          int position = i * positions + t;
          for (int j = visible.starts()[position]; j < visible.starts()[position + 1]; j++) {
            int key = visible.keys()[j];
            rule[row + key] = (float) (-slope * Math.abs(t - key));
          }
        }
      }
    }
    return NativeValues.array(rule, (long) batch.size() * heads, positions, positions).castTo(type);
  }
}
