package org.grokscope.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grokscope.model.MatrixProducts.Matrix;

/**
 * An affine map of the fast path as its products want it, for all threads. Where it reads a
 * LayerNorm, the norm's scales g and shifts s are drawn into it, so that it reads the normalised
 * rows u:
 *
 * <pre>
 *   (u∘g + s) W + b = u W' + b',  W' = diag(g) W,  b' = s W + b
 *   dW = diag(g) dW' + s db'ᵀ,  db = db',  dg_i = W_i·dW'_i,  ds_i = W_i·db'    (W_i the rows of W)
 * </pre>
 *
 * <p>W may stand in several parameters, side by side; b under some of the columns only.
 */
final class FastMap {
  /** Columns of W that stand together: [in, columns] from an offset among the parameters. */
  private record Part(int at, int columns) {}

  private final int in;
  private final int out;
  private final List<Part> parts = new ArrayList<>();
  private final int biasAt; // offset among the parameters
  private final int biasColumns; // the first ones
  private final int scales; // offsets among the parameters, or −1 without a norm
  private final int shifts;
  private final int place; // of dW', then db', among the sums of a piece
  private final Matrix weight; // W', (in, out)
  private final float[] bias; // b', [out]
  private final float[] row; // [out], one of W

  private FastMap(
      ParameterLayout layout, String norm, List<Part> parts, String bias, int in, int place) {
    this.in = in;
    this.parts.addAll(parts);
    out = parts.stream().mapToInt(Part::columns).sum();
    biasAt = layout.slot(bias).offset();
    biasColumns = layout.slot(bias).length();
    scales = norm == null ? -1 : layout.slot(norm + ".w").offset();
    shifts = norm == null ? -1 : layout.slot(norm + ".b").offset();
    this.place = place;
    weight = MatrixProducts.here().zeros(in, out);
    this.bias = new float[out];
    row = new float[out];
  }

  /**
   * A map of one parameter.
   *
   * @param norm name of the LayerNorm that it reads, or null
   * @param place of its gradients among the sums of a piece
   */
  static FastMap of(
      ParameterLayout layout, String norm, String weight, String bias, int in, int place) {
    ParameterLayout.Slot slot = layout.slot(weight);
    List<Part> parts = List.of(new Part(slot.offset(), slot.length() / in));
    return new FastMap(layout, norm, parts, bias, in, place);
  }

  /** The map to Q, K and V of all heads, side by side in this order; b_Q is under Q alone. */
  static FastMap toHeads(
      ParameterLayout layout, String prefix, LayerShape layer, int d, int place) {
    List<Part> parts = new ArrayList<>();
    for (String name : List.of("W_Q", "W_K", "W_V")) {
      int at = layout.slot(prefix + name).offset();
      for (int h = 0; h < layer.heads(); h++) {
        parts.add(new Part(at + h * d * layer.dHead(), layer.dHead()));
      }
    }
    return new FastMap(layout, prefix + "ln1", parts, prefix + "b_Q", d, place);
  }

  /** Numbers among the sums of a piece. */
  int size() {
    return (in + 1) * out;
  }

  int in() {
    return in;
  }

  int out() {
    return out;
  }

  /** W', (in, out). */
  Matrix weight() {
    return weight;
  }

  /** b', [out]. */
  float[] bias() {
    return bias;
  }

  /** Where dW' begins among the sums of a piece. */
  int weightPlace() {
    return place;
  }

  /** Where db' begins among the sums of a piece. */
  int biasPlace() {
    return place + in * out;
  }

  /** Takes over the live parameters. */
  void pack(float[] parameters) {
    Arrays.fill(bias, 0);
    System.arraycopy(parameters, biasAt, bias, 0, biasColumns);
    for (int i = 0; i < in; i++) {
      readRow(parameters, i);
      if (scales >= 0) {
        float scale = parameters[scales + i];
        float shift = parameters[shifts + i];
        for (int k = 0; k < out; k++) {
          bias[k] += shift * row[k];
          row[k] *= scale;
        }
      }
      weight.put(i, row, 0, out);
    }
  }

  /** Adds the gradients of the parameters, given those of W' and b' among {@code sums}. */
  void unpack(float[] sums, float[] parameters, float[] gradients) {
    for (int k = 0; k < biasColumns; k++) {
      gradients[biasAt + k] += sums[biasPlace() + k];
    }
    for (int i = 0; i < in; i++) {
      readRow(parameters, i);
      int from = place + i * out;
      float scale = 1;
      float shift = 0;
      if (scales >= 0) {
        scale = parameters[scales + i];
        shift = parameters[shifts + i];
        float alongWeight = 0;
        float alongBias = 0;
        for (int k = 0; k < out; k++) {
          alongWeight += row[k] * sums[from + k];
          alongBias += row[k] * sums[biasPlace() + k];
        }
        gradients[scales + i] += alongWeight;
        gradients[shifts + i] += alongBias;
      }
      int column = 0;
      for (Part part : parts) {
        int to = part.at() + i * part.columns();
        for (int k = 0; k < part.columns(); k++, column++) {
          gradients[to + k] += scale * sums[from + column] + shift * sums[biasPlace() + column];
        }
      }
    }
  }

  /** Row i of W. */
  private void readRow(float[] parameters, int i) {
    int column = 0;
    for (Part part : parts) {
      System.arraycopy(parameters, part.at() + i * part.columns(), row, column, part.columns());
      column += part.columns();
    }
  }

  void free() {
    weight.free();
  }
}
