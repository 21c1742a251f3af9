package org.grokscope.model;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients of a batch, summed in double over the parts that the batch is computed in. */
final class GradientSum {
  private final ParameterLayout layout;
  private final double[] values; // [layout.size()]

  GradientSum(ParameterLayout layout) {
    this.layout = layout;
    this.values = new double[layout.size()];
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(values, 0);
  }

  /** Adds the gradient of one parameter, whose row-major order it has. */
  void add(String name, INDArray gradient) {
    int offset = layout.slot(name).offset();
    double[] part = NativeValues.of(gradient);
    for (int i = 0; i < part.length; i++) {
      values[offset + i] += part[i];
    }
  }

  /**
   * Adds the gradients of rows that were looked up in a table: row {@code rows[i]} of the parameter
   * gets row i of {@code gradient}, (rows.length, width). Where T rows each were summed, {@code
   * gradient} is (rows.length/T, width), and all T get the gradient of their sum.
   */
  void addRows(String name, int[] rows, INDArray gradient) {
    int offset = layout.slot(name).offset();
    int width = Math.toIntExact(gradient.size(1));
    int summed = Math.toIntExact(rows.length / gradient.size(0));
    double[] part = NativeValues.of(gradient);
    for (int i = 0; i < rows.length; i++) {
      int to = offset + rows[i] * width;
      int from = i / summed * width;
      for (int j = 0; j < width; j++) {
        values[to + j] += part[from + j];
      }
    }
  }

  /** The live sums, [layout.size()]. */
  double[] values() {
    return values;
  }

  /** Overwrites {@code target} with the sums, rounded to float32. */
  void roundInto(Parameters target) {
    float[] rounded = target.values();
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) values[i];
    }
  }
}
