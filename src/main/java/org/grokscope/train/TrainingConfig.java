package org.grokscope.train;

import java.util.Objects;
import java.util.function.Consumer;
import org.grokscope.model.Loss;
import org.grokscope.model.ModelShape;
import org.grokscope.model.StandardLoss;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.MarkCounting;

/**
 * Everything that decides a training but its task. Two trainings of equal configuration and task
 * have the same numbers, bit for bit, on the same machine.
 *
 * @param shape what the model is built of
 * @param outputClasses how many answers the model has beside those of the task; 1 as published,
 *     where '=' is one
 * @param optimiser from gradients to weights
 * @param learningRate the step size at its highest
 * @param weightDecay decoupled decay λ: each update first scales a parameter by 1 − rate · λ
 * @param decays which parameters decay
 * @param schedule how the step size changes
 * @param clip largest length of the gradient over all parameters, longer ones are scaled to it;
 *     infinity clips nothing
 * @param loss what is minimised, and what losses of the history are
 * @param filter what is done to the gradient first
 * @param batchSize sequences an update, or {@link #FULL_BATCH} for all questions
 * @param seed of the initial weights and of the batches
 * @param epochs optimiser updates to do at the most
 * @param evaluation when losses and accuracies are measured
 * @param checkpoints when a checkpoint is kept
 */
