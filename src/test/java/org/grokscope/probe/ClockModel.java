package org.grokscope.probe;

import java.util.List;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;

/**
 * A one-layer ReLU transformer that is built by hand to answer by the clock algorithm, so that its
 * logits are known: with s = place(a) + place(b) as an integer,
 *
 * <pre>
 *   L[a, b, c] = Σ_k α_k (C_k[s] C_k[place(c)] + S_k[s] S_k[place(c)])
 * </pre>
 *
 * <p>where C_k and S_k are cos and sin of w_k, rounded to multiples of 2⁻¹², so that every weight
 * below is exact in float32. Two heads attend to a and to b alone and bring their places into one
 * coordinate; neuron t is relu(s − t + 1), and second differences of a function f make Σ_t c_t
 * relu(s − t + 1) = f(s).
 */
final class ClockModel {
  private static final int LEFT = 0; // place of the token as first operand, / 64
  private static final int RIGHT = 1; // as second operand, / 64
  private static final int AT_A = 2; // position flags
  private static final int AT_B = 3;
  private static final int AT_EQUALS = 4;
  private static final int SUM = 5;
  private static final int WAVES = 6; // of the embedding, then those that W_U reads

  final int p;
  final int m; // places
  final List<Integer> keys;
  final List<Double> alphas;
  final Checkpoint checkpoint;
  final int[] left; // [p] place of each residue as first operand, −1 for none
  final int[] right;
  private final int[] answers; // [m] the answer at each place

  /**
   * @param alphas a small multiple of 1/16 for each key
   */
  ClockModel(Operation operation, int p, List<Integer> keys, List<Double> alphas) {
    this.p = p;
    this.keys = keys;
    this.alphas = alphas;
    this.m = operation == Operation.MULTIPLY ? p - 1 : p;
    this.left = new int[p];
    this.right = new int[p];
    this.answers = new int[m];
    int root = p == 13 ? 2 : p == 7 ? 3 : 0; // smallest primitive roots, from a table
    left[0] = right[0] = operation == Operation.MULTIPLY ? -1 : 0;
    for (int i = 0, power = 1; i < m; i++, power = power * root % p) {
      int residue = operation == Operation.MULTIPLY ? power : i;
      left[residue] = i;
      right[residue] = operation == Operation.SUBTRACT ? (p - i) % p : i;
      answers[i] = residue;
    }
    ModelShape shape =
        ModelShape.uniform(
            1, WAVES + 4 * keys.size(), 2, 1, 2 * m - 1, Activation.RELU, false, true);
    ModelConfig config = new ModelConfig(shape, p + 1, p + 1, 3);
    this.checkpoint =
        Checkpoint.of(
            OperationTable.of(operation, p).split(0.4, 1), config, parameters(config), 7, "{}");
  }

  static ClockModel of(Operation operation) {
    return new ClockModel(operation, 13, List.of(2, 5), List.of(3.0, 1.5));
  }

  KeyFrequencies keyFrequencies() {
    return new KeyFrequencies(p, keys, "given");
  }

  /** The logit of the answer at place l for operands at places i and j. */
  double logit(int i, int j, int l) {
    double sum = 0;
    for (int at = 0; at < keys.size(); at++) {
      int k = keys.get(at);
      sum +=
          alphas.get(at) * (wave(0, k, i + j) * wave(0, k, l) + wave(1, k, i + j) * wave(1, k, l));
    }
    return sum;
  }

  /** cos (0) or sin (1) of w_k t, rounded. */
  private double wave(int sine, int k, int t) {
    double angle = 2 * Math.PI * k * t / m;
    return Math.rint((sine == 0 ? Math.cos(angle) : Math.sin(angle)) * 4096) / 4096;
  }

  private Parameters parameters(ModelConfig config) {
    Parameters parameters = Parameters.zeros(config.layout());
    for (int residue = 0; residue < p; residue++) {
      put(parameters, "W_E", Math.max(left[residue], 0) / 64.0, residue, LEFT);
      put(parameters, "W_E", Math.max(right[residue], 0) / 64.0, residue, RIGHT);
      for (int i = 0; i < 2 * keys.size() && left[residue] >= 0; i++) {
        double wave = wave(i % 2, keys.get(i / 2), left[residue]);
        put(parameters, "W_E", wave, residue, WAVES + i);
      }
    }
    for (int t = 0; t < 3; t++) {
      put(parameters, "W_pos", 1, t, AT_A + t);
    }
    for (int head = 0; head < 2; head++) {
      put(parameters, "W_Q", 1000, head, AT_EQUALS, 0);
      put(parameters, "W_K", 1, head, AT_A + head, 0);
      put(parameters, "W_V", 64, head, LEFT + head, 0);
      put(parameters, "W_O", 1, head, 0, SUM);
    }
    int out = WAVES + 2 * keys.size();
    for (int t = 0; t < 2 * m - 1; t++) {
      put(parameters, "W_in", 1, SUM, t);
      put(parameters, "b_in", 1 - t, t);
      for (int i = 0; i < 2 * keys.size(); i++) {
        put(parameters, "W_out", alphas.get(i / 2) * secondDifference(i, t), t, out + i);
      }
    }
    for (int l = 0; l < m; l++) {
      for (int i = 0; i < 2 * keys.size(); i++) {
        put(parameters, "W_U", wave(i % 2, keys.get(i / 2), l), out + i, answers[l]);
      }
    }
    for (int i = 0; i < 2 * keys.size(); i++) {
      put(parameters, "W_U", 50, out + i, p); // '=' must not matter
    }
    return parameters;
  }

  private double secondDifference(int i, int t) {
    double sum = 0;
    for (int back = 0; back < 3 && back <= t; back++) {
      sum += new double[] {1, -2, 1}[back] * wave(i % 2, keys.get(i / 2), t - back);
    }
    return sum;
  }

  private static void put(Parameters parameters, String name, double value, int... index) {
    ParameterLayout.Slot slot = parameters.layout().slot(name);
    int at = 0;
    for (int axis = 0; axis < index.length; axis++) {
      at = at * slot.shape().get(axis) + index[axis];
    }
    if ((float) value != value) {
      throw new AssertionError(name + ": " + value + " is not exact in float32");
    }
    parameters.values()[slot.offset() + at] = (float) value;
  }
}
