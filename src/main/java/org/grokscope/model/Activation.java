package org.grokscope.model;

/** The non-linearity of the MLP. */
public enum Activation {
  /** max(x, 0). */
  RELU,
  /** x·Φ(x), with the exact normal distribution function Φ, as PyTorch's default. */
  GELU
}
