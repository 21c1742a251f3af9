package org.grokscope.train;

import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.grokscope.model.ParameterLayout;

/** What an {@link Optimiser} is given for one update. */
public final class Update {
  private final ParameterLayout layout;
  private final float[] parameters;
  private final float[] gradients;
  private final Map<String, float[]> state;
  private final long number;
  private final double rate;
  private final ToDoubleFunction<ParameterLayout.Slot> decay;

  /**
   * @param layout of parameters, gradients and state
   * @param parameters [layout.size()], changed in place
   * @param gradients [layout.size()]
   * @param state by name, [layout.size()] each, changed in place
   * @param number of the update, from 1
   * @param rate the step size η
   * @param decay λ of each parameter
   */
  public Update(
      ParameterLayout layout,
      float[] parameters,
      float[] gradients,
      Map<String, float[]> state,
      long number,
      double rate,
      ToDoubleFunction<ParameterLayout.Slot> decay) {
    this.layout = layout;
    this.parameters = parameters;
    this.gradients = gradients;
    this.state = state;
    this.number = number;
    this.rate = rate;
    this.decay = decay;
  }

  /** The names and places of the parameters. */
  public ParameterLayout layout() {
    return layout;
  }

  /** The live parameters, [layout.size()]. */
  public float[] parameters() {
    return parameters;
  }

  /** Their gradients, [layout.size()]. */
  public float[] gradients() {
    return gradients;
  }

  /** A live state array, [layout.size()]. */
  public float[] state(String name) {
    return state.get(name);
  }

  /** The number of this update, from 1. */
  public long number() {
    return number;
  }

  /** The step size η of this update. */
  public double rate() {
    return rate;
  }

  /** What a decoupled decay leaves of a parameter: 1 − ηλ. */
  public float kept(ParameterLayout.Slot slot) {
    return (float) (1 - rate * decay.applyAsDouble(slot));
  }
}
