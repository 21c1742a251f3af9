package org.grokscope.model;

import org.grokscope.task.Batch;
import org.grokscope.task.BatchLoss;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A transformer with its gradients: {@link ModelShape} says what it is built of.
 *
 * <p>x<sub>t</sub> = W_E[token<sub>t</sub>] + W_pos[t]; each block adds attention, Σ<sub>h</sub>
 * (Σ<sub>s</sub> A<sup>h</sup><sub>ts</sub> x<sub>s</sub> W_V[h]) W_O[h] with A = softmax of
 * (x<sub>t</sub> W_Q[h])·(x<sub>s</sub> W_K[h])/√d_head, then an MLP, act(x W_in + b_in) W_out +
 * b_out; logits = x W_U, at the last position or at every one. The loss is computed by a float64
 * log-softmax, whatever the precision of the model, unless another {@link Loss} is asked for: in
 * float32 a confident model's loss is rounding noise, and training on it slingshots.
 *
 * <p>{@link #open} takes the fast path that is exact for a model, else the reference.
 */
public interface Transformer extends AutoCloseable {

  /** What it is. */
  ModelConfig config();

  /** The live weights: change them, and the next call sees the change. */
  Parameters parameters();

  /** The gradients of the last {@link #lossAndGradients} call; overwritten by the next. */
  Parameters gradients();

  /**
   * Weighted mean loss and number of right answers on a batch, forward only.
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  default BatchLoss loss(Batch batch) {
    return loss(batch, Noise.NONE);
  }

  /**
   * The same with noise at the {@linkplain Site sites}, as in training; of a model without noise
   * the very same.
   */
  BatchLoss loss(Batch batch, Noise noise);

  /**
   * The same, and the gradient of the mean loss with respect to every parameter, left in {@link
   * #gradients()}.
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  default BatchLoss lossAndGradients(Batch batch) {
    return lossAndGradients(batch, Noise.NONE);
  }

  /** The same with noise at the {@linkplain Site sites}: what an update learns from. */
  BatchLoss lossAndGradients(Batch batch, Noise noise);

  /**
   * The logits, (n, outputs) at the last position or (n, T, outputs) at every one, float32 or
   * better.
   *
   * @throws IllegalArgumentException if the batch does not fit the model
   */
  INDArray logits(Batch batch);

  /** Lets threads and native memory go; the parameters stay readable. */
  @Override
  void close();

  /**
   * A model on a chosen path.
   *
   * @param threads for a fast path, whose results do not depend on it; the reference leaves threads
   *     to ND4J
   * @throws IllegalArgumentException if the path does not take the model
   */
  static Transformer open(
      ComputationPath path, ModelConfig config, Parameters parameters, Loss loss, int threads) {
    path.requireAccepts(config);
    if (path == ComputationPath.REFERENCE) {
      return ReferenceTransformer.of(config, parameters, DataType.FLOAT, loss);
    }
    return FactorisedTransformer.accepts(config)
        ? FactorisedTransformer.of(config, parameters, threads, loss)
        : PreNormTransformer.of(config, parameters, threads, loss);
  }

  /** A model on the path that is best for it, by cross-entropy. */
  static Transformer open(ModelConfig config, Parameters parameters, int threads) {
    return open(
        ComputationPath.bestFor(config), config, parameters, StandardLoss.CROSS_ENTROPY, threads);
  }
}
