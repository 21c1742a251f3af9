package org.grokscope.model;

import java.util.Arrays;
import org.grokscope.model.Blas.Matrix;
import org.grokscope.task.VisibleKeys;

/**
 * {@link Attention} of the fast reader: the same equations, but only for the keys that a query
 * sees, which are a dozen of the 64.
 */
final class ReaderAttention {
  private final ReaderLayer layer;
  private final int d;
  private final int width; // heads · d_head
  private final int queryBias; // offsets among the parameters
  private final int outputBias;
  private final int sink;
  private final int[] weights; // offsets of W_Q, W_K, W_V, W_O
  private final ReaderProduct in; // to Q, K and V side by side
  private final ReaderProduct out;
  private final float[] bias; // [3 · width], b_Q and zeros
  private final float[] qkv; // [rows · 3 · width], also its gradient
  private final float[] z; // [rows · width], also its gradient
  private float[] pattern = new float[0]; // of all heads, key after key of each query
  private float[] change = new float[0]; // dA, then dS, of one query and head

  ReaderAttention(ReaderConfig config, int number, int rows) {
    ParameterLayout layout = config.layout();
    String prefix = "blocks." + number + ".";
    layer = config.layers().get(number);
    d = config.dModel();
    width = layer.heads() * layer.dHead();
    queryBias = layout.slot(prefix + "b_Q").offset();
    outputBias = layout.slot(prefix + "b_O").offset();
    sink = layer.hasSink() ? layout.slot(prefix + "sink").offset() : -1;
    weights =
        new int[] {
          layout.slot(prefix + "W_Q").offset(),
          layout.slot(prefix + "W_K").offset(),
          layout.slot(prefix + "W_V").offset(),
          layout.slot(prefix + "W_O").offset()
        };
    in = new ReaderProduct(rows, d, 3 * width);
    out = new ReaderProduct(rows, width, d);
    bias = new float[3 * width];
    qkv = new float[rows * 3 * width];
    z = new float[rows * width];
  }

  /** The layer's weights as the products want them: (d, 3·heads·d_head) and (heads·d_head, d). */
  record Packed(Matrix in, Matrix out) {
    static Packed zeros(ReaderLayer layer, int d) {
      int width = layer.heads() * layer.dHead();
      return new Packed(Matrix.zeros(d, 3 * width), Matrix.zeros(width, d));
    }

    void free() {
      in.free();
      out.free();
    }
  }

  /** Copies the weights of this layer. */
  void pack(float[] parameters, Packed packed) {
    int dHead = layer.dHead();
    for (int which = 0; which < 3; which++) {
      for (int h = 0; h < layer.heads(); h++) {
        for (int i = 0; i < d; i++) {
          int from = weights[which] + (h * d + i) * dHead;
          packed.in().from(i, which * width + h * dHead).put(0, parameters, from, dHead);
        }
      }
    }
    packed.out().put(0, parameters, weights[3], width * d);
  }

  /**
   * output += attention of y.
   *
   * @param first the first row's position among those of {@code visible}
   */
  void forward(
      float[] parameters,
      Packed packed,
      float[] y,
      VisibleKeys visible,
      int first,
      int length,
      float[] scratch,
      float[] output,
      int rows) {
    System.arraycopy(parameters, queryBias, bias, 0, width);
    in.forward(y, packed.in(), bias, 0, qkv, rows);
    int start = visible.starts()[first];
    int seen = visible.starts()[first + rows] - start;
    if (pattern.length < seen * layer.heads()) {
      pattern = new float[seen * layer.heads()];
    }
    Arrays.fill(z, 0, rows * width, 0);
    for (int row = 0; row < rows; row++) {
      int from = visible.starts()[first + row];
      int count = visible.starts()[first + row + 1] - from;
      int document = row - row % length;
      for (int h = 0; h < layer.heads(); h++) {
        int at = (from - start) * layer.heads() + h * count;
        attend(parameters, visible.keys(), from, count, row, document, h, at);
      }
    }
    out.forward(z, packed.out(), parameters, outputBias, scratch, rows);
    for (int k = 0; k < rows * d; k++) {
      output[k] += scratch[k];
    }
  }

