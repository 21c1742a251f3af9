package org.grokscope.compression;

import org.grokscope.fourier.FourierBasis;
import org.grokscope.model.ParameterLayout;

/**
 * In which basis a model's weights are told. Both are fixed beforehand and cost no bits; a model
 * with structure in one of them is shorter there.
 */
public enum WeightBasis {
  /** As they are: a row of W_E a token, a column of W_U an answer. */
  TOKENS,
  /** The residues' rows of W_E and columns of W_U as waves around the circle: F W_E, W_U Fᵀ. */
  WAVES;

  /** A tensor in this basis; rows of W_E and columns of W_U beyond p stay as they are. */
  double[] turn(ParameterLayout.Slot slot, double[] values, int p) {
    return turned(slot, values, p, false);
  }

  /** The inverse of {@link #turn}. */
  double[] turnBack(ParameterLayout.Slot slot, double[] values, int p) {
    return turned(slot, values, p, true);
  }

  private double[] turned(ParameterLayout.Slot slot, double[] values, int p, boolean back) {
    boolean embedding = slot.name().equals("W_E");
    if (this == TOKENS || !(embedding || slot.name().equals("W_U"))) {
      return values;
    }
    double[] f = FourierBasis.of(p).entries();
    double[] turned = values.clone();
    int rows = slot.shape().get(0);
    int columns = slot.shape().get(1);
    int vectors = embedding ? columns : rows;
    int stride = embedding ? columns : 1;
    for (int vector = 0; vector < vectors; vector++) {
      int from = embedding ? vector : vector * columns;
      for (int i = 0; i < p; i++) {
        double sum = 0;
        for (int j = 0; j < p; j++) {
          sum += (back ? f[j * p + i] : f[i * p + j]) * values[from + j * stride];
        }
        turned[from + i * stride] = sum;
      }
    }
    return turned;
  }
}
