package org.grokscope.model;

import java.util.Arrays;
import org.grokscope.model.Blas.Matrix;

/**
 * The tables of the fast path: everything about a one-layer model that does not depend on the pair.
 *
 * <p>Without LayerNorm, and with one fixed last token, the embedding x of a node (a token at a
 * position) is all that attention ever sees, so per node and head there is one score s = x·u, with
 * u = W_K q/√d_head and q the last position's query, and one row T = x W_V W_O [W_in | W_U], what
 * attending to the node adds to the neurons' inputs (first {@code neurons} entries) and directly to
 * the logits (the rest). A pair's row is then base + Σ A·T over its nodes and heads. Rows are kept
 * relative to the last position's, so its own attention, 1 − Σ A, needs no term.
 *
 * <p>Heads are padded to a multiple of four with rows of zeros, as the kernels take four at a time.
 */
final class FactorisedTables implements AutoCloseable {
  private final ModelConfig config;
  private final int vocabulary;
  private final int d;
  private final int heads;
  private final int dHead;
  private final int neurons;
  private final int outputs;
  private final int
      last; // the node of the last position; nodes before it: position·vocabulary + token
  private final int lastToken;
  private final Places at;
  final int width; // entries of a row: neurons, then outputs, then padding to a multiple of 16
  final int slots; // heads, padded to a multiple of 4

  final float[][][] rows; // [last][slots][width], relative to the last position's
  final float[] base; // [width]
  final double[][] weights; // [last+1][heads], exp(s − largest s of the head)
  final Matrix neuronsToLogits; // (neurons, outputs), W_out·W_U

  private final Matrix theta; // all parameters, flat
  private final Matrix gradient;
  private final Matrix x; // (last+1, d)
  private final Matrix values; // (last+1, heads·dHead), x W_V
  private final Matrix paths; // (heads·dHead, width), W_O [W_in | W_U]
  private final Matrix table; // (last+1, heads·width)
  private final Matrix valuesGradient;
  private final Matrix pathsGradient;
  private final Matrix tableGradient;
  private final Matrix tableRows; // table, read as ((last+1)·heads, width)
  private final Matrix tableGradientRows;
  private final Matrix xGradient;
  private final Matrix baseRow; // (1, width)
  private final float[][] embedded; // [last+1][d], x on the heap
  private final double[][] query; // [heads][dHead]
  private final double[][] keyed; // [heads][d], u

  /** Offsets of the parameters in the flat array. */
  private record Places(
      int wE,
      int wPos,
      int wQ,
      int wK,
      int wV,
      int wO,
      int wIn,
      int bIn,
      int wOut,
      int bOut,
      int wU) {
    static Places of(ParameterLayout layout) {
      return new Places(
          layout.slot("W_E").offset(),
          layout.slot("W_pos").offset(),
          layout.slot("W_Q").offset(),
          layout.slot("W_K").offset(),
          layout.slot("W_V").offset(),
          layout.slot("W_O").offset(),
          layout.slot("W_in").offset(),
          layout.slot("b_in").offset(),
          layout.slot("W_out").offset(),
          layout.slot("b_out").offset(),
          layout.slot("W_U").offset());
    }
  }

  FactorisedTables(ModelConfig config) {
    this.config = config;
    ModelShape shape = config.shape();
    vocabulary = config.vocabulary();
    d = shape.dModel();
    heads = shape.heads();
    dHead = shape.dHead();
    neurons = shape.dMlp();
    outputs = config.outputs();
    last = (config.contextLength() - 1) * vocabulary;
    lastToken = vocabulary - 1;
    width = neurons + (outputs + 15) / 16 * 16;
    slots = (heads + 3) / 4 * 4;
    at = Places.of(config.layout());
    rows = new float[last][slots][width];
    base = new float[width];
    weights = new double[last + 1][heads];
    embedded = new float[last + 1][d];
    query = new double[heads][dHead];
    keyed = new double[heads][d];
    neuronsToLogits = Matrix.zeros(neurons, outputs);
    theta = Matrix.zeros(1, config.layout().size());
    gradient = Matrix.zeros(1, config.layout().size());
    x = Matrix.zeros(last + 1, d);
    values = Matrix.zeros(last + 1, heads * dHead);
    paths = Matrix.zeros(heads * dHead, width);
    table = Matrix.zeros(last + 1, heads * width);
    valuesGradient = Matrix.zeros(last + 1, heads * dHead);
    pathsGradient = Matrix.zeros(heads * dHead, width);
    tableGradient = Matrix.zeros(last + 1, heads * width);
    tableRows = table.reshaped(0, width);
    tableGradientRows = tableGradient.reshaped(0, width);
    xGradient = Matrix.zeros(last + 1, d);
    baseRow = Matrix.zeros(1, width);
  }