  private void attend(
      float[] parameters, int[] keys, int from, int count, int row, int document, int h, int at) {
    int dHead = layer.dHead();
    float scale = (float) (1 / Math.sqrt(dHead));
    float slope = layer.slopes().isEmpty() ? 0 : layer.slopes().get(h).floatValue();
    int query = row * 3 * width + h * dHead;
    float largest = sink < 0 ? Float.NEGATIVE_INFINITY : parameters[sink + h];
    for (int j = 0; j < count; j++) {
      int key = (document + keys[from + j]) * 3 * width + width + h * dHead;
      float sum = 0;
      for (int k = 0; k < dHead; k++) {
        sum += qkv[query + k] * qkv[key + k];
      }
      float score = sum * scale - slope * (row - document - keys[from + j]);
      pattern[at + j] = score;
      largest = Math.max(largest, score);
    }
    double total = sink < 0 ? 0 : Math.exp(parameters[sink + h] - largest);
    for (int j = 0; j < count; j++) {
      double e = Math.exp(pattern[at + j] - largest);
      pattern[at + j] = (float) e;
      total += e;
    }
    float inverse = (float) (1 / total);
    int to = row * width + h * dHead;
    for (int j = 0; j < count; j++) {
      float weight = pattern[at + j] * inverse;
      pattern[at + j] = weight;
      int value = (document + keys[from + j]) * 3 * width + 2 * width + h * dHead;
      for (int k = 0; k < dHead; k++) {
        z[to + k] += weight * qkv[value + k];
      }
    }
  }

  /**
   * Overwrites dy by the gradient at the input, given that at the output; adds those of the
   * parameters.
   */
  void backward(
      Packed packed,
      float[] dOut,
      VisibleKeys visible,
      int first,
      int length,
      float[] dQkv,
      float[] dy,
      float[] gradients,
      int rows) {
    ReaderProduct.addColumnSums(dOut, rows, d, gradients, outputBias);
    float[] dWeight = out.backward(dOut, packed.out(), z, rows); // z is dz from here on
    for (int k = 0; k < dWeight.length; k++) {
      gradients[weights[3] + k] += dWeight[k];
    }
    Arrays.fill(dQkv, 0, rows * 3 * width, 0);
    int start = visible.starts()[first];
    for (int row = 0; row < rows; row++) {
      int from = visible.starts()[first + row];
      int count = visible.starts()[first + row + 1] - from;
      int document = row - row % length;
      if (change.length < count) {
        change = new float[2 * count];
      }
      for (int h = 0; h < layer.heads(); h++) {
        int at = (from - start) * layer.heads() + h * count;
        spread(visible.keys(), from, count, row, document, h, at, dQkv, gradients);
      }
    }
    for (int row = 0; row < rows; row++) { // b_Q
      int from = row * 3 * width;
      for (int k = 0; k < width; k++) {
        gradients[queryBias + k] += dQkv[from + k];
      }
    }
    unpack(in.backward(dQkv, packed.in(), dy, rows), gradients);
  }

  /** The gradients at query, keys and values of one query and head. */
  private void spread(
      int[] keys,
      int from,
      int count,
      int row,
      int document,
      int h,
      int at,
      float[] dQkv,
      float[] gradients) {
    int dHead = layer.dHead();
    float scale = (float) (1 / Math.sqrt(dHead));
    int dz = row * width + h * dHead;
    float along = 0;
    float kept = 0;
    for (int j = 0; j < count; j++) {
      int value = (document + keys[from + j]) * 3 * width + 2 * width + h * dHead;
      float weight = pattern[at + j];
      float sum = 0;
      for (int k = 0; k < dHead; k++) {
        sum += z[dz + k] * qkv[value + k];
        dQkv[value + k] += weight * z[dz + k];
      }
      change[j] = sum;
      along += weight * sum;
      kept += weight;
    }
    if (sink >= 0) {
      gradients[sink + h] -= (1 - kept) * along;
    }
    int query = row * 3 * width + h * dHead;
    for (int j = 0; j < count; j++) {
      int key = (document + keys[from + j]) * 3 * width + width + h * dHead;
      float dScore = pattern[at + j] * (change[j] - along) * scale;
      for (int k = 0; k < dHead; k++) {
        dQkv[query + k] += dScore * qkv[key + k];
        dQkv[key + k] += dScore * qkv[query + k];
      }
    }
  }

  private void unpack(float[] dWeight, float[] gradients) {
    int dHead = layer.dHead();
    for (int which = 0; which < 3; which++) {
      for (int h = 0; h < layer.heads(); h++) {
        for (int i = 0; i < d; i++) {
          int to = weights[which] + (h * d + i) * dHead;
          int from = i * 3 * width + which * width + h * dHead;
          for (int k = 0; k < dHead; k++) {
            gradients[to + k] += dWeight[from + k];
          }
        }
      }
    }
  }

  void free() {
    in.free();
    out.free();
  }
}
