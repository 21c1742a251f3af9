package org.grokscope.browser;

import org.grokscope.model.ModelShape;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.train.TrainingConfig;
import org.teavm.jso.JSExport;

/**
 * The functions that a page calls by name: one training at a time, with numbers and arrays of
 * numbers in and out.
 *
 * <p>The task is a + b mod p, pairs and their mirror images on one side of the split; the model has
 * one layer of four heads, as published but narrower; the training is that of {@link
 * TrainingConfig#nanda2023()} but for what is given.
 */
public final class Live {
  private static LiveTraining training;

  private Live() {}

  /** A page needs a program to load; this one waits to be called. */
  public static void main(String[] arguments) {
    // nothing before begin
  }

  /**
   * Begins a training, in place of one under way.
   *
   * @param p the modulus
   * @param share of the pairs that are known, between 0 and 1
   * @param seed of the split, of the weights and of random labels
   * @param rate learning rate
   * @param decay weight decay λ
   * @param dModel width of the residual stream, a multiple of 4
   * @param neurons of the MLP
   * @param randomLabels whether answers are drawn at random, so that there is nothing to understand
   */
  @JSExport
  public static void begin(
      int p,
      double share,
      int seed,
      double rate,
      double decay,
      int dModel,
      int neurons,
      boolean randomLabels) {
    training =
        new LiveTraining(
            split(p, share, seed, randomLabels), config(seed, rate, decay, dModel, neurons));
  }

  /** The questions of a training, as {@link #begin} describes them. */
  static Split split(int p, double share, int seed, boolean randomLabels) {
    // ModularAddition.mod(p), without the other operations' regular expressions and big integers
    OperationTable sums = OperationTable.of("a+b", p, (a, b, modulus) -> a + b);
    return (randomLabels ? sums.withRandomLabels(seed) : sums).splitMirrorsTogether(share, seed);
  }

  /** The settings of a training, as {@link #begin} describes them. */
  static TrainingConfig config(int seed, double rate, double decay, int dModel, int neurons) {
    return TrainingConfig.nanda2023()
        .withShape(ModelShape.nanda2023().withDModel(dModel).withDMlp(neurons))
        .withLearningRate(rate)
        .withWeightDecay(decay)
        .withSeed(seed);
  }

  /** Does some updates; returns the training loss before the last of them, in nats. */
  @JSExport
  public static double step(int updates) {
    double loss = Double.NaN;
    for (int i = 0; i < updates; i++) {
      loss = training.step();
    }
    return loss;
  }

  /**
   * What is measured now: updates done, training loss, test loss, share of known pairs right, share
   * of unknown pairs right, Σ of the squares of all weights.
   */
  @JSExport
  public static double[] evaluate() {
    return training.evaluate();
  }

  /** For each pair (a, b), at a·p + b, whether it is known (1) or not (0). */
  @JSExport
  public static int[] known() {
    return training.known();
  }

  /** For each pair (a, b), at a·p + b, what is right. */
  @JSExport
  public static int[] labels() {
    return training.labels();
  }

  /** For each pair (a, b), at a·p + b, what the model answers; p stands for '='. */
  @JSExport
  public static int[] answers() {
    return training.answers();
  }

  /** The logits of one pair, [p]. */
  @JSExport
  public static double[] scores(int a, int b) {
    return training.scores(a, b);
  }

  /** The share of each frequency, 1 … ⌊p/2⌋, in what the embedding of the numbers varies by. */
  @JSExport
  public static double[] spectrum() {
    return training.circles().shares();
  }

  /** Where each number stands on the circle of a frequency, x and y in turn, [2·p]. */
  @JSExport
  public static double[] circle(int frequency) {
    return training.circles().circle(frequency);
  }
}
