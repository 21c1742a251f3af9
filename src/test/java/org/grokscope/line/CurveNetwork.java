package org.grokscope.line;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineFact;
import org.grokscope.task.LinedBatch;
import org.grokscope.task.TokenKind;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A model built by hand, whose count lives on a known curve of six of its dimensions and nowhere
 * else: position t holds curve(count) + word(token), in a space turned at random, and the answer is
 * read off the point of the curve that is nearest.
 */
final class CurveNetwork implements LineNetwork {
  static final String HOOK = "blocks.0.hook_resid_post";
  static final int WIDTH = 24;
  private static final int CURVE = 6;
  private static final double SURE = 20;

  private final double[][] curve; // (counts, WIDTH)
  private final double[][] words; // (tokens, WIDTH)

  /**
   * @param counts 0 … counts − 1 lie on the curve
   * @param tokens of the vocabulary
   */
  CurveNetwork(int counts, int tokens) {
    Random random = new Random(7);
    double[][] turned =
        BreakDecision.orthonormal(WIDTH, WIDTH, random).toDoubleMatrix(); // rows: new axes
    curve = new double[counts][];
    for (int c = 0; c < counts; c++) {
      double[] plain = new double[WIDTH];
      for (int k = 0; k < CURVE / 2; k++) {
        double angle = Math.PI * (k + 1) * c / counts;
        plain[2 * k] = 4 * Math.cos(angle) / (k + 1);
        plain[2 * k + 1] = 4 * Math.sin(angle) / (k + 1);
      }
      curve[c] = times(plain, turned);
    }
    words = new double[tokens][];
    for (int token = 0; token < tokens; token++) {
      double[] plain = new double[WIDTH];
      for (int j = CURVE; j < WIDTH; j++) {
        plain[j] = random.nextGaussian();
      }
      words[token] = times(plain, turned);
    }
  }

  private static double[] times(double[] row, double[][] matrix) {
    double[] product = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      for (int j = 0; j < row.length; j++) {
        product[j] += row[i] * matrix[i][j];
      }
    }
    return product;
  }

  @Override
  public INDArray activation(LinedBatch batch, String hook) {
    if (!hook.equals(HOOK)) {
      throw new IllegalArgumentException("activation: got '" + hook + "', expected " + HOOK);
    }
    INDArray all = Nd4j.zeros(DataType.DOUBLE, (long) batch.size() * batch.length(), WIDTH);
    int[] counts = batch.facts(LineFact.COUNT);
    int[] tokens = batch.tokens();
    for (int i = 0; i < tokens.length; i++) {
      double[] row = curve[counts[i]].clone();
      int token = tokens[i];
      Arrays.setAll(row, j -> row[j] + words[token][j]);
      all.putRow(i, Nd4j.createFromArray(row));
    }
    return all.reshape(batch.size(), batch.length(), WIDTH);
  }

  @Override
  public INDArray logits(LineBatch batch, Map<String, UnaryOperator<INDArray>> hooks) {
    INDArray inside = activation(batch, HOOK);
    for (Map.Entry<String, UnaryOperator<INDArray>> hook : hooks.entrySet()) {
      inside = hook.getValue().apply(activation(batch, hook.getKey()));
    }
    double[][] rows = inside.reshape(-1, WIDTH).toDoubleMatrix();
    int[] widths = batch.facts(LineFact.WIDTH);
    int[] next = batch.facts(LineFact.NEXT_LENGTH);
    int[] tokens = batch.tokens();
    INDArray logits =
        Nd4j.zeros(DataType.DOUBLE, batch.size(), batch.length(), batch.vocabulary().size());
    for (int i = 0; i < rows.length; i++) {
      int count = nearest(rows[i], words[tokens[i]]);
      int document = i / batch.length();
      int t = i % batch.length();
      if (batch.kind(document, t) == TokenKind.CARET) {
        int label = Steering.labelAbove(batch, document, count);
        if (label >= 0) {
          logits.putScalar(new int[] {document, t, label}, SURE);
        }
        continue;
      }
      boolean ends = next[i] >= 0 && count + 1 + next[i] > widths[i];
      boolean padded = batch.vocabulary().count(TokenKind.PAD) > 0;
      int blanks = Math.max(0, widths[i] - count);
      int last = batch.vocabulary().count(TokenKind.PAD) - 1;
      int end =
          padded ? batch.vocabulary().pad(Math.min(blanks, last)) : batch.vocabulary().newline();
      // the blanks are named in any case, and outweighed by a word where the line goes on
      logits.putScalar(new int[] {document, t, end}, SURE);
      if (!ends) {
        int word = batch.vocabulary().token(TokenKind.WORD, 0);
        logits.putScalar(new int[] {document, t, word}, 2 * SURE);
      }
    }
    return logits;
  }

  /** The count whose point on the curve is nearest to an activation without its word. */
  private int nearest(double[] row, double[] word) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < curve.length; c++) {
      double distance = 0;
      for (int j = 0; j < row.length; j++) {
        distance += Math.pow(row[j] - word[j] - curve[c][j], 2);
      }
      if (distance < least) {
        least = distance;
        nearest = c;
      }
    }
    return nearest;
  }

  /** The points of the curve, [counts, WIDTH]. */
  INDArray curve() {
    return Nd4j.createFromArray(curve);
  }
}
