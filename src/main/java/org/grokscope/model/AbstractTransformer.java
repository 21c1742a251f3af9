package org.grokscope.model;

import java.util.Objects;
import org.grokscope.task.Batch;

/** What every implementation holds: what it is, its live weights, and their gradients. */
abstract class AbstractTransformer implements Transformer {
  final ModelConfig config;
  final Parameters parameters;
  final Parameters gradients;

  /**
   * @param what is being made, for the message
   * @throws IllegalArgumentException if the parameters are not those of the model
   */
  AbstractTransformer(String what, ModelConfig config, Parameters parameters) {
    this.config = Objects.requireNonNull(config, "config");
    this.parameters = Objects.requireNonNull(parameters, "parameters");
    if (!parameters.layout().equals(config.layout())) {
      throw new IllegalArgumentException(
          what
              + ": got parameters "
              + parameters.layout().slots()
              + ", expected those of "
              + config
              + ", "
              + config.layout().slots());
    }
    gradients = Parameters.zeros(config.layout());
  }

  @Override
  public final ModelConfig config() {
    return config;
  }

  @Override
  public final Parameters parameters() {
    return parameters;
  }

  @Override
  public final Parameters gradients() {
    return gradients;
  }

  /**
   * Checks that a batch fits the model.
   *
   * @throws IllegalArgumentException if it is empty or of another length, is written in other
   *     tokens, has targets that the model does not know, asks where the model does not answer, or
   *     asks nothing
   */
  final void requireFits(Batch batch) {
    requireFit(batch.size() > 0, "no sequences", "at least one");
    requireFit(
        batch.length() == config.contextLength(),
        "sequences of " + batch.length() + " tokens",
        "the model's context length " + config.contextLength());
    int known = batch.knownTokens().orElse(config.vocabulary());
    requireFit(
        known == config.vocabulary(),
        "a vocabulary of " + known + " tokens",
        "the model's " + config.vocabulary() + "; take documents of the task that it was made for");
    requireFit(
        batch.largestToken() < config.vocabulary(),
        "the token " + batch.largestToken(),
        "tokens below the model's vocabulary " + config.vocabulary());
    requireFit(
        batch.largestTarget() < config.outputs(),
        "the answer " + batch.largestTarget(),
        "answers below the model's outputs " + config.outputs());
    requireFit(
        batch.asksQuestions() || config.shape().answers() == ModelShape.Answer.EVERYWHERE,
        "a batch that asks at every position",
        "questions: the model answers at the last position alone");
    requireFit(batch.totalWeight() > 0, "no position with a weight", "something to predict");
  }

  private static void requireFit(boolean holds, String given, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("batch: got " + given + ", expected " + expected);
    }
  }
}
