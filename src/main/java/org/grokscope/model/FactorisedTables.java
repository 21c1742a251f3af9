package org.grokscope.model;

import java.util.Arrays;
import org.grokscope.model.MatrixProducts.Matrix;

/**
 * The tables of the fast path: everything about a one-layer model that does not depend on the pair.
 *
 * <p>A <em>node</em> is a token at a position before the last. Without LayerNorm, and with one
 * fixed last token, its embedding is all that attention ever sees of it; relative to the last
 * position's this is
 *
 * <pre>  x_node − x_last = e_token + c_position,
 *   e = W_E[token] − W_E[last token],  c = W_pos[position] − W_pos[last].</pre>
 *
 * Per node and head there is one attention weight ({@link LastQueryScores}) and one row, T = (e +
 * c) W_V W_O [W_in | W_U]: what attending to the node instead of the last position adds to the
 * neurons' inputs (first {@code neurons} entries) and directly to the logits (the rest). Products
 * are taken of the e and the c, which are fewer than the nodes. A pair's row is then base + Σ A·T
 * over its nodes and heads; the last position's own attention, 1 − Σ A, needs no term.
 *
 * <p>Heads are padded to a multiple of four with rows of zeros, as the kernels take four at a time.
 */
final class FactorisedTables implements AutoCloseable {
  private static final int PIECES = 4; // of matrices that are shared out among threads

  private final MatrixProducts products;
  private final int vocabulary;
  private final int positions; // before the last
  private final int d;
  private final int heads;
  private final int dHead;
  private final int neurons;
  private final int outputs;
  private final int last; // the node of the last position, after all others
  private final int rowOfLast; // of x_last among the embeddings
  private final Places at;
  final int width; // entries of a row: neurons, then outputs, then padding
  final int slots; // heads, padded to a multiple of 4

  final float[][][] rows; // [last][slots][width], relative to the last position's
  final float[] base; // [width]
  final LastQueryScores scores;
  final Matrix neuronsToLogits; // (neurons, outputs), W_out·W_U

  private final float[] computedOf; // the weights that the tables are of
  private boolean computed; // whether they are of any yet
  private final Matrix theta; // the same, for products
  private final Matrix gradient;
  private final float[][] embedded; // [vocabulary + positions + 1][d]: each e, each c, x_last
  private final Matrix x; // the same, for products
  private final Matrix values; // (vocabulary + positions + 1, heads·dHead), x W_V
  private final Matrix inputs; // (d, width), [W_in | W_U]
  private final Matrix toInputs; // (heads·dHead + 1, d), W_O and below it x_last
  private final Matrix paths; // (heads·dHead + 1, width), W_O [W_in | W_U], x_last [W_in | W_U]
  private final Matrix[] table; // [heads], (vocabulary + positions + 1, width), values·paths
  private final Matrix valuesGradient;
  private final Matrix pathsGradient;
  private final Matrix[] tableGradient;
  private final Matrix xGradient;
  private final Matrix inputsGradient;
  private final Matrix toInputsGradient;
  private final float[][][] positionRows; // [heads][positions+1][width], scratch of one head

  /** Offsets of the parameters in the flat array. */
  private record Places(
      int wE, int wPos, int wV, int wO, int wIn, int bIn, int wOut, int bOut, int wU) {
    static Places of(ParameterLayout layout) {
      return new Places(
          layout.slot("W_E").offset(),
          layout.slot("W_pos").offset(),
          layout.slot("W_V").offset(),
          layout.slot("W_O").offset(),
          layout.slot("W_in").offset(),
          layout.slot("b_in").offset(),
          layout.slot("W_out").offset(),
          layout.slot("b_out").offset(),
          layout.slot("W_U").offset());
    }
  }

