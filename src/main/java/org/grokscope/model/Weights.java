package org.grokscope.model;

import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters as they are now, as arrays of one precision, by name. */
final class Weights {
  private final Map<String, INDArray> byName = new HashMap<>();

  /** Copies the live values of {@code parameters}. */
  Weights(Parameters parameters, DataType type) {
    for (ParameterLayout.Slot slot : parameters.layout().slots()) {
      byName.put(slot.name(), parameters.get(slot.name()).castTo(type));
    }
  }

  /** Whether there is a parameter of this name. */
  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** One parameter, in its shape. */
  INDArray get(String name) {
    return byName.get(name);
  }
}
