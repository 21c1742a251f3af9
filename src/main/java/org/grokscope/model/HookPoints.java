package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** What looks in on a forward pass, at every activation that has a name. */
@FunctionalInterface
interface HookPoints {
  /** Nobody looks. */
  HookPoints NONE = (name, activation) -> activation;

  /** Sees an activation, and returns the one to go on with, of the same shape. */
  INDArray at(String name, INDArray activation);

  /** Shows the activation in the given shape, and returns it in its own. */
  default INDArray at(String name, INDArray activation, long... shape) {
    return at(name, activation.reshape('c', shape)).reshape('c', activation.shape());
  }
}
