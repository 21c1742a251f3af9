package org.grokscope.train;

import org.grokscope.task.LineBreaking;

/**
 * Everything that decides the training of a model that reads lines, but its task and its widths.
 * Trainings of equal recipe, task and model have the same numbers, bit for bit, on the same
 * machine.
 *
 * <p>The rate rises linearly over the warm-up, stays, and falls linearly from half of the steps on,
 * to 2 % at the end. Decay acts on the matrices of attention and MLP alone: not on embeddings,
 * biases, scales and sinks. Gradients whose length over all parameters exceeds {@code clip} are
 * scaled to it.
 *
 * @param learningRate AdamW's step size at its highest
 * @param weightDecay AdamW's decoupled decay
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squared gradients
 * @param epsilon added to the root of the mean square
 * @param warmupSteps steps until the rate is at its highest
 * @param clip largest length of the gradient
 * @param documents documents a step, all of them new
 * @param steps optimiser updates to do
 * @param seed of the initial weights and of the documents
 * @param evaluation when accuracies are measured
 * @param checkpoints when a checkpoint is kept
 */
public record LineRecipe(
    double learningRate,
    double weightDecay,
    double beta1,
    double beta2,
    double epsilon,
    int warmupSteps,
    double clip,
    int documents,
    long steps,
    long seed,
    Cadence evaluation,
    Cadence checkpoints) {

  private static final double FALLS_FROM = 0.5; // share of the steps
  private static final double FALLS_TO = 0.02; // share of the rate

  public LineRecipe {
    require(learningRate > 0 && learningRate < 10, "learning rate", learningRate, "0 < rate < 10");
    require(
        weightDecay >= 0 && weightDecay * learningRate < 1,
        "weight decay",
        weightDecay,
        "0 or more, and below 1/learning rate");
    require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "0 ≤ beta1 < 1");
    require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "0 ≤ beta2 < 1");
    require(epsilon > 0 && epsilon < 1, "epsilon", epsilon, "0 < epsilon < 1");
    require(warmupSteps >= 0, "warm-up steps", warmupSteps, "0 or more");
    require(clip > 0, "clip", clip, "a positive length; infinity clips nothing");
    require(documents >= 1, "documents", documents, "at least 1");
    require(steps >= 1, "steps", steps, "at least 1");
  }

  /**
   * The recipe of our exploration for a task: 2,000 steps at 3e-3 for plain text, 2,500 at 1e-2 for
   * text in a box, 3,200 with a header; warm-up 100, decay .01, betas (.9, .98), clip 1, 32
   * documents. Evaluation and checkpoints every 200 steps.
   */
  public static LineRecipe of(LineBreaking task) {
    boolean plainText = task.readsAsPlainText();
    return new LineRecipe(
        plainText ? 3e-3 : 1e-2,
        0.01,
        0.9,
        0.98,
        1e-8,
        100,
        1,
        32,
        plainText ? 2_000 : task.header().present() ? 3_200 : 2_500,
        0,
        Cadence.every(200),
        Cadence.every(200));
  }

  /** The same with another seed. */
  public LineRecipe withSeed(long value) {
    return with(learningRate, steps, value, evaluation, checkpoints);
  }

  /** The same with another number of steps, over which the rate then falls. */
  public LineRecipe withSteps(long value) {
    return with(learningRate, value, seed, evaluation, checkpoints);
  }

  /** The same with another learning rate. */
  public LineRecipe withLearningRate(double value) {
    return with(value, steps, seed, evaluation, checkpoints);
  }

  /** The same, evaluated at other steps. */
  public LineRecipe withEvaluation(Cadence value) {
    return with(learningRate, steps, seed, value, checkpoints);
  }

  /** The same, with checkpoints at other steps. */
  public LineRecipe withCheckpoints(Cadence value) {
    return with(learningRate, steps, seed, evaluation, value);
  }

  private LineRecipe with(
      double newRate, long newSteps, long newSeed, Cadence newEvaluation, Cadence newCheckpoints) {
    return new LineRecipe(
        newRate,
        weightDecay,
        beta1,
        beta2,
        epsilon,
        warmupSteps,
        clip,
        documents,
        newSteps,
        newSeed,
        newEvaluation,
        newCheckpoints);
  }

  /** The step size of update number {@code update}, counted from 0. */
  double learningRateAt(long update) {
    double rising = warmupSteps == 0 ? 1 : Math.min(1, (update + 1.0) / warmupSteps);
    double done = (double) update / steps;
    double falling = done < FALLS_FROM ? 1 : Math.max(FALLS_TO, (1 - done) / (1 - FALLS_FROM));
    return learningRate * rising * falling;
  }

  private static void require(boolean holds, String name, Number given, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "line training: got " + name + " = " + given + ", expected " + expected);
    }
  }
}
