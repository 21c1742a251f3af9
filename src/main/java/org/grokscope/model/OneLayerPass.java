package org.grokscope.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.grokscope.model.DoubleProducts.Place;

/**
 * The forward pass of a one-layer ReLU model without LayerNorm on all n = p² questions of two
 * operands, rows r = a·p + b, in float64 from float32 weights.
 *
 * <pre>
 *   x_t = W_E[tok_t] + W_pos[t],  tokens (a, b, =)
 *   A_h = softmax over t of (x_2 W_Q[h])·(x_t W_K[h]) / √d_head
 *   mid = x_2 + Σ_h (Σ_t A_h,t x_t W_V[h]) W_O[h]
 *   N = relu(mid W_in + b_in)
 *   logits = mid W_U + N W_out W_U + b_out W_U,  the column of '=' dropped
 * </pre>
 *
 * <p>Scores, x_t W_V W_O and x_t W_V W_O W_in depend on one token each, so they are computed once a
 * token: mid and mid W_in are then sums of three rows a head, weighted by attention. A model
 * without attention weights takes mid from the reference path.
 */
public final class OneLayerPass {
  private static final int POSITIONS = 3; // a, b, =
  private static final int PIECE = 1024; // rows that a thread takes at a time

  private final ModelConfig config;
  private final Parameters weights;
  private final int p;
  private final int dModel;
  private final int heads;
  private final int dHead;
  private final int dMlp;
  private final Once<double[]> attention = new Once<>(this::computeAttention);
  private final Once<double[][][]> moved = new Once<>(this::computeMoved);
  private final Once<double[]> mid = new Once<>(this::computeMid);
  private final Once<double[]> neurons = new Once<>(() -> rectified(preActivations()));
  private final Once<double[]> wL = new Once<>(this::computeWL);
  private final Once<double[]> unembedding = new Once<>(this::computeUnembedding);
  private final Once<double[]> wIn;
  private final Once<double[]> bIn;
  private final Once<double[]> outputBias = new Once<>(this::computeOutputBias);

  /**
   * Of a model's weights, which must not change from now on. Nothing is computed before it is asked
   * for, and only where {@link #refusal} is empty.
   */
  public OneLayerPass(ModelConfig config, Parameters weights) {
    ModelShape shape = config.shape();
    this.config = config;
    this.weights = weights;
    this.p = config.vocabulary() - 1; // all tokens but '='
    this.dModel = shape.dModel();
    this.heads = shape.heads();
    this.dHead = shape.dHead();
    this.dMlp = shape.dMlp();
    this.wIn = new Once<>(() -> weights.doubles("W_in"));
    this.bIn = new Once<>(() -> weights.doubles("b_in"));
  }