public record TrainingConfig(
    ModelShape shape,
    int outputClasses,
    Optimiser optimiser,
    double learningRate,
    double weightDecay,
    Decays decays,
    Schedule schedule,
    double clip,
    Loss loss,
    GradientFilter filter,
    int batchSize,
    long seed,
    long epochs,
    Cadence evaluation,
    Cadence checkpoints) {

  /** As a batch size: every update sees all training questions. */
  public static final int FULL_BATCH = 0;

  public TrainingConfig {
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(optimiser, "optimiser");
    Objects.requireNonNull(decays, "decays");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(loss, "loss");
    Objects.requireNonNull(filter, "filter");
    Objects.requireNonNull(evaluation, "evaluation");
    Objects.requireNonNull(checkpoints, "checkpoints");
    Requirement.that(outputClasses >= 0, "extra output classes", outputClasses, "0 or more");
    Requirement.that(
        learningRate > 0 && learningRate < 10, "learning rate", learningRate, "0 < rate < 10");
    Requirement.that(
        weightDecay >= 0 && weightDecay * learningRate < 1,
        "weight decay",
        weightDecay,
        "0 or more, and below 1/learning rate");
    Requirement.that(clip > 0, "clip", clip, "a positive length; infinity clips nothing");
    Requirement.that(
        batchSize >= 0, "batch size", batchSize, "at least 1, or 0 for the full batch");
    Requirement.that(epochs >= 1, "epochs", epochs, "at least 1");
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
        AdamW.USUAL, // published code
        1e-3, // section 3
        1.0, // section 3
        Decays.EVERYTHING, // published code
        Schedule.constant(10), // published code
        Double.POSITIVE_INFINITY,
        StandardLoss.CROSS_ENTROPY,
        GradientFilter.NONE,
        FULL_BATCH, // section 3
        0,
        40_000, // section 3
        Cadence.every(10).denseUntil(100),
        Cadence.every(100).andPowersOfTwo());
  }

  /**
   * The training of our exploration for a task of lines: 2,000 updates at 3e-3 for plain text,
   * 2,500 at 1e-2 for text in a box, 3,200 with a header; warm-up 100, then the rate stays, and
   * falls from half of the updates on, to 2 % at the end; decay .01 on matrices, betas (.9, .98),
   * clip 1, 32 documents an update. Evaluation and checkpoints every 200 updates.
   */
  public static TrainingConfig lines(LineBreaking task) {
    boolean plainText = task.readsAsPlainText();
    return new TrainingConfig(
        ModelShape.lines(task),
        0,
        AdamW.USUAL,
        plainText ? 3e-3 : 1e-2,
        0.01,
        Decays.MATRICES,
        new Schedule(100, 1, 0.5, 0.02),
        1,
        StandardLoss.CROSS_ENTROPY,
        GradientFilter.NONE,
        32,
        0,
        plainText ? 2_000 : task.header().present() ? 3_200 : 2_500,
        Cadence.every(200),
        Cadence.every(200));
  }

  /**
   * The training of our exploration for a task of marks: 2,400 updates at 1e-2, 3,000 for a bar of
   * a stated number; else as that of text in a box. Evaluation and checkpoints every 200 updates.
   *
   * @param noise σ on the residual stream while it learns, see {@link ModelShape#marks}
   */
  public static TrainingConfig marks(MarkCounting task, double noise) {
    return lines(LineBreaking.box())
        .withShape(ModelShape.marks(task, noise))
        .withEpochs(task.source() == MarkCounting.Source.NUMBER ? 3_000 : 2_400);
  }

  /**
   * The training of a rule under a heading, {@link #marks}, for plain text of lines.
   *
   * @param noise σ on the residual stream while it learns, see {@link
   *     ModelShape#lines(LineBreaking, double)}
   */
  public static TrainingConfig lines(LineBreaking task, double noise) {
    return marks(MarkCounting.underline(), noise).withShape(ModelShape.lines(task, noise));
  }

  /**
   * A training on prose: 3,000 updates of 16 texts at 3e-3; else as that of plain text. Evaluation
   * and checkpoints every 200 updates.
   *
   * @param noise σ on the residual stream while it learns, see {@link ModelShape#prose}
   */
  public static TrainingConfig prose(double noise) {
    return lines(LineBreaking.inferred())
        .withShape(ModelShape.prose(noise))
        .withBatchSize(16)
        .withEpochs(3_000);
  }

  /** The same with another model. */
  public TrainingConfig withShape(ModelShape value) {
    return with(draft -> draft.shape = value);
  }

  /** The same with another number of answers beside those of the task. */
  public TrainingConfig withOutputClasses(int value) {
    return with(draft -> draft.outputClasses = value);
  }

  /** The same with another optimiser. */
  public TrainingConfig withOptimiser(Optimiser value) {
    return with(draft -> draft.optimiser = value);
  }

  /** The same with another learning rate. */
  public TrainingConfig withLearningRate(double value) {
    return with(draft -> draft.learningRate = value);
  }

  /** The same with another weight decay. */
  public TrainingConfig withWeightDecay(double value) {
    return with(draft -> draft.weightDecay = value);
  }

  /** The same with a decay of other parameters. */
  public TrainingConfig withDecays(Decays value) {
    return with(draft -> draft.decays = value);
  }

  /** The same with a step size that changes otherwise. */
  public TrainingConfig withSchedule(Schedule value) {
    return with(draft -> draft.schedule = value);
  }

  /** The same with another largest length of the gradient. */
  public TrainingConfig withClip(double value) {
    return with(draft -> draft.clip = value);
  }

  /** The same with another loss. */
  public TrainingConfig withLoss(Loss value) {
    return with(draft -> draft.loss = value);
  }

  /** The same with another filter of the gradient. */
  public TrainingConfig withFilter(GradientFilter value) {
    return with(draft -> draft.filter = value);
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
    private int outputClasses;
    private Optimiser optimiser;
    private double learningRate;
    private double weightDecay;
    private Decays decays;
    private Schedule schedule;
    private double clip;
    private Loss loss;
    private GradientFilter filter;
    private int batchSize;
    private long seed;
    private long epochs;
    private Cadence evaluation;
    private Cadence checkpoints;

    Draft(TrainingConfig from) {
      shape = from.shape;
      outputClasses = from.outputClasses;
      optimiser = from.optimiser;
      learningRate = from.learningRate;
      weightDecay = from.weightDecay;
      decays = from.decays;
      schedule = from.schedule;
      clip = from.clip;
      loss = from.loss;
      filter = from.filter;
      batchSize = from.batchSize;
      seed = from.seed;
      epochs = from.epochs;
      evaluation = from.evaluation;
      checkpoints = from.checkpoints;
    }

    TrainingConfig config() {
      return new TrainingConfig(
          shape,
          outputClasses,
          optimiser,
          learningRate,
          weightDecay,
          decays,
          schedule,
          clip,
          loss,
          filter,
          batchSize,
          seed,
          epochs,
          evaluation,
          checkpoints);
    }
  }

  /** The step size of update number {@code update}, counted from 0. */
  double learningRateAt(long update) {
    return schedule.rate(learningRate, update, epochs);
  }
}
