package org.grokscope.task;

/** Whoever answers a batch: a model under training, as its {@link Course} examines it. */
public interface Student {
  /** The loss and the right answers on a batch. */
  BatchLoss loss(Batch batch);

  /**
   * The logits on a batch, row-major: (n, outputs) of a model that answers questions, (n, T,
   * outputs) of one that answers at every position.
   */
  float[] logits(Batch batch);
}