  FactorisedTables(ModelConfig config, MatrixProducts products) {
    this.products = products;
    ModelShape shape = config.shape();
    vocabulary = config.vocabulary();
    positions = config.contextLength() - 1;
    d = shape.dModel();
    heads = shape.heads();
    dHead = shape.dHead();
    neurons = shape.dMlp();
    outputs = config.outputs();
    last = positions * vocabulary;
    rowOfLast = vocabulary + positions;
    width = padded(neurons + outputs);
    slots = (heads + 3) / 4 * 4;
    at = Places.of(config.layout());
    rows = new float[last][slots][width];
    base = new float[width];
    scores = new LastQueryScores(config);
    embedded = new float[rowOfLast + 1][d];
    positionRows = new float[heads][positions + 1][width];
    neuronsToLogits = products.zeros(neurons, outputs);
    computedOf = new float[config.layout().size()];
    theta = products.zeros(1, config.layout().size());
    gradient = products.zeros(1, config.layout().size());
    x = products.zeros(rowOfLast + 1, d);
    values = products.zeros(rowOfLast + 1, heads * dHead);
    inputs = products.zeros(d, width);
    toInputs = products.zeros(heads * dHead + 1, d);
    paths = products.zeros(heads * dHead + 1, width);
    inputsGradient = products.zeros(d, width);
    toInputsGradient = products.zeros(heads * dHead + 1, d);
    valuesGradient = products.zeros(rowOfLast + 1, heads * dHead);
    pathsGradient = products.zeros(heads * dHead + 1, width);
    table = new Matrix[heads];
    tableGradient = new Matrix[heads];
    Arrays.setAll(table, h -> products.zeros(rowOfLast + 1, width));
    Arrays.setAll(tableGradient, h -> products.zeros(rowOfLast + 1, width));
    xGradient = products.zeros(rowOfLast + 1, d);
  }

  /**
   * A row's length for so many entries: 4 less than a multiple of 16, so that a float[] with its
   * header of 16 bytes fills whole cache lines, and rows that lie one behind the other are aligned
   * alike. The kernels are up to a fifth faster for it.
   */
  static int padded(int entries) {
    return (entries + 19) / 16 * 16 - 4;
  }

  /** The node of the last position. */
  int last() {
    return last;
  }

  /** The token that every sequence ends on. */
  int lastToken() {
    return vocabulary - 1;
  }

  /**
   * Tables from weights; those that are there are kept if they are of the same weights, as when an
   * evaluation follows another.
   */
  void compute(float[] parameters, Workers workers) {
    products.holdToOneThread();
    if (computed && Arrays.equals(parameters, computedOf)) {
      return;
    }
    computed = true;
    System.arraycopy(parameters, 0, computedOf, 0, parameters.length);
    theta.put(0, parameters, 0, parameters.length);
    embed(parameters);
    for (int i = 0; i < d; i++) {
      inputs.put(i, parameters, at.wIn + i * neurons, neurons);
      inputs.from(0, neurons).put(i, parameters, at.wU + i * outputs, outputs);
    }
    toInputs.put(0, parameters, at.wO, heads * dHead * d);
    toInputs.put(heads * dHead, embedded[rowOfLast], 0, d);
    workers.forEach(PIECES, (piece, worker) -> multiplyWeights(piece));
    workers.forEach(heads, (h, worker) -> computeHead(h, parameters));
    // base = [b_in | b_out W_U] + x_last [W_in | W_U] + Σ_h x_last W_V W_O [W_in | W_U]
    Matrix wU = theta.reshaped(at.wU, outputs);
    Matrix baseRow = paths.from(heads * dHead, 0);
    Matrix baseLogits = paths.from(heads * dHead, neurons);
    products.multiply(1, outputs, d, theta.reshaped(at.bOut, d), wU, 1, baseLogits);
    baseRow.get(0, base, 0, width);
    for (int k = 0; k < neurons; k++) {
      base[k] += parameters[at.bIn + k];
    }
    for (int h = 0; h < heads; h++) {
      RowKernels.add(base, positionRows[h][positions]);
    }
  }

  /** Some columns of the paths, and some rows of W_out·W_U. */
  private void multiplyWeights(int piece) {
    int from = start(piece, width);
    int columns = start(piece + 1, width) - from;
    int n = heads * dHead + 1;
    products.multiply(n, columns, d, toInputs, inputs.from(0, from), 0, paths.from(0, from));
    int first = start(piece, neurons);
    Matrix wOut = theta.reshaped(at.wOut + first * d, d);
    Matrix wU = theta.reshaped(at.wU, outputs);
    Matrix product = neuronsToLogits.from(first, 0);
    products.multiply(start(piece + 1, neurons) - first, outputs, d, wOut, wU, 0, product);
  }

  private void embed(float[] parameters) {
    int tokens = at.wE;
    int lastToken = tokens + (vocabulary - 1) * d;
    int places = at.wPos;
    int lastPlace = places + positions * d;
    for (int row = 0; row <= rowOfLast; row++) {
      float[] values = embedded[row];
      for (int i = 0; i < d; i++) {
        values[i] =
            row < vocabulary
                ? parameters[tokens + row * d + i] - parameters[lastToken + i]
                : row < rowOfLast
                    ? parameters[places + (row - vocabulary) * d + i] - parameters[lastPlace + i]
                    : parameters[lastToken + i] + parameters[lastPlace + i];
      }
      x.put(row, values, 0, d);
    }
  }

