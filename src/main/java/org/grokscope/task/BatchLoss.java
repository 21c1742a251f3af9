package org.grokscope.task;

/**
 * How well a model did on a batch.
 *
 * @param loss weighted mean of the losses at the positions asked, in nats
 * @param correct positions asked whose largest logit is the target's (the first of equals counts)
 * @param size positions asked, those with a weight; of questions their number
 */
public record BatchLoss(double loss, int correct, int size) {
  /** Share answered right. */
  public double accuracy() {
    return (double) correct / size;
  }
}
