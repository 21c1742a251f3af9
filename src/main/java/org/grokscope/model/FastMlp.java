package org.grokscope.model;

/** {@link Mlp} of the fast path; one thread's own. */
final class FastMlp {
  private final int d;
  private final int neurons;
  private final FastProduct in;
  private final FastProduct out;
  private final float[] post; // [rows · neurons]
  private final float[] wide; // [rows · neurons], the gradient of the same
  private final float[] change; // [rows · d]

  FastMlp(FastMap in, FastMap out, int rows) {
    d = in.in();
    neurons = in.out();
    this.in = new FastProduct(in, rows);
    this.out = new FastProduct(out, rows);
    post = new float[rows * neurons];
    wide = new float[rows * neurons];
    change = new float[rows * d];
  }

  /** stream += MLP of u. */
  void forward(float[] u, float[] stream, int rows) {
    in.forward(u, post, rows);
    RowKernels.rectify(post, rows * neurons);
    out.forward(post, change, rows);
    RowKernels.add(stream, change, rows * d);
  }

  /** Overwrites du by the gradient at the input, given that at the output. */
  void backward(float[] dOut, float[] du, float[] sums, int rows) {
    out.backward(dOut, wide, sums, rows);
    RowKernels.mask(wide, wide, post, rows * neurons);
    in.backward(wide, du, sums, rows);
  }

  void free() {
    in.free();
    out.free();
  }
}
