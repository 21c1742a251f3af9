package org.grokscope.model;

/** {@link SitePass} of the fast path, over the rows of a flat array in place; one thread's own. */
final class FastSite {
  private final Site site;
  private final int layer;
  private final int d;
  private final int length; // positions of a sequence
  private final float[] y; // [rows · d], normalised rows; empty without a norm
  private final float[] inverse; // [rows], 1/r

  /**
   * @param layer behind which it is
   */
  FastSite(ModelConfig config, int layer, int rows) {
    this.layer = layer;
    site = config.shape().layers().get(layer).site();
    d = config.shape().dModel();
    length = config.contextLength();
    y = new float[site.rmsNorm() ? rows * d : 0];
    inverse = new float[site.rmsNorm() ? rows : 0];
  }

  /**
   * Normalises the stream and adds the noise.
   *
   * @param first the first row's place in the batch
   */
  void forward(float[] x, Noise noise, int first, int rows) {
    if (site.rmsNorm()) {
      for (int row = 0; row < rows; row++) {
        inverse[row] = normalise(x, row * d, (row + 1) * d);
      }
      System.arraycopy(x, 0, y, 0, rows * d);
    }
    if (noise.at(site)) {
      for (int row = 0; row < rows; row += length) {
        noise.addTo(x, row * d, length * d, site, layer, (first + row) / length);
      }
    }
  }

  /** x ← x/r of the entries {@code from} to {@code to} − 1, r = √(mean(x²) + ε); returns 1/r. */
  static float normalise(float[] x, int from, int to) {
    double square = (double) RowKernels.product(x, x, from, to) / (to - from);
    float inverse = (float) (1 / Math.sqrt(square + LayerNorm.EPSILON));
    RowKernels.scale(x, inverse, from, to);
    return inverse;
  }

  /** From the gradient behind the site to that before, in its place. */
  void backward(float[] dx, int rows) {
    if (site.rmsNorm()) {
      for (int row = 0; row < rows; row++) {
        unalong(dx, y, inverse[row], row * d, (row + 1) * d);
      }
    }
  }

  /** dx ← (dx − y mean(dx∘y))/r over the entries {@code from} to {@code to} − 1. */
  static void unalong(float[] dx, float[] y, float inverse, int from, int to) {
    float along = RowKernels.product(dx, y, from, to) / (to - from);
    for (int k = from; k < to; k++) {
      dx[k] = (dx[k] - y[k] * along) * inverse;
    }
  }
}
