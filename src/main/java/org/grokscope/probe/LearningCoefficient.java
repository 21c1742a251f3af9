package org.grokscope.probe;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Parameters;
import org.grokscope.model.Transformer;
import org.grokscope.series.Probe;
import org.grokscope.task.Batch;
import org.grokscope.task.RandomStream;

/**
 * The local learning coefficient of Lau, Furman, Wang, Murfet and Wei (2023), "The Local Learning
 * Coefficient": how fast the volume of weights about w* grows whose loss is nearly that of w*. With
 * n questions, the mean loss L and β = 1/log n,
 *
 * <pre>
 *   λ̂ = n β (E_β[L(w)] − L(w*)),   w of density ∝ exp(−n β L(w) − γ/2 |w − w*|²).
 * </pre>
 *
 * <p>Of a regular minimum of d weights it is d/2; a flatter one, with directions that cost little
 * or nothing, has less. The mean is taken along stochastic gradient Langevin dynamics (Welling and
 * Teh 2011) that start at w*, each step with the gradient over all questions:
 *
 * <pre>
 *   w ← w − ε/2 (n β ∇L(w) + γ (w − w*)) + √ε N(0, 1).
 * </pre>
 *
 * <p>It is an estimate in three ways: the chain is short, its steps are not infinitely small (of a
 * quadratic with curvature h a dimension's ½ becomes ½/(1 − ε n β h/4)), and γ holds it near w*.
 * Compare estimates that have the same settings. Below zero it says that w* was no minimum.
 *
 * <p>As a probe it is of a checkpoint's training questions and the columns are {@code
 * lambda[train]}, {@code spread[train]}, the standard deviation of λ̂ over chains, and {@code
 * distance[train]}, the mean |w − w*| at the ends of the chains.
 *
 * @param step ε, above 0
 * @param localisation γ, 0 or more
 * @param burnIn steps of a chain before any counts
 * @param steps steps of a chain that count
 * @param chains each with numbers of its own, at least one
 * @param seed of the noise
 */
public record LearningCoefficient(
    double step, double localisation, int burnIn, int steps, int chains, long seed)
    implements Probe {

  /** A loss over weights. */
  public interface Landscape {
    /**
     * The loss at w and its gradient.
     *
     * @param w [d], stays as it is
     * @param gradient [d], overwritten
     */
    double lossAndGradient(float[] w, float[] gradient);
  }

  /**
   * What chains found.
   *
   * @param lambda λ̂
   * @param spread standard deviation over chains; 0 of one
   * @param distance mean |w − w*| at their ends
   */
  public record Estimate(double lambda, double spread, double distance) {}

  public LearningCoefficient {
    if (!(step > 0) || !(localisation >= 0) || burnIn < 0 || steps < 1 || chains < 1) {
      throw new IllegalArgumentException(
          "learning coefficient: got the step "
              + step
              + ", the localisation "
              + localisation
              + ", "
              + burnIn
              + " steps before and "
              + steps
              + " that count in "
              + chains
              + " chains, expected a step above 0, a localisation of 0 or more, and at least one"
              + " step and chain");
    }
  }

  /**
   * Of any loss.
   *
   * @param start w*, [d]
   * @param questions n, that the loss is the mean over; at least 3
   * @throws IllegalArgumentException if there are fewer
   * @throws ArithmeticException if a chain runs away; the message says what to make smaller
   */
  public Estimate estimate(Landscape landscape, float[] start, long questions) {
    if (questions < 3) {
      throw new IllegalArgumentException(
          "learning coefficient: got " + questions + " questions, expected 3 or more");
    }
    double heat = questions / Math.log(questions); // n β
    double[] ofChain = new double[chains];
    double distance = 0;
    for (int chain = 0; chain < chains; chain++) {
      float[] w = start.clone();
      ofChain[chain] = heat * chain(landscape, start, w, heat, chain);
      distance += distance(start, w) / chains;
    }
    double mean = 0;
    for (double lambda : ofChain) {
      mean += lambda / chains;
    }
    double squares = 0;
    for (double lambda : ofChain) {
      squares += (lambda - mean) * (lambda - mean);
    }
    return new Estimate(mean, chains == 1 ? 0 : Math.sqrt(squares / (chains - 1)), distance);
  }

  /** The mean of L(w) − L(w*) over the steps that count; leaves w at the end. */
  private double chain(Landscape landscape, float[] start, float[] w, double heat, int chain) {
    RandomStream random = RandomStream.of(seed, "chain " + chain);
    float[] gradient = new float[w.length];
    double noise = Math.sqrt(step);
    double first = 0;
    double sum = 0;
    for (int t = 0; t <= burnIn + steps; t++) {
      double loss = landscape.lossAndGradient(w, gradient);
      if (t == 0) {
        first = loss;
      }
      if (!Double.isFinite(loss)) {
        throw new ArithmeticException(
            String.format(
                Locale.ROOT,
                "learning coefficient: got the loss %s at step %d of chain %d, expected a finite"
                    + " one; make the step %s smaller or the localisation %s larger",
                loss,
                t,
                chain,
                step,
                localisation));
      }
      sum += t > burnIn ? loss - first : 0;
      for (int i = 0; i < w.length; i++) {
        double drift = heat * gradient[i] + localisation * ((double) w[i] - start[i]);
        w[i] = (float) (w[i] - step / 2 * drift + noise * random.nextGaussian());
      }
    }
    return sum / steps;
  }

  private static double distance(float[] start, float[] w) {
    double squares = 0;
    for (int i = 0; i < w.length; i++) {
      squares += ((double) w[i] - start[i]) * ((double) w[i] - start[i]);
    }
    return Math.sqrt(squares);
  }

  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    Need.require("learning coefficient", Set.of(Need.TABLE), checkpoint, Circle.OWN);
    Batch questions = checkpoint.train();
    Parameters live = checkpoint.parameters();
    try (Transformer model = Transformer.open(checkpoint.config(), live, 1)) {
      Estimate found =
          estimate(
              (w, gradient) -> {
                System.arraycopy(w, 0, live.values(), 0, w.length);
                double loss = model.lossAndGradients(questions).loss();
                System.arraycopy(model.gradients().values(), 0, gradient, 0, w.length);
                return loss;
              },
              live.values().clone(),
              questions.size());
      Map<String, Double> columns = new LinkedHashMap<>();
      columns.put("lambda[train]", found.lambda());
      columns.put("spread[train]", found.spread());
      columns.put("distance[train]", found.distance());
      return columns;
    }
  }

  @Override
  public Optional<String> identity() {
    return Optional.of("learning coefficient 1: " + this);
  }
}
