package org.grokscope.model;

import java.util.Objects;

/**
 * A transformer ready to be given parameters: its widths, and what it reads and answers.
 *
 * @param shape the widths
 * @param vocabulary number of tokens it reads; p+1 for modular arithmetic, with '=' last
 * @param outputs number of answers; p+1 as published, of which the last is never right
 * @param contextLength tokens a sequence; 3 for modular arithmetic
 */
public record ModelConfig(ModelShape shape, int vocabulary, int outputs, int contextLength) {

  public ModelConfig {
    Objects.requireNonNull(shape, "shape");
    if (vocabulary < 1 || outputs < 1 || contextLength < 1) {
      throw new IllegalArgumentException(
          "model: got vocabulary = "
              + vocabulary
              + ", outputs = "
              + outputs
              + ", context length = "
              + contextLength
              + ", expected each at least 1");
    }
  }

  /**
   * The published model of Nanda et al. (2023) for modulus {@code p}: p+1 tokens, p+1 answers,
   * context a b =.
   */
  public static ModelConfig nanda2023(int p) {
    return new ModelConfig(ModelShape.nanda2023(), p + 1, p + 1, 3);
  }

  /** The names and shapes of this model's parameters. */
  public ParameterLayout layout() {
    return ParameterLayout.of(this);
  }
}