  /** Why a model is not one that this computes, or empty if it is. */
  public static Optional<String> refusal(ModelConfig config) {
    ModelShape shape = config.shape();
    List<String> differences = new ArrayList<>();
    if (shape.depth() != 1) {
      differences.add(shape.depth() + " layers");
    }
    if (shape.layerNorm()) {
      differences.add("LayerNorm");
    }
    if (!shape.plainStream()) {
      differences.add("bounded scores, or a norm or noise on the residual stream");
    }
    if (shape.activation() != Activation.RELU) {
      differences.add(shape.activation().toString());
    }
    if (config.contextLength() != POSITIONS) {
      differences.add(config.contextLength() + " positions");
    }
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "got a model with "
                + String.join(", ", differences)
                + ", expected one layer of ReLU neurons without LayerNorm on a, b, =");
  }

  /** Attention weights, [heads · n · 3]: to a, to b and to '='. */
  public double[] attention() {
    return attention.get();
  }

  /** The residual stream at '=' between attention and MLP, [n · d_model]. */
  public double[] mid() {
    return mid.get();
  }

  /** relu(mid W_in + b_in), [n · d_mlp]. */
  public double[] neurons() {
    return neurons.get();
  }

  /** W_out W_U without the column of '=', [d_mlp · p]. */
  public double[] wL() {
    return wL.get();
  }

  /** mid W_in + b_in, [n · d_mlp]; computed anew at each call, since it is large. */
  public double[] preActivations() {
    return inPieces(p * p, dMlp, preActivationRows());
  }

  /** b_out W_U, [p]. */
  public double[] outputBias() {
    return outputBias.get().clone();
  }

  /**
   * The logits without the column of '=', [n · p]; computed anew at each call, some rows at a time,
   * so that the neurons are never there as a whole.
   */
  public double[] logits() {
    return logitsOfMid(mid(), preActivationRows());
  }

  /**
   * What the model says of a residual stream that was changed between attention and MLP.
   *
   * @param changed [rows · d_model], any number of rows
   * @return logits without the column of '=', [rows · p]
   */
  public double[] logitsOfMid(double[] changed) {
    return logitsOfMid(changed, preActivationRowsOf(changed));
  }

  private double[] logitsOfMid(double[] mid, Rows preActivations) {
    return inPieces(
        mid.length / dModel,
        p,
        (from, count) ->
            logits(
                Arrays.copyOfRange(mid, from * dModel, (from + count) * dModel),
                rectified(preActivations.of(from, count))));
  }

  /**
   * The logits of a residual stream and of neurons that need not be those which it gives.
   *
   * @param mid [rows · d_model]
   * @param neurons [rows · d_mlp]
   * @return logits without the column of '=', [rows · p]
   */
  public double[] logits(double[] mid, double[] neurons) {
    double[] logits = logitsBesideNeurons(mid);
    int rows = mid.length / dModel;
    try (DoubleProducts products = new DoubleProducts()) {
      products.add(
          neurons, Place.of(rows, dMlp), wL(), Place.of(dMlp, p), logits, Place.of(rows, p));
    }
    double[] bias = outputBias.get();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < p; c++) {
        logits[r * p + c] += bias[c];
      }
    }
    return logits;
  }

  /**
   * The gradient of one logit of each question by the inputs x_0 and x_1, the embeddings of a and
   * of b at their positions. With v = ∂L[r, c]/∂mid = W_U[:, c] + W_in (1[N > 0] W_L[:, c]), the
   * path of a token's value and that by the attention it gets,
   *
   * <pre>
   *   ∂L[r, c]/∂x_t = Σ_h A_h,t W_V[h] W_O[h] v + A_h,t (g_h,t − Σ_s A_h,s g_h,s) κ_h,
   *   g_h,t = x_t W_V[h] W_O[h] v,  κ_h = W_K[h] (x_2 W_Q[h])ᵀ / √d_head;
   * </pre>
   *
   * <p>a model without attention weights adds its inputs: v itself, for both.
   *
   * @param classes [n], of each question the answer whose logit is meant
   * @return for a and for b, [2][n · d_model]
   */
  public double[][] operandGradients(int[] classes) {
    Rows atMid = midGradients(classes);
    if (!config.shape().attends()) {
      double[] both = inPieces(p * p, dModel, atMid);
      return new double[][] {both, both.clone()};
    }
    double[][] gradients = new double[2][p * p * dModel];
    double[][] inputs = {inputs(0), inputs(1), inputs(2)};
    List<HeadGradients> ofHeads =
        IntStream.range(0, heads).mapToObj(h -> new HeadGradients(h, inputs)).toList();
    inPieces(
        p * p,
        (from, count) -> {
          double[] v = atMid.of(from, count);
          ofHeads.forEach(head -> head.add(v, from, count, gradients));
        });
    return gradients;
  }

  /** ∂L[r, c]/∂mid, [n · d_model]. */
  private Rows midGradients(int[] classes) {
    double[] neurons = neurons();
    double[] ofClasses = transposed(wL(), 0, dMlp, p);
    double[] beside = transposed(unembedding.get(), 0, dModel, p);
    double[] back = transposed(wIn.get(), 0, dModel, dMlp);
    return (from, count) -> {
      double[] on = new double[count * dMlp]; // 1[N > 0] W_L[:, c]
      double[] gradients = new double[count * dModel];
      for (int r = 0; r < count; r++) {
        int c = classes[from + r];
        for (int j = 0; j < dMlp; j++) {
          on[r * dMlp + j] = neurons[(from + r) * dMlp + j] > 0 ? ofClasses[c * dMlp + j] : 0;
        }
        System.arraycopy(beside, c * dModel, gradients, r * dModel, dModel);
      }
      try (DoubleProducts products = new DoubleProducts()) {
        products.add(
            on,
            Place.of(count, dMlp),
            back,
            Place.of(dMlp, dModel),
            gradients,
            Place.of(count, dModel));
      }
      return gradients;
    };
  }

  /** What one head adds to the gradients by the operands. */
  private final class HeadGradients {
    private final double[] attention = attention();
    private final double[][] inputs; // of each position
    private final double[] wO;
    private final double[] wV;
    private final double[] kappa; // κ_h, [d_model]
    private final int h;

    HeadGradients(int h, double[][] inputs) {
      this.h = h;
      this.inputs = inputs;
      wO = transposed(weights.doubles("W_O"), h * dHead * dModel, dHead, dModel);
      wV = transposed(weights.doubles("W_V"), h * dModel * dHead, dModel, dHead);
      Place in = new Place(h * dModel * dHead, dModel, dHead);
      try (DoubleProducts products = new DoubleProducts()) {
        double[] query =
            products.product(inputs[2], Place.of(1, dModel), weights.doubles("W_Q"), in);
        kappa = products.product(weights.doubles("W_K"), in, query, Place.of(dHead, 1));
      }
    }

    /** Of the rows from … from + count − 1, whose v, [count · d_model], is given. */
    void add(double[] v, int from, int count, double[][] gradients) {
      double[] moved; // W_V[h] W_O[h] v, [count · d_model]
      try (DoubleProducts products = new DoubleProducts()) {
        double[] values = products.product(v, Place.of(count, dModel), wO, Place.of(dModel, dHead));
        moved = products.product(values, Place.of(count, dHead), wV, Place.of(dHead, dModel));
      }
      double[] gain = new double[POSITIONS]; // g_h,t
      for (int r = 0; r < count; r++) {
        int row = from + r;
        int at = (h * p * p + row) * POSITIONS;
        double mean = 0;
        for (int t = 0; t < POSITIONS; t++) {
          int token = t == 0 ? row / p : t == 1 ? row % p : 0;
          gain[t] = 0;
          for (int i = 0; i < dModel; i++) {
            gain[t] += inputs[t][token * dModel + i] * moved[r * dModel + i];
          }
          mean += attention[at + t] * gain[t];
        }
        for (int t = 0; t < gradients.length; t++) {
          double weight = attention[at + t];
          double drawn = weight * (gain[t] - mean) / Math.sqrt(dHead);
          for (int i = 0; i < dModel; i++) {
            gradients[t][row * dModel + i] += weight * moved[r * dModel + i] + drawn * kappa[i];
          }
        }
      }
    }
  }

  /** A matrix inside an array, [rows · columns], as [columns · rows]. */
  private static double[] transposed(double[] values, int from, int rows, int columns) {
    double[] turned = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = values[from + i * columns + j];
      }
    }
    return turned;
  }

  /** mid W_U without the column of '=': what goes past the MLP, [rows · p]. */
  public double[] logitsBesideNeurons(double[] mid) {
    try (DoubleProducts products = new DoubleProducts()) {
      return products.product(
          mid, Place.of(mid.length / dModel, dModel), unembedding.get(), Place.of(dModel, p));
    }
  }

  /** Some rows of something that is computed for all questions, or for any other list of rows. */
  @FunctionalInterface
  private interface Rows {
    /** Rows from … from + count − 1, [count · width]. */
    double[] of(int from, int count);
  }

  /** What is done with the rows from … from + count − 1. */
  @FunctionalInterface
  private interface Piece {
    void accept(int from, int count);
  }

  /** All rows, a piece at a time; pieces are shared out to the common pool's threads. */
  private static void inPieces(int rows, Piece piece) {
    IntStream.range(0, (rows + PIECE - 1) / PIECE)
        .parallel()
        .map(number -> number * PIECE)
        .forEach(from -> piece.accept(from, Math.min(PIECE, rows - from)));
  }

  /** The same, where the rows are to be kept, [rows · width]. */
  private static double[] inPieces(int rows, int width, Rows some) {
    double[] all = new double[rows * width];
    inPieces(
        rows,
        (from, count) ->
            System.arraycopy(some.of(from, count), 0, all, from * width, count * width));
    return all;
  }

  /** mid W_in + b_in of all questions. */
  private Rows preActivationRows() {
    if (!config.shape().attends()) {
      return preActivationRowsOf(mid());
    }
    double[][][] through = new double[heads][POSITIONS][];
    for (int h = 0; h < heads; h++) {
      for (int t = 0; t < POSITIONS; t++) {
        through[h][t] = timesWIn(moved.get()[h][t]);
      }
    }
    return attended(withBias(timesWIn(inputs(2))), through);
  }

  /** mid W_in + b_in of a residual stream, [rows · d_model]. */
  private Rows preActivationRowsOf(double[] mid) {
    return (from, count) ->
        withBias(timesWIn(Arrays.copyOfRange(mid, from * dModel, (from + count) * dModel)));
  }

  /** Rows of the residual stream times W_in, [rows · d_mlp]. */
  private double[] timesWIn(double[] rows) {
    try (DoubleProducts products = new DoubleProducts()) {
      return products.product(
          rows, Place.of(rows.length / dModel, dModel), wIn.get(), Place.of(dModel, dMlp));
    }
  }

  /** Rows of d_mlp numbers, + b_in in place. */
  private double[] withBias(double[] rows) {
    double[] bias = bIn.get();
    for (int from = 0; from < rows.length; from += dMlp) {
      for (int j = 0; j < dMlp; j++) {
        rows[from + j] += bias[j];
      }
    }
    return rows;
  }

  /** 0 in the place of what is not above it. */
  private static double[] rectified(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] > 0 ? values[i] : 0;
    }
    return values;
  }

  private double[] computeWL() {
    try (DoubleProducts products = new DoubleProducts()) {
      return products.product(
          weights.doubles("W_out"), Place.of(dMlp, dModel), unembedding.get(), Place.of(dModel, p));
    }
  }

  private double[] computeOutputBias() {
    try (DoubleProducts products = new DoubleProducts()) {
      return products.product(
          weights.doubles("b_out"), Place.of(1, dModel), unembedding.get(), Place.of(dModel, p));
    }
  }

  /** W_U without the column of '=', [d_model · p]. */
  private double[] computeUnembedding() {
    return ReferencePass.firstColumns(weights.doubles("W_U"), config.outputs(), p);
  }

  /** x_t for every token that can stand at a position: p residues, or '=' alone; [tokens · d]. */
  private double[] inputs(int position) {
    double[] embedding = weights.doubles("W_E");
    double[] positions = weights.doubles("W_pos");
    int first = position < POSITIONS - 1 ? 0 : p;
    int tokens = position < POSITIONS - 1 ? p : 1;
    double[] x = new double[tokens * dModel];
    for (int token = 0; token < tokens; token++) {
      for (int i = 0; i < dModel; i++) {
        x[token * dModel + i] =
            embedding[(first + token) * dModel + i] + positions[position * dModel + i];
      }
    }
    return x;
  }

  private double[] computeAttention() {
    double[][] inputs = {inputs(0), inputs(1), inputs(2)};
    double[] attention = new double[heads * p * p * POSITIONS];
    for (int h = 0; h < heads; h++) {
      double[][] scores = scores(h, inputs);
      for (int r = 0; r < p * p; r++) {
        double toA = scores[0][r / p];
        double toB = scores[1][r % p];
        double toEquals = scores[2][0];
        double maximum = Math.max(Math.max(toA, toB), toEquals);
        int at = (h * p * p + r) * POSITIONS;
        attention[at] = Math.exp(toA - maximum);
        attention[at + 1] = Math.exp(toB - maximum);
        attention[at + 2] = Math.exp(toEquals - maximum);
        double sum = attention[at] + attention[at + 1] + attention[at + 2];
        for (int t = 0; t < POSITIONS; t++) {
          attention[at + t] /= sum;
        }
      }
    }
    return attention;
  }

  /** (x_2 W_Q[h])·(x_t W_K[h]) / √d_head for each position and token, [3][tokens]. */
  private double[][] scores(int h, double[][] inputs) {
    Place head = new Place(h * dModel * dHead, dModel, dHead);
    double[][] scores = new double[POSITIONS][];
    try (DoubleProducts products = new DoubleProducts()) {
      double[] query =
          products.product(inputs[2], Place.of(1, dModel), weights.doubles("W_Q"), head);
      for (int t = 0; t < POSITIONS; t++) {
        int tokens = inputs[t].length / dModel;
        double[] keys =
            products.product(inputs[t], Place.of(tokens, dModel), weights.doubles("W_K"), head);
        scores[t] = products.product(keys, Place.of(tokens, dHead), query, Place.of(dHead, 1));
        for (int token = 0; token < tokens; token++) {
          scores[t][token] /= Math.sqrt(dHead);
        }
      }
    }
    return scores;
  }

  private double[] computeMid() {
    if (!config.shape().attends()) {
      return ReferencePass.residualMid(config, weights);
    }
    return inPieces(p * p, dModel, attended(inputs(2), moved.get()));
  }

  /** x_t W_V[h] W_O[h] for every head and position, [heads][3][tokens · d]. */
  private double[][][] computeMoved() {
    double[][][] moved = new double[heads][POSITIONS][];
    try (DoubleProducts products = new DoubleProducts()) {
      for (int t = 0; t < POSITIONS; t++) {
        double[] x = inputs(t);
        Place tokens = Place.of(x.length / dModel, dModel);
        for (int h = 0; h < heads; h++) {
          Place in = new Place(h * dModel * dHead, dModel, dHead);
          Place out = new Place(h * dHead * dModel, dHead, dModel);
          double[] values = products.product(x, tokens, weights.doubles("W_V"), in);
          moved[h][t] =
              products.product(values, Place.of(tokens.rows(), dHead), weights.doubles("W_O"), out);
        }
      }
    }
    return moved;
  }

  /**
   * base + Σ_h Σ_t A_h,t (the row of h and t's token), of all questions.
   *
   * @param base [width]
   * @param rows [heads][3][tokens · width]
   */
  private Rows attended(double[] base, double[][][] rows) {
    int width = base.length;
    double[] attention = attention();
    double[][][][] ofTokens = new double[heads][POSITIONS][][];
    for (int h = 0; h < heads; h++) {
      for (int t = 0; t < POSITIONS; t++) {
        ofTokens[h][t] = split(rows[h][t], width);
      }
    }
    return (from, count) -> {
      double[] some = new double[count * width];
      double[] sum = new double[width];
      for (int r = from; r < from + count; r++) {
        System.arraycopy(base, 0, sum, 0, width);
        for (int h = 0; h < heads; h++) {
          int at = (h * p * p + r) * POSITIONS;
          double[] toA = ofTokens[h][0][r / p];
          double[] toB = ofTokens[h][1][r % p];
          double[] toEquals = ofTokens[h][2][0];
          addThree(sum, attention[at], toA, attention[at + 1], toB, attention[at + 2], toEquals);
        }
        System.arraycopy(sum, 0, some, (r - from) * width, width);
      }
      return some;
    };
  }

  /** sum += u·x + v·y + w·z; plain indices, so that it becomes vector instructions. */
  private static void addThree(
      double[] sum, double u, double[] x, double v, double[] y, double w, double[] z) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += u * x[i] + v * y[i] + w * z[i];
    }
  }

  private static double[][] split(double[] values, int width) {
    double[][] rows = new double[values.length / width][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(values, row * width, (row + 1) * width);
    }
    return rows;
  }
}
