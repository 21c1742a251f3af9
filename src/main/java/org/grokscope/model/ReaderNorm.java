package org.grokscope.model;

/** {@link LayerNorm} of the fast reader, over rows of a flat array. */
final class ReaderNorm {
  private final int d;
  private final int w; // where the scales begin among the parameters
  private final int b; // where the shifts begin
  private final float[] u; // [rows · d]
  private final float[] inverseSigma; // [rows]

  ReaderNorm(ParameterLayout layout, String name, int d, int rows) {
    this.d = d;
    this.w = layout.slot(name + ".w").offset();
    this.b = layout.slot(name + ".b").offset();
    this.u = new float[rows * d];
    this.inverseSigma = new float[rows];
  }

  /** y = u∘w + b. */
  void forward(float[] parameters, float[] x, float[] y, int rows) {
    for (int row = 0; row < rows; row++) {
      int from = row * d;
      float sum = 0;
      for (int k = from; k < from + d; k++) {
        sum += x[k];
      }
      float mean = sum / d;
      float squares = 0;
      for (int k = from; k < from + d; k++) {
        float centred = x[k] - mean;
        squares += centred * centred;
      }
      float inverse = (float) (1 / Math.sqrt((double) squares / d + LayerNorm.EPSILON));
      inverseSigma[row] = inverse;
      for (int k = 0; k < d; k++) {
        float normal = (x[from + k] - mean) * inverse;
        u[from + k] = normal;
        y[from + k] = normal * parameters[w + k] + parameters[b + k];
      }
    }
  }

  /** dx += the gradient at the input; adds those of the scales and shifts. */
  void backward(float[] parameters, float[] dy, float[] dx, float[] gradients, int rows) {
    for (int row = 0; row < rows; row++) {
      int from = row * d;
      float sum = 0;
      float along = 0;
      for (int k = 0; k < d; k++) {
        float g = dy[from + k];
        gradients[w + k] += g * u[from + k];
        gradients[b + k] += g;
        float du = g * parameters[w + k];
        sum += du;
        along += du * u[from + k];
      }
      float mean = sum / d;
      float meanAlong = along / d;
      float inverse = inverseSigma[row];
      for (int k = 0; k < d; k++) {
        float du = dy[from + k] * parameters[w + k];
        dx[from + k] += (du - mean - u[from + k] * meanAlong) * inverse;
      }
    }
  }
}
