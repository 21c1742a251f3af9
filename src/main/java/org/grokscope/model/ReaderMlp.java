package org.grokscope.model;

import org.grokscope.model.Blas.Matrix;

/** {@link Mlp} of the fast reader. */
final class ReaderMlp {
  private final int d;
  private final int neurons;
  private final int wIn; // offsets among the parameters
  private final int bIn;
  private final int wOut;
  private final int bOut;
  private final ReaderProduct in;
  private final ReaderProduct out;
  private final float[] post; // [rows · neurons]

  ReaderMlp(ReaderConfig config, int number, int rows) {
    ParameterLayout layout = config.layout();
    String prefix = "blocks." + number + ".";
    d = config.dModel();
    neurons = config.layers().get(number).dMlp();
    wIn = layout.slot(prefix + "W_in").offset();
    bIn = layout.slot(prefix + "b_in").offset();
    wOut = layout.slot(prefix + "W_out").offset();
    bOut = layout.slot(prefix + "b_out").offset();
    in = new ReaderProduct(rows, d, neurons);
    out = new ReaderProduct(rows, neurons, d);
    post = new float[rows * neurons];
  }

  /** The layer's weights in native memory, (d, neurons) and (neurons, d). */
  record Packed(Matrix in, Matrix out) {
    static Packed zeros(int d, int neurons) {
      return new Packed(Matrix.zeros(d, neurons), Matrix.zeros(neurons, d));
    }

    void free() {
      in.free();
      out.free();
    }
  }

  /** Copies the weights of this layer. */
  void pack(float[] parameters, Packed packed) {
    packed.in().put(0, parameters, wIn, d * neurons);
    packed.out().put(0, parameters, wOut, d * neurons);
  }

  /** output += MLP of y. */
  void forward(
      float[] parameters, Packed packed, float[] y, float[] scratch, float[] output, int rows) {
    in.forward(y, packed.in(), parameters, bIn, post, rows);
    RowKernels.rectify(post, rows * neurons);
    out.forward(post, packed.out(), parameters, bOut, scratch, rows);
    for (int k = 0; k < rows * d; k++) {
      output[k] += scratch[k];
    }
  }

  /**
   * Overwrites dy by the gradient at the input, given that at the output; adds those of the
   * parameters.
   *
   * @param wide scratch, [rows · neurons]
   */
  void backward(
      Packed packed, float[] dOut, float[] wide, float[] dy, float[] gradients, int rows) {
    ReaderProduct.addColumnSums(dOut, rows, d, gradients, bOut);
    add(out.backward(dOut, packed.out(), wide, rows), gradients, wOut);
    RowKernels.mask(wide, wide, post, rows * neurons);
    ReaderProduct.addColumnSums(wide, rows, neurons, gradients, bIn);
    add(in.backward(wide, packed.in(), dy, rows), gradients, wIn);
  }

  private static void add(float[] change, float[] gradients, int to) {
    for (int k = 0; k < change.length; k++) {
      gradients[to + k] += change[k];
    }
  }

  void free() {
    in.free();
    out.free();
  }
}
