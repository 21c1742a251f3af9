package org.grokscope.model;

import java.util.List;
import java.util.Objects;
import org.grokscope.task.Task;

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

  /** The model of a shape that reads and answers what a task asks. */
  public static ModelConfig of(ModelShape shape, Task task, int extraOutputs) {
    boolean everywhere = shape.answers() == ModelShape.Answer.EVERYWHERE;
    if (everywhere != task.asksEverywhere()) {
      throw new IllegalArgumentException(
          "model: got one that answers "
              + (everywhere ? "at every position" : "at the last position")
              + " for "
              + task.title()
              + ", which asks "
              + (everywhere ? "at the last position" : "at every position")
              + "; choose another shape, such as "
              + (everywhere ? "ModelShape.nanda2023()" : "ModelShape.lines(task)"));
    }
    return new ModelConfig(
        shape, task.vocabulary(), Math.addExact(task.outputs(), extraOutputs), task.length());
  }

  /** The names of every activation, in the order of computation. */
  public List<String> activations() {
    return ActivationCache.names(shape);
  }

  /** The names and shapes of this model's parameters. */
  public ParameterLayout layout() {
    return ParameterLayout.of(this);
  }
}
