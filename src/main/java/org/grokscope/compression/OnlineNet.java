package org.grokscope.compression;

import java.util.Arrays;
import org.grokscope.task.RandomStream;

/**
 * A net of one hidden layer that reads the last digits and takes one step of gradient descent after
 * each new one:
 *
 * <pre>
 *   h = tanh(b + Σ_t V_t[digit t before]),   P = softmax(c + U h + Σ_t S_t[digit t before])
 * </pre>
 *
 * <p>Steps are scaled by the root of each weight's squared gradients so far (AdaGrad). Reads each
 * digit once, with no second look.
 */
public final class OnlineNet implements SequenceModel {
  private static final double EPSILON = 1e-8;

  private final int window;
  private final int hidden;
  private final double rate;
  private final Weights first; // V, (window · 10 + bias) × hidden
  private final Weights skip; // S, (window · 10 + bias) × 10
  private final Weights last; // U, hidden × 10
  private final int[] past; // [window], the latest first, −1 before the beginning
  private final double[] h;
  private final double[] probabilities = new double[DIGITS];

  /** A matrix with the squares of its gradients. */
  private static final class Weights {
    final int columns;
    final double[] values;
    final double[] squares;

    Weights(int rows, int columns) {
      this.columns = columns;
      values = new double[rows * columns];
      squares = new double[rows * columns];
    }

    void step(int row, int column, double gradient, double rate) {
      int at = row * columns + column;
      squares[at] += gradient * gradient;
      values[at] -= rate * gradient / (Math.sqrt(squares[at]) + EPSILON);
    }
  }

  private OnlineNet(int window, int hidden, double rate, long seed) {
    this.window = window;
    this.hidden = hidden;
    this.rate = rate;
    first = new Weights(window * DIGITS + 1, hidden);
    skip = new Weights(window * DIGITS + 1, DIGITS);
    last = new Weights(hidden, DIGITS);
    past = new int[window];
    Arrays.fill(past, -1);
    h = new double[hidden];
    RandomStream random = RandomStream.of(seed, "online net");
    for (int i = 0; i < first.values.length; i++) {
      first.values[i] = random.nextGaussian() / Math.sqrt(window);
    }
  }

  /**
   * A net that has seen nothing.
   *
   * @param window how many digits it reads, at least 1
   * @param hidden width of the hidden layer, at least 1
   * @param rate step size, above 0
   * @param seed of the first layer's weights; all others begin at 0
   */
  public static OnlineNet of(int window, int hidden, double rate, long seed) {
    if (window < 1 || hidden < 1 || !(rate > 0)) {
      throw new IllegalArgumentException(
          "online net: got a window of "
              + window
              + ", "
              + hidden
              + " hidden and the rate "
              + rate
              + ", expected at least 1, at least 1 and above 0");
    }
    return new OnlineNet(window, hidden, rate, seed);
  }

  @Override
  public double[] predict() {
    for (int j = 0; j < hidden; j++) {
      h[j] = Math.tanh(sum(first, j));
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (int d = 0; d < DIGITS; d++) {
      double z = sum(skip, d);
      for (int j = 0; j < hidden; j++) {
        z += last.values[j * DIGITS + d] * h[j];
      }
      probabilities[d] = z;
      largest = Math.max(largest, z);
    }
    double total = 0;
    for (int d = 0; d < DIGITS; d++) {
      probabilities[d] = Math.exp(probabilities[d] - largest);
      total += probabilities[d];
    }
    for (int d = 0; d < DIGITS; d++) { // never quite impossible
      probabilities[d] = 0.999 * probabilities[d] / total + 0.001 / DIGITS;
    }
    return probabilities.clone();
  }

  /** The bias and what the window's digits add to one unit. */
  private double sum(Weights weights, int column) {
    double sum = weights.values[window * DIGITS * weights.columns + column];
    for (int t = 0; t < window; t++) {
      if (past[t] >= 0) {
        sum += weights.values[(t * DIGITS + past[t]) * weights.columns + column];
      }
    }
    return sum;
  }

  @Override
  public void learn(int digit) {
    double[] error = new double[DIGITS]; // gradient of −ln softmax, over its inputs
    for (int d = 0; d < DIGITS; d++) {
      error[d] = (probabilities[d] - 0.001 / DIGITS) / 0.999 - (d == digit ? 1 : 0);
    }
    double[] back = new double[hidden];
    for (int j = 0; j < hidden; j++) {
      for (int d = 0; d < DIGITS; d++) {
        back[j] += last.values[j * DIGITS + d] * error[d];
      }
      back[j] *= 1 - h[j] * h[j];
      for (int d = 0; d < DIGITS; d++) {
        last.step(j, d, error[d] * h[j], rate);
      }
    }
    update(first, back);
    update(skip, error);
    System.arraycopy(past, 0, past, 1, window - 1);
    past[0] = digit;
  }

  private void update(Weights weights, double[] error) {
    for (int column = 0; column < error.length; column++) {
      for (int t = 0; t < window; t++) {
        if (past[t] >= 0) {
          weights.step(t * DIGITS + past[t], column, error[column], rate);
        }
      }
      weights.step(window * DIGITS, column, error[column], rate);
    }
  }
}