  /** The node of the last position. */
  int last() {
    return last;
  }

  /** The token that every sequence ends on. */
  int lastToken() {
    return lastToken;
  }

  /** Tables from weights. */
  void compute(float[] parameters, Workers workers) {
    Blas.holdToOneThread();
    theta.put(0, parameters, 0, parameters.length);
    embed(parameters);
    scores(parameters);
    Matrix wIn = theta.reshaped(at.wIn, neurons);
    Matrix wU = theta.reshaped(at.wU, outputs);
    Matrix wO = theta.reshaped(at.wO, d);
    Blas.multiply(heads * dHead, neurons, d, wO, wIn, 0, paths);
    Blas.multiply(heads * dHead, outputs, d, wO, wU, 0, paths.from(0, neurons));
    workers.forEach(
        heads,
        (h, worker) -> {
          Matrix wV = theta.reshaped(at.wV + h * d * dHead, dHead);
          Matrix head = values.from(0, h * dHead);
          Blas.multiply(last + 1, dHead, d, x, wV, 0, head);
          Blas.multiply(
              last + 1, width, dHead, head, paths.from(h * dHead, 0), 0, table.from(0, h * width));
          for (int node = 0; node < last; node++) {
            tableRows.get(node * heads + h, rows[node][h], 0, width);
          }
        });
    Matrix wOut = theta.reshaped(at.wOut, d);
    Blas.multiply(neurons, outputs, d, wOut, wU, 0, neuronsToLogits);
    // base = [b_in | b_out W_U] + x_last [W_in | W_U] + Σ_h T_h[last]
    Blas.multiply(1, neurons, d, x.from(last, 0), wIn, 0, baseRow);
    Blas.multiply(1, outputs, d, x.from(last, 0), wU, 0, baseRow.from(0, neurons));
    Blas.multiply(1, outputs, d, theta.reshaped(at.bOut, d), wU, 1, baseRow.from(0, neurons));
    baseRow.get(0, base, 0, width);
    for (int k = 0; k < neurons; k++) {
      base[k] += parameters[at.bIn + k];
    }
    for (int h = 0; h < heads; h++) {
      float[] lastRow = new float[width];
      tableRows.get(last * heads + h, lastRow, 0, width);
      RowKernels.add(base, lastRow);
      for (int node = 0; node < last; node++) {
        RowKernels.subtract(rows[node][h], lastRow);
      }
    }
  }

  private void embed(float[] parameters) {
    for (int node = 0; node <= last; node++) {
      int position = node / vocabulary;
      int token = node == last ? lastToken : node % vocabulary;
      float[] row = embedded[node];
      for (int i = 0; i < d; i++) {
        row[i] = parameters[at.wE + token * d + i] + parameters[at.wPos + position * d + i];
      }
      x.put(node, row, 0, d);
    }
  }

