package org.grokscope.geometry;

import java.util.List;

/**
 * What the error of a learner is made of. Over S training sets with predictions f_s(x) and the true
 * f(x), both without noise, at m test points, the mean squared error is exactly
 *
 * <pre>mean_{s,x} (f_s(x) − f(x))² = mean_x (f̄(x) − f(x))² + mean_{s,x} (f_s(x) − f̄(x))²</pre>
 *
 * <p>with f̄ the mean over training sets: bias² and variance (Geman et al. 1992).
 *
 * <p>The mean of S predictions misses the mean of all by the variance σ² of one prediction over S.
 * So these two parts are wrong in opposite directions:
 *
 * <pre>E[squaredBias] = bias² + σ²/S,   E[variance] = σ² (S − 1)/S</pre>
 *
 * <p>A learner without any bias has a variance of (S − 1)/S of its error, whatever it learns.
 * {@link #unbiasedSquaredBias()} and {@link #unbiasedVariance()} are right on average over many
 * draws of S training sets.
 *
 * @param squaredBias mean over points of the squared distance of the mean prediction to the truth
 * @param variance mean over points and training sets of the squared distance to the mean prediction
 * @param trainingSets S, at least 2
 */
public record BiasVariance(double squaredBias, double variance, int trainingSets) {

  /**
   * @throws IllegalArgumentException if there are fewer than 2 training sets
   */
  public BiasVariance {
    if (trainingSets < 2) {
      throw new IllegalArgumentException(
          "bias and variance: got " + trainingSets + " training sets, expected at least 2");
    }
  }

  /**
   * The parts of an error.
   *
   * @param predictions one array [m] a training set, at least two
   * @param truth [m]
   * @throws IllegalArgumentException if there are fewer, or lengths differ
   */
  public static BiasVariance of(List<double[]> predictions, double[] truth) {
    if (predictions.size() < 2 || truth.length == 0) {
      throw new IllegalArgumentException(
          "bias and variance: got "
              + predictions.size()
              + " predictions at "
              + truth.length
              + " points, expected at least 2, one a training set, at 1 point or more");
    }
    double[] mean = new double[truth.length];
    for (double[] predicted : predictions) {
      if (predicted.length != truth.length) {
        throw new IllegalArgumentException(
            "bias and variance: got predictions at "
                + predicted.length
                + " points, expected them at all "
                + truth.length);
      }
      for (int i = 0; i < mean.length; i++) {
        mean[i] += predicted[i] / predictions.size();
      }
    }
    double bias = 0;
    double variance = 0;
    for (int i = 0; i < mean.length; i++) {
      bias += (mean[i] - truth[i]) * (mean[i] - truth[i]) / mean.length;
      for (double[] predicted : predictions) {
        double from = predicted[i] - mean[i];
        variance += from * from / mean.length / predictions.size();
      }
    }
    return new BiasVariance(bias, variance, predictions.size());
  }

  /**
   * bias² without the variance that a mean of S predictions still has: squaredBias − variance/(S −
   * 1). It may be below 0 where the variance is large: then the bias is too small to be told from
   * so few training sets.
   */
  public double unbiasedSquaredBias() {
    return squaredBias - variance / (trainingSets - 1);
  }

  /** σ², the variance over all training sets that might be drawn: variance · S/(S − 1). */
  public double unbiasedVariance() {
    return variance * trainingSets / (trainingSets - 1);
  }

  /** bias² + variance: the mean squared error against the truth. */
  public double error() {
    return squaredBias + variance;
  }
}