  private void computeHead(int h, float[] parameters) {
    Matrix wV = theta.reshaped(at.wV + h * d * dHead, dHead);
    Matrix head = values.from(0, h * dHead);
    Matrix path = paths.from(h * dHead, 0);
    products.multiply(rowOfLast + 1, dHead, d, x, wV, 0, head);
    products.multiply(rowOfLast + 1, width, dHead, head, path, 0, table[h]);
    float[][] ofPositions = positionRows[h];
    for (int t = 0; t <= positions; t++) {
      table[h].get(vocabulary + t, ofPositions[t], 0, width);
    }
    float[] ofToken = new float[width];
    for (int token = 0; token < vocabulary; token++) {
      table[h].get(token, ofToken, 0, width);
      for (int t = 0; t < positions; t++) {
        RowKernels.sum(rows[t * vocabulary + token][h], ofToken, ofPositions[t]);
      }
    }
    scores.compute(h, embedded, parameters);
  }

  private static int start(int piece, int length) {
    return (int) ((long) length * piece / PIECES);
  }

  /**
   * Weight gradients from table gradients.
   *
   * @param rowGradients [last][heads][width], of {@link #rows}
   * @param baseGradient [width], of {@link #base}
   * @param scoreGradients [last][heads], of the scores relative to the last position's
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
    pathsGradient.put(heads * dHead, baseGradient, 0, width);
    workers.forEach(heads, (h, worker) -> headBackward(h, rowGradients, baseGradient));
    workers.forEach(
        PIECES + 1,
        (piece, worker) -> {
          if (piece < PIECES) {
            weightsBackward(piece, neuronsToLogitsGradient);
          } else {
            unembeddingBackward(neuronsToLogitsGradient);
          }
        });
    gradient.get(0, target, 0, target.length);
    System.arraycopy(baseGradient, 0, target, at.bIn, neurons);
    toInputsGradient.get(0, target, at.wO, heads * dHead * d);
    float[] row = new float[outputs];
    float[] sum = new float[outputs];
    for (int i = 0; i < d; i++) {
      inputsGradient.get(i, target, at.wIn + i * neurons, neurons);
      inputsGradient.from(0, neurons).get(i, row, 0, outputs);
      System.arraycopy(target, at.wU + i * outputs, sum, 0, outputs);
      RowKernels.add(sum, row);
      System.arraycopy(sum, 0, target, at.wU + i * outputs, outputs);
    }
    toEmbeddings(scoreGradients, parameters, target);
  }

  /** T = values·paths and values = x W_V, for one head. */
  private void headBackward(int h, float[][][] rowGradients, float[] baseGradient) {
    float[][] ofPositions = positionRows[h];
    for (int t = 0; t < positions; t++) {
      Arrays.fill(ofPositions[t], 0f);
    }
    float[] ofToken = new float[width];
    for (int token = 0; token < vocabulary; token++) {
      Arrays.fill(ofToken, 0f);
      for (int t = 0; t < positions; t++) {
        float[] ofNode = rowGradients[t * vocabulary + token][h];
        RowKernels.add(ofToken, ofNode);
        RowKernels.add(ofPositions[t], ofNode);
      }
      tableGradient[h].put(token, ofToken, 0, width);
    }
    for (int t = 0; t < positions; t++) {
      tableGradient[h].put(vocabulary + t, ofPositions[t], 0, width);
    }
    tableGradient[h].put(rowOfLast, baseGradient, 0, width);
    int n = rowOfLast + 1;
    Matrix head = values.from(0, h * dHead);
    Matrix dHeadValues = valuesGradient.from(0, h * dHead);
    Matrix dTable = tableGradient[h];
    Matrix dPath = pathsGradient.from(h * dHead, 0);
    Matrix dWV = gradient.reshaped(at.wV + h * d * dHead, dHead);
    Matrix path = paths.from(h * dHead, 0);
    products.multiplyRightTransposed(n, dHead, width, dTable, path, 0, dHeadValues);
    products.multiplyLeftTransposed(dHead, width, n, head, dTable, 0, dPath);
    products.multiplyLeftTransposed(d, dHead, n, x, dHeadValues, 0, dWV);
  }

