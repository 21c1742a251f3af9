package org.grokscope.train;

import java.util.Set;
import org.grokscope.model.ParameterLayout;

/** Which parameters a weight decay acts on. */
public enum Decays {
  /** On every parameter, as in the code published with Nanda et al. (2023). */
  EVERYTHING,
  /** On the matrices of attention and MLP: not on embeddings, biases, scales and sinks. */
  MATRICES;

  private static final Set<String> MATRICES_OF_LAYERS =
      Set.of("W_Q", "W_K", "W_V", "W_O", "W_in", "W_out");

  double of(ParameterLayout.Slot slot, double decay) {
    return this == EVERYTHING || isMatrixOfLayer(slot) ? decay : 0;
  }

  /** Whether a parameter is a matrix of a layer: W_Q, W_K, W_V, W_O, W_in or W_out. */
  static boolean isMatrixOfLayer(ParameterLayout.Slot slot) {
    return MATRICES_OF_LAYERS.contains(slot.name().substring(slot.name().lastIndexOf('.') + 1));
  }
}
