package org.grokscope.train;

import org.grokscope.model.ParameterLayout;

/** Which parameters a weight decay acts on. */
public enum Decays {
  /** On every parameter, as in the code published with Nanda et al. (2023). */
  EVERYTHING,
  /** On the matrices of attention and MLP: not on embeddings, biases, scales and sinks. */
  MATRICES;

  double of(ParameterLayout.Slot slot, double decay) {
    return this == EVERYTHING || isMatrixOfLayer(slot) ? decay : 0;
  }

  /** Whether a parameter is a matrix of a layer: W_Q, W_K, W_V, W_O, W_in or W_out. */
  static boolean isMatrixOfLayer(ParameterLayout.Slot slot) {
    return slot.name().matches("(.*\\.)?W_([QKVO]|in|out)");
  }
}