  private void scores(float[] parameters) {
    double scale = 1 / Math.sqrt(dHead);
    for (int h = 0; h < heads; h++) {
      Arrays.fill(query[h], 0);
      for (int i = 0; i < d; i++) {
        int row = (h * d + i) * dHead;
        for (int j = 0; j < dHead; j++) {
          query[h][j] += (double) embedded[last][i] * parameters[at.wQ + row + j];
        }
      }
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < d; i++) {
        int row = (h * d + i) * dHead;
        double sum = 0;
        for (int j = 0; j < dHead; j++) {
          sum += parameters[at.wK + row + j] * query[h][j];
        }
        keyed[h][i] = sum * scale;
      }
      for (int node = 0; node <= last; node++) {
        double score = 0;
        for (int i = 0; i < d; i++) {
          score += embedded[node][i] * keyed[h][i];
        }
        weights[node][h] = score;
        largest = Math.max(largest, score);
      }
      for (int node = 0; node <= last; node++) {
        weights[node][h] = Math.exp(weights[node][h] - largest);
      }
    }
  }

  /**
   * Weight gradients from table gradients.
   *
   * @param rowGradients [last][heads][width], of {@link #rows}
   * @param baseGradient [width], of {@link #base}
   * @param scoreGradients [last+1][heads], of the scores
   * @param neuronsToLogitsGradient of {@link #neuronsToLogits}
   * @param parameters the weights that {@link #compute} was given
   * @param target the weights' gradients, overwritten
   */
  void backward(
      float[][][] rowGradients,
      float[] baseGradient,
      double[][] scoreGradients,
      Matrix neuronsToLogitsGradient,
      float[] parameters,
      float[] target,
      Workers workers) {
    Matrix wIn = theta.reshaped(at.wIn, neurons);
    Matrix wU = theta.reshaped(at.wU, outputs);
    Matrix wO = theta.reshaped(at.wO, d);
    Matrix wOut = theta.reshaped(at.wOut, d);
    workers.forEach(heads, (h, worker) -> headBackward(h, rowGradients, baseGradient));
    for (int h = 0; h < heads; h++) {
      Matrix wV = theta.reshaped(at.wV + h * d * dHead, dHead);
      Blas.multiplyRightTransposed(
          last + 1, d, dHead, valuesGradient.from(0, h * dHead), wV, h == 0 ? 0 : 1, xGradient);
    }
    // paths = W_O [W_in | W_U]
    Matrix dWIn = gradient.reshaped(at.wIn, neurons);
    Matrix dWU = gradient.reshaped(at.wU, outputs);
    Matrix dWO = gradient.reshaped(at.wO, d);
    Matrix pathsToLogits = pathsGradient.from(0, neurons);
    Blas.multiplyRightTransposed(heads * dHead, d, neurons, pathsGradient, wIn, 0, dWO);
    Blas.multiplyRightTransposed(heads * dHead, d, outputs, pathsToLogits, wU, 1, dWO);
    Blas.multiplyLeftTransposed(d, neurons, heads * dHead, wO, pathsGradient, 0, dWIn);
    Blas.multiplyLeftTransposed(d, outputs, heads * dHead, wO, pathsToLogits, 0, dWU);
    // neuronsToLogits = W_out W_U
    Blas.multiplyLeftTransposed(d, outputs, neurons, wOut, neuronsToLogitsGradient, 1, dWU);
    Matrix dWOut = gradient.reshaped(at.wOut, d);
    Blas.multiplyRightTransposed(neurons, d, outputs, neuronsToLogitsGradient, wU, 0, dWOut);
    // base = [b_in | b_out W_U] + x_last [W_in | W_U]
    baseRow.put(0, baseGradient, 0, width);
    Matrix baseLogits = baseRow.from(0, neurons);
    Matrix xLast = x.from(last, 0);
    Matrix dBOut = gradient.reshaped(at.bOut, d);
    Blas.multiplyLeftTransposed(d, neurons, 1, xLast, baseRow, 1, dWIn);
    Blas.multiplyLeftTransposed(d, outputs, 1, xLast, baseLogits, 1, dWU);
    Blas.multiplyLeftTransposed(d, outputs, 1, theta.reshaped(at.bOut, d), baseLogits, 1, dWU);
    Blas.multiplyRightTransposed(1, d, outputs, baseLogits, wU, 0, dBOut);
    Blas.multiplyRightTransposed(1, d, neurons, baseRow, wIn, 1, xGradient.from(last, 0));
    Blas.multiplyRightTransposed(1, d, outputs, baseLogits, wU, 1, xGradient.from(last, 0));

    gradient.get(0, target, 0, target.length);
    System.arraycopy(baseGradient, 0, target, at.bIn, neurons);
    scoresBackward(scoreGradients, parameters, target);
  }

  /** T = values·paths and values = x W_V, for one head. */
  private void headBackward(int h, float[][][] rowGradients, float[] baseGradient) {
    // Rows are relative to the last position's, which every pair's base carries whole.
    float[] lastGradient = baseGradient.clone();
    for (int node = 0; node < last; node++) {
      RowKernels.subtract(lastGradient, rowGradients[node][h]);
      tableGradientRows.put(node * heads + h, rowGradients[node][h], 0, width);
    }
    tableGradientRows.put(last * heads + h, lastGradient, 0, width);
    Matrix head = values.from(0, h * dHead);
    Matrix dHeadValues = valuesGradient.from(0, h * dHead);
    Matrix dTable = tableGradient.from(0, h * width);
    Matrix headPaths = paths.from(h * dHead, 0);
    Blas.multiplyRightTransposed(last + 1, dHead, width, dTable, headPaths, 0, dHeadValues);
    Blas.multiplyLeftTransposed(
        dHead, width, last + 1, head, dTable, 0, pathsGradient.from(h * dHead, 0));
    Blas.multiplyLeftTransposed(
        d, dHead, last + 1, x, dHeadValues, 0, gradient.reshaped(at.wV + h * d * dHead, dHead));
  }

  /** s = x·u, u = W_K q/√d_head, q = x_last W_Q; then x = W_E + W_pos. */
  private void scoresBackward(double[][] scoreGradients, float[] parameters, float[] target) {
    double scale = 1 / Math.sqrt(dHead);
    double[][] dx = new double[last + 1][d];
    for (int node = 0; node <= last; node++) {
      float[] row = new float[d];
      xGradient.get(node, row, 0, d);
      for (int i = 0; i < d; i++) {
        dx[node][i] = row[i];
      }
    }
    for (int h = 0; h < heads; h++) {
      double[] dKeyed = new double[d];
      for (int node = 0; node <= last; node++) {
        double ds = scoreGradients[node][h];
        for (int i = 0; i < d; i++) {
          dx[node][i] += ds * keyed[h][i];
          dKeyed[i] += ds * embedded[node][i];
        }
      }
      double[] dQuery = new double[dHead];
      for (int i = 0; i < d; i++) {
        int row = (h * d + i) * dHead;
        double dKeyedScaled = dKeyed[i] * scale;
        for (int j = 0; j < dHead; j++) {
          target[at.wK + row + j] = (float) (dKeyedScaled * query[h][j]);
          dQuery[j] += dKeyedScaled * parameters[at.wK + row + j];
        }
      }
      for (int i = 0; i < d; i++) {
        int row = (h * d + i) * dHead;
        double sum = 0;
        for (int j = 0; j < dHead; j++) {
          target[at.wQ + row + j] = (float) (embedded[last][i] * dQuery[j]);
          sum += parameters[at.wQ + row + j] * dQuery[j];
        }
        dx[last][i] += sum;
      }
    }
    Arrays.fill(target, at.wE, at.wE + vocabulary * d, 0f);
    Arrays.fill(target, at.wPos, at.wPos + config.contextLength() * d, 0f);
    for (int node = 0; node <= last; node++) {
      int position = node / vocabulary;
      int token = node == last ? lastToken : node % vocabulary;
      for (int i = 0; i < d; i++) {
        target[at.wE + token * d + i] += (float) dx[node][i];
        target[at.wPos + position * d + i] += (float) dx[node][i];
      }
    }
  }

  @Override
  public void close() {
    for (Matrix matrix :
        new Matrix[] {
          neuronsToLogits,
          theta,
          gradient,
          x,
          values,
          paths,
          table,
          valuesGradient,
          pathsGradient,
          tableGradient,
          xGradient,
          baseRow
        }) {
      matrix.free();
    }
  }
}
