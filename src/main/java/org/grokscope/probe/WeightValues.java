package org.grokscope.probe;

import java.util.HashMap;
import java.util.Map;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;

/** A checkpoint's weights in float64, by name. */
final class WeightValues {
  private final Checkpoint checkpoint;
  private final Map<String, double[]> byName = new HashMap<>();

  WeightValues(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    Parameters parameters = checkpoint.parameters();
    float[] values = parameters.values();
    for (ParameterLayout.Slot slot : parameters.layout().slots()) {
      double[] wide = new double[slot.length()];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = values[slot.offset() + i];
      }
      byName.put(slot.name(), wide);
    }
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** One parameter in row-major order; live. */
  double[] values(String name) {
    return byName.get(name);
  }

  /** W_E without the row of '=', [p · d_model]. */
  double[] embedding() {
    int dModel = checkpoint.config().shape().dModel();
    return java.util.Arrays.copyOf(values("W_E"), checkpoint.p() * dModel);
  }

  /** W_U without the column of '=', [d_model · p]. */
  double[] unembedding() {
    int outputs = checkpoint.config().outputs();
    return firstColumns(values("W_U"), outputs, checkpoint.p());
  }

  /** The first columns of a row-major matrix. */
  static double[] firstColumns(double[] matrix, int columns, int kept) {
    if (kept == columns) {
      return matrix;
    }
    int rows = matrix.length / columns;
    double[] result = new double[rows * kept];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(matrix, row * columns, result, row * kept, kept);
    }
    return result;
  }
}
