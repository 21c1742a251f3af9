package org.grokscope.probe;

import java.util.List;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ActivationCache;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Batch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The forward pass of any model on all p² questions, by the reference path in float64. */
final class ReferencePass {
  private static final String MID = "blocks.0.hook_resid_mid";

  private ReferencePass() {}

  /** The logits without the column of '=', [n · p]. */
  static double[] logits(Checkpoint checkpoint) {
    INDArray logits = run(checkpoint, List.of()).logits();
    return WeightValues.firstColumns(
        doubles(logits), checkpoint.config().outputs(), checkpoint.p());
  }

  /** The residual stream before the first MLP, at the last position there is, [n · d_model]. */
  static double[] residualMid(Checkpoint checkpoint) {
    INDArray mid = run(checkpoint, List.of(MID)).get(MID); // (n, T, d_model)
    return doubles(
        mid.get(NDArrayIndex.all(), NDArrayIndex.point(mid.size(1) - 1), NDArrayIndex.all()));
  }

  private static ActivationCache run(Checkpoint checkpoint, List<String> names) {
    try (ReferenceTransformer model =
        ReferenceTransformer.of(checkpoint.config(), checkpoint.parameters(), DataType.DOUBLE)) {
      return model.runWithCache(questions(checkpoint.p()), names);
    }
  }

  /** All p² questions in order; the labels mean nothing. */
  private static Batch questions(int p) {
    int n = p * p;
    int[] tokens = new int[n * 3];
    for (int r = 0; r < n; r++) {
      tokens[3 * r] = r / p;
      tokens[3 * r + 1] = r % p;
      tokens[3 * r + 2] = p;
    }
    return Batch.ofQuestions(3, tokens, new int[n]);
  }

  private static double[] doubles(INDArray array) {
    return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }
}
