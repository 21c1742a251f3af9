package org.grokscope.model;

import java.util.Arrays;
import java.util.List;
import org.grokscope.task.Batch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The forward pass of any model of a table on all its questions, by the reference path in float64.
 *
 * <p>A table of k operands over p elements has n = p^k questions, rows r = a·p + b for two: the
 * operands are r's digits to the base p, the first the highest, and '=', token p, is the last token
 * of k + 1.
 */
public final class ReferencePass {
  private static final String MID = "blocks.0.hook_resid_mid";

  private ReferencePass() {}

  /** The logits of the p elements, without the column of '=', [n · p]. */
  public static double[] logits(ModelConfig config, Parameters weights) {
    INDArray logits = run(config, weights, List.of()).logits();
    return firstColumns(doubles(logits), config.outputs(), config.vocabulary() - 1);
  }

  /** The residual stream before the first MLP, at the last position there is, [n · d_model]. */
  static double[] residualMid(ModelConfig config, Parameters weights) {
    INDArray mid = run(config, weights, List.of(MID)).get(MID); // (n, T, d_model)
    return doubles(
        mid.get(NDArrayIndex.all(), NDArrayIndex.point(mid.size(1) - 1), NDArrayIndex.all()));
  }

  /**
   * The gradient of one logit of each question of two operands by their embeddings at their
   * positions, of any model with positions: a backward pass a question, so slower by far than that
   * of {@link OneLayerPass#operandGradients}.
   *
   * @param classes [p²], of each question the answer whose logit is meant
   * @return for a and for b, [2][p² · d_model]
   */
  public static double[][] operandGradients(ModelConfig config, Parameters weights, int[] classes) {
    int p = config.vocabulary() - 1;
    int width = config.shape().dModel();
    double[][] gradients = new double[2][classes.length * width];
    try (ReferenceTransformer model =
        ReferenceTransformer.of(config, weights, DataType.DOUBLE, new LogitItself())) {
      for (int r = 0; r < classes.length; r++) {
        int[] tokens = {r / p, r % p, p};
        model.lossAndGradients(Batch.ofQuestions(tokens.length, tokens, new int[] {classes[r]}));
        double[] ofPositions = model.gradients().doubles("W_pos"); // x_t = W_E[token] + W_pos[t]
        for (int t = 0; t < gradients.length; t++) {
          System.arraycopy(ofPositions, t * width, gradients[t], r * width, width);
        }
      }
    }
    return gradients;
  }

  /** The logit of the label in the place of a loss. */
  private record LogitItself() implements Loss {
    @Override
    public String label() {
      return "logit";
    }

    @Override
    public double of(double[] logits, int label, double[] gradient) {
      Arrays.fill(gradient, 0);
      gradient[label] = 1;
      return logits[label];
    }
  }

  private static ActivationCache run(ModelConfig config, Parameters weights, List<String> names) {
    try (ReferenceTransformer model = ReferenceTransformer.of(config, weights, DataType.DOUBLE)) {
      return model.runWithCache(
          questions(config.vocabulary() - 1, config.contextLength() - 1), names);
    }
  }

  /** All p^k questions in order; the labels mean nothing. */
  static Batch questions(int p, int operands) {
    int n = 1;
    for (int i = 0; i < operands; i++) {
      n = Math.multiplyExact(n, p);
    }
    int length = operands + 1;
    int[] tokens = new int[n * length];
    for (int r = 0; r < n; r++) {
      tokens[r * length + operands] = p;
      for (int i = operands - 1, rest = r; i >= 0; i--, rest /= p) {
        tokens[r * length + i] = rest % p;
      }
    }
    return Batch.ofQuestions(length, tokens, new int[n]);
  }

  /** The first columns of a row-major matrix. */
  static double[] firstColumns(double[] matrix, int columns, int kept) {
    if (kept == columns) {
      return matrix;
    }
    int rows = matrix.length / columns;
    double[] result = new double[rows * kept];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(matrix, row * columns, result, row * kept, kept);
    }
    return result;
  }

  private static double[] doubles(INDArray array) {
    return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }
}
