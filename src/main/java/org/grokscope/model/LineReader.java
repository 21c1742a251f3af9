package org.grokscope.model;

import org.grokscope.task.LineBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model that reads lines, with its gradients: {@link ReaderConfig} says what it computes.
 *
 * <p>The loss is the mean over all positions of −log softmax(logits)[next token], each with its
 * {@linkplain LineBatch#weight weight}, by a float64 log-softmax.
 */
public interface LineReader extends AutoCloseable {

  /** What it is. */
  ReaderConfig config();

  /** The live weights: change them, and the next call sees the change. */
  Parameters parameters();

  /** The gradients of the last {@link #lossAndGradients} call; overwritten by the next. */
  Parameters gradients();

  /**
   * The weighted mean loss on a batch, forward only, in nats.
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  double loss(LineBatch batch);

  /**
   * The same, and the gradient of the loss with respect to every parameter, left in {@link
   * #gradients()}.
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  double lossAndGradients(LineBatch batch);

  /**
   * The logits of the next token at every position, (B, T, vocabulary), float32 or better.
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  INDArray logits(LineBatch batch);

  /** Lets threads and native memory go; the parameters stay readable. */
  @Override
  void close();

  /**
   * Checks that a batch fits a model.
   *
   * @throws IllegalArgumentException if its documents have another length or tokens that the model
   *     does not know, or nothing in it is to be predicted
   */
  static void requireFits(ReaderConfig config, LineBatch batch) {
    if (batch.length() != config.length()) {
      throw new IllegalArgumentException(
          "batch: got documents of "
              + batch.length()
              + " tokens, expected the model's "
              + config.length());
    }
    if (batch.vocabulary().size() != config.vocabulary()) {
      throw new IllegalArgumentException(
          "batch: got a vocabulary of "
              + batch.vocabulary().size()
              + " tokens, expected the model's "
              + config.vocabulary()
              + "; take documents of the task that it was made for");
    }
    if (!(totalWeight(batch) > 0)) {
      throw new IllegalArgumentException(
          "batch: no position has a weight, expected something to predict; lengthen the documents");
    }
  }

  /**
   * Checks that parameters are those of a model.
   *
   * @param what is to be made of them, for the message
   * @throws IllegalArgumentException if they are not
   */
  static void requireParameters(String what, ReaderConfig config, Parameters parameters) {
    if (!parameters.layout().equals(config.layout())) {
      throw new IllegalArgumentException(
          what
              + ": got parameters "
              + parameters.layout().slots()
              + ", expected those of "
              + config);
    }
  }

  /** Σ of the weights of all positions. */
  static double totalWeight(LineBatch batch) {
    double total = 0;
    for (double weight : batch.weights()) {
      total += weight;
    }
    return total;
  }
}
