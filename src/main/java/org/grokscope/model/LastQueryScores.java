package org.grokscope.model;

import java.util.Arrays;

/**
 * What attention at the last position needs of each node: its weight before the division by their
 * sum, and the way back from the scores' gradients. All in float64.
 *
 * <p>The query q = x_last W_Q is one vector a head, so the score of an embedding x is x·u with u =
 * W_K q/√d_head. A node's embedding less the last position's is e_token + c_position, the rows that
 * {@link FactorisedTables} describes, and so is its score relative to the last position's, e·u +
 * c·u. Attention does not see what is added to all scores alike, so the last position's own may be
 * called 0.
 */
final class LastQueryScores {
  private final int d;
  private final int heads;
  private final int dHead;
  private final int vocabulary;
  private final int positions; // before the last
  private final int wQ; // where the matrices begin among the parameters
  private final int wK;
  private final double[][] query; // [heads][dHead]
  private final double[][] keyed; // [heads][d], u

  final double[][] weights; // [positions·vocabulary + 1][heads], exp(s − largest s of the head)

  LastQueryScores(ModelConfig config) {
    d = config.shape().dModel();
    heads = config.shape().heads();
    dHead = config.shape().dHead();
    vocabulary = config.vocabulary();
    positions = config.contextLength() - 1;
    wQ = config.layout().slot("W_Q").offset();
    wK = config.layout().slot("W_K").offset();
    query = new double[heads][dHead];
    keyed = new double[heads][d];
    weights = new double[positions * vocabulary + 1][heads];
  }

  /**
   * The weights of one head.
   *
   * @param embedded [vocabulary + positions + 1][d]: e of each token, c of each position, x_last
   */
  void compute(int h, float[][] embedded, float[] parameters) {
    float[] xLast = embedded[vocabulary + positions];
    double[] q = query[h];
    Arrays.fill(q, 0);
    for (int i = 0; i < d; i++) {
      int row = wQ + (h * d + i) * dHead;
      for (int j = 0; j < dHead; j++) {
        q[j] += (double) xLast[i] * parameters[row + j];
      }
    }
    double scale = 1 / Math.sqrt(dHead);
    double[] u = keyed[h];
    for (int i = 0; i < d; i++) {
      int row = wK + (h * d + i) * dHead;
      double sum = 0;
      for (int j = 0; j < dHead; j++) {
        sum += parameters[row + j] * q[j];
      }
      u[i] = sum * scale;
    }
    double[] ofToken = new double[vocabulary];
    Arrays.setAll(ofToken, token -> product(embedded[token], u));
    double largest = 0; // the last position's own
    for (int t = 0; t < positions; t++) {
      double ofPosition = product(embedded[vocabulary + t], u);
      for (int token = 0; token < vocabulary; token++) {
        double score = ofToken[token] + ofPosition;
        weights[t * vocabulary + token][h] = score;
        largest = Math.max(largest, score);
      }
    }
    weights[positions * vocabulary][h] = 0;
    for (double[] ofNode : weights) {
      ofNode[h] = Math.exp(ofNode[h] - largest);
    }
  }

  private static double product(float[] x, double[] u) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 1 < u.length; i += 2) {
      even += x[i] * u[i];
      odd += x[i + 1] * u[i + 1];
    }
    return even + odd + (i < u.length ? x[i] * u[i] : 0);
  }

  /**
   * Gradients of W_Q, W_K and of the embeddings, through the scores.
   *
   * @param scoreGradients [positions·vocabulary][heads]
   * @param target the weights' gradients; W_Q and W_K are overwritten
   * @param embeddedGradient as {@code embedded}; added to
   */
  void backward(
      double[][] scoreGradients,
      float[][] embedded,
      float[] parameters,
      float[] target,
      double[][] embeddedGradient) {
    int last = vocabulary + positions;
    double[] ds = new double[last];
    for (int h = 0; h < heads; h++) {
      Arrays.fill(ds, 0);
      for (int node = 0; node < positions * vocabulary; node++) {
        ds[node % vocabulary] += scoreGradients[node][h];
        ds[vocabulary + node / vocabulary] += scoreGradients[node][h];
      }
      double[] u = keyed[h];
      double[] du = new double[d];
      for (int row = 0; row < last; row++) {
        double[] dx = embeddedGradient[row];
        float[] x = embedded[row];
        double each = ds[row];
        for (int i = 0; i < d; i++) {
          dx[i] += each * u[i];
        }
        for (int i = 0; i < d; i++) {
          du[i] += each * x[i];
        }
      }
      throughQuery(h, du, embedded[last], parameters, target, embeddedGradient[last]);
    }
  }

  /** u = W_K q/√d_head and q = x_last W_Q. */
  private void throughQuery(
      int h, double[] du, float[] xLast, float[] parameters, float[] target, double[] dxLast) {
    double scale = 1 / Math.sqrt(dHead);
    double[] dq = new double[dHead];
    for (int i = 0; i < d; i++) {
      int row = wK + (h * d + i) * dHead;
      double each = du[i] * scale;
      for (int j = 0; j < dHead; j++) {
        target[row + j] = (float) (each * query[h][j]);
        dq[j] += each * parameters[row + j];
      }
    }
    for (int i = 0; i < d; i++) {
      int row = wQ + (h * d + i) * dHead;
      double sum = 0;
      for (int j = 0; j < dHead; j++) {
        target[row + j] = (float) (xLast[i] * dq[j]);
        sum += parameters[row + j] * dq[j];
      }
      dxLast[i] += sum;
    }
  }
}
