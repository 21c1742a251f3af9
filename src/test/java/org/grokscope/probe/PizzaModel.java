package org.grokscope.probe;

import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;

/**
 * A one-layer ReLU transformer that is built by hand to add by the pizza algorithm (Zhong et al.
 * 2023): one head that attends to a, b and '=' alike brings (cos w a + cos w b, sin w a + sin w b)
 * = 2 cos(w(a−b)/2) (cos w(a+b)/2, sin w(a+b)/2) to '=', and neuron j of J is relu of its part
 * along the direction φ_j = 2πj/J. Since
 *
 * <pre>
 *   Σ_j relu(cos(θ − φ_j)) (cos 2φ_j, sin 2φ_j) ≈ J/(3π) (cos 2θ, sin 2θ),
 * </pre>
 *
 * up to harmonics of relu∘cos at 2 ± 2J for odd J, each smaller by more than 4J²/3, the logits are
 * L[a, b, c] ≈ 2J/(3π) |cos(w(a−b)/2)| cos w(a+b−c).
 */
final class PizzaModel {
  static final int P = 13;
  static final int J = 101;
  private static final int KEY = 3;

  /** 2J/(3π). */
  static final double SIZE = 2 * J / (3 * Math.PI);

  private PizzaModel() {}

  static Checkpoint checkpoint() {
    ModelShape shape = ModelShape.uniform(1, 6, 1, 2, J, Activation.RELU, false, true);
    ModelConfig config = new ModelConfig(shape, P + 1, P + 1, 3);
    Parameters parameters = Parameters.zeros(config.layout());
    for (int a = 0; a < P; a++) {
      for (int i = 0; i < 2; i++) {
        put(parameters, "W_E", wave(i, KEY * a, P), a, i);
        put(parameters, "W_U", wave(i, KEY * a, P), 4 + i, a);
      }
    }
    for (int i = 0; i < 2; i++) {
      put(parameters, "W_V", 3, 0, i, i); // a third of the attention each
      put(parameters, "W_O", 1, 0, i, 2 + i);
    }
    for (int j = 0; j < J; j++) {
      for (int i = 0; i < 2; i++) {
        put(parameters, "W_in", wave(i, j, J), 2 + i, j);
        put(parameters, "W_out", wave(i, 2 * j, J), j, 4 + i);
      }
    }
    return Checkpoint.of(
        OperationTable.of(Operation.ADD, P).split(0.4, 1), config, parameters, 7, "{}");
  }

  /** What the right logit of a pair is, |cos(w(a−b)/2)| times {@link #SIZE}. */
  static double right(int a, int b) {
    return SIZE * Math.abs(Math.cos(Math.PI * KEY * (a - b) / P));
  }

  private static double wave(int sine, int turns, int of) {
    double angle = 2 * Math.PI * turns / of;
    return sine == 0 ? Math.cos(angle) : Math.sin(angle);
  }

  /** Overwrites one entry of a parameter. */
  static void put(Parameters parameters, String name, double value, int... index) {
    ParameterLayout.Slot slot = parameters.layout().slot(name);
    int at = 0;
    for (int axis = 0; axis < index.length; axis++) {
      at = at * slot.shape().get(axis) + index[axis];
    }
    parameters.values()[slot.offset() + at] = (float) value;
  }
}
