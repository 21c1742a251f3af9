package org.grokscope.model;

import org.grokscope.task.TokenSequences;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A transformer that answers at the last position of a sequence, with its gradients.
 *
 * <p>x<sub>t</sub> = W_E[token<sub>t</sub>] + W_pos[t]; each block adds attention, Σ<sub>h</sub>
 * (Σ<sub>s</sub> A<sup>h</sup><sub>ts</sub> x<sub>s</sub> W_V[h]) W_O[h] with A = softmax of
 * (x<sub>t</sub> W_Q[h])·(x<sub>s</sub> W_K[h])/√d_head, then an MLP, act(x W_in + b_in) W_out +
 * b_out; logits = x<sub>last</sub> W_U. The loss is computed by a float64 log-softmax, whatever the
 * precision of the model: in float32 a confident model's loss is rounding noise, and training on it
 * slingshots.
 */
public interface Transformer extends AutoCloseable {

  /** What it is. */
  ModelConfig config();

  /** The live weights: change them, and the next call sees the change. */
  Parameters parameters();

  /** The gradients of the last {@link #lossAndGradients} call; overwritten by the next. */
  Parameters gradients();

  /**
   * Mean loss and number of right answers on a batch, forward only.
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  BatchLoss loss(TokenSequences batch);

  /**
   * The same, and the gradient of the mean loss with respect to every parameter, left in {@link
   * #gradients()}.
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  BatchLoss lossAndGradients(TokenSequences batch);

  /**
   * The logits at the last position, (n, outputs), float32 or better.
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  INDArray logits(TokenSequences batch);

  /** Lets threads and native memory go; the parameters stay readable. */
  @Override
  void close();

  /**
   * Checks that a batch fits a model.
   *
   * @throws IllegalArgumentException if it is empty, of another context length, or has tokens or
   *     labels the model does not know
   */
  static void requireFits(ModelConfig config, TokenSequences batch) {
    if (batch.size() == 0) {
      throw new IllegalArgumentException("batch: got no sequences, expected at least one");
    }
    if (batch.contextLength() != config.contextLength()) {
      throw new IllegalArgumentException(
          "batch: got sequences of "
              + batch.contextLength()
              + " tokens, expected the model's context length "
              + config.contextLength());
    }
    if (batch.largestToken() >= config.vocabulary()) {
      throw new IllegalArgumentException(
          "batch: got the token "
              + batch.largestToken()
              + ", expected tokens below the model's vocabulary "
              + config.vocabulary());
    }
    if (batch.largestLabel() >= config.outputs()) {
      throw new IllegalArgumentException(
          "batch: got the label "
              + batch.largestLabel()
              + ", expected labels below the model's outputs "
              + config.outputs());
    }
  }
}
