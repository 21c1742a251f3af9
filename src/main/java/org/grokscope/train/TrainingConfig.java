package org.grokscope.train;

import java.util.Objects;
import java.util.function.Consumer;
import org.grokscope.model.ModelShape;

/**
 * Everything that decides a training but the task and its split. Two trainings of equal
 * configuration and split have the same numbers, bit for bit, on the same machine.
 *
 * @param shape widths of the model
 * @param outputClasses how many answers the model has beside the p of the task; 1 as published,
 *     where '=' is one
 * @param learningRate AdamW's step size after warm-up
 * @param weightDecay AdamW's decoupled decay: each update first scales every parameter by 1 −
 *     learning rate · decay
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squared gradients
 * @param epsilon added to the root of the mean square
 * @param warmupSteps updates over which the step size rises linearly from 0; the update number u,
 *     from 0, is scaled by min(u/warmupSteps, 1)
 * @param batchSize questions an update, or {@link #FULL_BATCH} for all
 * @param seed of the initial weights and of the order of mini-batches
 * @param epochs optimiser updates to do at the most
 * @param evaluation when losses and accuracies are measured
 * @param checkpoints when a checkpoint is kept
 */
public record TrainingConfig(
    ModelShape shape,
    int outputClasses,
    double learningRate,
    double weightDecay,
    double beta1,
    double beta2,
    double epsilon,
    int warmupSteps,
    int batchSize,
    long seed,
    long epochs,
    Cadence evaluation,
    Cadence checkpoints) {

  /** As a batch size: every update sees all training questions. */
  public static final int FULL_BATCH = 0;

  public TrainingConfig {
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(evaluation, "evaluation");
    Objects.requireNonNull(checkpoints, "checkpoints");
    require(outputClasses >= 0, "extra output classes", outputClasses, "0 or more");
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
    require(batchSize >= 0, "batch size", batchSize, "at least 1, or 0 for the full batch");
    require(epochs >= 1, "epochs", epochs, "at least 1");
  }

  /**
   * The training of Nanda et al. (2023), section 3 and the code published with it: full batch,
   * AdamW with learning rate 1e-3, weight decay 1 and betas (0.9, 0.98), ten warm-up steps, 40,000
   * epochs, p+1 output classes. Evaluation at every epoch to 100, then every 10; checkpoints every
   * 100 and at powers of two.
   */
  public static TrainingConfig nanda2023() {
    return new TrainingConfig(
        ModelShape.nanda2023(),
        1,
        1e-3, // section 3
        1.0, // section 3
        0.9, // published code
        0.98, // published code
        1e-8, // PyTorch's default
        10, // published code
        FULL_BATCH, // section 3
        0,
        40_000, // section 3
        Cadence.every(10).denseUntil(100),
        Cadence.every(100).andPowersOfTwo());
  }

  /** The same with another model. */
  public TrainingConfig withShape(ModelShape value) {
    return with(draft -> draft.shape = value);
  }

  /** The same with another learning rate. */
  public TrainingConfig withLearningRate(double value) {
    return with(draft -> draft.learningRate = value);
  }

  /** The same with another weight decay. */
  public TrainingConfig withWeightDecay(double value) {
    return with(draft -> draft.weightDecay = value);
  }

  /** The same with another batch size. */
  public TrainingConfig withBatchSize(int value) {
    return with(draft -> draft.batchSize = value);
  }

  /** The same with another seed. */
  public TrainingConfig withSeed(long value) {
    return with(draft -> draft.seed = value);
  }

  /** The same with another budget. */
  public TrainingConfig withEpochs(long value) {
    return with(draft -> draft.epochs = value);
  }

  /** The same, evaluated at other epochs. */
  public TrainingConfig withEvaluation(Cadence value) {
    return with(draft -> draft.evaluation = value);
  }

  /** The same, with checkpoints at other epochs. */
  public TrainingConfig withCheckpoints(Cadence value) {
    return with(draft -> draft.checkpoints = value);
  }

  private TrainingConfig with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.config();
  }

  /** A configuration being changed. */
  private static final class Draft {
    private ModelShape shape;
    private double learningRate;
    private double weightDecay;
    private int batchSize;
    private long seed;
    private long epochs;
    private Cadence evaluation;
    private Cadence checkpoints;
    private final TrainingConfig from;

    Draft(TrainingConfig from) {
      this.from = from;
      shape = from.shape;
      learningRate = from.learningRate;
      weightDecay = from.weightDecay;
      batchSize = from.batchSize;
      seed = from.seed;
      epochs = from.epochs;
      evaluation = from.evaluation;
      checkpoints = from.checkpoints;
    }

    TrainingConfig config() {
      return new TrainingConfig(
          shape,
          from.outputClasses,
          learningRate,
          weightDecay,
          from.beta1,
          from.beta2,
          from.epsilon,
          from.warmupSteps,
          batchSize,
          seed,
          epochs,
          evaluation,
          checkpoints);
    }
  }

  /** The step size of update number {@code update}, counted from 0. */
  double learningRateAt(long update) {
    return warmupSteps == 0
        ? learningRate
        : learningRate * Math.min((double) update / warmupSteps, 1);
  }

  private static void require(boolean holds, String name, Number given, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "training: got " + name + " = " + given + ", expected " + expected);
    }
  }
}