  /** paths = [W_O ; x_last] [W_in | W_U] and M = W_out W_U: some columns of each gradient. */
  private void weightsBackward(int piece, Matrix neuronsToLogitsGradient) {
    int n = heads * dHead + 1;
    int from = start(piece, width);
    int columns = start(piece + 1, width) - from;
    products.multiplyLeftTransposed(
        d, columns, n, toInputs, pathsGradient.from(0, from), 0, inputsGradient.from(0, from));
    from = start(piece, n);
    products.multiplyRightTransposed(
        start(piece + 1, n) - from,
        d,
        width,
        pathsGradient.from(from, 0),
        inputs,
        0,
        toInputsGradient.from(from, 0));
    from = start(piece, neurons);
    products.multiplyRightTransposed(
        start(piece + 1, neurons) - from,
        d,
        outputs,
        neuronsToLogitsGradient.from(from, 0),
        theta.reshaped(at.wU, outputs),
        0,
        gradient.reshaped(at.wOut + from * d, d));
  }

  /** W_U, but for what the paths do, b_out, and the embeddings, but for what their scores do. */
  private void unembeddingBackward(Matrix neuronsToLogitsGradient) {
    Matrix wU = theta.reshaped(at.wU, outputs);
    Matrix dWU = gradient.reshaped(at.wU, outputs);
    Matrix wOut = theta.reshaped(at.wOut, d);
    Matrix bOut = theta.reshaped(at.bOut, d);
    Matrix dBase = pathsGradient.from(heads * dHead, neurons);
    products.multiplyLeftTransposed(d, outputs, neurons, wOut, neuronsToLogitsGradient, 0, dWU);
    products.multiplyLeftTransposed(d, outputs, 1, bOut, dBase, 1, dWU);
    products.multiplyRightTransposed(1, d, outputs, dBase, wU, 0, gradient.reshaped(at.bOut, d));
    for (int h = 0; h < heads; h++) {
      Matrix wV = theta.reshaped(at.wV + h * d * dHead, dHead);
      Matrix dHeadValues = valuesGradient.from(0, h * dHead);
      products.multiplyRightTransposed(
          rowOfLast + 1, d, dHead, dHeadValues, wV, h == 0 ? 0 : 1, xGradient);
    }
  }

  /** Through the scores, then from e, c and x_last to W_E and W_pos. */
  private void toEmbeddings(double[][] scoreGradients, float[] parameters, float[] target) {
    double[][] dx = new double[rowOfLast + 1][d];
    float[] row = new float[d];
    for (int r = 0; r <= rowOfLast; r++) {
      xGradient.get(r, row, 0, d);
      for (int i = 0; i < d; i++) {
        dx[r][i] = row[i];
      }
    }
    toInputsGradient.get(heads * dHead, row, 0, d);
    for (int i = 0; i < d; i++) {
      dx[rowOfLast][i] += row[i];
    }
    scores.backward(scoreGradients, embedded, parameters, target, dx);
    double[] ofLastToken = dx[rowOfLast].clone();
    double[] ofLastPlace = dx[rowOfLast];
    for (int r = 0; r < rowOfLast; r++) {
      double[] ofLast = r < vocabulary ? ofLastToken : ofLastPlace;
      for (int i = 0; i < d; i++) {
        ofLast[i] -= dx[r][i];
      }
    }
    for (int i = 0; i < d; i++) {
      ofLastToken[i] += dx[vocabulary - 1][i]; // an '=' before the last position is a token as any
      dx[vocabulary - 1][i] = ofLastToken[i];
    }
    for (int token = 0; token < vocabulary; token++) {
      put(dx[token], target, at.wE + token * d);
    }
    for (int t = 0; t <= positions; t++) {
      put(t < positions ? dx[vocabulary + t] : ofLastPlace, target, at.wPos + t * d);
    }
  }

  private static void put(double[] values, float[] target, int from) {
    for (int i = 0; i < values.length; i++) {
      target[from + i] = (float) values[i];
    }
  }

  @Override
  public void close() {
    for (Matrix[] matrices : new Matrix[][] {table, tableGradient}) {
      for (Matrix matrix : matrices) {
        matrix.free();
      }
    }
    for (Matrix matrix :
        new Matrix[] {
          neuronsToLogits,
          theta,
          gradient,
          x,
          values,
          paths,
          valuesGradient,
          pathsGradient,
          xGradient,
          inputs,
          toInputs,
          inputsGradient,
          toInputsGradient
        }) {
      matrix.free();
    }
  }
}
