package org.grokscope.model;

/**
 * How well a model did on a batch.
 *
 * @param loss mean over the sequences of −log softmax(logits)[label], in nats, over all outputs of
 *     the model
 * @param correct sequences whose largest logit is the label's (the first of equals counts)
 * @param size sequences in the batch
 */
public record BatchLoss(double loss, int correct, int size) {
  /** Share answered right. */
  public double accuracy() {
    return (double) correct / size;
  }
}
